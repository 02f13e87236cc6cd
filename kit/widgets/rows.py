"""A table of rows to look through: sorted, filtered by column, in pages.

The table itself is itables' widget, which brings DataTables along; it is imported when a table
is made, and never before. Sorting and filtering are the page's: they work on when the kernel
has stopped.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets
from ipywidgets import widget_serialization

from kit.errors import Translate
from kit.i18n import mark
from kit.widgets.lasting import LastingWidget, lasting_html, script, style

if TYPE_CHECKING:
    import pandas as pd

# more of them draw too slowly: the library asks each row whether it is chosen
LIMIT = 2000
PAGE = 10
_HEAD = 10
_LARGEST_DECIMALS = 4
_TEXT = {
    "contains": mark("contains"),
    "notContains": mark("does not contain"),
    "equal": mark("is"),
    "notEqual": mark("is not"),
    "starts": mark("begins with"),
    "ends": mark("ends with"),
    "empty": mark("is empty"),
    "notEmpty": mark("is not empty"),
}
_NUMBER = {
    "equal": mark("is"),
    "notEqual": mark("is not"),
    "greater": mark("is greater than"),
    "greaterOrEqual": mark("is at least"),
    "less": mark("is less than"),
    "lessOrEqual": mark("is at most"),
    "empty": mark("is empty"),
    "notEmpty": mark("is not empty"),
}


def rows_view(
    frame: pd.DataFrame,
    say: Translate,
    *,
    about: str = "",
    units: Mapping[str, str] | None = None,
    limit: int = LIMIT,
    count: int | None = None,
) -> RowsView:
    """The rows of ``frame`` as a table that sorts and filters.

    ``about`` says what they are; ``units`` maps a column to the unit that stands in its head.
    Of more than ``limit`` rows the first are shown, and a sentence says so; ``count`` is how
    many there are where ``frame`` holds the first only. An index with a name is shown, another
    one is not.
    """
    rows = shown_rows(frame, say, units=units, limit=limit)
    return RowsView(rows if count is None else replace(rows, count=count), say, about)


@dataclass(frozen=True)
class Column:
    """One column as people read it; ``kind`` is number, text or time, ``cells`` are texts."""

    head: str
    kind: str
    cells: Sequence[str]


@dataclass(frozen=True)
class ShownRows:
    """What of a frame is shown: its first rows as texts; ``count`` is how many there are."""

    columns: tuple[Column, ...]
    count: int

    @property
    def shown(self) -> int:
        """How many rows are shown."""
        return len(self.columns[0].cells) if self.columns else 0

    def head(self, rows: int) -> list[tuple[str, ...]]:
        """The first rows."""
        return list(zip(*(column.cells[:rows] for column in self.columns), strict=True))


def shown_rows(
    frame: pd.DataFrame,
    say: Translate,
    *,
    units: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> ShownRows:
    """The first ``limit`` rows of a frame as texts: times as ISO 8601, missing values empty."""
    first = frame.head(limit)
    if any(name is not None for name in first.index.names):
        first = first.reset_index()
    given = units or {}
    columns = []
    for place, name in enumerate(first.columns):
        head = " · ".join(map(str, name)) if isinstance(name, tuple) else str(name)
        unit = given.get(head, "")
        kind, cells = _texts(first.iloc[:, place], say)
        columns.append(Column(f"{head} ({unit})" if unit else head, kind, cells))
    return ShownRows(tuple(columns), len(frame))


def _texts(column: pd.Series[Any], say: Translate) -> tuple[str, list[str]]:
    from pandas.api import types

    if types.is_bool_dtype(column.dtype):
        words = {True: say(mark("yes")), False: say(mark("no"))}
        return "text", [words.get(value, "") for value in column.tolist()]
    if types.is_numeric_dtype(column.dtype) and not types.is_complex_dtype(column.dtype):
        return "number", _numbers(column)
    if types.is_datetime64_any_dtype(column.dtype):
        return "time", _times(column)
    missing = column.isna().tolist()
    values = column.astype(object).tolist()
    return "text", ["" if no else str(value) for value, no in zip(values, missing, strict=True)]


def _numbers(column: pd.Series[Any]) -> list[str]:
    from pandas.api.types import is_integer_dtype

    missing = column.isna().tolist()
    form = ",d" if is_integer_dtype(column.dtype) else _form(column)
    return [
        "" if no else format(value, form)
        for value, no in zip(column.tolist(), missing, strict=True)
    ]


def _form(column: pd.Series[Any]) -> str:
    """One number of decimals for a column: four digits, and no idle zeros."""
    import numpy as np

    values = column.to_numpy(dtype=float, na_value=np.nan)
    values = values[np.isfinite(values)]
    largest = float(np.abs(values).max(initial=0.0))
    if 0 < largest < 10**-_LARGEST_DECIMALS:
        return ".4g"
    whole = int(np.floor(np.log10(largest))) if largest else 0
    most = min(max(3 - whole, 1), _LARGEST_DECIMALS)
    exact = np.round(values, most)
    decimals = next(d for d in range(most + 1) if np.array_equal(np.round(values, d), exact))
    return f",.{decimals}f"


def _times(column: pd.Series[Any]) -> list[str]:
    given = column.dropna()
    form = "%Y-%m-%d %H:%M"
    if (given == given.dt.normalize()).all():
        form = "%Y-%m-%d"
    elif (given.dt.second != 0).any():
        form = "%Y-%m-%d %H:%M:%S"
    zone = "%z" if getattr(column.dtype, "tz", None) is not None else ""
    return [str(text) for text in column.dt.strftime(form + zone).fillna("")]


class RowsView(LastingWidget):
    """Shows ``rows``; make it with ``rows_view``."""

    WORDS: ClassVar = {
        "filter": mark("Filter “{column}”"),
        "how": mark("How “{column}” is filtered"),
        "pages": mark("Pages of the table"),
    }
    _esm = script("rows")
    _css = style("rows")
    table = traitlets.Any(allow_none=True).tag(sync=True, **widget_serialization)
    about = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)

    def __init__(self, rows: ShownRows, say: Translate, about: str = "") -> None:
        note = _note(rows, say)
        super().__init__(say, about=about, note=note, table=_table(rows, say))
        self.rows = rows

    def received(self, _content: dict[str, Any], _buffers: list[Any]) -> None:
        """The page asks for nothing: what it sorts, it has."""

    def forms(self) -> dict[str, Any]:
        """The note and the first rows, as text and as HTML."""
        return {"text/plain": self._as_text, "text/html": self._as_html}

    @cached_property
    def _as_text(self) -> str:
        heads = tuple(column.head for column in self.rows.columns)
        lines = [" | ".join(row) for row in [heads, *self.rows.head(_HEAD)]]
        return "\n".join([*filter(None, (self.about, self.note)), *lines, *self._rest()])

    @cached_property
    def _as_html(self) -> str:
        sides = ["right" if c.kind == "number" else "left" for c in self.rows.columns]

        def line(tag: str, cells: Sequence[str]) -> str:
            told = zip(sides, cells, strict=True)
            marked = (f'<{tag} style="text-align: {s}">{html.escape(c)}</{tag}>' for s, c in told)
            return f"<tr>{''.join(marked)}</tr>"

        head = line("th", [column.head for column in self.rows.columns])
        body = "".join(line("td", row) for row in self.rows.head(_HEAD))
        words = "".join(
            f"<p>{html.escape(text)}</p>" for text in (self.about, self.note, *self._rest()) if text
        )
        table = f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
        return lasting_html(words + table, self.words["offline"])

    def _rest(self) -> list[str]:
        told = mark("Without the table that sorts, the first {n} rows are shown.")
        return [self.say(told, n=_HEAD)] if self.rows.shown > _HEAD else []


def _note(rows: ShownRows, say: Translate) -> str:
    if rows.count == rows.shown:
        return say(mark("Rows: {count:,}"), count=rows.count)
    told = mark(
        "Rows: {count:,}. The first {shown:,} are here, and sorting and filters see only these. "
        "To see others, choose them in Python first."
    )
    return say(told, count=rows.count, shown=rows.shown)


def _table(rows: ShownRows, say: Translate) -> Any:
    """itables' widget with our texts; every cell is text and is escaped by it."""
    import pandas as pd
    from itables.widget import ITable

    frame = pd.DataFrame({place: column.cells for place, column in enumerate(rows.columns)})
    frame.columns = pd.Index([column.head for column in rows.columns])
    kinds, paged = [column.kind for column in rows.columns], rows.shown > PAGE
    return ITable(
        frame,
        showIndex=False,
        allow_html=False,
        # ours is the limit, and the sentence about it
        maxBytes=0,
        maxColumns=0,
        classes="display",
        style="width:100%",
        text_in_header_can_be_selected=False,
        autoWidth=False,
        order=[],
        paging=paged,
        layout={
            "topStart": "pageLength" if paged else None,
            "topEnd": "search",
            "bottomStart": "info",
            "bottomEnd": "paging" if paged else None,
        },
        pageLength=PAGE,
        lengthMenu=[PAGE, 25, 100],
        columnDefs=[
            _definition(kind, [n for n, one in enumerate(kinds) if one == kind])
            for kind in dict.fromkeys(kinds)
        ],
        language=_language(say),
    )


