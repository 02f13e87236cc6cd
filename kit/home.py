"""The learner's home: where notebooks, progress and artefacts lie, and how it is made.

    HOME/
        rightsizing-practice/workbook.ipynb    practise (an nbgrader assignment)
        rightsizing/assignment.ipynb           hand in  (an nbgrader assignment)
        live/rightsizing.ipynb                 own data; never submitted
        artefacts/rightsizing/                 what goes to work
        .upskill/                              settings, progress, gradebook

Making a home never overwrites a notebook; only its prose follows the language.
"""

from __future__ import annotations

import getpass
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from kit.content import content_root, find_unit, load_units
from kit.errors import HomeError
from kit.files import read_json, write_json
from kit.i18n import Translator, resolve_language
from kit.model import Part, Unit
from kit.notebooks import (
    Notebook,
    dump_notebook,
    read_notebook,
    refresh_prose,
    told,
    translated,
    write_notebook,
)

STATE = ".upskill"
OWN_COURSE = "self"


@dataclass(frozen=True)
class LearnerHome:
    """Paths and settings of one learner's home. Make one with ``open_home``.

    ``exchange`` is the folder shared with a trainer; None for a self-learner.
    ``language_chosen``: the learner has asked for ``language``; a course's may not replace it.
    """

    root: Path
    learner: str
    course: str
    language: str
    exchange: Path | None = None
    language_chosen: bool = False

    @property
    def joined(self) -> bool:
        """Whether a trainer grades what is handed in here."""
        return self.exchange is not None

    @property
    def state(self) -> Path:
        """Folder of the kit's own files."""
        return self.root / STATE

    @property
    def progress_file(self) -> Path:
        """The append-only progress log."""
        return self.state / "progress.jsonl"

    def assignment_folder(self, unit: Unit, part: Part) -> Path:
        """Folder that nbgrader knows as the assignment."""
        return self.root / unit.assignment(part)

    def notebook(self, unit: Unit, part: Part) -> Path:
        """The learner's notebook of one part."""
        return self.assignment_folder(unit, part) / notebook_name(part)

    def live_notebook(self, unit: Unit) -> Path:
        """The notebook for the learner's own data."""
        return self.root / "live" / f"{unit.id}.ipynb"

    def base_notebook(self, unit: Unit, part: Part | None) -> Path:
        """What the learner was given as this notebook: an update compares with it."""
        return self.state / "base" / unit.id / f"{part or 'live'}.ipynb"

    def preview_notebook(self, unit: Unit, part: Part | None) -> Path:
        """What a preview has built for this home alone; no other home has one."""
        return self.state / "content" / unit.id / f"{part or 'live'}.ipynb"

    def content_notebook(self, unit: Unit, part: Part | None) -> Path:
        """What this home's notebook is made of: as shipped, in a preview as it was built for it."""
        built = self.preview_notebook(unit, part)
        return built if built.is_file() else content_notebook(unit, part)

    def artefacts(self, unit: Unit) -> Path:
        """Folder for the unit's work products."""
        return self.root / "artefacts" / unit.id

    def translator(self, unit: Unit) -> Translator:
        """Messages of the unit in this home's language."""
        return Translator(self.language, unit.folder / "locale")


def notebook_name(part: Part) -> str:
    """File name of a part's notebook; nbgrader keys its gradebook by it."""
    return "workbook.ipynb" if part is Part.PRACTICE else "assignment.ipynb"


def default_root() -> Path:
    """``UPSKILL_HOME``, else ``~/upskill``."""
    named = os.environ.get("UPSKILL_HOME")
    return Path(named).expanduser() if named else Path.home() / "upskill"


def default_learner() -> str:
    """The hub's user, else the operating system's, as letters nbgrader accepts."""
    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (OSError, KeyError):
        # a container may run under a user id that has no name
        name = "learner"
    return re.sub(r"[^\w.@-]", "-", name) or "learner"


def find_root(start: Path | None = None) -> Path:
    """The home that ``start`` (default: the working directory) lies in, else the default."""
    return enclosing_root(start or Path.cwd()) or default_root()


