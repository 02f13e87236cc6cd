from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.data.readers import read_export
from kit.errors import DataError

Save = Callable[..., Path]


@pytest.mark.parametrize(
    "name", ["relog-english.csv", "relog-korean-cp949.csv", "relog-korean-utf16.tsv"]
)
def test_every_language_and_encoding_gives_the_same_metrics(exports: Path, name: str) -> None:
    reading = read_export(exports / "perfmon" / name)
    assert reading.tool == "perfmon"
    assert set(reading.samples["machine"]) == {"WEB-07"}
    assert set(reading.samples["metric"]) == {
        "cpu_percent",
        "memory_available_bytes",
        "disk_write_bytes_per_second",
    }
    assert (reading.ledger.read, reading.ledger.kept) == (36, 34)


def test_the_blank_first_sample_of_a_rate_is_rejected(exports: Path) -> None:
    rejects = read_export(exports / "perfmon" / "relog-korean-cp949.csv").ledger.rejects
    assert [note.row for note in rejects] == [2, 2]
    assert "\\\\WEB-07\\프로세서(_Total)\\% Processor Time" in {note.column for note in rejects}


def test_times_stay_local_and_the_stated_zone_is_noted(exports: Path) -> None:
    reading = read_export(exports / "perfmon" / "relog-english.csv")
    assert reading.samples["time"].dt.floor("s").min() == pd.Timestamp("2024-03-04 09:00:00")
    assert any("Korea Standard Time (UTC+09:00)" in note for note in reading.ledger.notes)
    assert not any("ambiguous" in note for note in reading.ledger.notes)


@pytest.mark.parametrize("name", ["relog-korean-cp949.csv", "relog-korean-utf16.tsv"])
def test_a_zone_cut_off_at_its_first_korean_letter_costs_nothing_but_the_zone(
    exports: Path, name: str
) -> None:
    reading = read_export(exports / "perfmon" / name)
    assert reading.samples["time"].dt.floor("s").min() == pd.Timestamp("2024-03-04 09:00:00")
    assert any("states no time zone" in note for note in reading.ledger.notes)


def test_all_twenty_digits_that_windows_prints_are_read_without_repair(exports: Path) -> None:
    reading = read_export(exports / "perfmon" / "relog-english.csv")
    text = (exports / "perfmon" / "relog-english.csv").read_text()
    load = reading.samples[reading.samples["metric"] == "cpu_percent"]["value"]
    assert load.iloc[0] == float("11.007991000380230486")
    assert '"11.007991000380230486"' in text
    assert reading.ledger.repaired == 0


def test_a_process_is_not_taken_for_the_machine(exports: Path) -> None:
    reading = read_export(exports / "perfmon" / "relog-english.csv")
    assert any("Process(sqlservr)" in note for note in reading.ledger.notes)
    assert (reading.samples["metric"] == "cpu_percent").sum() == 11


def test_megabytes_become_bytes(save: Save) -> None:
    text = '"(PDH-CSV 4.0) (Korea Standard Time)(-540)","\\\\A\\Memory\\Available MBytes"\r\n'
    text += '"03/04/2024 09:00:00.000","2"\r\n'
    assert read_export(save("a.csv", text)).samples["value"].tolist() == [2 * 1024.0**2]


def test_output_of_typeperf_is_read_between_its_blank_line_and_its_farewell(exports: Path) -> None:
    reading = read_export(exports / "perfmon" / "typeperf-stdout.csv")
    assert reading.tool == "perfmon"
    assert reading.samples["row"].min() == 3
    assert reading.ledger.kept == 24
    assert [note.read.split()[0] for note in reading.ledger.rejects] == ["Exiting,", "The"]


def test_a_comma_in_the_farewell_makes_no_value_of_it(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0)","\\\\A\\Processor(_Total)\\% Processor Time"\r\n'
        '"03/04/2024 09:00:00.000","5.000000"\r\nExiting, please wait...\r\n'
    )
    reading = read_export(save("a.csv", text))
    assert reading.ledger.kept == 1
    assert [note.column for note in reading.ledger.rejects] == ["(whole row)"]


