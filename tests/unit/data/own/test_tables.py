"""A table is found behind a preamble or a cover sheet, and mapped by name."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kit.data.own import Contract
from kit.data.own.tables import head_in, read_mapped, table_in, table_with
from kit.errors import DataError, UsageError
from tests.unit.data.own.conftest import samples, written

ROLES = {"box": "machine", "moment": "time", "figure": "cpu"}


def test_header_is_found_behind_lines_of_a_report(tmp_path: Path, cpu: Contract) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Report,of,2026\nmade by a tool\n" + samples().to_csv(index=False), encoding="utf-8"
    )
    assert table_with(path, ROLES)[1].header == ["box", "moment", "figure"]
    assert read_mapped(path, ROLES, cpu.table()).ledger.kept == 60


def test_sheet_with_the_columns_is_found_behind_a_cover(tmp_path: Path, cpu: Contract) -> None:
    path = written(tmp_path / "a.xlsx", samples())
    book = openpyxl.load_workbook(path)
    book.create_sheet("Cover", 0)["A1"] = "Report of March"
    book.save(path)
    assert table_in(path).header == ["box", "moment", "figure"]
    assert read_mapped(path, ROLES, cpu.table()).ledger.kept == 60


def test_head_shows_the_columns_of_a_long_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", samples(20_000))
    head = head_in(path)
    assert head is not None and 200 < len(head.rows) < 20_000
    assert head.header == ["box", "moment", "figure"]
    assert head.columns[2][-1] == table_in(path).columns[2][len(head.rows) - 1]


def test_file_without_a_table_has_no_head(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1}', encoding="utf-8")
    assert head_in(tmp_path / "a.json") is None
    with pytest.raises(DataError, match="no columns"):
        table_in(tmp_path / "a.json")
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(DataError, match="no filled sheet"):
        table_in(tmp_path / "empty.xlsx")


def test_column_that_is_not_there_is_named(tmp_path: Path, cpu: Contract) -> None:
    path = written(tmp_path / "a.csv", samples())
    with pytest.raises(UsageError, match="all of: figure, load"):
        read_mapped(path, {"figure": "cpu", "load": "memory"}, cpu.table())


def test_role_that_nobody_knows_is_named(tmp_path: Path, cpu: Contract) -> None:
    path = written(tmp_path / "a.csv", samples())
    with pytest.raises(UsageError, match="no role 'colour'"):
        read_mapped(path, {"figure": "colour"}, cpu.table())


@pytest.mark.parametrize(
    ("header", "cells"),
    [("담당자", ["kim", "lee"]), ("whose", ["hana@example.com", "duri@example.com"])],
)
def test_person_is_read_as_no_machine(
    tmp_path: Path, cpu: Contract, header: str, cells: list[str]
) -> None:
    path = written(tmp_path / "a.csv", samples().assign(**{header: cells * 30}))
    with pytest.raises(UsageError, match="person"):
        read_mapped(path, {header: "machine", "moment": "time", "figure": "cpu"}, cpu.table())


def test_unit_in_the_header_still_counts(tmp_path: Path, cpu: Contract) -> None:
    path = written(tmp_path / "a.csv", samples().rename(columns={"figure": "figure (KB)"}))
    roles = {"box": "machine", "moment": "time", "figure (KB)": "memory used"}
    reading = read_mapped(path, roles, cpu.table())
    assert set(reading.samples["metric"]) == {"memory_used_bytes"}
    assert reading.samples["value"].max() == 60 * 1024


def test_machines_in_the_header_keep_their_names(tmp_path: Path, cpu: Contract) -> None:
    frame = samples().pivot(index="moment", columns="box", values="figure").reset_index()
    roles = {"moment": "time", "srv-1": "cpu", "srv-2": "cpu"}
    reading = read_mapped(written(tmp_path / "a.csv", frame), roles, cpu.table())
    assert set(reading.samples["machine"]) == {"srv-1", "srv-2"}
    assert reading.ledger.kept == 60
