"""The live run and a stranger's columns: asked first, remembered, and nobody's name leaves."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.checking import unit_module
from kit.data.own import Proposal
from kit.errors import UsageError
from kit.gate.build import build_notebook
from kit.home import LearnerHome
from kit.notebooks import source
from kit.progress import ProgressLog
from kit.progress.handin import practice_summary
from tests.content.live_home import UNIT, fill

pytestmark = pytest.mark.content

PEOPLE = {
    "담당자": "나하늘",
    "owner": "Hana Canary",
    "e-mail": "canary@example.com",
    "phone": "010-2345-6789",
    "주민등록번호": "900101-1234567",
}


def strange(path: Path, seed: int = 0, rows: int = 600) -> Path:
    """Two machines under headers that say nothing, with faults and people beside them."""
    rng = np.random.default_rng(seed)
    times = pd.date_range("2026-03-02", periods=rows // 2, freq="5min").repeat(2)
    frame = pd.DataFrame(
        {
            "box": ["canary-1", "canary-2"] * (rows // 2),
            "when it was": times,
            "figure": rng.uniform(3, 95, rows).round(2).astype(object),
            **PEOPLE,
        }
    )
    frame.loc[rng.choice(rows, 5, replace=False), "figure"] = ["n/a", "-5", "1234", "12,5", "17 %"]
    frame = pd.concat([frame, frame.iloc[::50]]).sample(frac=0.95, random_state=seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return path


def confirmed(found: Any) -> Any:
    assert isinstance(found, Proposal)
    return found.confirm()


def test_unknown_columns_are_shown_first_and_remembered(home: LearnerHome, wb: Any) -> None:
    strange(home.root / "inbox" / "march.csv")
    found = wb.tools.own("inbox/march.csv")
    assert found.roles == {"box": "machine", "when it was": "time", "figure": "cpu"}
    with pytest.raises(UsageError, match="not confirmed"):
        wb.tools.own_plan(found, 95, 0.2)
    own = found.confirm()
    assert set(own.machines) == {"canary-1", "canary-2"} and own.assumed == own.machines
    strange(home.root / "inbox" / "april.csv", seed=1)
    again = wb.tools.own("inbox/april.csv", vcpu=16)
    assert set(again.vcpu.values()) == {16}
    assert "box → machine" in again._repr_html_()


def test_suggestion_names_the_reason_for_each_column(home: LearnerHome, wb: Any) -> None:
    strange(home.root / "inbox" / "march.csv")
    table = wb.tools.columns("inbox/march.csv").set_index("column")
    assert table.loc["figure", "looks like"] == "cpu"
    assert {table.loc[name, "because"] for name in PEOPLE} == {"speaks of a person: not read"}
    shown = table.to_csv() + wb.tools.own("inbox/march.csv")._repr_html_()
    assert not [text for text in PEOPLE.values() if text in shown]


@pytest.mark.parametrize("seed", range(20))
def test_model_answers_hold_on_twenty_exports(home: LearnerHome, wb: Any, seed: int) -> None:
    strange(home.root / "inbox" / "a.csv", seed, rows=2 * (30 + 17 * seed))
    result = wb.tools.live_check(confirmed(wb.tools.own()))
    assert len(result.invariants) == 14
    assert result.held, repr(result)
    assert all(one.held is True for one in result.invariants)


WRONG = {
    "a row is dropped": (".reset_index(drop=True)", ".iloc[1:].reset_index(drop=True)", "survives"),
    "double count": ('.drop_duplicates("time", keep="first")', "", "ascending"),
    "sorted as it came": ('.sort_values("time")', "", "any-order"),
    "percent times 100": ('"value"]]', '"value"]].assign(value=lambda f: f["value"] * 100)',
                          "percent"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_broken_repair_is_told_by_the_statement_that_it_breaks(
    home: LearnerHome, wb: Any, fault: str
) -> None:
    old, new, statement = WRONG[fault]
    answers = dict(unit_module(UNIT, "sizing.solution").ANSWERS)
    assert old in answers["repair"]
    answers["repair"] = answers["repair"].replace(old, new)
    fill(home, answers)
    strange(home.root / "inbox" / "a.csv")
    result = wb.tools.live_check(confirmed(wb.tools.own()))
    assert statement in [one.id for one in result.invariants if one.held is False]


def test_record_is_seen_before_it_is_noted_and_is_the_same_wherever_it_goes(
    home: LearnerHome, wb: Any
) -> None:
    strange(home.root / "inbox" / "a.csv")
    own = confirmed(wb.tools.own())
    result = wb.tools.live_check(own)
    log = ProgressLog(home.progress_file)
    before = log.read()
    first = wb.tools.leaving(own, result)
    assert log.read() == before
    noted = wb.tools.evidence(own, result)
    stored = log.read()[-1]
    assert first.data == noted.data == stored.data
    handed = practice_summary(log.read(), UNIT, "en", "")["applied"]
    assert handed == {"at": stored.time, "rows": first.data["rows"]}
    assert set(handed) == set(first.handed) == set(noted.handed)
    shown = repr(first)
    assert all(str(digest) in shown for digest in stored.data["sha256"])
    assert f"{stored.data['rows']:,}" in shown


def test_no_name_of_people_machines_or_files_is_in_what_leaves(
    home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    strange(home.root / "inbox" / "canary-file.csv", rows=8600)
    names: dict[str, Any] = {"__name__": "live"}
    for cell in build_notebook(UNIT, None, UNIT.folder / "live.md")["cells"]:
        if cell["cell_type"] == "code":
            text = source(cell).replace('wb.tools.own("inbox/*")', "wb.tools.own().confirm()")
            exec(compile(text, "<live>", "exec"), names)
    log = ProgressLog(home.progress_file)
    assert log.read()[-1].event == "applied"
    leaves = home.progress_file.read_text(encoding="utf-8")
    leaves += json.dumps(practice_summary(log.read(), UNIT, "en", ""), ensure_ascii=False)
    assert not [text for text in (*PEOPLE.values(), "canary", "box") if text in leaves]
    # the sheet stays with the learner: machines are named there, people nowhere
    sheet = _text_of(home.artefacts(UNIT) / "live" / "sizing.xlsx")
    assert "canary-1" in sheet
    assert not [text for text in PEOPLE.values() if text in sheet]


def test_sheet_for_others_has_masks_for_machines_and_files(home: LearnerHome, wb: Any) -> None:
    strange(home.root / "inbox" / "canary-1-march.csv", rows=8600)
    own = confirmed(wb.tools.own())
    why = {"canary-2": (8, "its owner moves it to Canary-1 in May")}
    plan = wb.tools.own_plan(own, 95, 0.2, exceptions=why)
    told = {"q": 95, "headroom": 0.2, "own": own, "ai_use": "drafted the text for canary-2"}
    path = wb.tools.sizing_sheet(plan, **told, masked=True).paths[0]
    text = _text_of(path)
    assert path.name == "sizing-masked.xlsx"
    assert "canary" not in text.casefold()
    assert "in May" in text and text.count("host-") >= 4 and "file-" in text
    again = wb.tools.sizing_sheet(plan, **told, masked=True).paths[0]
    masks = re.compile(r"(?:host|file)-[0-9a-f]{10}")
    assert masks.findall(_text_of(again)) == masks.findall(text)
    with pytest.raises(UsageError, match="your own data"):
        wb.tools.sizing_sheet(plan, q=95, headroom=0.2, masked=True)


def _text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(parts)


def test_home_keeps_what_was_read_of_columns_to_itself(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    strange(home.root / "inbox" / "a.csv")
    confirmed(wb.tools.own("inbox/a.csv"))
    kept = (home.state / "mappings.json").read_text(encoding="utf-8")
    assert not [text for text in (*PEOPLE, *PEOPLE.values()) if text in kept]
