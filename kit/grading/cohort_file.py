"""A cohort file (TOML): who takes part, when things are due, and what lateness costs.

``assignments/cohorts/example.toml`` documents the format. COURSE/cohorts/ is the home
of what nbgrader has no place for: team, manager, language, the rule about lateness.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from kit.content import load_units
from kit.errors import GradingError
from kit.i18n import mark, phrase
from kit.model import Part, Unit

EXAMPLE = "example.toml"
# a file of this name in the course directory: its learners are generated
SYNTHETIC_FILE = "SYNTHETIC"
# nbgrader makes folders, file names and glob patterns of it; "+" separates its parts
_ID = re.compile(r"[\w@][\w.@-]*")
_WRONG_ID = mark("An id is made of letters, digits, dot, @, hyphen and underscore, without spaces.")
_PROBLEMS = {
    "missing": mark("The key is missing."),
    "extra_forbidden": mark("This key is not known."),
}


def is_synthetic(root: Path) -> bool:
    """Whether the learners of the course directory are generated."""
    return (root / SYNTHETIC_FILE).is_file()


def valid_id(text: str) -> str:
    """A learner's or course's id as nbgrader can use it, NFC; ValueError otherwise.

    Letters of any script will do: Hangul goes through nbgrader unharmed.
    """
    # macOS hands out decomposed Hangul, and one name must be one folder
    name = unicodedata.normalize("NFC", text)
    if not _ID.fullmatch(name) or len(name) > 100:
        raise ValueError(_WRONG_ID)
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            mark("There is no such time zone; write one such as Asia/Seoul.")
        ) from None
    return name


def _known_unit(name: str) -> str:
    if name not in load_units():
        units = ", ".join(load_units())
        raise ValueError(phrase("There is no such unit; there are: {units}", units=units))
    return name


def _moment(value: object) -> object:
    # bool is an int, and an int would become a time in 1970
    if value is not None and not isinstance(value, date):
        raise ValueError(mark("Write a date, 2026-11-27, or a time, 2026-11-27T18:00:00."))
    return value


Id = Annotated[str, AfterValidator(valid_id)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=128)]
Due = Annotated[date | datetime | None, BeforeValidator(_moment)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Table(BaseModel):
    # a misspelt key would be a date that silently does not count
    model_config = ConfigDict(extra="forbid", frozen=True)


class LatePolicy(_Table):
    """``per_day`` of the points for each day begun after the due date, ``most`` at most."""

    per_day: Share
    most: Share = 1.0

    def penalty(self, score: float, seconds_late: float) -> float:
        """Points that lateness costs; 0 in time."""
        days = -(-max(seconds_late, 0.0) // 86400)
        return score * min(self.per_day * days, self.most)


class UnitDates(_Table):
    """Due dates of a unit's two assignments; None means no date."""

    unit: Annotated[str, AfterValidator(_known_unit)]
    practice_due: Due = None
    graded_due: Due = None


class Learner(_Table):
    """One person on the roster. ``id`` is their name in the gradebook.

    ``account`` is the system's, where it has another name than the id: nobody else may then
    hand in as this person.
    """

    id: Id
    name: Text = ""
    email: Text = ""
    team: Text = ""
    manager: Text = ""
    language: Literal["en", "ko"] | None = None
    account: Text = ""

    @property
    def first_and_last(self) -> tuple[str, str]:
        """As nbgrader keeps names. One written without a space, as in Korean, stays whole."""
        first, _, last = self.name.rpartition(" ")
        return first.strip(), last


class CohortFile(_Table):
    """A cohort as its file says it."""

    format_version: Literal[1] = 1
    id: Id
    title: Text = ""
    programme: Text = ""
    language: Literal["en", "ko"] = "en"
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    starts: date | None = None
    ends: date | None = None
    late: LatePolicy | None = None
    units: tuple[UnitDates, ...] = ()
    learners: tuple[Learner, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for name, ids in {
            "learners": [one.id for one in self.learners],
            "units": [one.unit for one in self.units],
        }.items():
            twice = [i for i, times in Counter(ids).items() if times > 1]
            if twice:
                names = ", ".join(twice[:5])
                raise ValueError(phrase("Twice in {table}: {names}", table=name, names=names))
        return self

    def due(self, unit: Unit, part: Part) -> datetime | None:
        """When an assignment is due, in UTC; a date alone means the end of that day."""
        dates = next((one for one in self.units if one.unit == unit.id), None)
        value = getattr(dates, f"{part.value}_due", None)
        if value is None:
            return None
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(23, 59, 59))
        if value.tzinfo is None:
            value = value.replace(tzinfo=ZoneInfo(self.timezone))
        return value.astimezone(UTC)

    def has(self, unit: Unit) -> bool:
        """Whether the file says anything about a unit's dates."""
        return any(one.unit == unit.id for one in self.units)


