"""What handing in and quick findings left under ``HOME/.upskill/results/``: read, never graded.

Another process writes ``UNIT.json`` (``upskill submit``); the home page and ``upskill
status`` read it. A missing or damaged file reads as "nothing yet".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from kit.files import read_json
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.server.inbox import free_path

T = TypeVar("T")
# a cell's outcome as a trainer's feedback tells it
TO_JUDGE = "to_rate"


@dataclass(frozen=True)
class CellResult:
    """One graded cell. ``rated`` is the learner's own rubric level, 0 to 3, or None.

    ``asked`` holds what the trainer's feedback tells of requests to look at it again:
    ``because``, ``state`` and ``answer``, each.
    """

    exercise: str
    title: str
    points: float
    max_points: float
    manual: bool
    rated: int | None
    outcome: str
    message: str
    asked: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Request:
    """A request to look at a grade again (``upskill ask``).

    ``state`` is open, answered, or sent: newer work lies with the trainer, and nothing here
    tells whether the request was answered before. ``asked_at`` is "" where the home has lost
    it, ``answered_at`` where nobody has answered.
    """

    exercise: str
    because: str
    asked_at: str
    state: str
    answer: str = ""
    answered_at: str = ""


@dataclass(frozen=True)
class FeedbackPage:
    """A trainer's feedback on one submission; ``page`` is relative to the home.

    ``failure`` says why it could not be graded, "" when it could.
    """

    page: str
    submitted_at: str
    score: float
    max_score: float
    failure: str = ""


@dataclass(frozen=True)
class AssignmentResult:
    """One assignment that was handed in. Scores are nbgrader's points.

    ``waiting``: it lies with a trainer and has no grade yet; ``receipt`` is then the
    sha256 over all that arrived. ``feedback`` is a trainer's, newest first. ``failure``
    says why the newest could not be graded: it is to be handed in again.
    """

    name: str
    part: str
    submitted_at: str
    score: float
    max_score: float
    cells: tuple[CellResult, ...]
    waiting: bool = False
    receipt: str = ""
    penalty: float = 0.0
    feedback: tuple[FeedbackPage, ...] = ()
    failure: str = ""

    @property
    def by_trainer(self) -> bool:
        """Whether the score is a trainer's, and so verified."""
        return bool(self.feedback) and not (self.waiting or self.failure)

    @property
    def to_judge(self) -> int:
        """Exercises of graded work that wait for the trainer's judgement."""
        return sum(c.outcome == TO_JUDGE for c in self.cells) if self.by_trainer else 0


@dataclass(frozen=True)
class UnitResult:
    """Everything handed in for one unit; shares are 0 to 1, ``verified`` is a trainer's word."""

    assignments: tuple[AssignmentResult, ...]
    not_ready: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    practised_share: float
    graded_share: float | None
    complete: bool
    missing: tuple[str, ...]
    verified: bool

    def submitted(self, part: str) -> bool:
        """Whether an assignment of this part was handed in."""
        return any(a.part == part for a in self.assignments)

    @property
    def waiting(self) -> bool:
        """Whether the graded assignment, or an exercise of it, lies with a trainer."""
        return any((a.waiting or a.to_judge) and a.part == Part.GRADED for a in self.assignments)

    @property
    def failed(self) -> bool:
        """Whether something could not be graded and is to be handed in again."""
        return any(a.failure for a in self.assignments)

    @property
    def by_trainer(self) -> bool:
        """Whether a trainer has graded any of it."""
        return any(a.by_trainer for a in self.assignments)

    @property
    def manual(self) -> tuple[CellResult, ...]:
        """Cells that the learner rates by the rubric, where no trainer does."""
        own = (a for a in self.assignments if not a.by_trainer)
        return tuple(c for a in own for c in a.cells if c.manual)

    @property
    def to_rate(self) -> tuple[CellResult, ...]:
        """Manual cells that the learner has not rated yet."""
        return tuple(c for c in self.manual if c.rated is None)


