"""What the workbook leaves for work, from the learner's own answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from kit.checking import unit_module
from kit.content import find_unit
from kit.gate.rehearse import Stage, answers_of, rehearse
from kit.home import make_home, open_home
from kit.identity import current_identity
from kit.model import Part
from kit.workbook import Workbook
from tests.content.spreadsheets import assert_previewed

pytestmark = pytest.mark.content


@pytest.fixture
def solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """A workbook with every exercise solved, in a home of its own."""
    monkeypatch.setenv("UPSKILL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    home = open_home(tmp_path / "home", "en")
    make_home(home)
    unit = find_unit("rightsizing")
    stages: list[Stage] = list(rehearse(unit, Part.PRACTICE, "hand-over"))
    names = stages[-1].names
    exec(answers_of(unit)[stages[-1].exercise], names)
    workbook = Workbook(unit, Part.PRACTICE, names, current_identity())
    # the rehearsed learner's case is not this home's: open it again as this home's learner
    names |= {"case": workbook.case(), "wb": workbook}
    for exercise in ("rule", "npv", "bet", "futures", "audit", "memo"):
        _solve(workbook, names, exercise)
    return workbook


def _solve(workbook: Workbook, names: dict[str, object], exercise: str) -> None:
    if exercise == "npv":
        names["places"] = workbook.carry("rule")
        names["m"] = workbook.tools.inputs(names["case"], names["places"])
    if exercise == "memo":
        names["figures"] = workbook.tools.key_figures()
    exec(answers_of(workbook.unit)[exercise], names)


def test_all_three_files_are_written_with_who_reviewed_them(solved: Workbook) -> None:
    written = solved.tools.hand_over(solved.case(), ai_use="none", reviewer="Team lead")
    assert {path.name for path in written.paths} == {
        "sizing.xlsx",
        "model.xlsx",
        "memo.docx",
        "memo.md",
    }
    sheet = load_workbook(next(p for p in written.paths if p.name == "sizing.xlsx"))
    cells = [str(c.value) for page in sheet for row in page.iter_rows() for c in row if c.value]
    assert "Team lead" in cells
    assert any(cell.startswith("=") for cell in cells)
    memo = next(p for p in written.paths if p.name == "memo.md").read_text(encoding="utf-8")
    assert "Team lead" in memo


def test_the_sheet_sizes_by_the_percentile_as_it_is_not_as_it_is_shown(solved: Workbook) -> None:
    case, plan = solved.case(), solved.work().value("plan")
    series = unit_module(solved.unit, "sizing.case").cpu_of(case)
    for row in solved.tools.plan_rows(case):
        assert row["cpu_percentile"] == np.percentile(series[row["machine"]], plan["q"])


def test_a_preview_of_both_spreadsheets_shows_every_figure(solved: Workbook) -> None:
    written = solved.tools.hand_over(solved.case())
    least = {"sizing.xlsx": 40, "model.xlsx": 150}
    for path in written.paths:
        if path.suffix == ".xlsx":
            assert_previewed(path, least.pop(path.name))
    assert not least


def test_a_preview_shows_a_machine_too_large_for_the_price_card(solved: Workbook) -> None:
    rows = [
        {"machine": "small", "vcpu": 8, "cpu_percentile": 20.0},
        {"machine": "huge", "vcpu": 96, "cpu_percentile": 90.0},
        {"machine": "exactly", "vcpu": 16, "cpu_percentile": 40.0},
        {"machine": "unmeasured", "vcpu": 4, "cpu_percentile": None},
        {"machine": "own", "vcpu": 4, "cpu_percentile": 3.0, "size": 3, "exception": "tested"},
        {
            "machine": "priced",
            "vcpu": 16,
            "cpu_percentile": 60.0,
            "size": 16,
            "exception": "bursts",
            "won_per_hour": 411.5,
        },
    ]
    path = solved.tools.sizing_sheet(rows, q=95, headroom=0.2).paths[0]
    assert_previewed(path, least=30)
    page = load_workbook(path, data_only=True).worksheets[0]
    # no size on offer covers it, so it has no price instead of the smallest one's
    assert [page[f"{letter}3"].value for letter in "FGLMN"] == ["-"] * 5
    assert [page[f"{letter}4"].value for letter in "EFM"] == [8, 8, 416 * 730]
    assert page["M7"].value == 411.5 * 730
    assert page["M8"].value == sum(page[f"M{r}"].value for r in (2, 4, 6, 7))


def test_the_sheet_gives_the_bursty_machine_its_own_option_and_price(solved: Workbook) -> None:
    case = solved.case()
    rows = {row["machine"]: row for row in solved.tools.plan_rows(case)}
    places = solved.carry("rule")
    assert rows[case.puzzle]["won_per_hour"] == places[case.puzzle].won_per_hour
    assert rows[case.puzzle]["won_per_hour"] < case.prices.of(16).won_per_hour
    assert {row["memory_gib"] for row in rows.values()} & {None}


def test_the_sheet_states_the_loss_that_the_plan_accepts(solved: Workbook) -> None:
    case = solved.case()
    rows = {row["machine"]: row for row in solved.tools.plan_rows(case)}
    plan = solved.work().value("plan")
    assert rows[case.puzzle]["burst_risk"] == plan["loss"]


def test_a_machine_that_memory_made_larger_says_so_and_is_paid(solved: Workbook) -> None:
    case = solved.case()
    rows = {row["machine"]: row for row in solved.tools.plan_rows(case)}
    larger = {n: p for n, p in solved.carry("rule").items() if p.decided == "memory"}
    assert larger
    for name, place in larger.items():
        assert rows[name]["size"] == place.vcpu
        assert f"{place.need_gib:.1f} GiB" in rows[name]["exception"]
        assert place.won_per_hour == case.prices.of(place.vcpu).won_per_hour


def test_what_has_not_passed_is_named_and_the_rest_is_written(solved: Workbook) -> None:
    solved.bind({**solved.work().names, "memo": "Buy the cloud."})
    written = solved.tools.hand_over(solved.case())
    assert "memo.md" not in {path.name for path in written.paths}
    assert "the memo" in written.note


def test_the_debrief_comes_only_after_the_audit_has_passed(solved: Workbook) -> None:
    shown = solved.tools.audit_debrief(solved.case())
    assert len(shown.frame) == 12
    assert "missed" not in repr(shown)
    solved.answer("audit", {})
    assert solved.tools.audit_debrief(solved.case()) is None


def test_what_each_range_moves_is_shown_once_the_bet_is_right(solved: Workbook) -> None:
    case = solved.case()
    shown = solved.tools.bet_answered(case)
    order = list(shown.frame.index)
    assert order == solved.work().answer("bet")
    solved.answer("bet", order[::-1])
    assert solved.tools.bet_answered(case) is None


def test_key_figures_are_shown_with_their_units(solved: Workbook) -> None:
    figures = solved.tools.key_figures()
    assert f"{figures['lead'] / 1e6:,.1f} million won" in repr(figures)
    assert "million won" in solved.tools.futures_table()._repr_html_()
