"""``upskill reset``: starter text back into answers, with a way back.

    HOME/.upskill/undo/UNIT/0001/
        reset.json       which exercise, when, and the progress that was there
        workbook.ipynb   the notebook as it was (or assignment.ipynb)
        answers.json     the widgets' answers as they were, if there were any

Undo puts back the reset cells only: what was written elsewhere since then stays.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from kit.content import find_exercise, find_unit
from kit.errors import HomeError, UsageError
from kit.files import read_json, write_json
from kit.home import LearnerHome, open_home, starter
from kit.i18n import Translator
from kit.model import Attempt, Exercise, Part, Unit
from kit.notebooks import read_notebook, reset_answers, write_notebook
from kit.progress import ProgressLog, reduce_progress
from kit.progress.log import now
from kit.server.running import find_running, open_notebooks

ANSWERS = "answers.json"


@dataclass(frozen=True)
class Target:
    """What a reset means: one exercise, or (None) the whole workbook to practise in."""

    unit: Unit
    exercise: Exercise | None

    @property
    def part(self) -> Part:
        """The part whose notebook is meant."""
        return self.exercise.part if self.exercise else Part.PRACTICE

    @property
    def ids(self) -> tuple[str, ...]:
        """The exercises that are reset."""
        return (
            (self.exercise.id,) if self.exercise else tuple(e.id for e in self.unit.of(self.part))
        )

    @property
    def only(self) -> str | None:
        """The exercise as ``reset_answers`` wants it."""
        return self.exercise.id if self.exercise else None


def parse_target(text: str) -> Target:
    """``UNIT`` or ``UNIT:EXERCISE``; unknown ids raise UsageError with those that exist."""
    unit_id, colon, exercise_id = text.partition(":")
    unit = find_unit(unit_id)
    return Target(unit, find_exercise(unit, exercise_id) if colon else None)


def run_reset(text: str, root: Path | None, language: str | None = None, *, undo: bool) -> None:
    """Reset, or undo the last reset of this unit."""
    home, target = open_home(root, language), parse_target(text)
    tr, console = Translator(home.language), Console(highlight=False)
    message = undo_reset(home, target, tr) if undo else reset(home, target, tr)
    console.print(escape(message), soft_wrap=True)


def reset(home: LearnerHome, target: Target, tr: Translator) -> str:
    """Back up, put the starter text back, note it in the log; returns what to tell."""
    path = home.notebook(target.unit, target.part)
    _refuse_if_open(home, path)
    mine = read_notebook(path)
    folder = _new_backup(home, target, path)
    write_notebook(path, reset_answers(mine, starter(home, target.unit, target.part), target.only))
    _reset_widgets(path.with_name(ANSWERS), target)
    log = ProgressLog(home.progress_file)
    states = _states(home, target)
    # one event for each exercise: a reset of the workbook leaves the graded part's progress
    for exercise_id, state in states.items():
        data: dict[str, object] = {"states": {exercise_id: state}}
        log.append(Attempt(now(), "reset", target.unit.id, exercise_id, data=data))
    name = _name(target)
    return tr(
        "Reset {name}. A copy is in {path}. Undo: upskill reset {name} --undo",
        name=name,
        path=folder.relative_to(home.root),
    )


def undo_reset(home: LearnerHome, target: Target, tr: Translator) -> str:
    """Bring back the cells and the progress of the unit's last reset that fits the target."""
    folder = _last_backup(home, target)
    record = read_json(folder / "reset.json")
    path = home.notebook(target.unit, Part(record["part"]))
    _refuse_if_open(home, path)
    only = record["exercise"] or None
    before = read_notebook(folder / path.name)
    write_notebook(path, reset_answers(read_notebook(path), before, only))
    _restore_widgets(folder / ANSWERS, path.with_name(ANSWERS), record["ids"])
    data: dict[str, object] = {"states": record["states"]}
    ProgressLog(home.progress_file).append(Attempt(now(), "undo", target.unit.id, data=data))
    # kept, but out of the way of the next undo
    folder.rename(folder.with_name(f"{folder.name}-undone"))
    name = f"{target.unit.id}:{only}" if only else target.unit.id
    return tr("Brought back {name} as it was on {time}.", name=name, time=record["time"][:16])


def _name(target: Target) -> str:
    return f"{target.unit.id}:{target.exercise.id}" if target.exercise else target.unit.id


def _refuse_if_open(home: LearnerHome, path: Path) -> None:
    server = find_running(home)
    relative = path.relative_to(home.root).as_posix()
    if server and relative in open_notebooks(server):
        # Lab would write its own copy over the reset, or ask which of the two to keep
        raise HomeError(
            "The notebook is open in JupyterLab.",
            where=relative,
            fix="In its menu: File, Close and Shut Down Notebook. Then run this command again.",
        )


def _states(home: LearnerHome, target: Target) -> dict[str, dict[str, Any]]:
    progress = reduce_progress(ProgressLog(home.progress_file).read(), target.unit.id)
    return {i: asdict(progress.exercises[i]) for i in target.ids if i in progress.exercises}


def _undo_folder(home: LearnerHome, unit: Unit) -> Path:
    return home.state / "undo" / unit.id


def _new_backup(home: LearnerHome, target: Target, path: Path) -> Path:
    base = _undo_folder(home, target.unit)
    base.mkdir(parents=True, exist_ok=True)
    taken = [int(p.name[:4]) for p in base.iterdir() if p.name[:4].isdigit()]
    folder = base / f"{max(taken, default=0) + 1:04d}"
    folder.mkdir()
    for file in (path, path.with_name(ANSWERS)):
        if file.is_file():
            shutil.copy2(file, folder / file.name)
    record = {
        "time": now(),
        "part": target.part.value,
        "exercise": target.only or "",
        "ids": list(target.ids),
        "states": _states(home, target),
    }
    # last, so that a backup which has a record is whole
    write_json(folder / "reset.json", record)
    return folder


def _last_backup(home: LearnerHome, target: Target) -> Path:
    base = _undo_folder(home, target.unit)
    folders = sorted(base.iterdir(), reverse=True) if base.is_dir() else []
    for folder in folders:
        record = read_json(folder / "reset.json", None)
        if folder.name.isdigit() and record and target.only in (None, record["exercise"]):
            return folder
    raise UsageError(
        "There is no reset of {name} to undo.",
        where=str(base),
        fix="Reset first: upskill reset {name}",
        name=_name(target),
    )


def _reset_widgets(path: Path, target: Target) -> None:
    # answers lie by kind, then by exercise
    answers = _answers(path)
    if answers:
        kept = {
            kind: {k: v for k, v in group.items() if k not in target.ids}
            for kind, group in answers.items()
        }
        write_json(path, kept)


def _restore_widgets(backup: Path, path: Path, ids: list[str]) -> None:
    answers = _answers(path)
    for kind, group in _answers(backup).items():
        before = {k: v for k, v in group.items() if k in ids}
        if before:
            answers[kind] = {**answers.get(kind, {}), **before}
    if answers:
        write_json(path, answers)


def _answers(path: Path) -> dict[str, dict[str, Any]]:
    try:
        value = read_json(path, {})
    except ValueError:
        # damaged: left as it is; reading answers says what to do about it
        return {}
    groups = value.items() if isinstance(value, dict) else ()
    return {kind: group for kind, group in groups if isinstance(group, dict)}