def enclosing_root(start: Path) -> Path | None:
    """The home that ``start`` lies in, or None."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / STATE / "home.json").is_file():
            return folder
    return None


def open_home(root: Path | None = None, language: str | None = None) -> LearnerHome:
    """Settings of an existing home, or the defaults for one that is not made yet.

    ``language`` None keeps the home's own, and the locale's for a new one; another value
    counts as the learner's choice.
    """
    base = (root or find_root()).expanduser().resolve()
    settings_file = base / STATE / "home.json"
    try:
        settings = read_json(settings_file, {})
    except ValueError as error:
        raise HomeError(
            "The home's settings are damaged: {error}",
            where=str(settings_file),
            fix="Delete this file and run: upskill start",
            error=error,
        ) from None
    except OSError as error:
        raise HomeError(
            "The home cannot be read: {reason}",
            where=str(settings_file),
            fix="Choose another folder: upskill start --home DIR",
            reason=error.strerror or error,
        ) from None
    return LearnerHome(
        root=base,
        learner=settings.get("learner") or default_learner(),
        course=settings.get("course") or os.environ.get("UPSKILL_COURSE") or OWN_COURSE,
        language=resolve_language(language or settings.get("language")),
        exchange=Path(settings["exchange"]) if settings.get("exchange") else None,
        language_chosen=bool(language or settings.get("language_chosen")),
    )


def content_notebook(unit: Unit, part: Part | None) -> Path:
    """The unit's notebook as shipped: practice, graded, or (None) the live one."""
    if part is None:
        return unit.folder / "live.ipynb"
    if part is Part.PRACTICE:
        return unit.folder / "workbook.ipynb"
    return content_root() / "assignments" / "source" / unit.id / "assignment.ipynb"


def starter(home: LearnerHome, unit: Unit, part: Part | None) -> Notebook:
    """A fresh notebook in the home's language."""
    return translated(read_notebook(home.content_notebook(unit, part)), home.translator(unit))


def make_home(home: LearnerHome) -> list[Path]:
    """Create what is missing and bring prose to the home's language; answers stay.

    Returns the notebooks that were written. Damaged ones are left as they are, see
    ``damaged_notebooks``. Raises HomeError when not writable.
    """
    try:
        home.state.mkdir(parents=True, exist_ok=True)
        settings = {
            "learner": home.learner,
            "course": _course_of(home),
            "language": home.language,
            "language_chosen": home.language_chosen,
        }
        if home.exchange is not None:
            settings["exchange"] = str(home.exchange)
        write_json(home.state / "home.json", {"format": 1, **settings})
        written = []
        for unit in load_units().values():
            for part in (Part.PRACTICE, Part.GRADED, None):
                path = home.notebook(unit, part) if part else home.live_notebook(unit)
                there = home.content_notebook(unit, part).is_file()
                if there and _place(home, unit, part, path):
                    written.append(path)
    except OSError as error:
        raise HomeError(
            "The home cannot be written: {reason}",
            where=str(error.filename or home.root),
            fix="Choose another folder: upskill start --home DIR",
            reason=error.strerror or error,
        ) from None
    return written


def damaged_notebooks(home: LearnerHome, unit: Unit | None = None) -> list[HomeError]:
    """For each notebook of the home that cannot be read: what it is, where, what to do.

    Those of one unit only if one is given.
    """
    found = []
    for one in [unit] if unit else load_units().values():
        for path in (*(home.notebook(one, part) for part in Part), home.live_notebook(one)):
            try:
                if path.exists():
                    read_notebook(path)
            except HomeError as error:
                found.append(error)
    return found


def _course_of(home: LearnerHome) -> str:
    """A self-learner's course gets a name of its own when the home is made.

    The course is part of every seed: people who share a login, as on a company's
    image, still get cases that differ.
    """
    if home.course != OWN_COURSE or home.joined or (home.state / "home.json").is_file():
        return home.course
    return f"{OWN_COURSE}-{secrets.token_hex(4)}"


def _place(home: LearnerHome, unit: Unit, part: Part | None, path: Path) -> bool:
    fresh = starter(home, unit, part)
    try:
        mine = read_notebook(path) if path.exists() else None
    except HomeError:
        # one that is damaged keeps nobody from the others
        return False
    # first, so that no notebook is ever without it; a kill here leaves one too many
    _remember(home, unit, part, mine, fresh)
    if mine is not None:
        # the text of another version is an update's to bring, which says what it changes
        if told(mine, "language") == home.language or _is_older(mine, fresh):
            return False
        fresh = refresh_prose(mine, fresh)
        if dump_notebook(fresh) == dump_notebook(mine):
            return False
    write_notebook(path, fresh)
    return True


def _remember(
    home: LearnerHome, unit: Unit, part: Part | None, mine: Notebook | None, fresh: Notebook
) -> None:
    """Keep what is given to the learner; of a notebook that is there, what they were given."""
    path = home.base_notebook(unit, part)
    if mine is None:
        write_notebook(path, fresh)
        return
    try:
        base = read_notebook(path)
    except HomeError:
        # a home from before there were updates: known if it holds this very version
        if not _is_older(mine, fresh):
            write_notebook(path, fresh)
        return
    if told(base, "language") != home.language and not _is_older(base, fresh):
        write_notebook(path, refresh_prose(base, fresh))


def _is_older(mine: Notebook, fresh: Notebook) -> bool:
    return told(mine, "version") != told(fresh, "version")


def unit_from_folder(folder: Path) -> tuple[Unit, Part] | None:
    """Which unit and part an assignment folder's name means, or None."""
    name = folder.name
    part = Part.PRACTICE if name.endswith("-practice") else Part.GRADED
    unit_id = name.removesuffix("-practice")
    return (find_unit(unit_id), part) if unit_id in load_units() else None