@dataclass(frozen=True)
class Finding:
    """The last quick finding. Paths are relative to the home, in URL form.

    ``assumed_vcpu`` is the size that was taken for ``assumed_machines`` of ``machines_read``,
    None when all were known. ``again`` names the inbox's files to compute with once more;
    ``vcpu``, ``prices`` and ``unit`` are what the learner told: a size, a price card in the
    inbox, percent or fraction. ``unit_unclear`` counts machines whose export names no unit.
    """

    headline: str
    report: str
    workbook: str
    machines: tuple[dict[str, Any], ...]
    low_won: float | None
    high_won: float | None
    ledger: dict[str, int]
    notes: tuple[str, ...]
    time: str
    source: tuple[str, ...]
    synthetic: bool
    assumed_vcpu: int | None = None
    assumed_machines: int = 0
    machines_read: int = 0
    again: tuple[str, ...] = ()
    vcpu: int | None = None
    prices: str = ""
    unit: str = ""
    unit_unclear: int = 0
    unread: tuple[dict[str, str], ...] = ()


def results_folder(home: LearnerHome) -> Path:
    """Where results of other processes are kept."""
    return home.state / "results"


def new_finding_folder(home: LearnerHome, now: datetime) -> Path:
    """A folder for one finding's files that is not there yet, named by its time."""
    # two in one second would mix their files
    return free_path(home.root / "artefacts" / "quick", now.strftime("%Y-%m-%d-%H%M%S"))


def read_result(home: LearnerHome, unit: Unit) -> UnitResult | None:
    """The unit's last result, or None."""
    return _read(results_folder(home) / f"{unit.id}.json", _unit_result)


def read_requests(home: LearnerHome, unit: Unit, result: UnitResult | None) -> tuple[Request, ...]:
    """The last request about each exercise of the unit, with its answer if that was fetched."""
    graded = [a for a in result.assignments if a.part == Part.GRADED] if result else []
    told = {c.exercise: row for a in graded if a.by_trainer for c in a.cells for row in c.asked}
    # without grades, the feedback that is there speaks of the work before
    unknown = any(a.waiting and a.feedback for a in graded)
    # a later request about the same exercise takes the place of the one before
    asked = {str(row.get("exercise", "")): row for row in _asked(home, unit)}
    return tuple(
        _request(exercise, asked.get(exercise), told.get(exercise), "sent" if unknown else "open")
        for exercise in {**asked, **told}
    )


def _request(
    exercise: str, mine: dict[str, Any] | None, told: dict[str, str] | None, state: str
) -> Request:
    own = mine or told or {}
    because, answer = str(own.get("because", "")), (told or {}).get("answer", "")
    # the gradebook cuts long texts; another text is another request
    same = told is not None and because.startswith(told.get("because", ""))
    asked_at = str(own.get("asked_at", ""))
    answered_at = (told or {}).get("answered_at", "")
    # the same words may be said again after an answer; both times are ISO 8601 in UTC
    again = bool(asked_at and answered_at) and asked_at > answered_at
    if same and answer and not again:
        return Request(exercise, because, asked_at, "answered", answer, answered_at)
    return Request(exercise, because, asked_at, state)


def _asked(home: LearnerHome, unit: Unit) -> list[dict[str, Any]]:
    try:
        of_course = read_json(home.state / "requests.json", {}).get(home.course, {})
        return [dict(row) for row in of_course.get(unit.id, [])] if home.joined else []
    except (OSError, ValueError, TypeError, AttributeError):
        # what the trainer says of them is still shown
        return []


def read_finding(home: LearnerHome) -> Finding | None:
    """The last quick finding whose report is still there, or None."""
    finding = _read(results_folder(home) / "quick.json", _finding)
    # the learner may tidy the folder; a dead link would be worse than none
    if finding is None or not (home.root / finding.report).is_file():
        return None
    return finding


