"""Tables, the debrief and the spreadsheet of the money half."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import formulas
import openpyxl
import pytest

from kit.checking import Work, unit_module
from kit.i18n import Translator
from tests.content.spreadsheets import assert_previewed
from tests.content.test_money import (
    PRACTICE,
    START,
    UNIT,
    audits,
    ledger_flows,
    memos,
    outcome,
    solved,
    start,
)

pytestmark = pytest.mark.content


def test_key_figures_read_as_sums_and_stay_numbers() -> None:
    tables = unit_module(UNIT, "money.tables")
    told = tables.KeyFigures({"lead": -22_040_000.0, "u_star": 0.738}, Translator("en"))
    assert "-22.0 million won" in told._repr_html_()
    assert "73.8%" in repr(told)
    assert f"{told['lead'] / 1e6:,.1f}" == "-22.0"


def test_tables_show_large_inputs_in_millions_and_shares_in_percent() -> None:
    names = solved(dict(START), *PRACTICE)
    model = unit_module(UNIT, "money.work").model_of(Work(names, names["case"], {}, 1))
    bars = unit_module(UNIT, "money.tornado").swings(model, names["ranges"])
    frame = unit_module(UNIT, "money.tables").tipping(model, bars, Translator("en")).frame
    assert frame.loc["capex", "unit"] == "million won"
    assert frame.loc["capex", "in use"] == f"{names['m']['capex'] / 1e6:,.1f}"
    assert frame.loc["on_share", "in use"] == f"{100 * names['m']['on_share']:.1f}"


def test_the_debrief_tells_misses_from_false_alarms() -> None:
    claims = audits.claims_of(START["case"])
    faulty = {claim.id for claim in claims if claim.form == "faulty"}
    sound = next(claim.id for claim in claims if claim.form == "sound")
    rows = unit_module(UNIT, "money.debrief").debrief(claims, faulty - {min(faulty)} | {sound})
    said = {claim: you for claim, _, you, _ in rows}
    assert said[min(faulty)] == "missed"
    assert said[sound] == "flagged, but it holds"
    assert all(why for *_, why in rows)


def test_a_moved_sum_is_told_in_plain_figures() -> None:
    names = dict(START) | {"renew_flows": lambda m: [0.0] * (m["years"] + 1)}
    names |= {"npv": solved(dict(START), "npv")["npv"], "cloud_flows": ledger_flows("cloud")}
    told = outcome("npv", names).feedback
    assert told is not None and "e+0" not in told.seen


@pytest.mark.parametrize(
    ("option", "text", "speaks"),
    [
        ("cloud", "Renew at once, never the cloud.", False),
        ("cloud", "We recommend the renewal.", False),
        ("cloud", "We recommend renting in the cloud, not a renewal.", True),
        ("renew", "We recommend against the cloud. Buy new servers in May.", True),
        ("renew", "장비 교체를 권고드립니다.", True),
        ("renew", "클라우드를 권고드립니다. 장비 교체는 다음 기회에 봅니다.", False),
    ],
)
def test_a_memo_speaks_for_what_it_recommends(option: str, text: str, speaks: bool) -> None:
    assert memos._names(option, text) is speaks


def change_inputs(path: Path, m: dict[str, Any]) -> None:
    """As somebody at a desk does it: values in the sheet of inputs, formulas untouched."""
    book = openpyxl.load_workbook(path)
    for row in book["Inputs"].iter_rows(min_row=2, max_col=2):
        row[1].value = m[row[0].value]
    book.save(path)


def model_book(folder: Path, m: dict[str, Any]) -> Path:
    """The model of these inputs, written as the learner gets it."""
    from kit.artefacts import Provenance, write_workbook

    sheets = unit_module(UNIT, "money.model").model_sheets(m, Translator("en"))
    told = Provenance(unit="rightsizing", version="1", reality="SIMULATED")
    return write_workbook(folder / "model.xlsx", sheets, told)


@pytest.mark.parametrize(
    ("seed", "other"),
    [
        (0, {}),
        (5, {"years": 3, "growth_year": 4, "rate": 0.0}),
        (6, {"years": 12, "refresh_year": 13, "headcount_change": -1}),
        (7, {"on_share": 0.0}),
    ],
)
def test_a_preview_shows_what_a_spreadsheet_computes(
    seed: int, other: dict[str, Any], tmp_path: Path
) -> None:
    m = solved(start(seed), *PRACTICE)["m"] | other
    assert_previewed(model_book(tmp_path, m), least=150)


@pytest.mark.parametrize(("seed", "years"), [(0, 5), (5, 3), (5, 9)])
def test_the_spreadsheet_recalculates_to_the_learners_figures(
    seed: int, years: int, tmp_path: Path
) -> None:
    names = solved(start(seed), *PRACTICE)
    path = model_book(tmp_path, names["m"])
    m = names["m"] | {"on_share": 0.71, "refresh_year": 2, "growth_year": 3, "years": years}
    change_inputs(path, m)
    book = formulas.ExcelModel().loads(str(path)).finish().calculate()

    def cell(sheet: str, address: str) -> float:
        return float(book[f"'[model.xlsx]{sheet.upper()}'!{address}"].value[0, 0])

    npv, rate = names["npv"], m["rate"]
    renew, cloud = npv(names["renew_flows"](m), rate), npv(names["cloud_flows"](m), rate)
    assert cell("Result", "B2") == pytest.approx(renew)
    assert cell("Result", "B3") == pytest.approx(cloud)
    assert cell("Result", "B4") == pytest.approx(renew - cloud)
    yearly = names["annualised"](renew, rate, m["years"], 0.0)
    assert cell("Result", "B5") == pytest.approx(yearly)
    same = m | {"on_share": cell("Result", "B7")}
    gap = npv(names["renew_flows"](same), rate) - npv(names["cloud_flows"](same), rate)
    assert abs(gap) < 1.0
    table = names["futures"](m, names["renew_flows"](m), names["cloud_flows"](m))
    column = "N"  # after today and ten years
    assert cell("Futures", f"{column}2") == pytest.approx(npv(table["stop"]["renew"], rate))
    assert cell("Futures", f"{column}3") == pytest.approx(npv(table["stop"]["cloud"], rate))
    assert cell("Futures", f"{column}6") == pytest.approx(npv(table["grow"]["renew"], rate))
    assert cell("Futures", f"{column}7") == pytest.approx(npv(table["grow"]["cloud"], rate))
