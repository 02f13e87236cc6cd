"""Spreadsheets that a colleague can work on: headers, formats, frozen panes, live formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kit.artefacts.keep import write_kept
from kit.artefacts.provenance import Provenance
from kit.i18n import Translator

WON = "#,##0"
PERCENT = "0.0"
SHARE = "0.0%"
DATE = "yyyy-mm-dd hh:mm"
# what XML 1.0 cannot hold; machine names of old tools contain such characters
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_CELL_LIMIT = 32_767


@dataclass(frozen=True)
class Formula:
    """A live formula, such as ``Formula("=B2*730")``. Text alone never becomes one."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column's header, width in characters, and number format."""

    name: str
    width: float = 12
    format: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table with a header. ``lead`` are lines of text above it.

    ``row_of(0)`` is the spreadsheet's number of the first data row, for formulas.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    lead: Sequence[str] = field(default_factory=tuple)

    def row_of(self, index: int) -> int:
        """Row number in the spreadsheet of the data row ``index``, counted from 0."""
        return self.header_row + 1 + index

    @property
    def header_row(self) -> int:
        """Row number of the header."""
        return len(self.lead) + (2 if self.lead else 1)


def write_workbook(
    path: Path,
    sheets: Sequence[Sheet],
    provenance: Provenance,
    tr: Translator | None = None,
) -> Path:
    """Write the sheets and a last one with the provenance; returns ``path``.

    Text that begins with ``=`` stays text, so a hostile machine name runs nothing. A file
    of other content that was there is kept as a dated copy.
    """
    from openpyxl import Workbook

    translate = tr or Translator("en")
    book = Workbook()
    book.remove(book.active)
    # the file holds formulas and no results; a spreadsheet program computes them on opening
    book.calculation.fullCalcOnLoad = True
    live = any(isinstance(value, Formula) for s in sheets for row in s.rows for value in row)
    for sheet in [*sheets, _provenance_sheet(provenance, translate, live)]:
        _write_sheet(book.create_sheet(_sheet_name(sheet.name)), sheet, provenance)
    buffer = io.BytesIO()
    book.save(buffer)
    write_kept(path, buffer.getvalue())
    return path


def _sheet_name(name: str) -> str:
    return _SHEET_NAME.sub("-", name)[:31] or "Sheet"


def _provenance_sheet(provenance: Provenance, tr: Translator, live: bool) -> Sheet:
    columns = [Column(tr("What"), 20), Column(tr("Stated"), 90)]
    rows = provenance.lines(tr)
    if live:
        said = tr("computed when a spreadsheet program opens the file; a preview shows them empty")
        rows.append((tr("Formulas"), said))
    return Sheet(tr("Provenance"), columns, rows)


def _write_sheet(page: Any, sheet: Sheet, provenance: Provenance) -> None:
    from openpyxl.styles import Alignment, Font

    for number, text in enumerate(sheet.lead, 1):
        _put(page.cell(number, 1), text)
        page.cell(number, 1).font = Font(bold=number == 1)
    _write_header(page, sheet)
    top = Alignment(vertical="top", wrap_text=True)
    for index, row in enumerate(sheet.rows):
        for column, value in enumerate(row, 1):
            cell = page.cell(sheet.row_of(index), column)
            _put(cell, value)
            fmt = sheet.columns[column - 1].format or _usual_format(value)
            if fmt and not isinstance(value, str):
                cell.number_format = fmt
            elif isinstance(value, str) and len(value) > sheet.columns[column - 1].width:
                cell.alignment = top
    _set_page(page, sheet, provenance)


def _write_header(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Border(bottom=Side(style="thin", color="1F4E79"))
    for number, column in enumerate(sheet.columns, 1):
        cell = page.cell(sheet.header_row, number)
        _put(cell, column.name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color="1F4E79")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = line
        page.column_dimensions[get_column_letter(number)].width = column.width


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, Formula):
        cell.value = value.text
        return
    plain = _plain(value)
    cell.value = plain
    if isinstance(plain, str):
        # openpyxl takes any text that begins with "=" for a formula
        cell.data_type = "s"
        cell.quotePrefix = plain.startswith(("=", "+", "-", "@"))


def _plain(value: Any) -> Any:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, str):
        return _CONTROL.sub("\ufffd", value)[:_CELL_LIMIT]
    return value


def _usual_format(value: Any) -> str:
    if isinstance(value, datetime):
        return DATE
    return "yyyy-mm-dd" if isinstance(value, date) else ""


def _set_page(page: Any, sheet: Sheet, provenance: Provenance) -> None:
    from openpyxl.utils import get_column_letter

    header = sheet.header_row
    page.freeze_panes = page.cell(header + 1, 2 if len(sheet.columns) > 3 else 1)
    if sheet.rows:
        last = get_column_letter(len(sheet.columns))
        page.auto_filter.ref = f"A{header}:{last}{sheet.row_of(len(sheet.rows) - 1)}"
    page.print_title_rows = f"{header}:{header}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    # an ampersand is a command in headers and footers
    page.oddFooter.left.text = f"{provenance.unit} {provenance.version}".replace("&", "&&")
    page.oddFooter.center.text = provenance.reality
    page.oddFooter.right.text = "&P / &N"
