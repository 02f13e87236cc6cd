"""nbgrader's exchange from both sides: where it is, and nbgrader's own classes run on it."""

from __future__ import annotations

import contextlib
import copy
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import GradingError
from kit.files import read_json, write_json
from kit.grading.course import Course, nbgrader_config, only_one
from kit.home import LearnerHome
from kit.i18n import LANGUAGES, mark
from kit.identity import COURSE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kit.model import Unit

VARIABLE = "UPSKILL_EXCHANGE"
# beside nbgrader_config.py, whose call of configure() reads it for plain nbgrader too
KEPT = "exchange.json"
# everybody may put something in; only its owner, and the exchange's, may take it out
OPEN_TO_ALL = 0o1777
_looking = False


def exchange_root(course: Course) -> Path:
    """The exchange's folder.

    It is nbgrader's setting; else what the course has kept; else UPSKILL_EXCHANGE; else
    nbgrader's usual folder if it is there; else COURSE/exchange. Before the first release
    UPSKILL_EXCHANGE comes before what is kept: nothing lies there yet.
    """
    told = course.config.Exchange.get("root")
    return _folder(told) if told else _unset(course.root, course.config)


def exchange_of(folder: Path) -> Path:
    """The exchange of a course whose own configuration names none; as ``exchange_root``."""
    global _looking
    if _looking:
        # a machine-wide file that calls configure() itself would come here for ever
        return folder / "exchange"
    _looking = True
    try:
        return _unset(folder, nbgrader_config(None))
    finally:
        _looking = False


def _unset(folder: Path, config: Any) -> Path:
    kept, released = _kept(folder)
    if kept and (released or not os.environ.get(VARIABLE)):
        return kept
    return _shared_root(config) or folder / "exchange"


def _kept(folder: Path) -> tuple[Path | None, bool]:
    """The exchange that a course has kept, and whether something was released into it."""
    try:
        found = read_json(folder / KEPT, {})
        named = found.get("folder")
        # one that lies in the course moves with it
        return (folder / named if named else None), bool(found.get("released"))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise GradingError(
            "The course's note of its exchange is damaged: {error}",
            where=str(folder / KEPT),
            fix="Delete this file; then: UPSKILL_EXCHANGE=DIR upskill course {course}",
            error=error,
            course=folder,
        ) from None


def keep_exchange(course: Course, *, released: bool = False) -> None:
    """Note the exchange with the course, so that later commands need no UPSKILL_EXCHANGE.

    Without ``released`` only what UPSKILL_EXCHANGE names is noted, and nothing once
    something was released.
    """
    if not released and (_kept(course.root)[1] or not os.environ.get(VARIABLE)):
        return
    place = exchange_root(course)
    # an earlier version of the kit, or plain nbgrader, may have released and noted nothing
    released = released or (place / course.course_id / "outbound").is_dir()
    inside = place.is_relative_to(course.root)
    named = place.relative_to(course.root).as_posix() if inside else str(place)
    value = {"format": 1, "folder": named, "released": released}
    if read_json(course.root / KEPT) != value:
        write_json(course.root / KEPT, value)


def prove_exchange(course: Course) -> None:
    """GradingError when the exchange has moved, or UPSKILL_EXCHANGE names another one.

    Going on would make a second exchange, and what was handed in would lie in the first.
    """
    kept, released = _kept(course.root)
    if kept is None or not released or kept != exchange_root(course):
        return
    told = os.environ.get(VARIABLE)
    if told and _folder(told) != kept.resolve():
        raise GradingError(
            "UPSKILL_EXCHANGE names {other}, and this course was released into {kept}.",
            where=str(course.root / KEPT),
            fix="To go on with the course's: unset UPSKILL_EXCHANGE. If the exchange has moved "
            "there, delete this file; then: upskill course {course}",
            other=_folder(told),
            kept=kept,
            course=course.root,
        )
    if not kept.is_dir():
        raise GradingError(
            "The course's exchange folder is not there any more; perhaps it has moved.",
            where=str(kept),
            fix="Put it back. If it has moved, delete {note}; then: "
            "UPSKILL_EXCHANGE=DIR upskill course {course}",
            note=course.root / KEPT,
            course=course.root,
        )


def learner_exchange(named: Path | None = None) -> Path:
    """A learner's exchange: named by them, or as ``exchange_root``; GradingError without."""
    root = named.expanduser().resolve() if named else _shared_root(nbgrader_config(None))
    if root is None:
        raise GradingError(
            "No exchange folder is known on this machine.",
            fix="Ask your trainer for it: upskill join COURSE --exchange DIR",
        )
    return root


def _shared_root(config: Any) -> Path | None:
    told = config.Exchange.get("root") or os.environ.get(VARIABLE)
    if told:
        return _folder(told)
    from nbgrader.exchange.default import Exchange

    usual = Path(Exchange.root.default_value)
    return usual if usual.is_dir() else None


def _folder(told: object) -> Path:
    return Path(str(told)).expanduser().resolve()


def make_exchange(course: Course) -> Path:
    """Make the exchange's folder if it is not there, and see that it can be written.

    GradingError when the course was released into another one.
    """
    prove_exchange(course)
    root = exchange_root(course)
    try:
        if not root.is_dir():
            root.mkdir(parents=True)
            root.chmod(OPEN_TO_ALL)
        (root / course.course_id).mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        raise _unwritable(root, error.strerror or str(error)) from None
    if not os.access(root, os.W_OK | os.X_OK):
        raise _unwritable(root, os.strerror(13))
    return root


