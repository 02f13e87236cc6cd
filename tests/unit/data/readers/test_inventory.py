"""Lists of machines: their sizes, whatever the columns are called and whatever unit they state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.data.readers import read_export
from kit.errors import DataError

Save = Callable[..., Path]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Server,vCPU,Memory (GiB)", "web-01,8,32"),
        ("서버명,코어,메모리(GB)", "web-01,8코어,32"),
        ("서버,vCPU(개),메모리 용량(MB)", "web-01,8,32768"),
        ("Hostname,CPU cores,RAM", "web-01,8,32"),
        ("VM,vCPUs,RAM", "web-01,8.0,32 GB"),
        ("서버명,CPU 코어 수,할당 메모리 (TB)", "web-01,8 vCPU,0.03125"),
        ("machine,cores,Memory (MiB)", 'web-01,8,"32,768"'),
    ],
)
def test_sizes_are_found_by_their_names_and_given_in_vcpu_and_gib(
    save: Save, header: str, row: str
) -> None:
    reading = read_export(save("servers.csv", f"{header}\n{row}\n"))
    sizes = reading.machines[["machine", "vcpu", "memory_gib"]]
    assert sizes.values.tolist() == [["web-01", 8.0, 32.0]]
    assert (reading.ledger.read, reading.ledger.kept) == (1, 1) and reading.samples.empty


def test_bare_sizes_of_memory_are_gib_unless_no_machine_has_so_many(save: Save) -> None:
    small = read_export(save("a.csv", "server,vcpu,ram\na,4,16\nb,8,512\n"))
    large = read_export(save("b.csv", "server,vcpu,ram\na,4,2048\nb,8,16384\n"))
    assert small.machines["memory_gib"].tolist() == [16, 512]
    assert large.machines["memory_gib"].tolist() == [2, 16]
    for reading, said in ((small, "read as GiB"), (large, "read as MiB")):
        assert any(said in note for note in reading.ledger.notes)


def test_machine_without_a_readable_size_is_rejected_with_its_place(save: Save) -> None:
    text = "서버명,vCPU,메모리(GB),도입일\na,4,16,2021-03-02\nb,many,16,\n,4,16,\nc,4,big,\nd,4,,\n"
    reading = read_export(save("servers.csv", text))
    places = [(note.row, note.column, note.read) for note in reading.ledger.rejects]
    assert places == [(3, "vCPU", "many"), (4, "서버명", ""), (5, "메모리(GB)", "big")]
    assert reading.machines["machine"].tolist() == ["a", "d"]
    assert reading.ledger.read == 5
    assert any("도입일" in note for note in reading.ledger.notes)


def test_table_of_measurements_is_no_list_of_machines(save: Save) -> None:
    # "when" is known by what stands in it alone
    text = "when,server,cpu,cores\n2024-03-04 09:00:00,a,5,8\n2024-03-04 09:05:00,a,6,8\n"
    reading = read_export(save("a.csv", text))
    assert len(reading.samples) == 2 and reading.machines["vcpu"].tolist() == [8]
    with pytest.raises(DataError, match="dates and times"):
        read_export(save("b.csv", "server,cpu\nweb-01,12\n"))


def test_memory_beside_times_is_a_measurement_unless_its_name_says_size(save: Save) -> None:
    text = "time,server,cpu_percent,Memory (GiB)\n2024-03-04 09:00,a,5,8\n2024-03-04 09:05,a,6,9\n"
    reading = read_export(save("a.csv", text))
    assert set(reading.samples["metric"]) == {"cpu_percent", "memory_used_bytes"}
    assert reading.machines.empty
