"""Which files of a home travel, and under which names.

    progress.jsonl                      the log
    units/UNIT/practice/...             the assignment folders: notebook, answers, files
    units/UNIT/graded/...
    units/UNIT/live.ipynb               the notebook for own data
    artefacts/...                       work products
    base/UNIT/...                       what was given, for updates
    inbox/...                           exports, only when asked for

Everything else stays: keys, gradebook, the way to a trainer's exchange, Lab's settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.answers import ANSWERS
from kit.content import load_units
from kit.home import LearnerHome, notebook_name
from kit.model import Part, Unit

LOG = "progress.jsonl"
INBOX = "inbox"
# the trainer's: fetched anew where the learner joins
_NOT_MINE = ("course.json", "feedback")


@dataclass(frozen=True)
class Place:
    """Where one name of a bundle belongs. ``notebook`` is the unit and part of a notebook."""

    path: Path
    notebook: tuple[Unit, Part | None] | None = None
    answers: bool = False


def travelling(home: LearnerHome, *, with_inbox: bool) -> dict[str, Path]:
    """Name in the bundle → file, of all that there is; links and hidden files stay."""
    found = {LOG: home.progress_file} if home.progress_file.is_file() else {}
    for unit in load_units().values():
        for part in Part:
            found |= _below(f"units/{unit.id}/{part.value}", home.assignment_folder(unit, part))
        live = home.live_notebook(unit)
        if live.is_file() and not live.is_symlink():
            found[f"units/{unit.id}/live.ipynb"] = live
    found |= _below("artefacts", home.root / "artefacts")
    found |= _below("base", home.state / "base")
    if with_inbox:
        found |= _below(INBOX, home.root / INBOX)
    return found


def _below(prefix: str, folder: Path) -> dict[str, Path]:
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}": path
        for path in _plain_files(folder)
        if path.relative_to(folder).parts[0] not in _NOT_MINE
    }


def _plain_files(folder: Path) -> Iterator[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        # a link would put somebody else's file into the bundle
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _plain_files(path)
        elif path.is_file():
            yield path


def place_of(home: LearnerHome, name: str) -> Place | None:
    """Where a name of a bundle belongs in this home; None when it has no place here.

    The name must have been proved to be plain: no absolute path, no ``..``.
    """
    match name.split("/"):
        case ["artefacts", *rest] if rest:
            return Place(home.root.joinpath("artefacts", *rest))
        case ["base", *rest] if rest:
            return Place(home.state.joinpath("base", *rest))
        case ["inbox", *rest] if rest:
            return Place(home.root.joinpath(INBOX, *rest))
        case ["units", unit_id, *rest] if rest and unit_id in load_units():
            return _in_unit(home, load_units()[unit_id], rest)
    return None


def _in_unit(home: LearnerHome, unit: Unit, rest: list[str]) -> Place | None:
    if rest == ["live.ipynb"]:
        return Place(home.live_notebook(unit), notebook=(unit, None))
    if len(rest) < 2 or rest[0] not in {part.value for part in Part} or rest[1] in _NOT_MINE:
        return None
    part = Part(rest[0])
    return Place(
        home.assignment_folder(unit, part).joinpath(*rest[1:]),
        notebook=(unit, part) if rest[1:] == [notebook_name(part)] else None,
        answers=rest[1:] == [ANSWERS],
    )