def _unwritable(root: Path, reason: str) -> GradingError:
    return GradingError(
        "The exchange folder cannot be written: {reason}",
        where=str(root),
        fix="Have it made with mode 1777, or name another: UPSKILL_EXCHANGE=DIR",
        reason=reason,
    )


def transfer(
    course: Course, action: str, assignment: str, learner: str = "*", **traits: Any
) -> Any:
    """Run an exchange class (``ReleaseAssignment``, ``Collect``, ...) as NbGraderAPI does.

    Call it inside ``course.at_work``. ``traits`` are set on the class's instance, which
    is returned. A course with an exchange of another kind gets its own classes.
    """
    config = copy.deepcopy(course.config)
    if "root" not in config.Exchange:
        config.Exchange.root = str(exchange_root(course))
    return _run(config, course.directory(assignment, learner), action, traits)


def handing_note(home: LearnerHome) -> Path:
    """Where a hand-in notes what is under way, for ``kit.grading.whole.settle``."""
    return home.state / "handing_in.json"


@contextlib.contextmanager
def handing(home: LearnerHome) -> Iterator[None]:
    """Hand in alone: a click in the page and a command must not clear up after each other."""
    busy = mark("Another hand-in of this home is under way: {error}")
    with only_one(home.state / "handing_in.db", busy, mark("Wait until it is done.")):
        yield


def most_bytes(home: LearnerHome, assignment: str) -> int:
    """How much may be handed in: the course's setting as it was released, or nbgrader's."""
    from nbgrader.coursedir import CourseDirectory

    place = (home.exchange or home.root) / home.course / "outbound" / assignment / COURSE_FILE
    # what anybody may have written there stops nobody
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
        return int(read_json(place, {})["most_bytes"])
    return 1000 * int(CourseDirectory.max_dir_size.default_value)


def hand_over(home: LearnerHome, folder: Path, moment: datetime | None = None) -> datetime:
    """Hand ``folder``, named as the assignment, in to the home's course; returns its time (UTC).

    Call it inside ``handing``. The exchange holds all of it afterwards, or nothing of it.
    ``moment`` (UTC) is for demonstrations, which have a calendar of their own.
    """
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import parse_utc

    from kit.grading.whole import settle, use_whole

    settle(handing_note(home))
    config = copy.deepcopy(nbgrader_config(None))
    use_whole(config, handing_note(home))
    config.CourseDirectory.course_id = home.course
    # with what the kit and nbgrader add; who collects counts once more
    config.CourseDirectory.max_dir_size = most_bytes(home, folder.name) // 1000 + 10_000
    config.Exchange.root = str(home.exchange)
    config.Exchange.assignment_dir = str(folder.parent)
    if moment is not None:
        # without a % in it the format is the time itself
        config.Exchange.timestamp_format = moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        # and nothing of it belongs into the cache of who plays it
        config.Exchange.cache = str(home.state / "nbgrader_cache")
    directory = CourseDirectory(config=config, assignment_id=folder.name, student_id=home.learner)
    done = _run(config, directory, "Submit", {})
    handed: datetime = parse_utc(done.timestamp).replace(tzinfo=UTC)
    return handed


def _run(config: Any, directory: Any, action: str, traits: dict[str, Any]) -> Any:
    from nbgrader.auth import Authenticator
    from nbgrader.exchange import ExchangeFactory

    # the factory makes its classes with itself as parent, so that they share its settings
    factory = ExchangeFactory(config=config)
    runner = getattr(factory, action)(
        coursedir=directory, authenticator=Authenticator(config=config)
    )
    for name, value in traits.items():
        setattr(runner, name, value)
    runner.start()
    return runner


def course_language(root: Path, course: str, units: Iterable[Unit]) -> str:
    """The language that a released assignment of the course names, "" when none does."""
    from kit.model import Part

    for unit in units:
        for part in Part:
            place = root / course / "outbound" / unit.assignment(part) / COURSE_FILE
            # what anybody may have written there stops nobody from joining
            with contextlib.suppress(OSError, ValueError, AttributeError):
                told = read_json(place, {}).get("language")
                if told in LANGUAGES:
                    return str(told)
    return ""


def prove_course(root: Path, course: str, units: Iterable[Unit]) -> None:
    """GradingError unless the exchange holds a released assignment of the course."""
    from kit.model import Part

    outbound = root / course / "outbound"
    if any((outbound / unit.assignment(part)).is_dir() for unit in units for part in Part):
        return
    if not root.is_dir():
        raise GradingError(
            "The exchange folder is not there.",
            where=str(root),
            fix="Ask your trainer for its path: upskill join {course} --exchange DIR",
            course=course,
        )
    others = sorted(p.parent.name for p in root.glob("*/outbound") if any(p.iterdir()))
    raise GradingError(
        "The exchange holds nothing of the course '{course}'. Courses in it: {others}",
        where=str(root),
        fix="Check the course's name with your trainer, and whether a unit was released.",
        course=course,
        others=", ".join(others) or "-",
    )
