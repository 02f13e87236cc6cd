"""A full disk, the trainer's or the exchange's: said so, nothing half left, then completed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from lifecycle_helpers import answer_all, joined_home, submit
from sqlalchemy import create_engine, text

from kit.errors import GradingError
from kit.grading.course import Course, only_one
from kit.grading.exchange import exchange_root
from kit.grading.full import is_full
from kit.home import LearnerHome
from kit.model import Unit

pytestmark = [pytest.mark.grading]

# $1 is copied onto a small disk, all of it but $2 bytes filled; $3 and more is run there, twice
ON_A_FULL_DISK = """
set -e
disk=$1 left=$2 out=$3; shift 3
cp -r "$disk" "$out/before"
mount -t tmpfs -o size=40m none "$disk"
cp -r "$out/before/." "$disk"
set +e
dd if=/dev/zero of="$disk/fill" bs=1k status=none
truncate -s "-$left" "$disk/fill"
"$@" > "$out/said" 2>&1; echo $? > "$out/code"
rm "$disk/fill"
cp -r "$disk/." "$out/during"
"$@" > "$out/then" 2>&1; echo $? > "$out/code2"
cp -r "$disk/." "$out/after"
"""


# the command, with the tests' own unit
KIT = """
import sys
from pathlib import Path
from kit import content
root = Path(sys.argv.pop(1))
content.content_root = lambda: root

from kit.cli.app import run
run()
"""


def on_a_full_disk(unit: Unit, disk: Path, left: str, out: Path, *command: str) -> tuple[str, str]:
    out.mkdir()
    alone = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
    subprocess.run(
        [
            *(*alone, "sh", "-c", ON_A_FULL_DISK, "sh", str(disk), left, str(out)),
            *(sys.executable, "-c", KIT, str(unit.folder.parents[2]), *command),
        ],
        env={**os.environ, "UPSKILL_LANG": "en", "COLUMNS": "200"},
        check=True,
    )
    said = (out / "said").read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert (out / "code").read_text().strip() == str(GradingError.exit_code), said
    assert (out / "code2").read_text().strip() == "0", (out / "then").read_text(encoding="utf-8")
    return said, (out / "then").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def handed_in(course: Course, content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """kim's work has eight megabytes, lee's a few kilobytes."""
    for name in ("kim", "lee"):
        home = joined_home(
            course, exchange_root(course), name, tmp_path_factory.mktemp(name) / "home"
        )
        answer_all(home, content)
        if name == "kim":
            big = home.root / "tiny" / "data.bin"
            big.write_bytes(os.urandom(8_000_000))
        submit(home, content)
    return course


def test_who_does_not_fit_is_named_and_the_others_are_collected(
    handed_in: Course, content: Unit, tmp_path: Path
) -> None:
    root = tmp_path / "course"
    shutil.copytree(handed_in.root, root)
    out = tmp_path / "out"
    said, then = on_a_full_disk(content, root, "4M", out, "collect", "tiny", "--course", str(root))
    assert "The disk is full: the newest work is in the exchange still of kim." in said
    assert "upskill collect tiny" in said
    assert (out / "during/submitted/lee/tiny/assignment.ipynb").is_file()
    assert not (out / "during/submitted/kim/tiny").exists()
    assert not list((out / "during").glob(".arriving-*"))
    assert "disk is full" not in then
    assert (out / "after/submitted/kim/tiny/data.bin").stat().st_size == 8_000_000


def test_where_nothing_fits_the_collection_stops_and_is_completed_later(
    handed_in: Course, content: Unit, tmp_path: Path
) -> None:
    root = tmp_path / "course"
    shutil.copytree(handed_in.root, root)
    out = tmp_path / "out"
    said, _then = on_a_full_disk(content, root, "0", out, "collect", "tiny", "--course", str(root))
    assert "The disk is full" in said or "No space left" in said
    assert not list((out / "during").glob(".arriving-*"))
    for name in ("kim", "lee"):
        assert (out / f"after/submitted/{name}/tiny/assignment.ipynb").is_file()


def test_a_full_exchange_holds_nothing_of_a_hand_in(
    course: Course, content: Unit, learner: LearnerHome, tmp_path: Path
) -> None:
    (learner.root / "tiny" / "data.bin").write_bytes(os.urandom(8_000_000))
    exchange, out = exchange_root(course), tmp_path / "out"
    where = ["--home", str(learner.root)]
    said, then = on_a_full_disk(content, exchange, "4M", out, "submit", "tiny", *where)
    assert "The disk is full: nothing was handed in." in said
    assert str(exchange) in said
    assert "Ask your trainer to make room there" in said
    assert not list((out / "during").rglob(".incoming-*"))
    assert not list((out / "during/mig26/inbound").glob(f"{learner.learner}+tiny+*"))
    assert "Receipt" in then
    assert list((out / "after/mig26/inbound").glob(f"{learner.learner}+tiny+*"))


def test_a_full_database_is_no_busy_one(tmp_path: Path) -> None:
    path = tmp_path / "lock.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (x)")
    engine = create_engine(f"sqlite:///{path}")
    with pytest.raises(Exception, match="full") as told, engine.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        connection.execute(text("INSERT INTO t VALUES (zeroblob(100000))"))
    assert is_full(told.value)
    with (
        pytest.raises(Exception, match="locked") as busy,
        engine.connect() as one,
        sqlite3.connect(path, timeout=0) as other,
    ):
        one.execute(text("BEGIN EXCLUSIVE"))
        other.execute("BEGIN EXCLUSIVE")
    assert not is_full(busy.value)
    engine.dispose()


def test_a_lock_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(sqlite3.Connection):
        def execute(self, *_told: object) -> sqlite3.Cursor:
            small = super().execute("PRAGMA max_page_count = 1")
            super().execute("CREATE TABLE t (x)")
            return small

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Full))
    with (
        pytest.raises(GradingError, match="The disk is full") as told,
        only_one(tmp_path / "lock.db", "busy", "wait"),
    ):
        pass
    assert told.value.where == str(tmp_path)
