"""What a learner reads and how long it takes: time boxes, hints, prose before acting."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from datetime import date

from kit.gate.build import Target, targets
from kit.gate.findings import Report, line_of
from kit.gate.places import exercise_place
from kit.gate.rehearse import answers_of, notebook_of
from kit.model import Exercise, ExerciseKind, Form, Part, Unit
from kit.notebooks import blocks, kit_metadata, read_notebook, source

MAX_MINUTES = 30
MAX_WORDS_BEFORE_ACTING = 120
MAX_HINT_WORDS = 160
# what a busy reader manages: words a minute, and minutes for a chart, a line with a blank or a
# form, a line of the model answer, a check, a judgement
WORDS_A_MINUTE = 150
LOOK_MINUTES = 1.0
BLANK_MINUTES = 1.5
LINE_MINUTES = 0.5
CHECK_MINUTES = 2.0
JUDGED_MINUTES = 5.0
# the stated minutes may be off by this much: an estimate knows no subject
PLAUSIBLE = (0.4, 3.0)
# forms in which one thing is picked or typed: nobody has to put a judgement into words
_PICKED = (Form.CHOICE, Form.CHOICES, Form.RANKING, Form.NUMBER)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_WORKED = "worked example"


def prove_review(unit: Unit, report: Report) -> None:
    """Somebody reads the unit again before its date."""
    toml = unit.folder / "workbook.toml"
    if unit.review_by < date.today():
        report.add("review", toml, f"The review date {unit.review_by} has passed.",
                   "Read the unit once more, mend what is out of date, then set review_by.",
                   line=line_of(toml, "review_by"))  # fmt: skip


def prove_minutes(unit: Unit, report: Report) -> None:
    """No box is over 30 minutes, the boxes fit the unit, and each is plausible."""
    toml = unit.folder / "workbook.toml"
    practice = sum(e.minutes for e in unit.of(Part.PRACTICE))
    if practice > unit.minutes * 1.1:
        report.add("minutes", toml,
                   f"The exercises take {practice} minutes, the unit says {unit.minutes}.",
                   "Set minutes to their sum, or shorten exercises.",
                   line=line_of(toml, "minutes"))  # fmt: skip
    estimates = {e.id: e for part in Part for e in unit.of(part)}
    guessed = {name: found for part in Part for name, found in _estimates(unit, part).items()}
    for name, exercise in estimates.items():
        told = _implausible(exercise, guessed.get(name, 0.0))
        if told:
            file, line = exercise_place(unit, name)
            report.add("minutes", file, f"'{name}': {told}",
                       "Set the minutes that testers took, or change the exercise.",
                       line=line)  # fmt: skip


def _implausible(exercise: Exercise, estimate: float) -> str:
    if not 0 < exercise.minutes <= MAX_MINUTES:
        return f"{exercise.minutes} minutes; a box has at most {MAX_MINUTES}."
    low, high = (share * exercise.minutes for share in PLAUSIBLE)
    if estimate and not low <= estimate <= high:
        return (f"{exercise.minutes} minutes are stated, and reading, blanks and checks "
                f"come to about {estimate:.0f}.")  # fmt: skip
    return ""


def _estimates(unit: Unit, part: Part) -> dict[str, float]:
    """Minutes by exercise, from its cells and its model answer."""
    answers, found = answers_of(unit), defaultdict[str, float](float)
    path = notebook_of(unit, part)
    for cell in read_notebook(path)["cells"] if path.is_file() else ():
        data, text = kit_metadata(cell), source(cell)
        name, role = data.get("id", ""), data.get("role")
        if role == "prose":
            found[name] += len(_WORD.findall(text)) / WORDS_A_MINUTE
        elif role == "setup":
            found[name] += LOOK_MINUTES * (text.count("display(") + _ends_shown(text))
        elif role == "ask":
            # the model answer may compute what a learner picks
            found[name] += BLANK_MINUTES
        elif role in ("answer", "manual"):
            blanks = sum("____" in line for line in text.splitlines())
            lines = sum(bool(line.strip()) for line in answers.get(name, "").splitlines())
            found[name] += max(BLANK_MINUTES * max(blanks, 1), LINE_MINUTES * lines)
        elif role == "check":
            found[name] += CHECK_MINUTES
    judged = {e.id for e in unit.of(part) if e.manual or _is_put_in_words(e)}
    return {name: n + JUDGED_MINUTES * (name in judged) for name, n in found.items()}


def _is_put_in_words(exercise: Exercise) -> bool:
    return exercise.kind is ExerciseKind.JUDGEMENT and exercise.form not in _PICKED


def _ends_shown(code: str) -> bool:
    body = ast.parse(code).body
    return bool(body) and isinstance(body[-1], ast.Expr) and "display(" not in code.splitlines()[-1]


def prove_hints(unit: Unit, report: Report) -> None:
    """Each exercise has a ladder of hints or says why not; the last rung is a worked example."""
    for exercise in unit.exercises:
        for at, what, fix in _hints(exercise):
            file, line = exercise_place(unit, exercise.id)
            said = line_of(file, exercise.hints[at].splitlines()[0][:60]) if exercise.hints else 0
            report.add("hints", file, f"'{exercise.id}': {what}", fix, line=said or line)


def _hints(exercise: Exercise) -> list[tuple[int, str, str]]:
    if not exercise.hints:
        told = (0, "No hints, and no reason why it needs none.",
                "Write hints, or no_hints_because.")  # fmt: skip
        return [] if exercise.no_hints_because else [told]
    found = []
    for number, hint in enumerate(exercise.hints, 1):
        if (words := len(_WORD.findall(hint))) > MAX_HINT_WORDS:
            found.append((number - 1, f"Hint {number} has {words} words, over {MAX_HINT_WORDS}.",
                          "Split it into two rungs, or say less."))  # fmt: skip
    if exercise.form is Form.CODE and _WORKED not in exercise.hints[-1].casefold():
        found.append((-1, "The last hint is no worked example on other data.",
                      f'Begin it with "A {_WORKED} on other data, …".'))  # fmt: skip
    return found


def prove_at_work(unit: Unit, report: Report) -> None:
    """After a pass the learner reads what it means at work."""
    for exercise in unit.of(Part.PRACTICE):
        if not exercise.at_work:
            file, line = exercise_place(unit, exercise.id)
            report.add("at-work", file, f"'{exercise.id}' says nothing about work after a pass.",
                       "Write at_work: two sentences.", line=line)  # fmt: skip


def prove_words(unit: Unit, report: Report) -> None:
    """Few words stand between two moments of acting."""
    for target in targets(unit):
        if target.part:
            _prove_prose(unit, target, report)


def _prove_prose(unit: Unit, target: Target, report: Report) -> None:
    notebook, words = notebook_of(unit, target.part), 0
    for cell in read_notebook(notebook)["cells"] if notebook.is_file() else ():
        data = kit_metadata(cell)
        if data.get("id") == "unit":
            continue
        if cell["cell_type"] == "markdown":
            words += sum(_words(block) for block in blocks(source(cell)))
            continue
        if words > MAX_WORDS_BEFORE_ACTING:
            cell_name = f":kit: {data.get('id')}.{data.get('role')}"
            report.add("words", target.source,
                       f"{words} words before the learner acts in '{data.get('id')}', over "
                       f"{MAX_WORDS_BEFORE_ACTING}.", "Say less, fold it, or let them act earlier.",
                       line=line_of(target.source, cell_name))  # fmt: skip
        words = 0


def _words(block: str) -> int:
    # tables and folded text are looked up, not read
    if block.lstrip().startswith(("|", "#", "<details", "```", "*SIM", "*REAL")):
        return 0
    return len(_WORD.findall(block))
