"""From text or workbook to tables of text cells, each row with its number in the file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from kit.data.readers.metrics import fold, names
from kit.data.readers.notations import looks_like_time
from kit.data.readers.record import RowNote
from kit.data.readers.source import Source
from kit.data.readers.values import is_number
from kit.errors import DataError
from kit.i18n import phrase

_DELIMITERS = (",", ";", "\t", "|")
# Enough for any preamble; more would only slow down the choice of the delimiter.
_HEAD = 60

TIME_NAMES = names(
    "timestamp|time|date|datetime|clock|period|timestamp (utc)|time (utc)|date time|"
    "date/time|collected at|sample time|start time|일시|시간|시각|날짜|일자|"
    "측정일자|측정시간|측정일시|수집시간|수집일시|기록시간|발생시간|날짜/시간|측정 시간|"
    "측정 일시|수집 일시|타임스탬프"
)


@dataclass
class Grid:
    """Records of text as they stand in the file; ``rows`` are their 1-based numbers."""

    records: list[list[str]]
    rows: list[int]
    sheet: str = ""


@dataclass
class Table:
    """A header, columns of text below it, and what stood above the header.

    ``fault`` gives per row why the row's shape is wrong, empty when it is right. ``odd``
    lists lines that are no records of this table at all. ``header_row`` is the header's
    number in the file, 0 where there is none.
    """

    header: list[str]
    columns: list[Sequence[str]]
    rows: list[int]
    fault: list[str] | None = None
    odd: list[RowNote] = field(default_factory=list)
    preamble: list[list[str]] = field(default_factory=list)
    sheet: str = ""
    header_row: int = 0

    def column(self, *names: str) -> int:
        """Return the index of the first column with one of these names, -1 for none."""
        wanted = [fold(name) for name in names]
        folded = [fold(cell) for cell in self.header]
        return next((folded.index(name) for name in wanted if name in folded), -1)

    def cells(self, *names: str) -> Sequence[str]:
        """Return a column by name; all empty when the table has none of the names."""
        at = self.column(*names)
        return self.columns[at] if at >= 0 else [""] * len(self.rows)


def grid_of(text: str, *, multiline: bool = False) -> tuple[Grid, str]:
    """Split text into records; returns them with the delimiter found."""
    delimiter = find_delimiter(text)
    return Grid(*records_in(text, delimiter, multiline=multiline)), delimiter


def find_delimiter(text: str) -> str:
    """Choose the delimiter that splits the first lines into the most columns, most evenly."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_HEAD]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(split(line, delimiter)) for line in lines]
        # The usual width is robust against preambles and damaged lines.
        usual = max(set(widths), key=widths.count) if widths else 1
        if usual < 2:
            continue
        # Evenness counts most: a decimal comma splits its lines, but not the header.
        score = widths.count(usual) / len(widths) + usual / 1000
        score += 0.5 if widths[0] == usual else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def split(line: str, delimiter: str) -> list[str]:
    """Cells of one line; a line that cannot be split is one cell."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def records_in(
    text: str, delimiter: str, *, multiline: bool = False
) -> tuple[list[list[str]], list[int]]:
    """Read records with their line numbers, from 1.

    A quote that damage left open would swallow all lines up to the next quote, so unless
    cells may hold line breaks, every line stands for itself.
    """
    # An open quote in the last line would take the line's own end into its cell.
    reader = csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    rows: list[int] = []
    try:
        # A record with line breaks is known by its first line.
        start = 1
        for record in reader:
            records.append(record)
            rows.append(start)
            start = reader.line_num + 1
    except csv.Error:
        multiline = False
    if (reader.line_num == len(records)) or multiline:
        return records, rows
    # Not splitlines(): it would also cut at control characters inside cells.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [split(line, delimiter) for line in lines], list(range(1, len(lines) + 1))


def sheets_of(source: Source) -> list[Grid]:
    """Read every sheet of a workbook as text cells; percent-formatted cells keep their sign."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(source.path, read_only=True, data_only=True)
        grids = [_grid_of_sheet(sheet) for sheet in book.worksheets]
        book.close()
    except Exception as error:  # openpyxl raises many kinds for a damaged workbook
        raise DataError(
            "{file} is an xlsx workbook that cannot be opened: {error}",
            where=source.name,
            fix="Open it in Excel, save it again as .xlsx, and read that file.",
            file=source.name,
            error=error,
        ) from error
    return [grid for grid in grids if grid.records]


