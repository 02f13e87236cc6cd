"""Large tables are streamed, and the finding is that of the same rows in memory."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest

from kit.data.readers import source
from kit.home import LearnerHome, make_home, open_home
from kit.i18n import Translator
from kit.quick import Finding, Request, make_finding, write_finding

Series = Callable[..., pd.DataFrame]
ROOT = Path(__file__).parents[3]
ENGLISH = Translator("en")


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything above 100 kB is large: 200 MB would only take longer."""
    monkeypatch.setattr(source, "LARGE", 100_000)


@pytest.fixture
def home(tmp_path: Path) -> LearnerHome:
    made = open_home(tmp_path / "home", "en")
    make_home(made)
    return made


@pytest.fixture
def export(series: Series, tmp_path: Path) -> Path:
    """Three machines, with memory, a faulty cell, an exception and a repeated sample."""
    kinds = [("web-07", "bursty"), ("db-01", "saturated"), ("app-03", "regime-change")]
    frames = [series(name, kind, days=15) for name, kind in kinds]
    rows = pd.concat([*frames, frames[0].iloc[[40, 41]]]).astype({"cpu_percent": object})
    rows["memory_percent"] = [20 + at % 50 for at in range(len(rows))]
    rows = rows.sort_values("timestamp", kind="stable", ignore_index=True)
    rows.loc[[5, 90, 300], "cpu_percent"] = ["broken", "12,5", "6553.5"]
    path = tmp_path / "cpu.csv"
    rows.to_csv(path, index=False)
    return path


def said(finding: Finding) -> dict[str, object]:
    """What a finding says, without how the rows were kept."""
    notes = [note for note in finding.notes if not note.startswith("Delimiter")]
    account = finding.ledger
    counts = (account.read, account.kept, account.repaired, account.rejected)
    apart = {"notes": notes, "ledger": counts, "samples": None, "release": None}
    return {one.name: getattr(finding, one.name) for one in fields(finding)} | apart


def test_finding_of_a_streamed_table_is_that_of_one_in_memory(
    export: Path, home: LearnerHome, request: pytest.FixtureRequest
) -> None:
    asked = Request([export], home=home)
    small = make_finding(asked, ENGLISH)
    request.getfixturevalue("low")
    done: list[tuple[int, int]] = []
    large = make_finding(replace(asked, step=lambda *counts: done.append(counts)), ENGLISH)
    assert done and list(home.state.glob("streamed/*/samples"))
    assert said(large) == said(small) and large.machines[0].memory_gib is None
    assert any("repeat a time" in note and "web-07" in note for note in large.notes)
    columns = ["machine", "time", "value"]
    pd.testing.assert_frame_equal(large.samples[columns], small.samples[columns])
    large.release()
    assert not list(home.state.glob("streamed/*"))


def test_large_file_beside_a_small_one_is_one_finding(
    export: Path, home: LearnerHome, series: Series, tmp_path: Path, low: None
) -> None:
    other, broken = tmp_path / "other.csv", tmp_path / "broken.csv"
    series("mail-01", "steady", days=2).to_csv(other, index=False)
    broken.write_text("dear diary\n", encoding="utf-8")
    finding = make_finding(Request([export, other, broken], home=home), ENGLISH)
    assert [m.machine for m in finding.machines] == ["app-03", "db-01", "mail-01", "web-07"]
    assert [one.path for one in finding.unread] == [broken]
    finding.release()


def test_error_after_reading_leaves_nothing_on_disk(
    export: Path, home: LearnerHome, low: None
) -> None:
    from kit.errors import UsageError
    from kit.quick.judge import parse_sizes

    with pytest.raises(UsageError, match="no machine"):
        make_finding(Request([export], parse_sizes(["nobody=4"]), home=home), ENGLISH)
    assert not list(home.state.glob("streamed/*"))


def test_every_note_of_a_large_and_a_small_file_is_beside_the_workbook(
    home: LearnerHome, tmp_path: Path, low: None
) -> None:
    times = pd.date_range("2026-03-02", periods=4000, freq="5min").astype(str)
    rows = pd.DataFrame({"machine": "web-07", "timestamp": times, "cpu_percent": "12.5"})
    rows.loc[100:1599, "cpu_percent"] = "broken"
    small = rows.iloc[90:105].assign(machine="db-01")
    paths = [tmp_path / name for name in ("large.csv", "small.csv")]
    for path, frame in zip(paths, (rows, small), strict=True):
        frame.to_csv(path, index=False)
    finding = make_finding(Request(paths, home=home), ENGLISH)
    write_finding(finding, tmp_path / "out", ENGLISH)
    with (tmp_path / "out" / "ledger.csv").open(encoding="utf-8", newline="") as stream:
        listed = list(csv.DictReader(stream))
    assert [int(line["row"]) for line in listed if line["file"] == "large.csv"] == [
        *range(102, 1602)
    ]
    assert [int(line["row"]) for line in listed if line["file"] == "small.csv"] == [*range(12, 17)]
    finding.release()


CHILD = """
import sys
from kit.data.readers import source
from kit.cli import main
from tests.peak import peak
source.LARGE = 10_000_000
sys.argv = ["upskill", "quick", sys.argv[1], "--json", "--out", sys.argv[2]]
try:
    main()
finally:
    print(peak() // 2**20, file=sys.stderr)
"""


def test_large_table_is_judged_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    minutes = pd.date_range("2026-03-02", periods=20_000, freq="min").astype(str)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("timestamp,server,cpu_percent,memory_percent\n")
        for at, minute in enumerate(minutes):
            stream.write("".join(f"{minute},web-{m:03d},{(at + m) % 90}.5,40\n" for m in range(30)))
    environment = {**os.environ, "UPSKILL_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(tmp_path / "out")],
        capture_output=True, text=True, env=environment, check=True, cwd=ROOT,
    )  # fmt: skip
    assert json.loads(done.stdout)["machines_read"] == 30
    assert json.loads(done.stdout)["ledger"]["kept"] == 1_200_000
    # libraries, charts and the workbook alone take 350 MB; read whole it is 620
    assert int(done.stderr.split()[-1]) < 500
    assert not list((tmp_path / "home").glob(".upskill/streamed/*"))
