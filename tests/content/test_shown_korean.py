"""Tables and sums of the unit as a Korean learner reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kit import open_workbook
from kit.checking import unit_module
from kit.content import find_unit
from kit.errors import UsageError
from kit.home import make_home, open_home
from kit.i18n import Translator

pytestmark = pytest.mark.content

UNIT = find_unit("rightsizing")
HANGUL = re.compile(r"[가-힣]")
INTERNATIONAL = {"vCPU", "P50", "P95", "P99.5"}


class Opened:
    translate = Translator("ko", UNIT.folder / "locale")


@pytest.fixture(scope="module")
def case() -> Any:
    return unit_module(UNIT, "case").build_case(1, "practice")


@pytest.fixture
def tools() -> Any:
    return unit_module(UNIT, "sizing.tools").SizingTools(Opened())


@pytest.mark.parametrize("table", ["servers", "summary", "options_shown", "memory_counts"])
def test_heads_of_what_a_case_shows_are_korean(tools: Any, case: Any, table: str) -> None:
    frame = getattr(tools, table)(case)
    heads = [*map(str, frame.columns), *([frame.index.name] if frame.index.name else [])]
    assert [h for h in heads if not HANGUL.search(h) and h not in INTERNATIONAL] == []


def test_a_form_asks_for_its_number_in_a_korean_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSKILL_HOME", str(tmp_path / "home"))
    make_home(open_home(tmp_path / "home", "ko"))
    book = open_workbook("rightsizing", names={})
    assert book.ask("price").form["unit"] == "백만 원"
    with pytest.raises(UsageError) as refused:
        book.answer("price", -1)
    assert "백만 원" in refused.value.text(book.translate)


def test_heads_name_what_code_takes(tools: Any, case: Any) -> None:
    heads = " ".join(tools.options_shown(case).columns)
    assert all(f"({name})" in heads for name in tools.options(case))
    dirty = " ".join(tools.dirty_rows(case, case.puzzle).columns)
    assert all(f"({name})" in dirty for name in tools.raw_rows(case, case.puzzle))


@pytest.mark.parametrize(
    ("won", "english", "korean"),
    [
        (83_970_000, "84 million won", "8,400만 원"),
        (1_083_700_000, "1,084 million won", "10억 8,400만 원"),
        (99_960_000, "100 million won", "1억 원"),
        (-437_000, "-440,000 won", "-44만 원"),
        (-110_400_000, "-110 million won", "-1억 1,000만 원"),
        (0, "0 won", "0원"),
    ],
)
def test_sums_step_as_each_language_counts(won: float, english: str, korean: str) -> None:
    told = unit_module(UNIT, "words").Won(won)
    assert (f"{told:million}", f"{told:man}") == (english, korean)
