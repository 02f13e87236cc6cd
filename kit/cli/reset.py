"""``upskill reset``: starter text back into answers, with a way back.

What was there lies in backups of ``kit.update.resets``; beside them there is
    HOME/.upskill/undo/all/0001/
        reset.json       which of the folders above one reset of everything made

Undo puts back the reset cells only: what was written elsewhere since then stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from kit.cli.open_notebooks import is_open
from kit.content import find_exercise, find_unit, load_units
from kit.errors import UsageError
from kit.files import write_json
from kit.home import LearnerHome, open_home, starter
from kit.i18n import Translator
from kit.model import Attempt, Part, Unit
from kit.notebooks import read_notebook, refuse_open, write_notebook
from kit.progress import Progress, ProgressLog
from kit.progress.log import now
from kit.update.resets import (
    RECORD,
    Target,
    back_up,
    backups,
    folder_of,
    forget,
    keep_since,
    last_backup,
    new_folder,
    notebook_of,
    progress_of,
    put_away,
    read_record,
    recall,
)
from kit.update.starters import bring_back, reset_answers

ALL = "all"


def parse_target(text: str) -> Target:
    """``UNIT`` or ``UNIT:EXERCISE``; unknown ids raise UsageError with those that exist."""
    unit_id, colon, exercise_id = text.partition(":")
    unit = find_unit(unit_id)
    return Target(unit, find_exercise(unit, exercise_id) if colon else None)


def run_reset(
    text: str | None,
    root: Path | None,
    language: str | None = None,
    *,
    undo: bool,
    everything: bool = False,
) -> None:
    """Reset, or undo the last reset of this target; ``everything`` is all units."""
    if everything == (text is not None):
        raise UsageError(
            "Say what to reset.",
            where="upskill reset",
            fix="UNIT or UNIT:EXERCISE, or --all for everything; --undo brings it back",
        )
    home = open_home(root, language)
    tr, console = Translator(home.language), Console(highlight=False)
    if text is None:
        message = undo_everything(home, tr) if undo else reset_everything(home, tr)
    else:
        target = parse_target(text)
        message = undo_reset(home, target, tr) if undo else reset(home, target, tr)
    console.print(escape(message), soft_wrap=True)


def reset(home: LearnerHome, target: Target, tr: Translator) -> str:
    """Back up, put the starter text back, note it in the log; returns what to tell."""
    _prove_usable(home, target)
    folder = back_up(home, target)
    _put_starter(home, target, folder)
    name = target.name
    return tr(
        "Reset {name}. A copy is in {path}. Undo: upskill reset {name} --undo",
        name=name,
        path=folder.relative_to(home.root),
    )


def reset_everything(home: LearnerHome, tr: Translator) -> str:
    """Like ``reset``, for every notebook of the home, and the uses on own data too."""
    targets = [target for target in _all_targets() if target.path(home).is_file()]
    for target in targets:
        _prove_usable(home, target)
    before = {unit.id: progress_of(home, unit) for unit in load_units().values()}
    made = [(target, back_up(home, target)) for target in targets]
    record = {
        "time": now(),
        "backups": [f"{target.unit.id}/{folder.name}" for target, folder in made],
        # of exercises that no backup covers: gone from the unit, or without a notebook here
        "states": {unit: _others(progress, made, unit) for unit, progress in before.items()},
        "applied": {unit: progress.applied for unit, progress in before.items()},
    }
    folder = new_folder(folder_of(home, ALL))
    write_json(folder / RECORD, record)
    for target, backup in made:
        _put_starter(home, target, backup)
    log = ProgressLog(home.progress_file)
    for unit in before:
        log.append(Attempt(now(), "reset", unit, data={"scope": ALL}))
    return tr(
        "Reset everything. Copies are in {path}. Undo: upskill reset --all --undo",
        path=folder.parent.parent.relative_to(home.root),
    )


def _put_starter(home: LearnerHome, target: Target, backup: Path) -> None:
    path = target.path(home)
    fresh = starter(home, target.unit, target.part)
    write_notebook(path, reset_answers(read_notebook(path), fresh, target.only))
    forget(home, target, backup)


def undo_reset(home: LearnerHome, target: Target, tr: Translator) -> str:
    """Bring back the cells and the progress of the unit's last reset that fits the target."""
    folder = _last_backup(home, target)
    record = _bring_back(home, target.unit, folder)
    only = record["exercise"]
    name = f"{target.unit.id}:{only}" if only else target.unit.id
    return tr("Brought back {name} as it was on {time}.", name=name, time=record["time"][:16])


def undo_everything(home: LearnerHome, tr: Translator) -> str:
    """Bring back what the last reset of everything took and is not back yet."""
    base = folder_of(home, ALL)
    folder = next((f for f, _record in backups(base)), None)
    if folder is None:
        raise UsageError(
            "There is no reset of everything to undo.",
            where=str(base),
            fix="Reset first: upskill reset --all",
        )
    record = read_record(folder)
    # one that was undone by itself has another name by now
    left = [home.state / "undo" / name for name in record["backups"]]
    found = [(find_unit(backup.parent.name), backup) for backup in left if backup.is_dir()]
    refuse_open([notebook_of(home, unit, backup) for unit, backup in found], is_open(home))
    for unit, backup in found:
        _bring_back(home, unit, backup)
    log = ProgressLog(home.progress_file)
    for unit_id, states in record["states"].items():
        data: dict[str, object] = {"scope": ALL, "states": states}
        data["applied"] = record["applied"][unit_id]
        log.append(Attempt(now(), "undo", unit_id, data=data))
    put_away(folder)
    return tr("Brought back everything as it was on {time}.", time=record["time"][:16])


def _bring_back(home: LearnerHome, unit: Unit, folder: Path) -> dict[str, Any]:
    record, path = read_record(folder), notebook_of(home, unit, folder)
    refuse_open([path], is_open(home))
    shown, before = read_notebook(path), read_notebook(folder / path.name)
    keep_since(folder, shown)
    write_notebook(path, bring_back(shown, before, record["places"]))
    recall(home, unit, folder)
    return record


def _all_targets() -> Iterator[Target]:
    for unit in load_units().values():
        for part in (Part.PRACTICE, Part.GRADED, None):
            yield Target(unit, None, part)


def _prove_usable(home: LearnerHome, target: Target) -> None:
    """Nothing may be written before this has passed for all that is meant."""
    path = target.path(home)
    refuse_open([path], is_open(home))
    read_notebook(path)


def _others(
    progress: Progress, made: list[tuple[Target, Path]], unit_id: str
) -> dict[str, dict[str, Any]]:
    covered = {i for target, _folder in made if target.unit.id == unit_id for i in target.ids}
    return {i: asdict(state) for i, state in progress.exercises.items() if i not in covered}


def _last_backup(home: LearnerHome, target: Target) -> Path:
    folder = last_backup(home, target)
    if folder is None:
        raise UsageError(
            "There is no reset of {name} to undo.",
            where=str(folder_of(home, target.unit.id)),
            fix="Reset first: upskill reset {name}",
            name=target.name,
        )
    return folder
