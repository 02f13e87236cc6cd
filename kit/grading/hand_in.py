"""A learner of a trainer's course hands in: through nbgrader's exchange, with a receipt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from kit.answers import ANSWERS, AnswerFile
from kit.errors import GradingError, HomeError
from kit.files import read_json, write_json
from kit.grading.course import quiet
from kit.grading.exchange import hand_over, handing, most_bytes
from kit.grading.full import fullest, is_full
from kit.grading.receipts import write_receipt
from kit.grading.snapshot import copy_for_trainer, prove_size
from kit.home import LearnerHome
from kit.i18n import mark
from kit.model import Attempt, Part, Unit
from kit.progress import ProgressLog
from kit.progress.due import released_due
from kit.progress.handin import FILE as PRACTICE
from kit.progress.handin import practice_summary
from kit.progress.log import now

REQUESTS = "regrade.json"
HANDED_IN = "handed in"


def hand_in_part(
    home: LearnerHome, unit: Unit, part: Part, moment: datetime | None = None
) -> dict[str, Any]:
    """Hand one part in to the trainer; returns its receipt, proved on what arrived.

    ``{"name", "part", "state": "handed in", "submitted_at", "receipt": sha256 over the names
    and contents of all that lies in the exchange, "due": UTC or None, "late_days": days begun
    since}``. GradingError when it did not arrive whole: then nothing of it is there;
    and when it is more than the trainer's side takes.
    """
    prove_size(home.assignment_folder(unit, part), most_bytes(home, unit.assignment(part)))
    attempts = ProgressLog(home.progress_file).read()
    more: dict[str, Any] = {PRACTICE: practice_summary(attempts, unit, home.language, now())}
    asked = _asked(home, unit)
    if part is Part.GRADED and asked:
        # a request that is not collected yet must not get lost behind newer work
        more[REQUESTS] = {"format": 1, "requests": asked}
    answers = AnswerFile(home.assignment_folder(unit, part) / ANSWERS)
    # damaged ones go along as they are: grading names them, and the work is handed in
    with suppress(HomeError):
        if answers.path.is_file():
            more[ANSWERS] = answers.for_trainer()
    with _room(home, unit), handing(home):
        folder = copy_for_trainer(home.assignment_folder(unit, part), _outgoing(home), more)
        row = _receipt(home, unit, part, folder, moment)
    return row | _lateness(home, row["name"], datetime.fromisoformat(row["submitted_at"]))


def _lateness(home: LearnerHome, assignment: str, moment: datetime) -> dict[str, Any]:
    """When an assignment was due, as it was released, and what that makes of ``moment``.

    The learner's own extension is the trainer's to know: it is in nothing released.
    """
    due = released_due(home.exchange or home.root, home.course, assignment)
    seconds = (moment - due).total_seconds() if due else 0.0
    return {
        "due": due.isoformat() if due else None,
        # as the cohort's rule about lateness counts them
        "late_days": max(math.ceil(seconds / 86400), 0),
    }


def ask_again(home: LearnerHome, unit: Unit, exercise: str, because: str) -> dict[str, Any]:
    """Ask the trainer to look at a grade again; returns the receipt.

    What goes along is the work as it was handed in last, so that asking is no new
    submission and never late.
    """
    folder = _outgoing(home) / unit.assignment(Part.GRADED)
    if not folder.is_dir():
        raise GradingError(
            "Nothing of '{unit}' was handed in from here, so there is no grade to ask about.",
            where=str(folder),
            fix="Hand in first: upskill submit {unit}",
            unit=unit.id,
        )
    request = {"unit": unit.id, "exercise": exercise, "because": because, "asked_at": now()}
    requests = [*_asked(home, unit), request]
    with _room(home, unit), handing(home):
        write_json(folder / REQUESTS, {"format": 1, "requests": requests})
        receipt = _receipt(home, unit, Part.GRADED, folder)
    _remember(home, unit, requests)
    record(home, unit, "ask", {"exercise": exercise})
    return receipt


@contextmanager
def _room(home: LearnerHome, unit: Unit) -> Iterator[None]:
    """A full disk is told as what it is, the learner's or the exchange's."""
    try:
        yield
    except (OSError, GradingError) as error:
        if not is_full(error):
            raise
        place = fullest([home.root, home.exchange or home.root])
        fix = mark("Your work is unchanged. Make room there, then: upskill submit {unit}")
        if place == home.exchange:
            fix = mark(
                "Your work is unchanged. Ask your trainer to make room there, "
                "then: upskill submit {unit}"
            )
        raise GradingError(
            "The disk is full: nothing was handed in.", where=str(place), fix=fix, unit=unit.id
        ) from error


def _outgoing(home: LearnerHome) -> Path:
    # one folder for each course: another course is another trainer
    return home.state / "outgoing" / home.course


def _requests_file(home: LearnerHome) -> Path:
    return home.state / "requests.json"


def _asked(home: LearnerHome, unit: Unit) -> list[dict[str, str]]:
    return list(read_json(_requests_file(home), {}).get(home.course, {}).get(unit.id, []))


def _remember(home: LearnerHome, unit: Unit, requests: list[dict[str, str]]) -> None:
    kept = read_json(_requests_file(home), {})
    of_course = {**kept.get(home.course, {}), unit.id: requests}
    write_json(_requests_file(home), {**kept, home.course: of_course})


def _receipt(
    home: LearnerHome, unit: Unit, part: Part, folder: Path, moment: datetime | None = None
) -> dict[str, Any]:
    assignment, receipt = unit.assignment(part), write_receipt(folder)
    handed = _through_exchange(home, folder, assignment, moment)
    return {
        "name": assignment,
        "part": part.value,
        "state": HANDED_IN,
        "submitted_at": handed.isoformat(timespec="milliseconds"),
        "receipt": receipt,
    }


def _through_exchange(
    home: LearnerHome, folder: Path, assignment: str, moment: datetime | None
) -> datetime:
    log_file = home.state / "exchange.log"
    try:
        with quiet(log_file) as log:
            try:
                return hand_over(home, folder, moment)
            except Exception:
                log.exception("Handing in failed")
                raise
    except GradingError:
        raise
    except Exception as error:
        raise GradingError(
            "'{assignment}' could not be handed in: {error}",
            where=str(home.exchange),
            fix="Your work is unchanged. Show this to your trainer, with {log}",
            assignment=assignment,
            error=error,
            log=str(log_file),
        ) from error


def record(home: LearnerHome, unit: Unit, event: str, data: dict[str, object]) -> None:
    """Note an event of the whole unit in the progress log."""
    ProgressLog(home.progress_file).append(
        Attempt(time=now(), event=event, unit=unit.id, version=unit.version, data=data)
    )


def hand_in_parts(
    home: LearnerHome, unit: Unit, parts: list[Part], progress: Callable[[str, int, int], None]
) -> list[dict[str, Any]]:
    """Hand in each part, noting it in the log as soon as it has arrived."""
    say, rows = home.translator(unit), []
    for number, part in enumerate(parts):
        assignment = unit.assignment(part)
        progress(say(mark("Handing in {name}"), name=assignment), number, len(parts))
        row = hand_in_part(home, unit, part)
        record(home, unit, "submit", {"assignment": assignment, "receipt": row["receipt"]})
        rows.append(row)
    return rows
