from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.data.readers import read_export
from kit.errors import DataError

Save = Callable[..., Path]


def test_cpu_chart_without_title_or_units_is_percent_and_megahertz(exports: Path) -> None:
    reading = read_export(exports / "vcenter" / "chart.csv")
    assert reading.tool == "vcenter"
    assert set(reading.samples["machine"]) == {"web-01"}
    assert set(reading.samples["metric"]) == {"cpu_percent", "cpu_used_mhz"}
    assert reading.ledger.kept == reading.ledger.read == 16
    assert any("Ready for web-01" in note for note in reading.ledger.notes)


def test_memory_chart_is_known_by_the_counters_beside_usage(exports: Path) -> None:
    samples = read_export(exports / "vcenter" / "chart-memory.csv").samples
    assert set(samples["metric"]) == {
        "memory_percent",
        "memory_used_bytes",
        "memory_active_bytes",
    }
    used = samples[samples["metric"] == "memory_used_bytes"]["value"]
    # vSphere counts memory in KB, though the header does not say so.
    assert used.iloc[0] == 8386332 * 1024


def test_java_times_keep_the_clock_and_tell_the_zone_east_of_utc(exports: Path) -> None:
    reading = read_export(exports / "vcenter" / "chart-memory.csv")
    assert reading.samples["time"].min() == pd.Timestamp("2024-03-04 09:00")
    assert any("UTC+09:00" in note for note in reading.ledger.notes)


def test_comma_and_space_apart_are_read_as_well(exports: Path, save: Save) -> None:
    text = (exports / "vcenter" / "chart.csv").read_text()
    spaced = read_export(save("chart.csv", text.replace(",", ", ")))
    plain = read_export(exports / "vcenter" / "chart.csv")
    pd.testing.assert_frame_equal(spaced.samples, plain.samples)


@pytest.mark.parametrize(
    ("name", "metric"), [("web-01_memory.csv", "memory_percent"), ("web-01_cpu.csv", "cpu_percent")]
)
def test_usage_alone_is_what_the_file_name_says(save: Save, name: str, metric: str) -> None:
    text = "Time,Usage for web-01\n2024-03-04 00:00:00,25.1\n"
    assert read_export(save(name, text)).samples["metric"].tolist() == [metric]


def test_usage_alone_without_a_name_is_taken_for_cpu_and_says_so(save: Save) -> None:
    text = "Time,Usage for web-01\n2024-03-04 00:00:00,25.1\n"
    reading = read_export(save("export.csv", text))
    assert reading.samples["metric"].tolist() == ["cpu_percent"]
    assert any("does not say what was measured" in note for note in reading.ledger.notes)


def test_the_usage_of_a_disk_is_no_cpu(save: Save) -> None:
    text = "Time,Usage for web-01,Read rate for web-01\n2024-03-04 00:00:00,12,7\n"
    reading = read_export(save("export.csv", text))
    assert reading.samples["metric"].tolist() == ["disk_read_bytes_per_second"]
    assert reading.samples["value"].tolist() == [7 * 1024.0]


def test_a_chart_of_nothing_known_names_its_columns(save: Save) -> None:
    text = "Time,Usage for web-01\n2024-03-04 00:00:00,12\n"
    with pytest.raises(DataError, match="Usage for web-01"):
        read_export(save("web-01_disk.csv", text))


def test_cpu_usage_of_other_tools_is_left_to_the_table_reader(save: Save) -> None:
    text = "Time,CPU usage (%)\n2024-03-04 00:00:00,12\n"
    assert read_export(save("a.csv", text)).tool == "table"
