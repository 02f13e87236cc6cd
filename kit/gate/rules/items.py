"""Questions and sealed answers: digests that fit, pairs before and after, nothing guessable."""

from __future__ import annotations

from kit.answers import seal
from kit.checking import unit_module
from kit.gate.findings import Report, line_of
from kit.gate.places import exercise_place
from kit.model import Form, Part, Unit

_SEALED = (Form.CHOICE, Form.CHOICES, Form.RANKING)


def prove_items(unit: Unit, report: Report) -> None:
    """Before and after match in pairs, and each digest is that of the right option."""
    toml = unit.folder / "workbook.toml"
    right = getattr(unit_module(unit, "solution"), "ITEM_ANSWERS", {})
    for item in unit.items:
        line = line_of(toml, f'id = "{item.id}"')
        if right.get(item.id) not in dict(item.options):
            report.add("items", toml, f"The right option of '{item.id}' is not among the options.",
                       "Name it in ITEM_ANSWERS of solution.py.", line=line)  # fmt: skip
        elif seal(item.id, right[item.id]) != item.digest:
            report.add("items", toml, f"The digest of '{item.id}' is not that of the right option.",
                       "Seal the right option again: kit.answers.seal(ID, OPTION)",
                       line=line)  # fmt: skip
    pairs = {stage: {i.pair: i.id for i in unit.items if i.stage == stage}
             for stage in ("pre", "post")}  # fmt: skip
    for pair in pairs["pre"].keys() ^ pairs["post"].keys():
        name = pairs["pre"].get(pair) or pairs["post"][pair]
        report.add("items", toml, f"'{name}' is asked only before or only after.",
                   "Ask a question of the same pair at the other end too.",
                   line=line_of(toml, f'id = "{name}"'))  # fmt: skip


def prove_sealed(unit: Unit, report: Report) -> None:
    """No points hang on an answer that can be tried out against its digest."""
    for exercise in unit.exercises:
        asked = exercise.asked
        file, line = exercise_place(unit, exercise.id)
        if exercise.part is Part.GRADED and exercise.points and asked.digest:
            report.add("sealed", file,
                       f"'{exercise.id}' is graded and sealed: whoever has the file can try all "
                       f"options.",
                       "Let the case decide what is right: OPTIONS in case.py, and a check.",
                       line=line)  # fmt: skip
        elif asked.digest and exercise.form not in _SEALED:
            report.add("sealed", file, f"A {exercise.form.value} cannot be sealed.",
                       "Take the digest out, and check it in checks.py.", line=line)  # fmt: skip