def test_a_damaged_time_is_still_a_rejected_value(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0)","\\\\A\\Processor(_Total)\\% Processor Time"\r\n'
        '"03/04/2024 09:00:00.000","5"\r\n"03/0x/2024","6"\r\n'
    )
    rejects = read_export(save("a.csv", text)).ledger.rejects
    assert [(note.row, note.read) for note in rejects] == [(3, "03/0x/2024")]


def test_free_memory_in_three_units_is_one_series_of_the_finest(save: Save) -> None:
    names = ("Available MBytes", "Available Bytes", "Available KBytes")
    head = ",".join(f'"\\\\A\\Memory\\{name}"' for name in names)
    text = f'"(PDH-CSV 4.0)",{head}\r\n"03/04/2024 09:00:00.000","3","4000000","3906"\r\n'
    samples = read_export(save("a.csv", text)).samples
    assert samples["metric"].tolist() == ["memory_available_bytes"]
    assert samples["value"].tolist() == [4000000.0]


def test_the_description_of_a_collector_is_no_counter(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0) (Korea Standard Time)(-540)",'
        '"\\\\A\\Processor(_Total)\\% Processor Time","Monthly survey of the shop"\r\n'
        '"03/04/2024 09:00:00.000","5"\r\n"03/04/2024 09:00:15.000","6",""\r\n'
    )
    reading = read_export(save("a.csv", text))
    assert (reading.ledger.kept, reading.ledger.rejected) == (2, 0)
    assert not any("survey" in note for note in reading.ledger.notes)


def test_counters_of_processes_alone_are_told_by_name_and_what_to_collect(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0)","\\\\A\\Process(shop)\\Private Bytes"\r\n"03/04/2024 09:00:00.000","5"\r\n'
    )
    with pytest.raises(DataError, match=r"Process\(shop\)") as caught:
        read_export(save("a.csv", text))
    assert r"\Processor(_Total)" in str(caught.value)


def test_two_network_cards_stay_two_series(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0) (Korea Standard Time)(-540)",'
        '"\\\\A\\Network Interface(NIC 1)\\Bytes Sent/sec",'
        '"\\\\A\\Network Interface(NIC 2)\\Bytes Sent/sec"\r\n'
        '"03/04/2024 09:00:00.000","2","3"\r\n'
    )
    samples = read_export(save("a.csv", text)).samples
    assert samples["metric"].tolist() == [
        "network_out_bytes_per_second_nic_1",
        "network_out_bytes_per_second_nic_2",
    ]


def test_two_counters_of_the_same_load_give_one_series(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0) (Korea Standard Time)(-540)",'
        '"\\\\A\\Processor Information(0,_Total)\\% Processor Time",'
        '"\\\\A\\Processor Information(_Total)\\% Processor Time",'
        '"\\\\A\\Processor(_Total)\\% Processor Time"\r\n'
        '"03/04/2024 09:00:00.000","5","7","7"\r\n'
    )
    reading = read_export(save("a.csv", text))
    assert reading.samples["metric"].tolist() == ["cpu_percent"]
    assert reading.samples["value"].tolist() == [7.0]
    assert any("Counters that are not read" in note for note in reading.ledger.notes)


def test_a_failed_counter_of_minus_one_is_rejected(save: Save) -> None:
    text = (
        '"(PDH-CSV 4.0) (Korea Standard Time)(-540)",'
        '"\\\\A\\Processor(_Total)\\% Processor Time"\r\n'
        '"03/04/2024 09:00:00.000","-1"\r\n"03/04/2024 09:00:15.000","7"\r\n'
    )
    reading = read_export(save("a.csv", text))
    assert (reading.ledger.kept, reading.ledger.rejected) == (1, 1)
