"""``upskill reset``: starter text back into answers, with a way back.

    HOME/.upskill/undo/UNIT/0001/
        reset.json       which exercise and cells, when, and the progress that was there
        workbook.ipynb   the notebook as it was (or assignment.ipynb, UNIT.ipynb)
        answers.json     the widgets' answers as they were, if there were any
    HOME/.upskill/undo/all/0001/
        reset.json       which of the folders above one reset of everything made

Undo puts back the reset cells only: what was written elsewhere since then stays.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from kit.answers import ANSWERS
from kit.cli.open_notebooks import is_open
from kit.content import find_exercise, find_unit, load_units
from kit.errors import UsageError
from kit.files import read_json, write_json
from kit.home import LearnerHome, open_home, starter
from kit.i18n import Translator
from kit.model import Attempt, Exercise, Part, Unit
from kit.notebooks import read_notebook, refuse_open, write_notebook
from kit.progress import Progress, ProgressLog
from kit.progress.log import now
from kit.update.starters import answer_places, bring_back, reset_answers

ALL = "all"
LIVE = "live"


@dataclass(frozen=True)
class Target:
    """What a reset means: one exercise, or (None) all of one notebook.

    ``whole`` is the part whose notebook that is; None for the one for own data.
    """

    unit: Unit
    exercise: Exercise | None
    whole: Part | None = Part.PRACTICE

    @property
    def part(self) -> Part | None:
        """The part whose notebook is meant."""
        return self.exercise.part if self.exercise else self.whole

    @property
    def ids(self) -> tuple[str, ...]:
        """The exercises that are reset."""
        if self.exercise:
            return (self.exercise.id,)
        return tuple(e.id for e in self.unit.of(self.part)) if self.part else ()

    @property
    def only(self) -> str | None:
        """The exercise as ``reset_answers`` wants it."""
        return self.exercise.id if self.exercise else None


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
    folder = _new_backup(home, target)
    _put_starter(home, target, folder)
    name = _name(target)
    return tr(
        "Reset {name}. A copy is in {path}. Undo: upskill reset {name} --undo",
        name=name,
        path=folder.relative_to(home.root),
    )


def reset_everything(home: LearnerHome, tr: Translator) -> str:
    """Like ``reset``, for every notebook of the home, and the uses on own data too."""
    targets = [target for target in _all_targets() if _path(home, target).is_file()]
    for target in targets:
        _prove_usable(home, target)
    before = {unit.id: _progress(home, unit) for unit in load_units().values()}
    made = [(target, _new_backup(home, target)) for target in targets]
    record = {
        "time": now(),
        "backups": [f"{target.unit.id}/{folder.name}" for target, folder in made],
        # of exercises that no backup covers: gone from the unit, or without a notebook here
        "states": {unit: _others(progress, made, unit) for unit, progress in before.items()},
        "applied": {unit: progress.applied for unit, progress in before.items()},
    }
    folder = _new_folder(home.state / "undo" / ALL)
    write_json(folder / "reset.json", record)
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
    path = _path(home, target)
    fresh = starter(home, target.unit, target.part)
    write_notebook(path, reset_answers(read_notebook(path), fresh, target.only))
    _reset_widgets(path.with_name(ANSWERS), target)
    log = ProgressLog(home.progress_file)
    # one event for each exercise: a reset of the workbook leaves the graded part's progress
    for exercise_id, state in read_json(backup / "reset.json")["states"].items():
        data: dict[str, object] = {"states": {exercise_id: state}}
        log.append(Attempt(now(), "reset", target.unit.id, exercise_id, data=data))


def undo_reset(home: LearnerHome, target: Target, tr: Translator) -> str:
    """Bring back the cells and the progress of the unit's last reset that fits the target."""
    folder = _last_backup(home, target)
    record = _bring_back(home, target.unit, folder)
    only = record["exercise"]
    name = f"{target.unit.id}:{only}" if only else target.unit.id
    return tr("Brought back {name} as it was on {time}.", name=name, time=record["time"][:16])