def read_cohort_file(path: Path) -> CohortFile:
    """A cohort file; GradingError names file, key and what is wanted."""
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise GradingError(
            "The cohort file cannot be read: {reason}",
            where=str(path),
            fix="Name an existing file: --cohort FILE",
            reason=error.strerror or error,
        ) from None
    except UnicodeDecodeError as error:
        raise GradingError(
            "The cohort file is not UTF-8 text from line {line} on; TOML must be.",
            where=str(path),
            fix="Save it as UTF-8: in Notepad, File > Save As > Encoding. Or: "
            "iconv -f CP949 -t UTF-8 {name} > utf8.toml",
            line=error.object.count(b"\n", 0, error.start) + 1,
            name=path.name,
        ) from None
    except ValueError as error:
        raise GradingError(
            "The cohort file is not valid TOML: {error}",
            where=str(path),
            fix="Save it as UTF-8 text and correct this place.",
            error=error,
        ) from None
    try:
        return CohortFile.model_validate(raw)
    except ValidationError as error:
        raise _wrong(path, error) from None


def _wrong(path: Path, error: ValidationError) -> GradingError:
    problem = error.errors()[0]
    key = ""
    for step in problem["loc"]:
        key += f"[{step}]" if isinstance(step, int) else f".{step}" if key else str(step)
    # our own words come as they were raised, so that they can be translated
    raised = problem.get("ctx", {}).get("error")
    ours = raised.args[0] if isinstance(raised, ValueError) and raised.args else problem["msg"]
    told = _PROBLEMS.get(problem["type"], ours)
    return GradingError(
        "The cohort file is wrong: {told}",
        where=f"{path}: {key}" if key else str(path),
        fix="Correct this key; cohorts/example.toml explains each one.",
        told=told,
    )


def course_cohorts(root: Path) -> list[CohortFile]:
    """All cohorts of a course directory, by file name; the example is none."""
    files = sorted((root / "cohorts").glob("*.toml"))
    return [_read_once(path, path.stat().st_mtime_ns) for path in files if path.name != EXAMPLE]


@lru_cache(maxsize=16)
def _read_once(path: Path, _changed: int) -> CohortFile:
    # asked for each submission that is graded, and a roster may hold thousands
    return read_cohort_file(path)


def roster_place(root: Path) -> Path:
    """The file that names a course's learners; the folder, where there are several or none."""
    files = [path for path in (root / "cohorts").glob("*.toml") if path.name != EXAMPLE]
    return files[0] if len(files) == 1 else root / "cohorts"


def roster(root: Path) -> dict[str, Learner]:
    """Everybody in the course's cohort files by id, each with their cohort's language."""
    return {
        one.id: one.model_copy(update={"language": one.language or cohort.language})
        for cohort in course_cohorts(root)
        for one in cohort.learners
    }


def zone_of(root: Path, learner: str) -> ZoneInfo | None:
    """The time zone of a learner's cohort; on no roster, the one that all cohorts share."""
    cohorts = course_cohorts(root)
    own = [c.timezone for c in cohorts if learner in {one.id for one in c.learners}]
    names = own[:1] or list({cohort.timezone for cohort in cohorts})
    return ZoneInfo(names[0]) if len(names) == 1 else None


def late_policies(root: Path) -> Callable[[str], LatePolicy | None]:
    """For each learner the rule about lateness that holds, None without one.

    Somebody on no roster meets the rule that all cohorts share. The files are read now.
    """
    cohorts = course_cohorts(root)
    # whoever is on two rosters meets the rule of the first
    own = {one.id: cohort.late for cohort in reversed(cohorts) for one in cohort.learners}
    rules = {cohort.late for cohort in cohorts}
    shared = next(iter(rules)) if len(rules) == 1 else None
    return lambda learner: own.get(learner, shared)


def late_policy(root: Path, learner: str) -> LatePolicy | None:
    """The rule about lateness that holds for one learner, None without one."""
    return late_policies(root)(learner)
