"""Proofs that read files and run nothing of the unit's exercises."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kit.answers import seal
from kit.checking import load_checks, unit_module
from kit.errors import KitError
from kit.gate.build import Target, stale, targets
from kit.gate.findings import Report, line_of
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
        report.add_error("sync", error, unit.folder)
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
    toml = unit.folder / "workbook.toml"
    if unit.review_by < date.today():
        report.add(
            "review",
            toml,
            f"The review date {unit.review_by} has passed.",
            "Read the unit once more, mend what is out of date, then set review_by.",
            line=line_of(toml, "review_by"),
        )
    practice = unit.of(Part.PRACTICE)
    if sum(e.minutes for e in practice) > unit.minutes * 1.1:
        report.add("minutes", toml,
                   f"The exercises take {sum(e.minutes for e in practice)} minutes, "
                   f"the unit says {unit.minutes}.", line=line_of(toml, "minutes"))  # fmt: skip
    for exercise in unit.exercises:
        _prove_exercise(toml, exercise, report)
    for target in targets(unit):
        if target.part:
            _prove_prose(target, content_notebook(unit, target.part), report)


def _prove_exercise(toml: Path, exercise: Exercise, report: Report) -> None:
    def find(rule: str, what: str, fix: str = "") -> None:
        line = line_of(toml, f'id = "{exercise.id}"')
        report.add(rule, toml, f"'{exercise.id}': {what}", fix, line=line)

    if not 0 < exercise.minutes <= MAX_MINUTES:
        find("minutes", f"{exercise.minutes} minutes; a box has at most {MAX_MINUTES}.")
    if not exercise.hints and not exercise.no_hints_because:
        find("hints", "No hints, and no reason why it needs none.",
             "Write hints, or no_hints_because.")  # fmt: skip
    if exercise.part is Part.PRACTICE and not exercise.at_work:
        find("at-work", "Nothing is said about work after a pass.", "Write at_work.")
    for number, hint in enumerate(exercise.hints, 1):
        words = len(_WORD.findall(hint))
        if words > MAX_HINT_WORDS:
            find("hints", f"Hint {number} has {words} words, over {MAX_HINT_WORDS}.")


def _prove_prose(target: Target, notebook: Path, report: Report) -> None:
    """Few words stand between two moments of acting; tables and folded text do not count."""
    if not notebook.is_file():
        return
    words = 0
    for cell in read_notebook(notebook)["cells"]:
        data = kit_metadata(cell)
        if data.get("id") == "unit":
            continue
        if cell["cell_type"] == "markdown":
            words += sum(_words(block) for block in blocks(source(cell)))
        else:
            if words > MAX_WORDS_BEFORE_ACTING:
                report.add("words", target.source,
                           f"{words} words before the learner acts in '{data.get('id')}', over "
                           f"{MAX_WORDS_BEFORE_ACTING}.",
                           line=line_of(target.source,
                                        f":kit: {data.get('id')}.{data.get('role')}"))  # fmt: skip
            words = 0


def _words(block: str) -> int:
    if block.lstrip().startswith(("|", "#", "<details", "```", "*SIM", "*REAL")):
        return 0
    return len(_WORD.findall(block))


def prove_items(unit: Unit, report: Report) -> None:
    """Before and after match in pairs, and each digest is that of the right option."""
    toml = unit.folder / "workbook.toml"
    right = getattr(unit_module(unit, "solution"), "ITEM_ANSWERS", {})
    for item in unit.items:
        line = line_of(toml, f'id = "{item.id}"')
        if seal(item.id, right.get(item.id, "")) != item.digest:
            report.add(
                "items",
                toml,
                f"The digest of '{item.id}' is not that of the right option.",
                "Seal the right option again: kit.answers.seal(ID, OPTION)",
                line=line,
            )
        if right.get(item.id) not in dict(item.options):
            report.add("items", toml, f"The right option of '{item.id}' is not among the options.",
                       line=line)  # fmt: skip
    stages = {
        stage: sorted(i.pair for i in unit.items if i.stage == stage) for stage in ("pre", "post")
    }
    if stages["pre"] != stages["post"]:
        report.add("items", toml, "The questions before and after do not pair up.")


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
            report.add("korean", catalogue,
                       f"Other placeholders in Korean: {message.text[:70]!r} "
                       f"({message.where})")  # fmt: skip
        report.counts["messages"] = report.counts.get("messages", 0) + len(messages)