def undo_everything(home: LearnerHome, tr: Translator) -> str:
    """Bring back what the last reset of everything took and is not back yet."""
    base = home.state / "undo" / ALL
    folder = next((f for f, _record in _backups(base)), None)
    if folder is None:
        raise UsageError(
            "There is no reset of everything to undo.",
            where=str(base),
            fix="Reset first: upskill reset --all",
        )
    record = read_json(folder / "reset.json")
    # one that was undone by itself has another name by now
    left = [home.state / "undo" / name for name in record["backups"]]
    found = [(find_unit(backup.parent.name), backup) for backup in left if backup.is_dir()]
    refuse_open([_notebook_of(home, unit, backup) for unit, backup in found], is_open(home))
    for unit, backup in found:
        _bring_back(home, unit, backup)
    log = ProgressLog(home.progress_file)
    for unit_id, states in record["states"].items():
        data: dict[str, object] = {"scope": ALL, "states": states}
        data["applied"] = record["applied"][unit_id]
        log.append(Attempt(now(), "undo", unit_id, data=data))
    _put_away(folder)
    return tr("Brought back everything as it was on {time}.", time=record["time"][:16])


def _bring_back(home: LearnerHome, unit: Unit, folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = read_json(folder / "reset.json")
    path = _notebook_of(home, unit, folder)
    refuse_open([path], is_open(home))
    before = read_notebook(folder / path.name)
    write_notebook(path, bring_back(read_notebook(path), before, record["places"]))
    _restore_widgets(folder / ANSWERS, path.with_name(ANSWERS), record["ids"])
    data: dict[str, object] = {"states": record["states"]}
    ProgressLog(home.progress_file).append(Attempt(now(), "undo", unit.id, data=data))
    _put_away(folder)
    return record


def _put_away(folder: Path) -> None:
    # kept, but out of the way of the next undo
    folder.rename(folder.with_name(f"{folder.name}-undone"))


def _all_targets() -> Iterator[Target]:
    for unit in load_units().values():
        for part in (Part.PRACTICE, Part.GRADED, None):
            yield Target(unit, None, part)


def _path(home: LearnerHome, target: Target) -> Path:
    return _place(home, target.unit, target.part)


def _notebook_of(home: LearnerHome, unit: Unit, backup: Path) -> Path:
    told = read_json(backup / "reset.json")["part"]
    return _place(home, unit, None if told == LIVE else Part(told))


def _place(home: LearnerHome, unit: Unit, part: Part | None) -> Path:
    return home.notebook(unit, part) if part else home.live_notebook(unit)


def _prove_usable(home: LearnerHome, target: Target) -> None:
    """Nothing may be written before this has passed for all that is meant."""
    path = _path(home, target)
    refuse_open([path], is_open(home))
    read_notebook(path)


def _name(target: Target) -> str:
    return f"{target.unit.id}:{target.exercise.id}" if target.exercise else target.unit.id


def _progress(home: LearnerHome, unit: Unit) -> Progress:
    return ProgressLog(home.progress_file).progress(unit.id)


def _others(
    progress: Progress, made: list[tuple[Target, Path]], unit_id: str
) -> dict[str, dict[str, Any]]:
    covered = {i for target, _folder in made if target.unit.id == unit_id for i in target.ids}
    return {i: asdict(state) for i, state in progress.exercises.items() if i not in covered}


def _new_folder(base: Path) -> Path:
    base.mkdir(parents=True, exist_ok=True)
    taken = [int(p.name[:4]) for p in base.iterdir() if p.name[:4].isdigit()]
    folder = base / f"{max(taken, default=0) + 1:04d}"
    folder.mkdir()
    return folder


def _new_backup(home: LearnerHome, target: Target) -> Path:
    path, states = _path(home, target), _progress(home, target.unit).exercises
    folder = _new_folder(home.state / "undo" / target.unit.id)
    for file in (path, path.with_name(ANSWERS)):
        if file.is_file():
            shutil.copy2(file, folder / file.name)
    record = {
        "time": now(),
        "part": target.part.value if target.part else LIVE,
        "exercise": target.only or "",
        "ids": list(target.ids),
        "places": sorted(
            answer_places(read_notebook(path), starter(home, target.unit, target.part), target.only)
        ),
        "states": {i: asdict(states[i]) for i in target.ids if i in states},
    }
    # last, so that a backup which has a record is whole
    write_json(folder / "reset.json", record)
    return folder


def _backups(base: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Whole backups that are not undone yet, the last one first."""
    folders = sorted(base.iterdir(), reverse=True) if base.is_dir() else []
    for folder in folders:
        record = read_json(folder / "reset.json", None)
        if folder.name.isdigit() and record:
            yield folder, record


def _last_backup(home: LearnerHome, target: Target) -> Path:
    base = home.state / "undo" / target.unit.id
    for folder, record in _backups(base):
        if target.only in (None, record["exercise"]):
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
