"""PostgreSQL in a folder: it outlives kernels, kills and restarts, and lets nobody else in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kit.errors import LabError
from kit.lab.postgres.programs import as_root, data_folder
from kit.lab.postgres.server import Server, remove, running, start, stop

pytestmark = pytest.mark.xdist_group("postgres")
START = """
import sys
from pathlib import Path
from kit.lab.postgres.server import start
server = start(Path(sys.argv[1]))
with server.connect() as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    connection.execute("INSERT INTO kept VALUES (1)")
print(server.pid, server.port, flush=True)
if sys.argv[2:]:
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home" / ".upskill" / "lab" / "postgres"
    yield folder
    remove(folder)
    assert not data_folder(folder).exists()


def kept(server: Server) -> int:
    with server.connect() as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(str(row[0]))


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_outlives_a_killed_kernel_and_a_killed_server(folder: Path) -> None:
    """Nothing that was committed is lost; the address in the notebook stays true."""
    kernel = subprocess.Popen(
        [sys.executable, "-c", START, str(folder), "stay"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert kernel.stdout is not None
    pid, port = map(int, kernel.stdout.readline().split())
    # a kernel's end takes all of its process group along
    os.killpg(kernel.pid, signal.SIGKILL)
    kernel.communicate()
    found = running(folder)
    assert found is not None
    assert (found.pid, found.port, kept(found)) == (pid, port, 1)

    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running(folder) is None
    again = start(folder)
    assert again.pid != pid
    assert again.url() == found.url()
    assert kept(again) == 1

    assert stop(folder)
    assert running(folder) is None
    assert not stop(folder)
    assert kept(start(folder)) == 1


def test_only_the_password_opens_it_and_only_on_this_machine(folder: Path) -> None:
    server = start(folder)
    stranger = server.url().replace(server.password, "guessed")
    assert server.password not in repr(server)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger)
    with server.connect() as connection:
        settings = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN "
                "('listen_addresses', 'unix_socket_directories', 'TimeZone')"
            ).fetchall()
        )
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
        assert methods.fetchall() == [("scram-sha-256",)]
    assert settings == {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "TimeZone": "UTC",
    }
    data = data_folder(folder)
    assert data.stat().st_mode & 0o077 == 0
    secrets = [path for path in data.parent.glob(f"{data.name}*") if path != data]
    assert secrets == []
    if as_root():
        assert Path(f"/proc/{server.pid}").owner() != "root"


def test_three_that_start_at_once_get_the_same_one(folder: Path) -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(folder)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    answers = {one.communicate()[0] for one in starters}
    assert [one.returncode for one in starters] == [0, 0, 0]
    assert len(answers) == 1
    assert kept(start(folder)) == 3


def test_two_learners_have_two_and_a_taken_port_is_given_way(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "another home"
    first = start(folder)
    stop(folder)
    try:
        second = start(other)
        # the port that the first one had is taken meanwhile
        second_settings = data_folder(other) / "upskill.json"
        stop(other)
        text = second_settings.read_text(encoding="utf-8")
        second_settings.write_text(
            text.replace(str(second.port), str(first.port)), encoding="utf-8"
        )
        assert start(other).port == first.port
        moved = start(folder)
        assert moved.port != first.port
        assert moved.password != second.password
        found = running(folder)
        assert found is not None
        assert found.port == moved.port
    finally:
        remove(other)


def test_a_number_that_another_process_has_by_now_is_left_alone(folder: Path) -> None:
    """As after a crash, or in a container started anew: it is not the server, nor in its way."""
    server = start(folder)
    os.kill(server.pid, signal.SIGKILL)
    innocent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        left = data_folder(folder) / "postmaster.pid"
        lines = left.read_text(encoding="utf-8").splitlines()
        left.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n", encoding="utf-8")
        assert running(folder) is None
        assert not stop(folder)
        assert start(folder).pid not in (server.pid, innocent.pid)
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_half_made_one_is_cleared_away_when_it_is_old(folder: Path) -> None:
    data = data_folder(folder)
    data.parent.mkdir(parents=True, exist_ok=True)
    old, young = (data.with_name(f"{data.name}.new-{name}") for name in ("old", "young"))
    for path in (old, young):
        path.mkdir()
    os.utime(old, (0, 0))
    try:
        start(folder)
        assert not old.exists()
        assert young.exists()
    finally:
        young.rmdir()


def test_a_new_database_is_empty_each_time(folder: Path) -> None:
    server = start(folder)
    for _ in range(2):
        server.create_database("목표 target")
        with server.connect("목표 target") as connection:
            connection.execute("CREATE TABLE t (x int)")
    with pytest.raises(LabError, match="does not exist"):
        server.connect("no such")