def _grid_of_sheet(sheet: Any) -> Grid:
    records = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows()]
    return Grid(records, list(range(1, len(records) + 1)), str(sheet.title))


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    # Excel stores 12 % as 0.12 and shows it by the format alone; keep what was shown.
    if isinstance(value, (int, float)) and "%" in (cell.number_format or ""):
        return f"{value * 100:.12g} %"
    return str(value).strip()


def table_of(grid: Grid, file: str, header_at: int | None = None) -> Table:
    """Find the header and cut the grid into columns.

    Raises DataError when there are no two columns or no rows.
    """
    kept = [at for at, record in enumerate(grid.records) if any(cell.strip() for cell in record)]
    records, rows = [grid.records[at] for at in kept], [grid.rows[at] for at in kept]
    if not records:
        raise _no_table(file, [], [])
    at = find_header(records) if header_at is None else header_at
    start = max(at + 1, 0)
    header = [cell.strip() for cell in records[at]] if at >= 0 else []
    body, body_rows = records[start:], rows[start:]
    if not header and body:
        header = [f"column {number}" for number in range(1, len(body[0]) + 1)]
    if len(header) < 2:
        raise _no_table(file, records, rows)
    preamble = records[: max(at, 0)]
    table = cut(header, body, body_rows, file, preamble, grid.sheet)
    return replace(table, header_row=rows[at] if at >= 0 else 0)


def cut(
    header: list[str],
    body: list[list[str]],
    rows: list[int],
    file: str,
    preamble: list[list[str]],
    sheet: str,
) -> Table:
    """Square the rows to the header's width and turn them into columns."""
    width = len(header)
    fault: list[str] | None = None
    odd: list[RowNote] = []
    # Whole files of even width are the rule and skip all of this.
    if any(len(record) != width for record in body):
        whole = [len(record) > 1 for record in body]
        odd = [
            _odd_line(file, row, record, width)
            for record, row, ok in zip(body, rows, whole, strict=True)
            if not ok
        ]
        body = [record for record, ok in zip(body, whole, strict=True) if ok]
        rows = [row for row, ok in zip(rows, whole, strict=True) if ok]
        fault = [_shape(record, width) for record in body]
        body = [(record + [""] * width)[:width] for record in body]
    # zip(*body) would pass a million arguments; picking column by column is ten times faster.
    columns: list[Sequence[str]] = [list(map(itemgetter(at), body)) for at in range(width)]
    return Table(header, columns, rows, fault, odd, preamble, sheet)


def _shape(record: list[str], width: int) -> str:
    # A trailing delimiter adds an empty cell and harms nothing.
    extra = any(cell.strip() for cell in record[width:])
    return f"{width} cells in the row, not {len(record)}" if extra else ""


def _odd_line(file: str, row: int, record: list[str], width: int) -> RowNote:
    expected = f"{width} cells in the row, not 1"
    fix = "Remove the line from the export, or go on without it."
    return RowNote(file, row, "(whole row)", ",".join(record)[:200], expected, fix)


def find_header(records: list[list[str]]) -> int:
    """Return the index of the header: named by its time column, else above the first data.

    -1 says that the first record is data already.
    """
    head = records[:_HEAD]
    # A named time column is the surest sign of a header.
    for at, record in enumerate(head):
        names = [fold(cell) for cell in record]
        if sum(1 for name in names if name) >= 2 and any(name in TIME_NAMES for name in names):
            return at
    for at, record in enumerate(head):
        if any(looks_like_time(cell) for cell in record) and any(map(is_number, record)):
            return at - 1
    return 0


def _no_table(file: str, records: list[list[str]], rows: list[int]) -> DataError:
    read = ",".join(records[0])[:60] if records else ""
    return DataError(
        "{file} holds no table: read {read!r}, expected at least a time and a value "
        "column separated by comma, semicolon or tab.",
        where=phrase("{file}, row {row}", file=file, row=rows[0] if rows else 1),
        fix="Export the measurements as CSV with one line per time.",
        file=file,
        read=read,
    )
