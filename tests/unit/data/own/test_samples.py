"""A reading in memory answers as ``Samples``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kit.data.own.samples import SUMMARY_COLUMNS, InMemory
from kit.data.readers import SAMPLE_COLUMNS, read_export
from tests.unit.data.own.conftest import samples, written


@pytest.fixture
def both(tmp_path: Path) -> InMemory:
    frame = samples().set_axis(["server", "timestamp", "cpu_percent"], axis=1)
    mixed = frame.assign(mem_percent=50.0)
    return InMemory(read_export(written(tmp_path / "a.csv", mixed)))


def test_frame_of_one_machine_keeps_the_files_order(both: InMemory) -> None:
    one = both.frame("srv-2")
    assert list(one) == list(SAMPLE_COLUMNS) and list(one.index) == list(range(60))
    expected = both.frame()[lambda rows: rows["machine"] == "srv-2"].reset_index(drop=True)
    pd.testing.assert_frame_equal(one, expected)
    assert one.dtypes["time"] == "datetime64[ns]"


def test_machine_that_is_not_there_is_an_empty_frame_of_the_same_kind(both: InMemory) -> None:
    none = both.frame("srv-9")
    assert none.empty and list(none.dtypes) == list(both.frame().dtypes)


def test_summary_counts_every_row_once(both: InMemory) -> None:
    table = both.summary()
    assert tuple(table) == SUMMARY_COLUMNS
    assert table["samples"].sum() == len(both.frame()) == both.ledger.kept
    first = table.iloc[0]
    assert (first["machine"], first["first"]) == ("srv-1", pd.Timestamp("2026-03-02"))
    assert first["last"] == pd.Timestamp("2026-03-02 02:25:00")
