"""A home's lab process as its clients see it: find it, start it, end it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from kit.data.seeds import open_seed
from kit.errors import LabError
from kit.home import LearnerHome
from kit.imports import FIRST_LINE
from kit.lab.guard import CONTROL
from kit.lab.keeper import call
from kit.lab.state import Places, State, alone, places, read_state

# with a template on a machine that is busy with other things
START_SECONDS = 180
STOP_SECONDS = 5
# half of what CloudFormation's imports take would go into grammars that it never uses
_SERVE = f"{FIRST_LINE}; from kit.lab.serve import main; main(*sys.argv[1:])"
_FLAGS = {
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_ENABLE_AMI_VALIDATION": "true",
    # no page of the web has any business with a lab
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}


@dataclass(frozen=True)
class Started:
    """A lab that runs. ``joined``: it ran already; ``crashed``: the one before ended unasked."""

    state: State
    joined: bool
    crashed: bool


def control(state: State, name: str, told: dict[str, Any] | None = None) -> dict[str, Any]:
    """A call of the lab's own; OSError when nobody answers."""
    data = json.dumps(told or {}).encode()
    answer: dict[str, Any] = json.loads(call(state.door, CONTROL + name, data))
    return answer


def running(where: Places) -> State | None:
    """The process that the state file names, if it answers to that name."""
    state = read_state(where)
    if state is None:
        return None
    try:
        # the port may be another program's by now: only this lab knows its nonce
        return state if control(state, "ping").get("nonce") == state.nonce else None
    except (OSError, ValueError):
        return None


def start(home: LearnerHome) -> Started:
    """Join the home's lab, or start one and wait until all is in place again."""
    where = places(home)
    if found := running(where):
        return Started(found, joined=True, crashed=False)
    with alone(where):
        # another program may have been faster
        if found := running(where):
            return Started(found, joined=True, crashed=False)
        crashed = _clear(where)
        return Started(_spawn(home, where), joined=False, crashed=crashed)


def stop(home: LearnerHome) -> bool:
    """End the home's lab; whether there was one. What is kept stays."""
    where = places(home)
    if not where.folder.is_dir():
        return False
    with alone(where):
        ran = running(where) is not None
        _clear(where)
        return ran


def _clear(where: Places) -> bool:
    """Remove what the last process wrote, and the process if it still is; whether it was there."""
    state = read_state(where)
    where.state.unlink(missing_ok=True)
    if state is not None:
        _end(state)
    return state is not None


def _end(state: State) -> None:
    """Wait for the process, which ends by itself without its state file; then kill it."""
    import psutil

    try:
        process = psutil.Process(state.pid)
        # the number may belong to another program by now
        if abs(process.create_time() - state.born) > 1:
            return
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
    except psutil.Error:
        return


def _spawn(home: LearnerHome, where: Places) -> State:
    nonce = secrets.token_hex(8)
    seed = open_seed(home.course, home.learner, "lab", "ids")
    # -P: nothing that lies in the working folder is imported
    command = [sys.executable, "-P", "-c", _SERVE, str(where.folder), nonce, str(seed)]
    kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(("AWS_", "MOTO_"))}
    flags: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
        flags = {"creationflags": apart}
    with where.log.open("wb") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=kept | _FLAGS,
            # the home may be deleted under it
            cwd=tempfile.gettempdir(),
            **flags,
        )
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        state = read_state(where)
        if state is not None and state.nonce == nonce:
            return state
        if child.poll() is not None:
            break
        time.sleep(0.02)
    child.kill()
    child.wait()
    raise LabError(
        "The lab did not start:\n{said}",
        where=str(where.log),
        fix="Look at what it says, then run: upskill doctor",
        said=where.log.read_text(encoding="utf-8", errors="replace")[-1500:].strip(),
    )
