from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kit.data.readers import MACHINE_COLUMNS, read_export
from kit.errors import DataError

Save = Callable[..., Path]


def test_workbook_gives_the_inventory_without_templates(exports: Path) -> None:
    machines = read_export(exports / "rvtools" / "RVTools_export_all.xlsx").machines
    assert tuple(machines.columns) == MACHINE_COLUMNS
    assert machines["machine"].tolist() == ["web-01", "web-02", "db-01", "old-01"]
    assert machines["vcpu"].tolist() == [4, 4, 16, 8]
    assert machines["memory_gib"].tolist() == [8.0, 8.0, 64.0, 16.0]
    assert machines["powered_on"].tolist() == [True, True, True, False]


def test_workbook_gives_one_moment_of_use_at_the_time_of_export(exports: Path) -> None:
    reading = read_export(exports / "rvtools" / "RVTools_export_all.xlsx")
    load = reading.samples[reading.samples["metric"] == "cpu_percent"].set_index("machine")
    assert load.loc["db-01", "value"] == pytest.approx(12867 / (16 * 2594) * 100, abs=0.001)
    assert set(reading.samples["time"]) == {pd.Timestamp("2024-03-04 09:30:12")}
    assert any("one moment" in note for note in reading.ledger.notes)


def test_a_machine_that_is_off_is_not_called_idle(exports: Path) -> None:
    reading = read_export(exports / "rvtools" / "RVTools_export_all.xlsx")
    assert "old-01" not in set(reading.samples["machine"])
    off = [note for note in reading.ledger.rejects if note.column == "vCPU: Overall"]
    assert [note.row for note in off] == [5, 6]
    assert "off" in off[0].action


def test_owners_annotations_and_addresses_are_kept_nowhere(exports: Path) -> None:
    for name in ("RVTools_export_all.xlsx", "RVTools_tabvInfo.csv"):
        reading = read_export(exports / "rvtools" / name)
        everything = reading.samples.to_csv() + reading.machines.to_csv() + repr(reading.ledger)
        for private in ("Team Alpha", "service desk", "192.0.2."):
            assert private not in everything


def test_tab_csv_with_line_breaks_in_annotations_keeps_rows_and_numbers(exports: Path) -> None:
    reading = read_export(exports / "rvtools" / "RVTools_tabvInfo.csv")
    assert reading.tool == "rvtools"
    assert reading.ledger.read == 5
    assert len(reading.machines) == 4
    # The template is the fifth machine; each of the four before it takes two lines.
    assert (reading.ledger.rejects[0].column, reading.ledger.rejects[0].row) == ("Template", 10)


def test_a_usage_tab_alone_says_that_it_lacks_the_time(save: Save) -> None:
    text = "VM,Powerstate,Template,CPUs,Max,Overall\nweb-01,poweredOn,False,4,9000,300\n"
    with pytest.raises(DataError, match="does not say when") as caught:
        read_export(save("RVTools_tabvCPU.csv", text))
    assert "Export all to xlsx" in caught.value.fix


def test_a_machine_without_readable_size_is_rejected_by_cell(tmp_path: Path, exports: Path) -> None:
    book = openpyxl.load_workbook(exports / "rvtools" / "RVTools_export_all.xlsx")
    sheet = book["vInfo"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["Memory"]).value = "n/a"
    sheet.cell(3, columns["CPUs"]).value = "four"
    path = tmp_path / "estate.xlsx"
    book.save(path)
    reading = read_export(path)
    found = [(n.row, n.column, n.read) for n in reading.ledger.rejects if "vInfo" in n.column]
    assert (2, "vInfo: Memory", "n/a") in found
    assert (3, "vInfo: CPUs", "four") in found
    assert reading.machines["machine"].tolist() == ["db-01", "old-01"]


def test_get_stat_reads_whole_machines_and_notes_single_processors(exports: Path) -> None:
    reading = read_export(exports / "vcenter" / "get-stat.csv")
    assert reading.tool == "vcenter"
    assert set(reading.samples["machine"]) == {"web-01", "web-02"}
    assert set(reading.samples["metric"]) == {"cpu_percent", "memory_used_bytes"}
    assert reading.ledger.read == 24
    assert any(note.startswith("12 rows of single processors") for note in reading.ledger.notes)
    memory = reading.samples[reading.samples["metric"] == "memory_used_bytes"]["value"]
    assert memory.between(4_000_000 * 1024, 8_000_000 * 1024).all()


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_sizes_with_thousands_and_a_machine_named_by_a_number_are_read(
    save: Save, delimiter: str
) -> None:
    # Version 3 prints so, with MB for the same unit, and without the newer columns.
    head = ("VM", "Powerstate", "Template", "CPUs", "Memory", "Provisioned MB", "Host")
    row = ("59", "poweredOn", "False", "2", '"16,384"', '"206,057"', "esx-01.example.com")
    text = "\n".join(delimiter.join(line) for line in (head, row)) + "\n"
    machines = read_export(save("RVTools_tabvInfo.csv", text)).machines
    assert machines[["machine", "memory_gib"]].values.tolist() == [["59", 16.0]]
