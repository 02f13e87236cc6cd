"""All grades of a gradebook in one pass, summed by submission and by cell.

A cohort of thousands has a million rows of grades. On SQLite they come as a few long
texts of fixed width, which is several times faster than a million Python tuples, and
two threads read at once. Other databases, and ids of another make, come row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sqlalchemy import Engine

# for each grade its notebook, its cell and its kind; and for each kind of grade the four
# numbers of a row: many grades are alike, and are looked at once
Chunk = tuple[Any, Any, Any, Any]
# rows of one long text; more gain nothing and cost memory
CHUNK = 60_000
# nbgrader's ids are random, 32 hexadecimal digits; half of one tells them apart
DIGITS = 16
_PLAIN = (
    "select notebook_id, cell_id, auto_score, manual_score, extra_credit, needs_manual_grade"
    " from grade"
)
# quote() writes a number so that it comes back to the bit; it is slow, and most grades
# are a plain 0 or 1 that no person touched
_PACKED = f"""
select count(*),
  cast(group_concat(substr(notebook_id, 1, {DIGITS}) || substr(cell_id, 1, {DIGITS}), '') as blob),
  group_concat(
    case when manual_score is null and extra_credit is null and not needs_manual_grade
    then case auto_score when 1.0 then '1' when 0.0 then '0' else quote(auto_score) end
    else quote(auto_score) || ' ' || quote(manual_score) || ' ' ||
         quote(extra_credit) || ' ' || needs_manual_grade end, ';')
from grade where rowid between ? and ?
"""
_UNTOUCHED = ["nan", "nan", "0"]
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Sums:
    """Sums in the order of the ids that were asked for.

    By notebook: ``score`` as nbgrader computes it, but of cells that wait for nobody;
    ``waiting`` cells for a person, ``scored`` cells, ``passed`` check cells. By cell, over
    the notebooks that count: ``points`` of those that wait for nobody, ``n``, ``cell_passed``,
    ``cell_waiting``.
    """

    score: Any
    waiting: Any
    scored: Any
    passed: Any
    points: Any
    n: Any
    cell_passed: Any
    cell_waiting: Any


class _Other(Exception):
    """This gradebook's ids are not as nbgrader makes them."""


def sum_grades(
    engine: Engine, notebooks: Any, counted: Any, cells: Any, best: Any, checks: Any
) -> Sums:
    """Sum all grades.

    ``notebooks`` and ``cells`` are ids (arrays of str); ``counted`` says of each notebook
    whether it counts in the sums by cell, ``best`` is the maximum of each cell, ``checks``
    whether it is a check that earns points.
    """
    if engine.dialect.name == "sqlite":
        try:
            return _sum(_packed(engine, notebooks, cells), counted, best, checks)
        except _Other:
            pass
    return _sum(_plain(engine, notebooks, cells), counted, best, checks)


def _sum(chunks: Iterator[Chunk], counted: Any, best: Any, checks: Any) -> Sums:
    size, weigh = len(counted), counted.astype(float)
    rows = [np.zeros(size) for _ in range(4)]
    columns = [np.zeros(len(best)) for _ in range(4)]
    for notebook, cell, kind, values in chunks:
        auto, manual, extra, waiting = values
        # nbgrader: the person's score, else the automatic one; extra credit only on top
        base = np.where(np.isnan(manual), auto, manual)
        scored = ~np.isnan(base)
        # nbgrader keeps a person's score beside work that has changed since: no proof of it
        sure = scored & (waiting == 0)
        # a base that proves nothing reaches no maximum
        base = np.where(sure, base, -np.inf)
        score = np.where(sure, base + np.nan_to_num(extra), 0.0)[kind]
        waits = waiting[kind]
        full = base[kind] >= best[cell] - _ROUNDING
        weights = (score, waits, scored[kind], full & checks[cell])
        for total, weight in zip(rows, weights, strict=True):
            total += np.bincount(notebook, weight, minlength=size)
        one = weigh[notebook]
        for total, weight in zip(columns, (score * one, one, full * one, waits * one), strict=True):
            total += np.bincount(cell, weight, minlength=len(best))
    return Sums(*rows, *columns)


def _plain(engine: Engine, notebooks: Any, cells: Any) -> Iterator[Chunk]:
    rows, columns = pd.Index(notebooks), pd.Index(cells)
    with engine.connect() as connection:
        result = connection.execution_options(stream_results=True).exec_driver_sql(_PLAIN)
        while found := result.fetchmany(CHUNK):
            first, second, *rest = zip(*found, strict=True)
            values = np.array(rest, dtype=float)
            places = rows.get_indexer(list(first)), columns.get_indexer(list(second))
            yield *_known(*places, np.arange(len(found))), values


def _known(notebook: Any, cell: Any, kind: Any) -> tuple[Any, Any, Any]:
    """Without grades whose submission or cell is gone; small numbers take little room."""
    keep = (notebook >= 0) & (cell >= 0)
    return tuple(column[keep].astype(np.int32) for column in (notebook, cell, kind))


def _keys(packed: bytes | None, count: int, ids: int) -> Any:
    """Numbers for ``ids`` packed ids in each row, by row; equal ids give equal numbers."""
    if len(packed or b"") != count * ids * DIGITS:
        raise _Other
    halves = np.frombuffer(packed or b"", dtype=np.uint64).reshape(count, ids, 2)
    # two odd constants spread both halves over all bits
    first, second = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
    return halves[:, :, 0] * first ^ halves[:, :, 1] * second


def _index(ids: Any) -> Any:
    short = "".join(name[:DIGITS] for name in ids)
    found = pd.Index(_keys(short.encode(), len(ids), 1)[:, 0])
    if not found.is_unique:
        raise _Other
    return found


def _packed(engine: Engine, notebooks: Any, cells: Any) -> Iterator[Chunk]:
    rows, columns = _index(notebooks), _index(cells)

    def read(first: int) -> Chunk:
        with engine.connect() as connection:
            count, ids, scores = connection.exec_driver_sql(
                _PACKED, (first, first + CHUNK - 1)
            ).one()
        keys = _keys(ids, count, 2)
        notebook, cell = rows.get_indexer(keys[:, 0]), columns.get_indexer(keys[:, 1])
        kind, values = _scores(scores)
        return *_known(notebook, cell, kind[:count]), values

    with engine.connect() as connection:
        low, high = connection.exec_driver_sql("select min(rowid), max(rowid) from grade").one()
    if low is None:
        return
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(read, range(low, high + 1, CHUNK))


def _scores(text: str | None) -> tuple[Any, Any]:
    """The kind of each grade of a packed text, and four rows of numbers for the kinds."""
    kinds, alike = pd.factorize(np.array((text or "nan").split(";"), dtype=object))
    words = [word.replace("NULL", "nan").split(" ") for word in alike]
    whole = [word if len(word) > 1 else word + _UNTOUCHED for word in words]
    return kinds, np.array(whole, dtype=float).T
