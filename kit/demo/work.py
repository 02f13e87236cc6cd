"""One generated learner works: real answers in a real notebook, met by the real checks.

Every common mistake of the unit is made by somebody before the right answer is found,
so each outcome and label in the log is what the check said to that very code.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.answers import ANSWERS, USES, AnswerFile
from kit.content import find_exercise
from kit.demo.people import Person, Stage
from kit.files import write_bytes
from kit.gate.mistakes import mistakes_of
from kit.gate.rehearse import GIVEN, answers_of, rehearse
from kit.gate.rehearse import Stage as Reached
from kit.home import LearnerHome, make_home, starter
from kit.i18n import Translator, mark
from kit.identity import Identity
from kit.model import Attempt, Form, OutcomeKind, Part, Unit
from kit.notebooks import Notebook, find_cell, kit_metadata, read_notebook, write_notebook
from kit.progress import ProgressLog

# where somebody who is stuck stops, and how far a beginner gets
STUCK_AT, STARTED_WITH = 4, 2
# shares of right answers before and after; invented, and marked as such wherever shown
RIGHT_BEFORE, RIGHT_AFTER = 0.35, 0.8
APPLIED_ROWS = 4032
# what somebody says of AI beside their graded work; invented, like the people
NOTES = {
    "none": "",
    "explain": mark("It explained percentiles; I wrote the rule myself."),
    "draft": mark("It drafted the memo; I changed its figures and the second half."),
    "most": mark("It wrote the functions; I tested them on the practice case."),
}


@dataclass(frozen=True)
class Worked:
    """What a learner did: their home, and when each part was finished."""

    person: Person
    home: LearnerHome
    practised: datetime
    graded: datetime


class _Diary:
    """Writes the log with times of the demonstration's own calendar."""

    def __init__(self, home: LearnerHome, unit: Unit, start: datetime, rng: random.Random) -> None:
        self._log, self._unit, self._rng = ProgressLog(home.progress_file), unit, rng
        self.now = start

    def note(self, event: str, exercise: str = "", outcome: str = "", label: str = "",
             data: Mapping[str, object] | None = None) -> None:  # fmt: skip
        self.now += timedelta(minutes=self._rng.uniform(1, 9))
        self._log.append(
            Attempt(
                time=self.now.isoformat(timespec="milliseconds"),
                event=event,
                unit=self._unit.id,
                exercise=exercise,
                outcome=outcome,
                label=label,
                version=self._unit.version,
                data=dict(data or {}),
            )
        )


