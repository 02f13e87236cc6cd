from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from kit.data.readers import Reading, read_export

Save = Callable[..., Path]
HEAD = "# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle\n"


def mean(reading: Reading, metric: str) -> float:
    samples = reading.samples
    return float(samples.loc[samples["metric"] == metric, "value"].mean())


def test_load_is_what_is_neither_idle_nor_waiting_for_a_disk(save: Save) -> None:
    text = HEAD + "app-01;600;2024-03-04 00:10:01 UTC;-1;20.00;0.00;5.00;15.00;0.00;60.00\n"
    reading = read_export(save("sar.csv", text))
    assert reading.samples["value"].tolist() == [25.0]
    assert reading.samples["machine"].tolist() == ["app-01"]
    assert reading.samples["row"].tolist() == [2]


def test_both_outputs_of_the_real_sadf_say_the_same(exports: Path) -> None:
    table = read_export(exports / "sar" / "sadf-d.csv")
    tree = read_export(exports / "sar" / "sadf-j.json")
    assert table.tool == tree.tool == "sar"
    assert table.ledger.read == tree.ledger.read == 120
    keys = ["machine", "metric", "time"]
    one = table.samples.sort_values(keys)[[*keys, "value"]].reset_index(drop=True)
    two = tree.samples.sort_values(keys)[[*keys, "value"]].reset_index(drop=True)
    assert one.equals(two)


def test_single_processors_are_noted_and_not_taken_for_the_machine(exports: Path) -> None:
    reading = read_export(exports / "sar" / "sadf-d-all-cpus.csv")
    whole = read_export(exports / "sar" / "sadf-d.csv")
    assert reading.ledger.read == 20
    assert mean(reading, "cpu_percent") == mean(whole, "cpu_percent")
    assert any(note.startswith("40 rows of single parts (CPU)") for note in reading.ledger.notes)


def test_sizes_and_transfers_are_converted_to_bytes(exports: Path) -> None:
    reading = read_export(exports / "sar" / "sadf-j.json")
    tree = json.loads((exports / "sar" / "sadf-j.json").read_text())
    records = tree["sysstat"]["hosts"][0]["statistics"]
    used = sum(record["memory"]["memused"] for record in records) / len(records)
    wrote = sum(record["io"]["io-writes"]["bwrtn"] for record in records) / len(records)
    assert mean(reading, "memory_used_bytes") == pytest.approx(used * 1024)
    assert mean(reading, "disk_write_bytes_per_second") == pytest.approx(wrote * 512)


def test_a_restart_line_is_no_measurement(save: Save) -> None:
    text = (
        HEAD
        + "app-01;-1;2024-03-04 00:05:00 UTC;LINUX-RESTART\t(2 CPU)\n"
        + "app-01;600;2024-03-04 00:10:01 UTC;-1;20.00;0.00;5.00;0.00;0.00;75.00\n"
    )
    reading = read_export(save("sar.csv", text))
    assert (reading.ledger.read, reading.ledger.rejected) == (1, 0)
    assert any("restarted" in note for note in reading.ledger.notes)


def test_an_unreadable_wait_makes_the_load_unusable(save: Save) -> None:
    line = "app-01;600;2024-03-04 00:10:01 UTC;-1;20.00;0.00;5.00;{};0.00;60.00\n"
    reading = read_export(save("sar.csv", HEAD + line.format("15.00") + line.format("x")))
    assert (reading.ledger.kept, reading.ledger.rejected) == (1, 1)
    assert reading.ledger.rejects[0].row == 3


def test_a_cut_line_is_rejected_with_its_number(save: Save) -> None:
    line = "app-01;600;2024-03-04 00:10:01 UTC;-1;20.00;0.00;5.00;0.00;0.00;75.00\n"
    reading = read_export(save("sar.csv", HEAD + line + line[:40]))
    assert (reading.ledger.kept, reading.ledger.rejected) == (1, 1)
    assert reading.ledger.rejects[0].row == 3


@pytest.fixture
def collector(require_or_skip: Callable[[str], NoReturn]) -> str:
    places = ("/usr/lib/sysstat", "/usr/lib64/sa", "/usr/lib/sa", "/usr/libexec/sysstat")
    found = shutil.which("sadc", path=os.pathsep.join(places))
    if found is None or shutil.which("sadf") is None:
        require_or_skip("sysstat is not installed (Debian: apt install sysstat)")
    return found


def test_a_running_sadf_is_read(tmp_path: Path, save: Save, collector: str) -> None:
    data = tmp_path / "sa.bin"
    subprocess.run([collector, "-S", "DISK", "1", "4", str(data)], check=True)
    for flag, name in (("-d", "live.csv"), ("-j", "live.json")):
        output = subprocess.run(
            ["sadf", flag, str(data), "--", "-u", "-r"], check=True, capture_output=True
        ).stdout
        reading = read_export(save(name, output))
        assert reading.tool == "sar"
        assert reading.ledger.rejected == 0
        counts = reading.samples["metric"].value_counts()
        assert counts["cpu_percent"] == counts["memory_percent"] == 3
