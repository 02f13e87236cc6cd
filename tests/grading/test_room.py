"""The room of a run: empty here, with a log in memory, and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kit.grading import room as rooms
from kit.grading.room import LOG_SIZE, keep_log, room
from kit.runner.level import unfenced

pytestmark = pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here")


@pytest.fixture(autouse=True)
def own_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rooms of this test only, which nobody else sweeps."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    rooms._sweep.cache_clear()
    return place


def test_a_room_is_as_large_as_what_is_given_and_a_half_gigabyte(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    with (given / "big").open("wb") as file:
        file.truncate(300 * 2**20)
    with room(given, memory=1000) as made:
        assert made.fence.disk == rooms.DISK + 300
        assert made.fence.files == rooms.FILES + 1
        assert made.fence.memory == 1000
        assert made.folder.is_dir()
    assert not made.folder.exists()


def test_a_log_has_a_size_and_a_part_of_it_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept.log"
    with room(tmp_path) as made:
        made.log.write(b"said\n" * 20_000)
        made.log.seek(LOG_SIZE)
        with pytest.raises(PermissionError):
            made.log.write(b"more")
        keep_log(made.log, kept)
    assert kept.stat().st_size == rooms.LOG_LIMIT
    with room(tmp_path) as made:
        made.log.write(b"last")
        keep_log(made.log, kept)
    assert kept.read_bytes().endswith(b"last")


def test_rooms_of_killed_graders_are_swept_and_others_stay(
    own_scratch: Path, tmp_path: Path
) -> None:
    code = (
        "import os, sys, tempfile\nfrom pathlib import Path\nfrom kit.grading.room import room\n"
        f"tempfile.tempdir = {str(own_scratch)!r}\n"
        "with room(Path(sys.argv[1])) as made:\n    print(made.folder, flush=True)\n"
        "    sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    killed, living = (Path(one.stdout.readline().strip()) for one in started if one.stdout)
    (killed / "talk").mkdir()
    started[0].kill()
    started[0].wait()
    with room(tmp_path):
        assert not killed.exists()
        assert living.is_dir()
    started[1].communicate("")
    assert not living.exists()
    assert list(own_scratch.iterdir()) == []
