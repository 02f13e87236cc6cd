"""The live run in Korean: what its tables and sentences show to a person."""

from __future__ import annotations

import html
import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kit
from kit.checking import unit_module
from kit.content import find_unit
from kit.data.utilisation import Kind, cpu_series
from kit.home import LearnerHome, make_home, open_home
from kit.home import starter as fresh
from kit.model import Part
from kit.notebooks import kit_metadata, read_notebook, source, write_notebook

pytestmark = pytest.mark.content

UNIT = find_unit("rightsizing")
HANGUL = re.compile(r"[가-힣]")
# written alike in both languages
INTERNATIONAL = {"CPU", "vCPU", "%", "P50", "P95", "P99.5"}
ENGLISH = re.compile(
    r"\b(read|kept|repaired|rejected|outcome|file|row|column|machine|metric|samples|first|last|"
    r"coverage|days|size|kind|unknown|exception|under-used|saturated|steady|bursty|holds|of)\b"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LearnerHome:
    """A Korean home with model answers in its practice, and an export with faults."""
    monkeypatch.setenv("UPSKILL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    made = open_home(language="ko")
    make_home(made)
    answers = unit_module(UNIT, "sizing.solution").ANSWERS
    practice = read_notebook(made.notebook(UNIT, Part.PRACTICE))
    for cell in practice["cells"]:
        data = kit_metadata(cell)
        if data.get("role") == "answer" and data["id"] in answers:
            cell["source"] = answers[data["id"]]
    write_notebook(made.notebook(UNIT, Part.PRACTICE), practice)
    _drop(made.root / "inbox")
    return made


def _drop(folder: Path) -> None:
    kinds: list[Kind] = ["idle-with-bursts", "steady", "saturated", "under-used"]
    parts: list[pd.DataFrame] = []
    for kind in kinds:
        values = cpu_series(kind, np.random.default_rng(1))
        times = pd.date_range("2026-03-02", periods=len(values), freq="5min")
        row = {"machine": f"srv-{len(parts)}", "timestamp": times, "cpu_percent": values}
        parts.append(pd.DataFrame(row).astype({"cpu_percent": object}))
    parts[0].loc[5, "cpu_percent"] = "１２"
    parts[1].loc[5, "cpu_percent"] = "n/a"
    folder.mkdir(parents=True)
    pd.concat(parts).to_csv(folder / "cpu.csv", index=False)


@pytest.fixture
def seen(home: LearnerHome) -> list[Any]:
    """All that the live notebook shows, from top to bottom; printed text last."""
    import ast

    names: dict[str, Any] = {"kit": kit, "np": np, "pd": pd}
    shown: list[Any] = []
    printed = io.StringIO()
    for cell in fresh(home, UNIT, None)["cells"]:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(source(cell)).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        with redirect_stdout(printed):
            exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
            if last is not None:
                shown.append(eval(compile(ast.Expression(last.value), "<cell>", "eval"), names))
        if "wb" in names:
            names["wb"].bind(names)
    return [*(one for one in shown if one is not None), printed.getvalue()]


def html_of(thing: Any) -> str:
    show = getattr(thing, "_repr_html_", None)
    return re.sub(r"<style.*?</style>", "", html.unescape(show()), flags=re.S) if show else ""


def test_every_table_of_the_live_run_has_korean_heads(seen: list[Any]) -> None:
    heads = [
        text.strip()
        for thing in seen
        for text in re.findall(r"<th[^>]*>([^<]*)</th>", html_of(thing))
        if text.strip() and not text.strip().startswith("srv-")
    ]
    assert len(heads) > 20
    assert [h for h in heads if not HANGUL.search(h) and h not in INTERNATIONAL] == []


def test_no_cell_or_sentence_of_the_live_run_is_english(seen: list[Any]) -> None:
    told = [re.sub(r"<[^>]+>", " ", html_of(thing)) for thing in seen]
    told += [text for text in map(str, seen) if HANGUL.search(text)]
    # code that a learner copies, and files, are named as they are
    plain = re.sub(
        r"wb\.tools\.own\([^)]*\)|\S+\.(csv|xlsx)|\(unknown\)|'unknown'", "", " ".join(told)
    )
    assert [plain[max(0, m.start() - 40) : m.end() + 40] for m in ENGLISH.finditer(plain)] == []


def test_plan_for_people_leaves_the_plan_for_code_alone(home: LearnerHome, seen: list[Any]) -> None:
    names: dict[str, Any] = {"np": np, "pd": pd, "kit": kit}
    book = kit.open_workbook("rightsizing", names=names)
    names |= {"wb": book, "case": book.case()}
    plan = book.tools.own_plan(book.tools.own(), 95, 0.2)
    before = plan.copy()
    shown = book.tools.plan_shown(plan)
    pd.testing.assert_frame_equal(plan, before)
    assert "size" in plan and shown.index.name == "서버"
    quiet = shown.loc["srv-3"]
    assert quiet["선택한 vCPU"] == quiet["기준에 따른 vCPU"]
