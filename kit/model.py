"""The nouns of the kit as frozen dataclasses: no I/O, no third-party imports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

# a notebook cell's outputs carry ``Outcome.as_data`` under this type, beside what is shown
OUTCOME_MIME = "application/vnd.upskill.outcome+json"
# on every chart and file of generated exports and cohorts
SYNTHETIC = "SYNTHETIC"
# what CPU values may be in where an export names no unit
CPU_UNITS = ("percent", "fraction")


class OutcomeKind(StrEnum):
    """How one run of a check ended."""

    PASSED = "passed"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not_attempted"
    ERROR = "error"
    UNCHECKABLE = "uncheckable"


class ExerciseKind(StrEnum):
    """What is checked: a procedure is run again on fresh data, a judgement is not."""

    PROCEDURE = "procedure"
    JUDGEMENT = "judgement"


class Form(StrEnum):
    """What a learner gives as the answer of an exercise."""

    CODE = "code"
    CHOICE = "choice"
    CHOICES = "choices"
    RANKING = "ranking"
    NUMBER = "number"
    TEXT = "text"
    FILE = "file"
    TABLE = "table"
    AUDIT = "audit"
    DEFENCE = "defence"


class Reality(StrEnum):
    """What stands behind an exercise's data or engine."""

    REAL = "REAL"
    METADATA = "METADATA"
    SIMULATED = "SIMULATED"
    NEEDS_MODEL = "NEEDS-MODEL"


class Part(StrEnum):
    """The two nbgrader assignments of a unit."""

    PRACTICE = "practice"
    GRADED = "graded"


@dataclass(frozen=True)
class Feedback:
    """One message about the learner's work; every text is already in their language.

    ``label`` is stable and names the common mistake. ``seen`` says what is in the
    learner's work, ``required`` what a good answer satisfies, ``step`` what to do next.
    """

    label: str
    seen: str
    required: str = ""
    step: str = ""


@dataclass(frozen=True)
class Outcome:
    """The result of one check. ``score`` is a share of the exercise's points, 0 to 1.

    ``score`` is None when the check itself failed: that is never the learner's zero.
    ``report`` then holds the details that the learner can hand over. ``attempts`` counts
    the answers that were given in a form, 0 where there is none.
    """

    exercise: str
    kind: OutcomeKind
    score: float | None
    feedback: Feedback | None = None
    at_work: str = ""
    report: str = ""
    attempts: int = 0

    def as_data(self) -> dict[str, object]:
        """What graders and ``upskill check`` read: plain values, message in their language."""
        told: dict[str, object] = {
            "exercise": self.exercise,
            "kind": self.kind.value,
            "label": self.feedback.label if self.feedback else "",
            "message": self.feedback.seen if self.feedback else "",
            "score": self.score,
        }
        return told | {"attempts": self.attempts} if self.attempts else told


@dataclass(frozen=True)
class Field:
    """One column of a table that the learner fills in; ``options`` where it is a choice."""

    id: str
    title: str
    type: str
    unit: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a form shows: never what is right.

    ``options`` are (key, text). ``low`` and ``high`` bound a number in ``unit``;
    ``suffixes`` and ``max_mb`` a file. ``digest`` seals the right answer, empty where
    the case decides it.
    """

    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    columns: tuple[Field, ...] = ()
    suffixes: tuple[str, ...] = ()
    max_mb: int = 10
    digest: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise as ``workbook.toml`` declares it. ``minutes`` is a time box.

    ``needs`` names the checks that must pass before a manual exercise may be rated
    above level 1; its own id among them also keeps it at 0 while nothing is attempted.
    ``decides`` are those of ``names`` whose values are the learner's own decision: other
    values may be just as right. ``confidence``: its form asks how sure the learner is.
    """

    id: str
    title: str
    part: Part
    kind: ExerciseKind
    reality: Reality
    minutes: int
    points: int
    manual: bool = False
    hints: tuple[str, ...] = ()
    no_hints_because: str = ""
    at_work: str = ""
    names: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    form: Form = Form.CODE
    asked: Asked = Asked()
    decides: tuple[str, ...] = ()
    confidence: bool = False


@dataclass(frozen=True)
class RubricLevel:
    """One of the four levels; ``share`` of the points that it earns."""

    name: str
    share: float
    text: str

    def points(self, most: float) -> float:
        """Its points of a cell worth ``most``: to the quarter, as people give and read them."""
        return round(self.share * most * 4) / 4


@dataclass(frozen=True)
class Item:
    """A pre or post question with options; ``pair`` joins the two of the same shape.

    ``digest`` is a salted scrypt of the right option: readable nowhere in plain.
    """

    id: str
    pair: str
    stage: str
    question: str
    options: tuple[tuple[str, str], ...]
    digest: str


@dataclass(frozen=True)
class Unit:
    """One work task: a workbook to practise in and a graded assignment."""

    id: str
    track: str
    version: str
    title: str
    task: str
    minutes: int
    abilities: tuple[str, ...]
    review_by: date
    folder: Path
    exercises: tuple[Exercise, ...]
    items: tuple[Item, ...] = ()
    rubric: tuple[RubricLevel, ...] = ()

    def of(self, part: Part) -> tuple[Exercise, ...]:
        """Exercises of one part, in order."""
        return tuple(e for e in self.exercises if e.part is part)

    def assignment(self, part: Part) -> str:
        """The nbgrader assignment's name for a part."""
        return f"{self.id}-practice" if Part(part) is Part.PRACTICE else self.id


@dataclass(frozen=True)
class CompletionRule:
    """What a unit wants before it counts as complete; shares are 0 to 1."""

    practised_share: float
    graded_share: float
    applied: bool = False


@dataclass(frozen=True)
class Programme:
    """Ordered units and the rule for each."""

    id: str
    title: str
    units: tuple[str, ...]
    rules: dict[str, CompletionRule] = field(default_factory=dict)


@dataclass(frozen=True)
class Attempt:
    """One line of the progress log. ``event`` is check, hint, taken, item, submit, ...

    ``time`` is UTC in ISO 8601. ``data`` holds small plain values only. ``id`` names the
    event on every machine; the log gives it one when it is appended.
    """

    time: str
    event: str
    unit: str
    exercise: str = ""
    outcome: str = ""
    label: str = ""
    version: str = ""
    data: dict[str, object] = field(default_factory=dict)
    id: str = ""
