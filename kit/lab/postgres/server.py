"""Start and stop a PostgreSQL server that lives in a folder, and connect to it.

It is a process of its own, so that a kernel may restart or be killed and the server stays. It
listens on 127.0.0.1 alone and asks for a password, which lies in the data's folder,
closed to others; another user of the same machine comes to the port and no further. The port is
kept from one start to the next while it is free, so that an address in a notebook stays true.

A server that was killed leaves its data and its write-ahead log: the next start recovers what
was committed. Clients compare text by code points (locale C) and are in UTC, so that nothing
hangs on the machine.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kit.errors import LabError
from kit.files import read_json, write_json, write_text
from kit.lab.postgres.programs import (
    INSTALL,
    data_folder,
    dead_number,
    give_to_server,
    is_server,
    owned_by_server,
    run,
)

if TYPE_CHECKING:
    import psycopg

HOST = "127.0.0.1"
USER, DATABASE = "lab", "postgres"
START_SECONDS, STOP_SECONDS, INIT_SECONDS = 60.0, 30.0, 120.0
_SETTINGS_FILE, _LOG, _HALF = "upskill.json", "server.log", ".new-"
_CONFIGURATION = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "20",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
}


@dataclass(frozen=True)
class Server:
    """A running server. ``pid`` is its first process's."""

    folder: Path
    port: int
    password: str = field(repr=False)
    pid: int

    def url(self, database: str = DATABASE) -> str:
        """The address for any client, password included: keep it out of what is handed in."""
        name = quote(database, safe="")
        return f"postgresql://{USER}:{quote(self.password)}@{HOST}:{self.port}/{name}"

    def connect(
        self, database: str = DATABASE, *, autocommit: bool = False
    ) -> psycopg.Connection[tuple[object, ...]]:
        """An ordinary psycopg connection. Raises ``LabError`` when there is none to be had."""
        client = _client()
        try:
            found: psycopg.Connection[tuple[object, ...]] = client.connect(
                self.url(database), autocommit=autocommit, connect_timeout=10
            )
            return found
        except client.OperationalError as error:
            raise LabError(
                "PostgreSQL does not answer on port {port}: {reason}",
                where=str(self.folder),
                fix="Start it again; what was committed is kept.",
                port=self.port,
                reason=str(error).strip(),
            ) from None

    def create_database(self, name: str) -> None:
        """Make an empty database ``name``, in place of one that is there."""
        from psycopg import sql

        with self.connect(autocommit=True) as connection:
            quoted = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))


def start(folder: Path) -> Server:
    """The server in ``folder``: the one that runs there, else started, else made.

    Two that start at once get the same one. The first start takes some seconds, later ones
    about one. Raises ``LabError`` when PostgreSQL is not installed or does not come up.
    """
    _client()
    found = running(folder)
    if found:
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make(data_folder(folder))
    except OSError as error:
        raise LabError(
            "The folder for PostgreSQL cannot be written: {reason}",
            where=str(error.filename or folder),
            fix="Free some space, or choose another folder.",
            reason=error.strerror or error,
        ) from None
    return _start(folder)


def running(folder: Path) -> Server | None:
    """The server that runs in ``folder`` and takes our password, or None. Starts nothing."""
    data = data_folder(folder)
    settings, (pid, port) = _settings(data), _postmaster(data)
    if not settings or pid is None or port is None:
        return None
    server = Server(folder, port, settings["password"], pid)
    # a number in a file of a killed server may be anybody's process by now
    if not is_server(pid, data):
        return None
    try:
        with server.connect(autocommit=True) as connection:
            connection.execute("SELECT 1")
    except LabError:
        return None
    return server


def stop(folder: Path) -> bool:
    """Stop the server in ``folder`` and keep its data. False when none ran.

    Open transactions are rolled back. Raises ``LabError`` when it does not stop in 30 seconds.
    """
    data = data_folder(folder)
    pid, _ = _postmaster(data)
    if pid is None or not is_server(pid, data):
        return False
    arguments = ["stop", "-D", str(data), "-m", "fast", "-w", "-t", f"{STOP_SECONDS:.0f}"]
    code, said = run("pg_ctl", arguments, timeout=STOP_SECONDS + 10)
    if code and is_server(pid, data):
        raise LabError(
            "PostgreSQL does not stop: {said}",
            where=str(data),
            fix="Try again in a minute.",
            said=said,
        )
    return code == 0


def remove(folder: Path) -> None:
    """Stop the server and delete its data, its log and its password. Nothing comes back."""
    stop(folder)
    for path in (data_folder(folder), folder):
        shutil.rmtree(path, ignore_errors=True)


