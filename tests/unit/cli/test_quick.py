"""``upskill quick`` as programs and people call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "UPSKILL_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-m", "kit", "quick", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
        )

    return call


def test_json_is_one_object_with_the_whole_finding(run: Run, tmp_path: Path) -> None:
    done = run("example", "--json", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert Path(value["report"]).is_file() and Path(value["workbook"]).is_file()
    assert len(value["machines"]) == 3
    for machine in value["machines"]:
        assert set(machine) == {"machine", "question", "why", "low_won", "high_won"}
    low, high = value["range_won"]
    assert 0 <= low <= high
    ledger = value["ledger"]
    assert ledger["read"] == ledger["kept"] + ledger["repaired"] + ledger["rejected"] == 8 * 4032
    assert value["headline"] and value["notes"]
    assert (value["assumed_machines"], value["machines_read"]) == (0, 8)


def test_error_in_json_has_three_parts_and_the_exit_code(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing measured\n", encoding="utf-8")
    done = run(path, "--json")
    assert done.returncode == 5
    error = json.loads(done.stdout)["error"]
    assert set(error) == {"what", "where", "fix"}
    assert "notes.txt" in error["what"] + error["where"]


def test_wrong_option_in_json_exits_with_2(run: Run) -> None:
    done = run("example", "--vcpu", "big", "--json")
    assert done.returncode == 2
    assert "big" in json.loads(done.stdout)["error"]["what"]


def test_a_price_card_that_is_not_there_says_where_to_start_one(run: Run) -> None:
    done = run("example", "--prices", "none.toml", "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["where"]) == (5, "none.toml")
    assert "prices.toml" in error["fix"]


def test_people_read_the_questions_and_where_the_report_is(run: Run, tmp_path: Path) -> None:
    done = run("example", "--lang", "ko")
    assert done.returncode == 0, done.stderr
    assert "보고서" in done.stdout
    folder = tmp_path / "home" / "artefacts" / "quick"
    assert [path.name for path in folder.glob("*/*")] and "batch-01" in done.stdout


def test_same_input_goes_to_the_same_folder(run: Run, tmp_path: Path) -> None:
    first, second = (json.loads(run("example", "--json").stdout)["report"] for _ in range(2))
    assert first == second


def test_every_reject_is_in_the_workbook(run: Run, tmp_path: Path) -> None:
    times = pd.date_range("2026-03-02", periods=300, freq="5min").astype(str)
    rows = pd.DataFrame({"machine": "web-07", "timestamp": times, "cpu_percent": "12.5"})
    rows.loc[[3, 77], "cpu_percent"] = ["6553.5", "abc"]
    rows.to_csv(tmp_path / "cpu.csv", index=False)
    value = json.loads(run("cpu.csv", "--json").stdout)
    assert value["ledger"]["rejected"] == 2
    page = openpyxl.load_workbook(value["workbook"])["Ledger"]
    listed = {(row[2].value, row[4].value) for row in page.iter_rows(min_row=4)}
    assert listed == {(5, "6553.5"), (79, "abc")}


def test_unread_file_beside_a_good_one_is_in_the_json(run: Run, tmp_path: Path) -> None:
    times = pd.date_range("2026-03-02", periods=300, freq="5min").astype(str)
    good = pd.DataFrame({"machine": "web-07", "timestamp": times, "cpu_percent": "12.5"})
    good.to_csv(tmp_path / "cpu.csv", index=False)
    (tmp_path / "notes.csv").write_text("dear diary,\nnothing today\n", encoding="utf-8")
    value = json.loads(run("cpu.csv", "notes.csv", "--json").stdout)
    (unread,) = value["unread"]
    assert unread["file"] == "notes.csv" and unread["what"] and unread["fix"]
    assert value["assumed_vcpu"] is None
    assert "notes.csv" in Path(value["report"]).read_text(encoding="utf-8")


def test_nothing_to_save_has_no_sum_of_a_year(run: Run, tmp_path: Path) -> None:
    times = pd.date_range("2026-03-02", periods=4032, freq="5min").astype(str)
    full = pd.DataFrame({"machine": "web-07", "timestamp": times, "cpu_percent": "75"})
    full.to_csv(tmp_path / "cpu.csv", index=False)
    said = " ".join(run("cpu.csv", "--vcpu", "8").stdout.split())
    assert "no rule asks for a smaller size" in said
    assert "a year" not in said


def test_unit_that_is_unclear_is_asked_and_can_be_told(run: Run, tmp_path: Path) -> None:
    times = pd.date_range("2026-03-02", periods=4032, freq="5min")
    path = tmp_path / "shares.csv"
    values = [0.1 + (at % 50) / 100 for at in range(4032)]
    pd.DataFrame({"machine": "web-01", "timestamp": times, "cpu": values}).to_csv(path, index=False)
    asked = run(path)
    assert asked.returncode == 0
    assert "fraction of 1?" in asked.stdout.split("\n\n")[0].replace("\n", " ")
    assert "won" not in asked.stdout.split("1.")[0]
    told = json.loads(run(path, "--unit", "fraction", "--json").stdout)
    assert told["range_won"] is not None and "59" in told["headline"]
    refused = run(path, "--unit", "GB")
    assert refused.returncode == 2 and "--unit" in refused.stderr
