"""What is handed in: whether it is ready, and a copy that nothing changes any more."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.answers import ANSWERS, AnswerFile
from kit.errors import GradingError
from kit.files import write_json
from kit.grading.bounds import MOST_FILES, NOTEBOOK_SIZE, too_much
from kit.home import LearnerHome, starter
from kit.i18n import mark, phrase
from kit.model import Part, Unit
from kit.notebooks import Notebook, kit_metadata, read_notebook, source

FILE_LIMIT = 10 * 1024 * 1024
FOLDER_LIMIT = 50 * 1024 * 1024
# nbgrader puts fetched feedback into the assignment's folder
FEEDBACK = "feedback"
# of those that may be handed in: what the kit and nbgrader add
_MOST = MOST_FILES - 10


def not_ready_because(home: LearnerHome, unit: Unit, part: Part) -> str:
    """Why a part cannot be handed in yet, in the learner's language; empty when it can.

    Ready means: at least one answer differs from the starter, or a form was answered.
    HomeError for a notebook or answers that cannot be read.
    """
    say = home.translator(unit)
    path = home.notebook(unit, part)
    if not path.exists():
        return say(mark("The notebook is not there. This puts it back: upskill start"))
    # before anything else: a form that was answered hands in no damaged notebook
    mine = read_notebook(path)
    given = AnswerFile(path.with_name(ANSWERS)).read().get("exercises")
    if not given and not _answered(mine, starter(home, unit, part)):
        return say(mark("Nothing is answered yet."))
    return ""


def _answered(mine: Notebook, fresh: Notebook) -> bool:
    def answers(notebook: Notebook) -> Iterator[tuple[tuple[str, str], str]]:
        for cell in notebook["cells"]:
            data = kit_metadata(cell)
            if data.get("role") in ("answer", "manual"):
                yield (data.get("id", ""), data["role"]), source(cell).strip()

    blank = dict(answers(fresh))
    return any(text != blank.get(key, text) for key, text in answers(mine))


def take_snapshot(folder: Path, course: Path, learner: str, assignment: str) -> datetime:
    """Copy an assignment folder to the course's ``submitted/``; returns the time (UTC).

    The submission appears complete or not at all; the one before moves to
    ``history/``. Hidden files, caches, links, and what is over 10 MB a file or
    50 MB in all stay behind, and ``left_behind.txt`` names them.
    """
    target = course / "submitted" / learner / assignment
    moment = datetime.now(UTC)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=course, prefix=".incoming-") as scratch:
            copy = Path(scratch) / assignment
            _copy(folder, copy)
            stamp = moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            (copy / "timestamp.txt").write_text(stamp + "\n", encoding="utf-8")
            if target.exists():
                keep_earlier(target, course / "history" / learner / assignment)
            copy.replace(target)
    except OSError as error:
        raise _not_copied(error, target) from None
    return moment


def prove_size(folder: Path, most: int) -> None:
    """GradingError when a trainer's ``collect`` would not take what lies in ``folder``.

    ``most`` is in bytes, of all that would be handed in.
    """
    chosen, _left = _chosen(folder)
    why = phrase(mark("there are {n} files"), n=len(chosen)) if len(chosen) > _MOST else ""
    if (total := sum(chosen.values())) > most:
        why = phrase(mark("it has {size} MB"), size=-(-total // 10**6))
    books = (folder / name for name in chosen if name.suffix == ".ipynb")
    why = why or next((told for book in books if (told := too_much(book))), "")
    if why:
        raise GradingError(
            "'{name}' is too much to be handed in: {why}.",
            where=str(folder),
            fix="At most {most} MB and {files} files are taken, and of a notebook {book} MB. Clear "
            "outputs (Edit > Clear Outputs of All Cells) or delete files, save, then submit again.",
            name=folder.name,
            why=why,
            most=most // 10**6,
            files=_MOST,
            book=NOTEBOOK_SIZE // 2**20,
        )


def copy_for_trainer(folder: Path, outgoing: Path, more: Mapping[str, Any]) -> Path:
    """Copy an assignment folder to ``outgoing/<its name>``, in place of the copy before.

    ``more`` are JSON files that go along, by name. The same is left behind as in
    ``take_snapshot``: a link would hand over whatever it points at.
    """
    target = outgoing / folder.name
    try:
        outgoing.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=outgoing, prefix=".incoming-") as scratch:
            copy = Path(scratch) / folder.name
            _copy(folder, copy)
            for name, value in more.items():
                write_json(copy / name, value)
            if target.exists():
                shutil.rmtree(target)
            copy.replace(target)
    except OSError as error:
        raise _not_copied(error, target) from None
    return target


def _not_copied(error: OSError, target: Path) -> GradingError:
    return GradingError(
        "Your work could not be copied for handing in: {reason}",
        where=str(error.filename or target),
        fix="Free some space or close the file, then submit again. Nothing was changed.",
        reason=error.strerror or error,
    )


def keep_earlier(previous: Path, history: Path, moment: datetime | None = None) -> None:
    """Move an earlier submission into ``history``, named by its time (UTC)."""
    history.mkdir(parents=True, exist_ok=True)
    moment = moment or datetime.fromtimestamp(previous.stat().st_mtime, UTC)
    place = history / moment.strftime("%Y%m%dT%H%M%S.%fZ")
    while place.exists():
        place = place.with_name(place.name + "-again")
    previous.replace(place)


def _copy(folder: Path, target: Path) -> None:
    target.mkdir()
    chosen, left = _chosen(folder)
    for name in chosen:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target / name)
    if left:
        (target / "left_behind.txt").write_text("\n".join(left) + "\n", encoding="utf-8")


def _chosen(folder: Path) -> tuple[dict[Path, int], list[str]]:
    """The bytes of each file that goes along, by its name below ``folder``; what stays behind."""
    chosen: dict[Path, int] = {}
    total, left = 0, []
    for path in sorted(_files(folder)):
        name, size = path.relative_to(folder), path.stat().st_size
        # the notebook is the work itself, which is never left behind
        if path.suffix != ".ipynb" and (size > FILE_LIMIT or total + size > FOLDER_LIMIT):
            left.append(f"{name.as_posix()} ({size} bytes)")
            continue
        total += size
        chosen[name] = size
    return chosen, left


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        if Path(root) == folder and FEEDBACK in folders:
            # what a trainer wrote is no part of the next submission
            folders.remove(FEEDBACK)
        for name in names:
            path = Path(root) / name
            # a link could point at anything on this machine
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield path
