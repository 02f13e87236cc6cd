"""Spreadsheets that a colleague can work on: headers, formats, frozen panes, live formulas."""

from __future__ import annotations

import io
import math
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
_A4 = 9
_HEADER = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E79",
    "valign": "vcenter",
    "text_wrap": True,
    "bottom": 1,
    "bottom_color": "#1F4E79",
}
_LONG = {"valign": "top", "text_wrap": True}


@dataclass(frozen=True)
class Formula:
    """A live formula and what it gives: ``Formula("=B2*730", 5840)``. Text never becomes one.

    ``value`` is a number or text; it is what a preview shows, and any program that does not
    compute. One that is no finite number is written as a spreadsheet's error.
    """

    text: str
    value: float | str


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
    from xlsxwriter import Workbook

    translate = tr or Translator("en")
    buffer = io.BytesIO()
    # a share of nothing is an error in its cell, and no reason to lose the file
    book = Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": True})
    looks = _Looks(book)
    for sheet in [*sheets, _provenance_sheet(provenance, translate)]:
        page = book.add_worksheet(_sheet_name(sheet.name))
        _write_sheet(page, sheet, looks)
        _set_page(page, sheet, provenance)
    book.close()
    write_kept(path, buffer.getvalue())
    return path


class _Looks:
    """The formats of one book; a file of its own for each cell would be slow to open."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def of(self, **look: object) -> Any:
        """The format of these properties, None where there are none."""
        key = tuple(sorted(look.items()))
        if key and key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made.get(key)


def _sheet_name(name: str) -> str:
    return _SHEET_NAME.sub("-", name)[:31] or "Sheet"


def _provenance_sheet(provenance: Provenance, tr: Translator) -> Sheet:
    columns = [Column(tr("What"), 20), Column(tr("Stated"), 90)]
    return Sheet(tr("Provenance"), columns, provenance.lines(tr))


def _write_sheet(page: Any, sheet: Sheet, looks: _Looks) -> None:
    for number, text in enumerate(sheet.lead):
        _put(page, number, 0, text, looks, {"bold": True} if number == 0 else {})
    for number, column in enumerate(sheet.columns):
        _put(page, sheet.header_row - 1, number, column.name, looks, _HEADER)
        page.set_column(number, number, column.width)
    for index, row in enumerate(sheet.rows):
        for number, value in enumerate(row):
            look = _look(sheet.columns[number], value)
            _put(page, sheet.row_of(index) - 1, number, value, looks, look)


def _look(column: Column, value: Any) -> dict[str, object]:
    if isinstance(value, str):
        return _LONG if len(value) > column.width else {}
    fmt = column.format or _usual_format(value)
    return {"num_format": fmt} if fmt else {}


def _put(
    page: Any, row: int, column: int, value: Any, looks: _Looks, look: dict[str, object]
) -> None:
    """Write one cell by its type; the writer's own guess would take text for formulas."""
    plain = _plain(value)
    if isinstance(plain, str) and plain.startswith(("=", "+", "-", "@")):
        # editing such a cell must not turn its text into a formula either
        look = {**look, "quote_prefix": True}
    form = looks.of(**look)
    if isinstance(value, Formula):
        page.write_formula(row, column, value.text, form, _shown(value.value))
    elif isinstance(plain, str) and plain:
        page.write_string(row, column, plain, form)
    elif plain is None or plain == "":
        page.write_blank(row, column, None, form)
    elif isinstance(plain, bool):
        page.write_boolean(row, column, plain, form)
    elif isinstance(plain, date):
        page.write_datetime(row, column, plain, form)
    elif isinstance(plain, (int, float)):
        page.write_number(row, column, plain, form)
    else:
        raise ValueError(f"no cell holds a {type(plain).__name__}")


def _shown(value: Any) -> float | str:
    told = _plain(value)
    if isinstance(told, str):
        return told
    # a program that computes says the same of a division by nothing
    return float(told) if told is not None and math.isfinite(told) else "#DIV/0!"


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
    header = sheet.header_row
    page.freeze_panes(header, 1 if len(sheet.columns) > 3 else 0)
    if sheet.rows:
        last = sheet.row_of(len(sheet.rows) - 1)
        page.autofilter(header - 1, 0, last - 1, len(sheet.columns) - 1)
    page.repeat_rows(header - 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    # an ampersand is a command in headers and footers
    unit = f"{provenance.unit} {provenance.version}".replace("&", "&&")
    page.set_footer(f"&L{unit}&C{provenance.reality}&R&P / &N")