def _definition(kind: str, targets: list[int]) -> dict[str, Any]:
    number = kind == "number"
    # ISO 8601 sorts as text, and "2026-03" finds a month
    sorts = {"number": "num-fmt", "time": "string", "text": "string-utf8"}[kind]
    return {
        "targets": targets,
        "type": sorts,
        "className": "dt-right" if number else "dt-left",
        "columnControl": [
            {"target": 1, "content": ["searchNumber" if number else "searchText"]},
        ],
    }


def _language(say: Translate) -> dict[str, Any]:
    """DataTables' own texts; names between underscores are what it fills in."""
    rows = {"first": "_START_", "last": "_END_", "count": "_TOTAL_"}
    return {
        "search": say(mark("Find in all columns")),
        "lengthMenu": say(mark("{n} rows on a page"), n="_MENU_"),
        "info": say(mark("Rows {first} to {last} of {count}"), **rows),
        "infoEmpty": say(mark("No rows")),
        "infoFiltered": say(mark("(chosen from {count})"), count="_MAX_"),
        "emptyTable": say(mark("No rows")),
        "zeroRecords": say(mark("No row fits the filters.")),
        "thousands": ",",
        "aria": {
            "orderable": say(mark(": sort")),
            "orderableReverse": say(mark(": sort the other way round")),
            "orderableRemove": say(mark(": no longer sort")),
            "paginate": {
                "first": say(mark("First page")),
                "previous": say(mark("Previous page")),
                "next": say(mark("Next page")),
                "last": say(mark("Last page")),
                "number": say(mark("Page")) + " ",
            },
        },
        "columnControl": {
            "buttons": {"searchClear": say(mark("Clear this filter"))},
            "search": {
                "text": {name: say(text) for name, text in _TEXT.items()},
                "number": {name: say(text) for name, text in _NUMBER.items()},
            },
        },
    }