def log_tail(folder: Path, lines: int = 20) -> str:
    """The last lines of the server's own log; "" when there is none."""
    try:
        text = (data_folder(folder) / _LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _make(data: Path) -> None:
    """Lay out an empty database and its password, complete or not at all."""
    if (data / _SETTINGS_FILE).exists():
        return
    _clear_halves(data)
    fresh = data.with_name(f"{data.name}{_HALF}{secrets.token_hex(4)}")
    secret = fresh.with_name(f"{fresh.name}.password")
    password = secrets.token_urlsafe(24)
    try:
        fresh.mkdir(mode=0o700)
        secret.touch(mode=0o600)
        write_text(secret, password)
        give_to_server(secret)
        give_to_server(fresh)
        arguments = ["-D", str(fresh), "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--locale=C", "--no-instructions"]
        for name, value in _CONFIGURATION.items():
            arguments += ["-c", f"{name}={value}"]
        code, said = run("initdb", arguments, timeout=INIT_SECONDS)
        if code:
            raise LabError(
                "PostgreSQL cannot lay out its data: {said}",
                where=str(data),
                fix="Free some space, or choose another folder.",
                said=said[-500:],
            )
        _write_settings(fresh, {"format": 1, "password": password, "port": _free_port()})
        # at once: whoever comes second has another name in the way, and takes what is there
        fresh.rename(data)
    except OSError:
        if not (data / _SETTINGS_FILE).exists():
            raise
    finally:
        secret.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


def _clear_halves(data: Path) -> None:
    """Remove what a start that was killed had begun; one that is on is younger."""
    for path in data.parent.glob(f"{data.name}{_HALF}*"):
        if time.time() - path.lstat().st_mtime < 2 * INIT_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _start(folder: Path) -> Server:
    """Start and wait until it answers: also for what a killed one left, and beside another."""
    data = data_folder(folder)
    settings = _settings(data)
    _forget_number(data)
    deadline = time.monotonic() + START_SECONDS
    said, port = "", settings["port"]
    while time.monotonic() < deadline:
        port = port if _is_free(port) else _free_port()
        arguments = ["start", "-D", str(data), "-o", f"-p {port}", "-l", str(data / _LOG)]
        arguments += ["-w", "-t", f"{START_SECONDS:.0f}"]
        said = run("pg_ctl", arguments, timeout=START_SECONDS + 10)[1]
        found = running(folder)
        if found:
            if found.port != settings["port"]:
                _write_settings(data, {**settings, "port": found.port})
            return found
        # the processes of a killed server hold its memory for a moment; or another start is on
        time.sleep(0.5)
    raise LabError(
        "PostgreSQL does not start: {said}",
        where=str(data / _LOG),
        fix="Read the end of that log; an empty database is had by removing the folder.",
        said=(log_tail(folder, 5) or said)[-500:],
    )


def _forget_number(data: Path) -> None:
    """Say of a killed server that it is dead, when another process has its number by now.

    PostgreSQL would take that one for the server and not start, as in a container that was
    started anew. The rest of the file stays: by it PostgreSQL finds out whether processes of
    the killed server are still at the data.
    """
    pid, _ = _postmaster(data)
    other = None if pid is None or is_server(pid, data) else dead_number(pid)
    if other is not None:
        path = data / "postmaster.pid"
        _, _, rest = path.read_text(encoding="utf-8").partition("\n")
        write_text(path, f"{other}\n{rest}")
        give_to_server(path)


def _settings(data: Path) -> dict[str, Any]:
    """Password and port, which lie in the data's own folder; {} when there are none."""
    if data.exists() and not owned_by_server(data):
        raise LabError(
            "The data of PostgreSQL belong to another user.",
            where=str(data),
            fix="Remove that folder, or choose another home.",
        )
    found: dict[str, Any] = read_json(data / _SETTINGS_FILE, {})
    return found


def _write_settings(data: Path, settings: dict[str, Any]) -> None:
    path = data / _SETTINGS_FILE
    path.touch(mode=0o600)
    write_json(path, settings)
    give_to_server(path)


def _postmaster(data: Path) -> tuple[int | None, int | None]:
    """Process and port, as the server itself writes them (postmaster.pid, lines 1 and 4)."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError):
        return None, None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if sys.platform != "win32":
            # a connection that ended a minute ago is no reason to move
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _client() -> ModuleType:
    try:
        import psycopg
    except ImportError:
        raise LabError(
            "The client for PostgreSQL is not installed in this Python.",
            where=sys.prefix,
            fix="Run: {command}",
            command=INSTALL,
        ) from None
    return psycopg