def _read(path: Path, convert: Callable[[dict[str, Any]], T]) -> T | None:
    try:
        raw = read_json(path)
        return convert(raw) if isinstance(raw, dict) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # a page that shows the rest is worth more than an error about one old file
        return None


def _unit_result(raw: dict[str, Any]) -> UnitResult:
    # None says "not handed in yet", which 0.0 would not
    share = raw.get("graded_share")
    return UnitResult(
        assignments=tuple(_assignment(row) for row in raw["assignments"]),
        not_ready=tuple((row["name"], row.get("why", "")) for row in raw.get("not_ready", [])),
        notes=tuple(str(text) for text in raw.get("notes", [])),
        practised_share=float(raw.get("practised_share") or 0.0),
        graded_share=None if share is None else float(share),
        complete=bool(raw.get("complete")),
        missing=tuple(str(text) for text in raw.get("missing", [])),
        verified=bool(raw.get("verified")),
    )


def _assignment(raw: dict[str, Any]) -> AssignmentResult:
    return AssignmentResult(
        name=str(raw["name"]),
        part=str(raw["part"]),
        submitted_at=str(raw.get("submitted_at") or ""),
        score=float(raw.get("score") or 0.0),
        max_score=float(raw.get("max_score") or 0.0),
        cells=tuple(_cell(row) for row in raw.get("cells", [])),
        waiting=raw.get("state") == "handed in",
        receipt=str(raw.get("receipt") or ""),
        penalty=float(raw.get("penalty") or 0.0),
        feedback=tuple(_page(row) for row in raw.get("feedback", [])),
        failure=str(raw.get("failure") or ""),
    )


def _page(raw: dict[str, Any]) -> FeedbackPage:
    return FeedbackPage(
        page=str(raw["page"]),
        submitted_at=str(raw.get("submitted_at") or ""),
        score=float(raw.get("score") or 0.0),
        max_score=float(raw.get("max_score") or 0.0),
        failure=str(raw.get("failure") or ""),
    )


def _cell(raw: dict[str, Any]) -> CellResult:
    rated = raw.get("rated")
    return CellResult(
        exercise=str(raw["exercise"]),
        title=str(raw.get("title") or raw["exercise"]),
        points=float(raw.get("points") or 0.0),
        max_points=float(raw.get("max_points") or 0.0),
        manual=bool(raw.get("manual")),
        rated=None if rated is None else int(rated),
        outcome=str(raw.get("outcome") or ""),
        message=str(raw.get("message") or ""),
        asked=tuple({str(k): str(v) for k, v in row.items()} for row in raw.get("asked", [])),
    )


def _finding(raw: dict[str, Any]) -> Finding:
    # no range: nothing in the export could be sized by a rule
    low, high = (raw.get("range_won") or [None, None])[:2]
    return Finding(
        headline=str(raw["headline"]),
        report=str(raw["report"]),
        workbook=str(raw.get("workbook") or ""),
        machines=tuple(dict(row) for row in raw.get("machines", [])),
        low_won=None if low is None else float(low),
        high_won=None if high is None else float(high),
        ledger={str(k): int(v) for k, v in (raw.get("ledger") or {}).items()},
        notes=tuple(str(note) for note in raw.get("notes", [])),
        time=str(raw.get("time") or ""),
        source=tuple(str(name) for name in raw.get("source", [])),
        synthetic=bool(raw.get("synthetic")),
        unread=tuple({str(k): str(v) for k, v in row.items()} for row in raw.get("unread") or []),
        assumed_vcpu=None if raw.get("assumed_vcpu") is None else int(raw["assumed_vcpu"]),
        assumed_machines=int(raw.get("assumed_machines") or 0),
        machines_read=int(raw.get("machines_read") or 0),
        again=tuple(str(name) for name in raw.get("again", [])),
        vcpu=raw.get("vcpu"),
        prices=str(raw.get("prices") or ""),
        unit=str(raw.get("unit") or ""),
        unit_unclear=int(raw.get("unit_unclear") or 0),
    )
