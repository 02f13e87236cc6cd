"""Proofs that read files and run nothing of the unit's exercises."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kit.answers import seal
from kit.checking import load_checks, unit_module
from kit.errors import KitError
from kit.gate.build import stale
from kit.gate.findings import Report
from kit.gate.messages import kit_messages, mismatched, missing, unit_messages
from kit.home import content_notebook
from kit.model import Exercise, Part, Unit
from kit.notebooks import blocks, kit_metadata, read_notebook, source

MAX_MINUTES = 30
MAX_WORDS_BEFORE_ACTING = 120
MAX_HINT_WORDS = 160
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def prove_files(unit: Unit, report: Report) -> None:
    """Notebooks are what their Markdown says and hold no outputs; each exercise has a check."""
    try:
        for path in stale(unit):
            report.add("sync", path, "The notebook is not what its Markdown says.",
                       f"upskill author build {unit.id}")  # fmt: skip
    except KitError as error:
        report.add("sync", error.where, error.what, error.fix)
        return
    for part in (Part.PRACTICE, Part.GRADED, None):
        path = content_notebook(unit, part)
        if path.is_file():
            _no_outputs(path, report)
    checks = load_checks(unit)
    for exercise in unit.exercises:
        if not exercise.manual and exercise.id not in checks:
            report.add("check", unit.folder / "checks.py", f"'{exercise.id}' has no check.")
    for known in set(checks) - {e.id for e in unit.exercises}:
        report.add("check", unit.folder / "checks.py", f"No exercise has the id '{known}'.")


def _no_outputs(path: Path, report: Report) -> None:
    notebook = read_notebook(path)
    if not notebook["metadata"].get("kernelspec"):
        report.add("kernel", path, "No kernelspec: JupyterLab would ask for a kernel.")
    for cell in notebook["cells"]:
        if cell.get("outputs") or cell.get("execution_count"):
            report.add("outputs", path, f"The cell {cell.get('id')} has outputs.")


def prove_texts(unit: Unit, report: Report) -> None:
    """Time boxes, hints, prose before acting, and the review date."""
    if unit.review_by < date.today():
        report.add(
            "review",
            unit.folder / "workbook.toml",
            f"The review date {unit.review_by} has passed.",
            "Read the unit once more, mend what is out of date, then set review_by.",
        )
    practice = unit.of(Part.PRACTICE)
    if sum(e.minutes for e in practice) > unit.minutes * 1.1:
        report.add("minutes", unit.folder / "workbook.toml",
                   f"The exercises take {sum(e.minutes for e in practice)} minutes, "
                   f"the unit says {unit.minutes}.")  # fmt: skip
    for exercise in unit.exercises:
        _prove_exercise(unit, exercise, report)
    for part in (Part.PRACTICE, Part.GRADED):
        _prove_prose(content_notebook(unit, part), report)


def _prove_exercise(unit: Unit, exercise: Exercise, report: Report) -> None:
    where = f"{unit.folder / 'workbook.toml'}: {exercise.id}"
    if not 0 < exercise.minutes <= MAX_MINUTES:
        report.add(
            "minutes", where, f"{exercise.minutes} minutes; a box has at most {MAX_MINUTES}."
        )
    if not exercise.hints and not exercise.no_hints_because:
        report.add("hints", where, "No hints, and no reason why it needs none.",
                   "Write hints, or no_hints_because.")  # fmt: skip
    if exercise.part is Part.PRACTICE and not exercise.at_work:
        report.add("at-work", where, "Nothing is said about work after a pass.", "Write at_work.")
    for number, hint in enumerate(exercise.hints, 1):
        words = len(_WORD.findall(hint))
        if words > MAX_HINT_WORDS:
            report.add("hints", where, f"Hint {number} has {words} words, over {MAX_HINT_WORDS}.")


def _prove_prose(path: Path, report: Report) -> None:
    """Few words stand between two moments of acting; tables and folded text do not count."""
    if not path.is_file():
        return
    words = 0
    for cell in read_notebook(path)["cells"]:
        data = kit_metadata(cell)
        if data.get("id") == "unit":
            continue
        if cell["cell_type"] == "markdown":
            words += sum(_words(block) for block in blocks(source(cell)))
        else:
            if words > MAX_WORDS_BEFORE_ACTING:
                report.add("words", f"{path}: {data.get('id')}",
                           f"{words} words before the learner acts, over "
                           f"{MAX_WORDS_BEFORE_ACTING}.")  # fmt: skip
            words = 0


def _words(block: str) -> int:
    if block.lstrip().startswith(("|", "#", "<details", "```", "*SIM", "*REAL")):
        return 0
    return len(_WORD.findall(block))


def prove_items(unit: Unit, report: Report) -> None:
    """Before and after match in pairs, and each digest is that of the right option."""
    where = unit.folder / "workbook.toml"
    right = getattr(unit_module(unit, "solution"), "ITEM_ANSWERS", {})
    for item in unit.items:
        if seal(item.id, right.get(item.id, "")) != item.digest:
            report.add(
                "items",
                f"{where}: {item.id}",
                "The digest is not that of the right option.",
                "Seal the right option again: kit.answers.seal(ID, OPTION)",
            )
        if right.get(item.id) not in dict(item.options):
            report.add("items", f"{where}: {item.id}", "The right option is not among the options.")
    stages = {
        stage: sorted(i.pair for i in unit.items if i.stage == stage) for stage in ("pre", "post")
    }
    if stages["pre"] != stages["post"]:
        report.add("items", where, "The questions before and after do not pair up.")


def prove_catalogue(unit: Unit, report: Report) -> None:
    """Every text has its Korean, with the same placeholders."""
    import kit

    package = Path(kit.__file__).parent
    for messages, catalogue in (
        (unit_messages(unit), unit.folder / "locale" / "ko.po"),
        (kit_messages(package), package / "locale" / "ko.po"),
    ):
        lacking = missing(messages, catalogue)
        if lacking:
            report.add(
                "korean",
                catalogue,
                f"{len(lacking)} texts have no Korean, the first: {lacking[0].text[:60]!r} "
                f"({lacking[0].where})",
                "upskill author build adds them to the catalogue; then translate them there.",
            )
        for message in mismatched(messages, catalogue):
            report.add("korean", message.where,
                       f"Other placeholders in Korean: {message.text[:70]!r}")  # fmt: skip
        report.counts["messages"] = report.counts.get("messages", 0) + len(messages)
