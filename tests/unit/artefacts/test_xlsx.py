from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from kit.artefacts import Column, Formula, Provenance, Sheet, write_workbook
from kit.i18n import Translator

PROVENANCE = Provenance(
    unit="rightsizing",
    version="1",
    reality="REAL",
    data={"cpu.csv": "ab" * 32},
    checks=("repair", "rule"),
    made=date(2026, 11, 22),
)
COLUMNS = [Column("machine", 20), Column("won", 12, "#,##0"), Column("a"), Column("b")]


def write(path: Path, rows: list[list[object]], lead: tuple[str, ...] = ()) -> openpyxl.Workbook:
    write_workbook(path / "out.xlsx", [Sheet("Sizes", COLUMNS, rows, lead)], PROVENANCE)
    return openpyxl.load_workbook(path / "out.xlsx")


def test_formula_lives_and_text_stays_text(tmp_path: Path) -> None:
    page = write(tmp_path, [["=1+1", Formula("=2*3", 6), None, None]])["Sizes"]
    assert (page["A2"].value, page["A2"].data_type) == ("=1+1", "s")
    assert page["A2"].quotePrefix
    assert (page["B2"].value, page["B2"].data_type) == ("=2*3", "f")


@pytest.mark.parametrize("value", [np.float64("nan"), pd.NaT, None, float("nan")])
def test_missing_value_is_an_empty_cell(tmp_path: Path, value: object) -> None:
    assert write(tmp_path, [["m", value, 1, 2]])["Sizes"]["B2"].value is None


def test_numbers_of_numpy_and_pandas_stay_numbers(tmp_path: Path) -> None:
    when = pd.Timestamp("2026-03-02 14:05")
    page = write(tmp_path, [["m", np.int64(7), np.float64(0.5), when]])["Sizes"]
    assert [page.cell(2, c).value for c in (2, 3, 4)] == [7, 0.5, when.to_pydatetime()]
    assert page["B2"].number_format == "#,##0"


def test_control_characters_do_not_stop_the_file(tmp_path: Path) -> None:
    assert (
        write(tmp_path, [["web\x00\x1b-07", 1, 2, 3]])["Sizes"]["A2"].value == "web\ufffd\ufffd-07"
    )


def test_header_is_frozen_below_its_lead_and_repeats_in_print(tmp_path: Path) -> None:
    page = write(tmp_path, [["m", 1, 2, 3]], ("The finding",))["Sizes"]
    assert page["A1"].value == "The finding"
    assert page["A3"].value == "machine" and page["A3"].font.bold
    assert page.freeze_panes == "B4"
    assert page.print_title_rows == "$3:$3"
    assert page.auto_filter.ref == "A3:D4"


def test_row_of_points_at_the_data(tmp_path: Path) -> None:
    sheet = Sheet("Sizes", COLUMNS, [["a", 1, 2, 3], ["b", 4, 5, 6]], ("lead", "more"))
    write_workbook(tmp_path / "out.xlsx", [sheet], PROVENANCE)
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["Sizes"]
    assert page.cell(sheet.row_of(1), 1).value == "b"


def test_provenance_is_the_last_sheet_and_says_what_is_not_declared(tmp_path: Path) -> None:
    book = write(tmp_path, [])
    page = book.worksheets[-1]
    stated = {row[0].value: row[1].value for row in page.iter_rows(min_row=2)}
    assert stated["Data files"] == f"cpu.csv: sha256 {'ab' * 32}"
    assert stated["Checks passed"] == "repair, rule"
    assert stated["Use of AI"] == "not declared"
    assert stated["Reviewed by"] == "nobody yet"
    assert stated["Date"] == "2026-11-22"


def test_provenance_speaks_korean(tmp_path: Path) -> None:
    write_workbook(tmp_path / "out.xlsx", [], PROVENANCE, Translator("ko"))
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[-1]
    assert "검토자" in [cell.value for cell in page["A"]]


def test_changed_sheet_is_kept_as_a_copy_and_an_equal_one_is_not(tmp_path: Path) -> None:
    write(tmp_path, [["m", 1, 2, 3]])
    write(tmp_path, [["m", 1, 2, 3]])
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]
    for answer in ("theirs", "theirs too"):
        book = openpyxl.load_workbook(tmp_path / "out.xlsx")
        book["Sizes"]["A2"] = answer
        book.save(tmp_path / "out.xlsx")
        write(tmp_path, [["m", 1, 2, 3]])
    copies = [path for path in tmp_path.iterdir() if path.name != "out.xlsx"]
    kept = {openpyxl.load_workbook(path)["Sizes"]["A2"].value for path in copies}
    assert kept == {"theirs", "theirs too"}


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (6, 6),
        (np.float64(0.25), 0.25),
        (np.int64(7), 7),
        ("-", "-"),
        (float("nan"), "#DIV/0!"),
        (float("inf"), "#DIV/0!"),
    ],
)
def test_a_preview_shows_what_a_live_formula_gives(
    tmp_path: Path, told: float | str, shown: float | str
) -> None:
    live = write(tmp_path, [["m", Formula("=C2*3", told), 2, 3]])
    assert (live["Sizes"]["B2"].value, live["Sizes"]["B2"].number_format) == ("=C2*3", "#,##0")
    assert live.calculation.fullCalcOnLoad
    seen = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["Sizes"]
    assert seen["B2"].value == shown


def test_a_share_of_nothing_does_not_stop_the_file(tmp_path: Path) -> None:
    page = write(tmp_path, [["m", float("inf"), True, 3]])["Sizes"]
    assert page["B2"].data_type in "ef"
    assert page["C2"].value is True


def test_printed_page_is_wide_a4_with_a_footer(tmp_path: Path) -> None:
    told = Provenance(unit="plan & sizes", version="1", reality="REAL")
    write_workbook(tmp_path / "out.xlsx", [Sheet("Sizes", COLUMNS, [])], told)
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["Sizes"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert page.oddFooter.left.text == "plan && sizes 1"
    assert page.oddFooter.center.text == "REAL"
    assert page.oddFooter.right.text == "&P / &N"
    assert page.column_dimensions["A"].width == pytest.approx(20, abs=1)


def test_long_text_wraps_at_the_top_of_its_cell(tmp_path: Path) -> None:
    page = write(tmp_path, [["m" * 21, 1, 2, 3], ["m", 1, 2, 3]])["Sizes"]
    assert (page["A2"].alignment.wrap_text, page["A2"].alignment.vertical) == (True, "top")
    assert not page["A3"].alignment.wrap_text


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    write(tmp_path, [["m", 1, 2, 3]])
    before = (tmp_path / "out.xlsx").read_bytes()
    with pytest.raises(ValueError):
        write(tmp_path, [["m", object(), 2, 3]])
    assert (tmp_path / "out.xlsx").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]
