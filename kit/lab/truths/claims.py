"""Answers that stand for nothing here, and what takes their place."""

from __future__ import annotations

import ipaddress
import json
import socket
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from typing import Any

from kit.errors import LabError
from kit.imports import lean_imports
from kit.lab.resources import METADATA, REAL, SIMULATED, label
from kit.lab.state import Door

CONNECT_SECONDS = 2.0
_RUN = (
    "import importlib, json, sys; sys.path.insert(0, '.'); name, function, event = sys.argv[1:]\n"
    "answer = getattr(importlib.import_module(name), function)(json.loads(event), None)\n"
    "print('\\n' + json.dumps(answer))"
)


def refuse_as_proof(service: str, kind: str) -> None:
    """LabError where an answer about this kind of resource is SIMULATED.

    Success of a command over SSM, an invocation of Lambda and an activity of autoscaling say
    that the call was well formed, and no more.
    """
    if label(service, kind) == SIMULATED:
        raise LabError(
            "What the lab says of {service} {kind} is SIMULATED: nothing ran, it is no proof.",
            fix="Show the effect itself, or use the kit's own simulator.",
            service=service,
            kind=kind,
        )


def database_label(host: str, port: int) -> str:
    """REAL where a database of this machine listens, else METADATA.

    The lab's RDS names hosts at which nothing listens. A name is not looked up: that would ask
    somebody outside of this machine.
    """
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        return METADATA
    try:
        with socket.create_connection((host, port), CONNECT_SECONDS):
            return REAL
    except OSError:
        return METADATA


def changed_resources(before: str, after: str) -> dict[str, str]:
    """What an update of a stack changes: "Add", "Modify" or "Remove" by logical id.

    moto's change sets call everything "Add". Templates are read, references not resolved: a
    resource that only follows another's change is not named.
    """
    old, new = _resources(before), _resources(after)
    found = {name: "Add" for name in new if name not in old}
    found |= {name: "Remove" for name in old if name not in new}
    found |= {name: "Modify" for name in new if name in old and new[name] != old[name]}
    return dict(sorted(found.items()))


def _resources(template: str) -> dict[str, Any]:
    with lean_imports():
        from cfnlint.decode.cfn_yaml import loads

    told = loads(template).get("Resources", {})
    # a node knows its line, which is no part of what it says
    found: dict[str, Any] = json.loads(json.dumps(told))
    return found


def run_handler(door: Door, archive: bytes, handler: str, event: Any, seconds: float = 10) -> Any:
    """Run a Lambda handler, ``module.function``, from its zip in a process of its own: SIMULATED.

    It has the lab's environment and nothing of Lambda's limits; its event and its answer are
    JSON. LabError with what it printed when it fails or takes too long.
    """
    from kit.lab.clients import environment

    module, _, function = handler.rpartition(".")
    with tempfile.TemporaryDirectory() as folder:
        # extractall keeps members inside the folder
        with zipfile.ZipFile(BytesIO(archive)) as packed:
            packed.extractall(folder)
        command = [sys.executable, "-c", _RUN, module, function, json.dumps(event)]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment(door),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise LabError(
                "The handler {name} took longer than {n} seconds.",
                fix="Let it do less, or allow it more time.",
                name=handler,
                n=seconds,
            ) from None
    if done.returncode:
        raise LabError(
            "The handler {name} failed:\n{said}",
            fix="Mend it, then run it again.",
            name=handler,
            said=done.stderr[-1000:].strip(),
        )
    return json.loads(done.stdout.splitlines()[-1])
