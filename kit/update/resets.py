"""What a learner had before a reset, kept on disk, and the way back to it.

    HOME/.upskill/undo/UNIT/0001/
        reset.json       which exercise and cells, when, and the progress that was there
        workbook.ipynb   the notebook as it was (or assignment.ipynb, UNIT.ipynb)
        answers.json     the forms' answers as they were, if there were any
        files/           the files that were handed in with them
        since.ipynb      the notebook as it was before the undo, once that is done

Who writes the notebook itself is the caller: a command on disk, a panel in the open page.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit.answers import ANSWERS, FILES
from kit.files import read_json, write_json
from kit.home import LearnerHome, starter
from kit.model import Attempt, Exercise, Part, Unit
from kit.notebooks import Cell, Notebook, read_notebook, write_notebook
from kit.progress import Progress, ProgressLog
from kit.progress.log import now
from kit.progress.settings import Settings
from kit.update.starters import answer_places

LIVE = "live"
RECORD = "reset.json"
SINCE = "since.ipynb"


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

    @property
    def name(self) -> str:
        """As ``upskill reset`` takes it."""
        return f"{self.unit.id}:{self.exercise.id}" if self.exercise else self.unit.id

    def path(self, home: LearnerHome) -> Path:
        """The learner's notebook."""
        return _place(home, self.unit, self.part)


def folder_of(home: LearnerHome, name: str) -> Path:
    """Where the backups of a unit lie, by its id."""
    return home.state / "undo" / name


def progress_of(home: LearnerHome, unit: Unit) -> Progress:
    """Where the learner stands in the unit."""
    return ProgressLog(home.progress_file).progress(unit.id)


def new_folder(base: Path) -> Path:
    """The next numbered folder in ``base``."""
    base.mkdir(parents=True, exist_ok=True)
    taken = [int(p.name[:4]) for p in base.iterdir() if p.name[:4].isdigit()]
    folder = base / f"{max(taken, default=0) + 1:04d}"
    folder.mkdir()
    return folder


def back_up(home: LearnerHome, target: Target, shown: Notebook | None = None) -> Path:
    """Keep what a reset of ``target`` will take; returns the backup's folder.

    ``shown`` is the notebook as it stands in an open page, where it may be newer than on disk.
    """
    path, states = target.path(home), progress_of(home, target.unit).exercises
    folder = new_folder(folder_of(home, target.unit.id))
    for file in (path, path.with_name(ANSWERS)):
        if file.is_file():
            shutil.copy2(file, folder / file.name)
    if shown is not None:
        write_notebook(folder / path.name, shown)
    _copy_files(path.parent, folder, target.ids)
    before = read_notebook(path) if shown is None else shown
    fresh = starter(home, target.unit, target.part)
    record = {
        "time": now(),
        "part": target.part.value if target.part else LIVE,
        "exercise": target.only or "",
        "ids": list(target.ids),
        "places": sorted(answer_places(before, fresh, target.only)),
        "states": {i: asdict(states[i]) for i in target.ids if i in states},
        "drafts": _settings(home, target).drafts(target.ids) if target.part else {},
    }
    # last, so that a backup which has a record is whole
    write_json(folder / RECORD, record)
    return folder


def forget(home: LearnerHome, target: Target, backup: Path) -> None:
    """Take the answers of forms, drafts and the progress away, which ``backup`` holds."""
    _reset_forms(target.path(home).with_name(ANSWERS), target)
    drafts = read_record(backup).get("drafts", {})
    if target.part and drafts:
        _settings(home, target).update(dict.fromkeys(drafts))
    log = ProgressLog(home.progress_file)
    # one event for each exercise: a reset of the workbook leaves the graded part's progress
    for exercise_id, state in read_record(backup)["states"].items():
        data: dict[str, object] = {"states": {exercise_id: state}}
        log.append(Attempt(now(), "reset", target.unit.id, exercise_id, data=data))


def keep_since(backup: Path, shown: Notebook) -> None:
    """Keep the notebook as it stands before ``backup`` comes back: what was written since."""
    # a second try, after a crash, may find in the notebook what the first has brought back
    if not (backup / SINCE).is_file():
        write_notebook(backup / SINCE, shown)


def recall(home: LearnerHome, unit: Unit, backup: Path) -> Path:
    """Bring the answers of forms and the progress back; returns where the backup lies now."""
    record, path = read_record(backup), notebook_of(home, unit, backup)
    _copy_files(backup, path.parent, record["ids"])
    _restore_forms(backup / ANSWERS, path.with_name(ANSWERS), record["ids"])
    if drafts := record.get("drafts"):
        Settings(home, unit.id, record["part"]).update(drafts)
    data: dict[str, object] = {"states": record["states"]}
    ProgressLog(home.progress_file).append(Attempt(now(), "undo", unit.id, data=data))
    return put_away(backup)


def put_away(folder: Path) -> Path:
    """Keep a backup that is undone, but out of the way of the next undo."""
    return folder.rename(folder.with_name(f"{folder.name}-undone"))


def notebook_of(home: LearnerHome, unit: Unit, backup: Path) -> Path:
    """The learner's notebook that this is a backup of."""
    told = read_record(backup)["part"]
    return _place(home, unit, None if told == LIVE else Part(told))


def read_record(backup: Path) -> dict[str, Any]:
    """What ``back_up`` noted; {} in a folder that a crash left half-made."""
    record: dict[str, Any] = read_json(backup / RECORD, {})
    return record


def backups(base: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Whole backups that are not undone yet, the last one first."""
    folders = sorted(base.iterdir(), reverse=True) if base.is_dir() else []
    for folder in folders:
        record = read_record(folder)
        if folder.name.isdigit() and record:
            yield folder, record


def last_backup(home: LearnerHome, target: Target) -> Path | None:
    """The last backup of the unit, of one exercise only where ``target`` is one."""
    found = backups(folder_of(home, target.unit.id))
    return next((f for f, record in found if target.only in (None, record["exercise"])), None)


def as_shown(saved: Notebook, cells: Sequence[Cell]) -> Notebook:
    """The saved notebook with these cells of an open page; one that is not saved yet comes last."""
    result = copy.deepcopy(saved)
    places = {cell.get("id"): cell for cell in result["cells"]}
    for cell in cells:
        if cell["id"] in places:
            places[cell["id"]]["source"] = cell["source"]
        else:
            result["cells"].append(copy.deepcopy(cell))
    return result


def _place(home: LearnerHome, unit: Unit, part: Part | None) -> Path:
    return home.notebook(unit, part) if part else home.live_notebook(unit)


def _copy_files(source: Path, to: Path, ids: Sequence[str]) -> None:
    for name in ids:
        if (source / FILES / name).is_dir():
            shutil.copytree(source / FILES / name, to / FILES / name, dirs_exist_ok=True)


def _settings(home: LearnerHome, target: Target) -> Settings:
    return Settings(home, target.unit.id, str(target.part))


def _reset_forms(path: Path, target: Target) -> None:
    # answers lie by kind, then by exercise
    answers = _answers(path)
    if answers:
        kept = {
            kind: {k: v for k, v in group.items() if k not in target.ids}
            for kind, group in answers.items()
        }
        write_json(path, kept)


def _restore_forms(backup: Path, path: Path, ids: list[str]) -> None:
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