def shared_out(unit: Unit, people: Sequence[Person]) -> dict[str, list[tuple[str, str]]]:
    """Every common mistake to somebody who gets that far: learner -> (exercise, code)."""
    order = [e.id for e in unit.of(Part.PRACTICE)]
    shares: dict[str, list[tuple[str, str]]] = {p.id: [] for p in people}
    turn = 0
    for known in mistakes_of(unit):
        able = [p for p in people if order.index(known.exercise) < _reach(p, len(order))]
        # some get it right at first, others take several turns: not the same ones each time
        first = order.index(known.exercise) % max(len(able), 1)
        able = (able[first:] + able[:first])[: -(-len(able) * 2 // 3)]
        if able:
            shares[able[turn % len(able)].id].append((known.exercise, known.code))
            turn += 1
    return shares


def _reach(person: Person, exercises: int) -> int:
    """How many practice exercises somebody looks at."""
    match person.stage:
        case Stage.UNTOUCHED:
            return 0
        case Stage.STARTED:
            return STARTED_WITH
        case Stage.STUCK:
            return STUCK_AT
        case _:
            return exercises


def work_through(
    person: Person,
    home: LearnerHome,
    unit: Unit,
    mistakes: Sequence[tuple[str, str]],
    start: datetime,
) -> Worked:
    """Let one learner work in ``home`` from ``start`` on (UTC), as far as their stage goes.

    ``mistakes`` are codes that they try first, by exercise. Writes notebooks and log.
    """
    # seeded by the id, so that a demonstration is the same each time
    rng = random.Random(person.id)
    make_home(home)
    diary = _Diary(home, unit, start + timedelta(hours=rng.uniform(0, 30)), rng)
    reach = _reach(person, len(unit.of(Part.PRACTICE)))
    if reach:
        _questions(diary, unit, "pre", RIGHT_BEFORE, rng)
    _write(home, unit, Part.PRACTICE, dict(_practice(person, home, unit, mistakes, diary, rng)))
    practised = diary.now
    if person.stage is Stage.APPLIED:
        diary.note("applied", data={"rows": APPLIED_ROWS})
    if person.hands_in_graded:
        _questions(diary, unit, "post", RIGHT_AFTER, rng)
        diary.now += timedelta(days=2)
        answers = answers_of(unit)
        wanted = [e.id for e in unit.of(Part.GRADED) if e.id in answers]
        if person.stage is Stage.LATE:
            wanted.pop(rng.randrange(3))
        _write(home, unit, Part.GRADED, {name: answers[name] for name in wanted})
        _declare(home, unit, rng.choice(USES))
    return Worked(person, home, practised, diary.now)


def _practice(
    person: Person,
    home: LearnerHome,
    unit: Unit,
    mistakes: Sequence[tuple[str, str]],
    diary: _Diary,
    rng: random.Random,
) -> Iterator[tuple[str, str]]:
    """Exercise and the code that stands in its cell in the end."""
    reach, answers = _reach(person, len(unit.of(Part.PRACTICE))), answers_of(unit)
    who = Identity(home.course, home.learner, home.language, None, None)
    for number, stage in enumerate(rehearse(unit, Part.PRACTICE, person.id, who)):
        if number >= reach:
            return
        tried = [code for exercise, code in mistakes if exercise == stage.exercise]
        if person.stage is Stage.STUCK and number == reach - 1:
            # stuck people hold on to their mistake
            tried = tried or [m.code for m in mistakes_of(unit) if m.exercise == stage.exercise][:1]
            _try(stage, tried * 2, diary, rng)
            _give(home, unit, stage, tried[-1])
            yield stage.exercise, tried[-1]
            return
        _try(stage, tried, diary, rng)
        answer = answers[stage.exercise]
        _try(stage, [answer], diary, rng)
        _give(home, unit, stage, answer)
        yield stage.exercise, answer


def _try(stage: Reached, codes: Sequence[str], diary: _Diary, rng: random.Random) -> None:
    for code in codes:
        outcome = stage.outcome(code)
        label = outcome.feedback.label if outcome.feedback else ""
        diary.note("check", stage.exercise, outcome.kind.value, label)
        if outcome.kind is OutcomeKind.INCORRECT and rng.random() < 0.4:
            diary.note("hint", stage.exercise)


def _give(home: LearnerHome, unit: Unit, stage: Reached, code: str) -> None:
    """Keep what ``code`` gives in a form, beside all that was given before."""
    if find_exercise(unit, stage.exercise).form is not Form.CODE:
        given = stage.run(code)[GIVEN]
        write_bytes(home.assignment_folder(unit, Part.PRACTICE) / ANSWERS, given)


def _questions(diary: _Diary, unit: Unit, when: str, share: float, rng: random.Random) -> None:
    for item in (i for i in unit.items if i.stage == when):
        data = {
            "stage": when,
            "pair": item.pair,
            "right": rng.random() < share,
            "confidence": rng.choice((50, 60, 70, 80, 90)),
        }
        diary.note("item", item.id, data=data)


def _write(home: LearnerHome, unit: Unit, part: Part, answers: Mapping[str, str]) -> None:
    notebook: Notebook = starter(home, unit, part)
    for cell in notebook["cells"]:
        data = kit_metadata(cell)
        if data.get("role") in ("answer", "manual") and data.get("id") in answers:
            cell["source"] = answers[str(data["id"])]
    write_notebook(home.notebook(unit, part), notebook)


def _declare(home: LearnerHome, unit: Unit, use: str) -> None:
    """What the notebook's last cell does; no kernel runs here."""
    # an empty text is the catalogue's own header
    note = NOTES[use] and Translator(home.language)(NOTES[use])
    AnswerFile(home.assignment_folder(unit, Part.GRADED) / ANSWERS).declare(use, note)
    # the cell says the same, so that whoever opens the notebook sees no contradiction
    cell = f"ai_use = {use!r}\nai_note = {note!r}\n\nwb.declare(ai_use, ai_note)"
    path = home.notebook(unit, Part.GRADED)
    notebook = read_notebook(path)
    found = find_cell(notebook, "unit", "answer")
    if found is not None:
        found["source"] = cell
        write_notebook(path, notebook)


def damage(home: LearnerHome, unit: Unit, part: Part) -> None:
    """Cut a notebook in the middle, as a full disk does."""
    path = home.notebook(unit, part)
    text = path.read_bytes()
    path.write_bytes(text[: len(text) // 2])
