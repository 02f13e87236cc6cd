"""When a trainer's assignments are due: as the released course says, kept in the learner's home.

A home is asked for its dates whenever its page is drawn, and a course's folder may lie on a
share that sleeps. So joining, fetching and handing in keep what the exchange says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kit.files import read_json, write_json
from kit.home import LearnerHome
from kit.identity import COURSE_FILE
from kit.model import Part, Unit

FILE = "due.json"


def released_due(exchange: Path, course: str, assignment: str) -> datetime | None:
    """When an assignment is due for everybody, in UTC; None without a date or a release."""
    place = exchange / course / "outbound" / assignment / COURSE_FILE
    # whatever somebody may have written there stops nobody
    with suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
        return datetime.fromisoformat(read_json(place, {})["due"]).astimezone(UTC)
    return None


def keep_due(
    home: LearnerHome, units: Iterable[Unit], extensions: Mapping[str, float] | None = None
) -> bool:
    """Bring the home's dates up to what the exchange says; whether any is new.

    ``extensions`` maps an assignment to the seconds that a trainer gave this learner; the
    others stay as they are known.
    """
    if home.exchange is None or not (home.exchange / home.course).is_dir():
        return False
    kept = _kept(home)
    known = {**kept.get("extensions", {}), **(extensions or {})}
    due = {}
    for name in (unit.assignment(part) for unit in units for part in Part if unit.of(part)):
        told = released_due(home.exchange, home.course, name)
        if told is not None:
            due[name] = told.isoformat()
    said = {"format": 1, "course": home.course, "due": due, "extensions": known}
    if said == kept or not (due or kept):
        return False
    write_json(_file(home), said)
    return True


def read_due(home: LearnerHome, assignment: str) -> datetime | None:
    """When an assignment is due for this learner, in UTC, a known extension included."""
    kept = _kept(home)
    with suppress(ValueError, TypeError, LookupError, AttributeError):
        told = datetime.fromisoformat(kept["due"][assignment]).astimezone(UTC)
        return told + timedelta(seconds=kept["extensions"].get(assignment, 0))
    return None


def _file(home: LearnerHome) -> Path:
    return home.state / FILE


def _kept(home: LearnerHome) -> dict[str, Any]:
    # dates of another course, or of none, are nobody's
    with suppress(OSError, ValueError):
        told = read_json(_file(home), {})
        if isinstance(told, dict) and home.joined and told.get("course") == home.course:
            return told
    return {}
