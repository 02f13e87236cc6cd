"""Forgetting leaves nothing of a unit behind, and nothing else goes with it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit.cli.reset import run_reset
from kit.files import write_text
from kit.home import make_home
from kit.model import Attempt, Part
from kit.moving import (
    apply_import,
    export_home,
    forget,
    forgotten,
    plan_import,
    prune_backups,
    read_bundle,
)
from kit.progress import ProgressLog
from kit.progress.log import now
from tests.unit.moving.homes import answer, nobody, snapshot


@pytest.fixture
def everywhere(worked, tiny, tmp_path):
    """The canary in every place that a unit's work gets to."""
    ProgressLog(worked.progress_file).append(
        Attempt(now(), "reflection", "tiny", data={"text": "CANARY"})
    )
    run_reset("tiny", worked.root, undo=False)
    answer(worked, tiny, "count", "count = 3  # CANARY")
    for place in (
        "course/submitted/me/tiny-practice/workbook.ipynb",
        "course/autograded/me/tiny/assignment.ipynb",
        "course/history/me/tiny/2026/assignment.ipynb",
        "course/gradebook.db",
        "outgoing/tiny/assignment.ipynb",
        "results/tiny.json",
        "reports/tiny-case-1.txt",
        "settings/tiny/practice.json",
    ):
        write_text(worked.state / place, "CANARY")
    write_text(worked.root / "earlier" / "2026-c" / "tiny" / "assignment.ipynb", "CANARY")
    write_text(worked.root / "earlier" / "2026-c" / "progress.jsonl", "CANARY")
    # an import leaves a backup
    export_home(worked, tmp_path / "e.zip", with_inbox=False)
    answer(worked, tiny, "count", "count = 4  # CANARY")
    apply_import(plan_import(worked, read_bundle(tmp_path / "e.zip")), nobody)
    ProgressLog(worked.progress_file).append(Attempt(now(), "check", "other", "x", "passed"))
    return worked


def with_canary(folder: Path) -> list[str]:
    return [name for name, data in snapshot(folder).items() if b"CANARY" in data]


def test_no_file_of_the_unit_is_left(everywhere, tiny):
    assert len(with_canary(everywhere.root)) > 10
    forget(everywhere, tiny)
    # what was dropped belongs to no unit
    assert with_canary(everywhere.root) == ["inbox/보고서.csv"]


def test_other_units_keep_their_events_and_lines_of_later_versions_stay(everywhere, tiny):
    with everywhere.progress_file.open("ab") as file:
        file.write(b'\n{"schema": 9, "id": "later", "unit": "other"}\n')
        file.write(b'\n{"schema": 9, "id": "mine", "unit": "tiny"}\n')
    gone = forget(everywhere, tiny)
    log = ProgressLog(everywhere.progress_file)
    assert gone > 3
    assert [attempt.unit for attempt in log.read()] == ["other"]
    assert {record.id for record in log.records()} == {log.read()[0].id, "later"}


def test_after_it_the_home_can_be_made_anew(everywhere, tiny):
    forget(everywhere, tiny)
    make_home(everywhere)
    assert everywhere.notebook(tiny, Part.PRACTICE).is_file()
    assert with_canary(everywhere.root) == ["inbox/보고서.csv"]


def test_everything_leaves_only_what_the_kit_did_not_make(everywhere):
    write_text(everywhere.root / "holiday.txt", "mine")
    forget(everywhere, None)
    assert list(snapshot(everywhere.root)) == ["holiday.txt"]


def test_a_link_goes_and_what_it_leads_to_stays(worked, tmp_path):
    write_text(tmp_path / "elsewhere" / "photo", "mine")
    (worked.root / "live").rename(worked.root / "old")
    (worked.root / "live").symlink_to(tmp_path / "elsewhere")
    forget(worked, None)
    assert (tmp_path / "elsewhere" / "photo").is_file()


def test_what_would_go_is_what_goes(everywhere, tiny):
    listed = forgotten(everywhere, tiny)
    assert listed
    forget(everywhere, tiny)
    assert not [path for path in listed if path.exists()]
    assert forgotten(everywhere, tiny) == []


def test_old_backups_go_and_recent_ones_stay(everywhere):
    backup = next((everywhere.state / "undo" / "tiny").iterdir())
    assert prune_backups(everywhere) == []
    old = (datetime.now(UTC) - timedelta(days=181)).timestamp()
    os.utime(backup, (old, old))
    assert prune_backups(everywhere) == [backup]
    assert not backup.exists()
    assert (everywhere.state / "moved").is_dir()
