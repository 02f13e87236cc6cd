"""Take a proved export into a home: nothing is lost on either side, and twice is once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kit.artefacts.keep import write_kept
from kit.errors import HomeError
from kit.files import write_bytes
from kit.home import LearnerHome, make_home
from kit.moving.answers import merged_answers
from kit.moving.bundle import Bundle
from kit.moving.notebooks import merged_notebook, touched
from kit.moving.places import LOG, Place, place_of
from kit.notebooks import IsOpen, refuse_open
from kit.progress import ProgressLog
from kit.progress.log import now, parse_log

NEW, SAME, TAKEN, MINE, BOTH = "new", "same", "taken", "mine", "both"
COPIED, UNKNOWN = "copied", "unknown"
WRITING = (NEW, TAKEN, BOTH, COPIED)


@dataclass(frozen=True)
class Change:
    """What becomes of one file. ``data`` is what is written, None for nothing.

    ``kind``: ``new`` here, the ``same``, ``taken`` because untouched here, ``mine`` stays
    because untouched there, ``both`` are in the result, ``copied``: theirs is written and
    mine kept beside it, ``unknown``: its unit is not installed here.
    """

    name: str
    kind: str
    place: Place | None = None
    data: bytes | None = None


@dataclass(frozen=True)
class Plan:
    """What an import would do. ``attempts`` counts the events that are new here.

    ``takes_over`` says that the home becomes that learner's, in that course.
    """

    home: LearnerHome
    bundle: Bundle
    changes: tuple[Change, ...]
    attempts: int
    takes_over: bool

    @property
    def writing(self) -> tuple[Change, ...]:
        """The changes that write a file."""
        return tuple(change for change in self.changes if change.kind in WRITING)


def plan_import(home: LearnerHome, bundle: Bundle, *, progress_only: bool = False) -> Plan:
    """Compare an export with a home; writes nothing.

    HomeError when the two belong to different cases: another learner or course draws other
    data, and answers made for one would be wrong on the other. ``progress_only`` goes then.
    """
    same = (bundle.learner, bundle.course) == (home.learner, home.course)
    takes_over = not same and not progress_only and _is_fresh(home)
    if not (same or takes_over or progress_only):
        raise HomeError(
            "The export holds another case: it is by {learner} in {course}, and this home by "
            "{my_learner} in {my_course}.",
            where=str(home.root),
            fix="Take it into an empty home: upskill import FILE.zip --home DIR. "
            "The progress alone: --progress-only",
            learner=bundle.learner,
            course=bundle.course,
            my_learner=home.learner,
            my_course=home.course,
        )
    target = _as_theirs(home, bundle) if takes_over else home
    changes = () if progress_only else tuple(_changes(target, bundle))
    known = {record.id for record in ProgressLog(home.progress_file).records()}
    arriving = {record.id for record in parse_log(bundle.files.get(LOG, b""))}
    return Plan(target, bundle, changes, len(arriving - known), takes_over)


def _is_fresh(home: LearnerHome) -> bool:
    if home.joined or ProgressLog(home.progress_file).records():
        return False
    return not touched(home)


def _as_theirs(home: LearnerHome, bundle: Bundle) -> LearnerHome:
    return replace(home, learner=bundle.learner, course=bundle.course)


def _changes(home: LearnerHome, bundle: Bundle) -> Iterator[Change]:
    """The notebooks come before what was given as them, which goes with each."""
    arrived = set()
    for name, theirs in sorted(bundle.files.items(), key=lambda item: item[0].startswith("base/")):
        place = place_of(home, name)
        if name == LOG:
            continue
        if place is None:
            yield Change(name, UNKNOWN)
        elif name.startswith("base/"):
            yield _change_of_base(name, place, theirs, goes_along=place.path in arrived)
        else:
            change = _change(home, bundle, name, place, theirs)
            if place.notebook and change.kind in (NEW, TAKEN, SAME):
                arrived.add(home.base_notebook(*place.notebook))
            yield change


def _change_of_base(name: str, place: Place, theirs: bytes, *, goes_along: bool) -> Change:
    if place.path.is_file() and place.path.read_bytes() == theirs:
        return Change(name, SAME, place)
    # what this home was given is what its own notebooks are compared with
    return Change(name, TAKEN, place, theirs) if goes_along else Change(name, MINE, place)


def _change(home: LearnerHome, bundle: Bundle, name: str, place: Place, theirs: bytes) -> Change:
    if not place.path.exists():
        return Change(name, NEW, place, theirs)
    if place.path.read_bytes() == theirs:
        return Change(name, SAME, place)
    if place.notebook is not None:
        kind, data = merged_notebook(home, bundle, place.notebook, theirs)
    elif place.answers:
        kind, data = merged_answers(place.path, theirs)
    else:
        kind, data = COPIED, theirs
    return Change(name, kind, place, data)


def apply_import(plan: Plan, is_open: IsOpen) -> list[Path]:
    """Do what the plan says; returns the copies of files that were kept beside new ones.

    HomeError before anything is written when a notebook that would change is open. Each
    file is replaced at once, the log last: after a crash the same import finishes the work.
    """
    home = plan.home
    paths = [_path(change) for change in plan.writing]
    refuse_open([path for path in paths if path.suffix == ".ipynb"], is_open)
    if plan.takes_over or not (home.state / "home.json").is_file():
        make_home(home)
    try:
        copies = _write(plan)
    except OSError as error:
        raise HomeError(
            "The home cannot be written: {reason}",
            where=str(error.filename or home.root),
            fix="Make room or make it writable, then import again: nothing is taken in twice.",
            reason=error.strerror or error,
        ) from None
    log = ProgressLog(home.progress_file)
    log.take_in(parse_log(plan.bundle.files.get(LOG, b"")), made_at=plan.bundle.manifest["made_at"])
    return copies


def _path(change: Change) -> Path:
    if change.place is None:
        raise ValueError(change.name)
    return change.place.path


def _write(plan: Plan) -> list[Path]:
    copies = []
    before = plan.home.state / "moved" / now().replace(":", "-").partition("+")[0]
    # what was given comes before the notebook that goes with it, should the power go in between
    for change in sorted(plan.writing, key=lambda c: not c.name.startswith("base/")):
        path, data = _path(change), change.data or b""
        if change.kind == COPIED:
            copy = write_kept(path, data)
            copies += [copy] if copy else []
            continue
        if change.kind != NEW:
            # the way back by hand; kept as long as other backups
            write_bytes(before / change.name, path.read_bytes())
        if change.kind == BOTH and change.place and change.place.answers:
            write_bytes(before / f"theirs/{change.name}", plan.bundle.files[change.name])
        write_bytes(path, data)
    return copies
