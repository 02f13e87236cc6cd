"""The learner's own rows as a table: as they were read, of one machine or of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.widgets.rows import LIMIT
from tests.content.live_home import export

pytestmark = pytest.mark.content


def test_rows_of_all_machines_and_of_one(wb: Any, tmp_path: Path) -> None:
    files = [
        export(tmp_path / f"{name}.csv", "2026-03-02", samples, name)
        for name, samples in (("web-01", 300), ("db-01", 200))
    ]
    own = wb.tools.own(files)
    every, one = wb.tools.rows(own), wb.tools.rows(own, "db-01")
    assert (every.rows.count, every.rows.shown) == (500, 500)
    assert one.rows.count == 200
    heads = [column.head for column in one.rows.columns]
    assert heads == ["machine", "measured", "unit", "time", "value", "file", "row"]
    first = dict(zip(heads, one.rows.head(1)[0], strict=True))
    assert (first["machine"], first["measured"], first["unit"]) == ("db-01", "CPU", "%")
    assert (first["time"], first["row"]) == ("2026-03-02 00:00", "2")


def test_a_large_export_is_read_no_further_than_is_shown(wb: Any, tmp_path: Path) -> None:
    names = ("a-01", "b-01", "c-01")
    own = wb.tools.own([export(tmp_path / f"{n}.csv", "2026-03-02", 4032, n) for n in names])
    view = wb.tools.rows(own)
    assert (view.rows.count, view.rows.shown) == (3 * 4032, LIMIT)
    # machine by machine: the first one fills the table
    assert set(view.rows.columns[0].cells) == {"a-01"}
