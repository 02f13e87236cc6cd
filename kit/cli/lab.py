"""``upskill lab``: start, status, reset and stop, as lines or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from kit.errors import LabError
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, mark
from kit.lab import need_packages


def run_start(root: Path | None, language: str | None, *, as_json: bool) -> None:
    """Start or join the lab of a home."""
    home, tr = _home(root, language)
    from kit.lab.process import start

    told = start(home)
    lines = [tr(mark("The lab runs already.") if told.joined else mark("The lab is started."))]
    if told.crashed:
        lines.append(tr(mark("The last one had ended without being stopped; this one is new.")))
    if not told.joined:
        lines += _restored(told.state.restored, tr)
        lines += told.state.problems
    lines.append(tr(mark("In a notebook: {call}"), call="lab = kit.open_lab()"))
    data = {"joined": told.joined, "crashed": told.crashed, **_data(home)}
    _show(lines, data | {"problems": told.state.problems}, as_json)


def run_status(root: Path | None, language: str | None, *, as_json: bool) -> None:
    """Say what there is; nothing is started."""
    home, tr = _home(root, language)
    data = _data(home)
    lines = [tr(mark("The lab runs.") if data["running"] else mark("The lab does not run."))]
    if data["scenario"]:
        lines.append(tr(mark("Scenario: {name}"), name=data["scenario"]))
    lines.append(tr(mark("Stacks kept: {names}"), names=", ".join(data["stacks"]) or "–"))
    lines.append(tr(mark("Objects kept: {n}"), n=data["objects"]))
    lines.append(tr(mark("Calls denied: {n}"), n=data["denied"]))
    if not data["running"]:
        lines.append(tr(mark("Next: {command}"), command="upskill lab start"))
    _show(lines, data, as_json)


def run_reset(scenario: str, root: Path | None, language: str | None, *, as_json: bool) -> None:
    """Empty the lab, or begin a scenario; starts it first if it does not run."""
    home, tr = _home(root, language)
    from kit.lab.lab import Lab

    restored = Lab(home).reset(scenario)
    lines = [tr(mark("The lab is as new.")), *_restored(restored, tr)]
    _show(lines, {"restored": restored, **_data(home)}, as_json)


def run_stop(root: Path | None, language: str | None, *, as_json: bool) -> None:
    """End the lab if it runs."""
    home, tr = _home(root, language)
    from kit.lab.process import stop

    ended = stop(home)
    text = mark("The lab is stopped. Templates and objects are kept.")
    lines = [tr(text if ended else mark("The lab does not run."))]
    _show(lines, {"stopped": ended, **_data(home)}, as_json)


def _home(root: Path | None, language: str | None) -> tuple[LearnerHome, Translator]:
    need_packages()
    home = open_home(root, language)
    return home, Translator(home.language)


def _data(home: LearnerHome) -> dict[str, Any]:
    """The lab as plain values; the token is not among them."""
    from kit.lab.kept import Kept
    from kit.lab.process import running
    from kit.lab.state import places, read_denied

    where = places(home)
    try:
        kept, state = Kept(where), running(where)
        return {
            "home": str(home.root),
            "running": state is not None,
            "pid": state.pid if state else None,
            "endpoint": state.door.endpoint if state else None,
            "scenario": kept.scenario,
            "stacks": [stack.name for _path, stack in kept.stacks()],
            "objects": sum(len(kept.objects(bucket)) for bucket in kept.buckets()),
            "denied": len(list(read_denied(where))),
        }
    except (OSError, ValueError) as error:
        raise LabError(
            "What the lab has kept cannot be read: {reason}",
            where=str(where.folder),
            fix="Delete this folder, then run: upskill lab start",
            reason=error,
        ) from None


def _restored(counts: dict[str, int], tr: Translator) -> list[str]:
    if not any(counts.values()):
        return []
    text = mark("In place again: {stacks} stacks, {objects} objects.")
    return [tr(text, **counts)]


def _show(lines: list[str], data: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    for line in lines:
        console.print(escape(line), soft_wrap=True)
