"""The declaration about AI as the saved notebook holds it, recorded where its cell was not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from kit.answers import ANSWERS, AnswerFile
from kit.blank import BLANK, has_blank
from kit.errors import HomeError, UsageError
from kit.home import LearnerHome
from kit.i18n import mark, phrase
from kit.model import Part, Unit
from kit.notebooks import is_archived, read_notebook, source

# what is neither a literal nor blank: only a run of the cell could tell
_UNKNOWN = object()


def settle_declaration(home: LearnerHome, unit: Unit, part: Part) -> str:
    """Bring ``answers.json`` up to what the saved notebook declares; what to say about it.

    The text is in the learner's language, "" when there is nothing to say. A choice written
    as a plain literal is recorded by the same rule as running its cell. A blank, and what
    only a run could tell, leave alone what is recorded. Never raises for damaged files.
    """
    answers = AnswerFile(home.assignment_folder(unit, part) / ANSWERS)
    # damaged files are named where they are handed in and graded
    with suppress(HomeError):
        return str(home.translator(unit)(_settle(answers, home.notebook(unit, part))))
    return ""


def _settle(answers: AnswerFile, notebook: Path) -> str:
    written = declared_in(notebook)
    if written is None or has_blank(written[0]):
        return ""
    kept = answers.read().get("declared")
    if _UNKNOWN in written:
        told = mark(
            "Your declaration about AI is not recorded: its cell was not run. "
            "Run the cell, save the notebook, then hand in again."
        )
        return "" if kept else told
    try:
        answers.declare(*written)
    except UsageError as error:
        # whatever was declared before is not what stands there now, but it was said
        (what, values), (fix, _) = error.facts()
        told = mark("Your declaration about AI is not recorded. {what} Write: {fix}")
        return phrase(told, what=phrase(what, **values), fix=phrase(fix))
    now = answers.read()["declared"]
    if now == kept:
        return ""
    told = mark(
        'Your declaration about AI, "{use}", was written, but its cell was not run. '
        "It is recorded now."
    )
    return phrase(told, use=now["use"])


def declared_in(notebook: Path) -> tuple[Any, Any] | None:
    """Use and note of the notebook's last call of ``declare``, None without one.

    HomeError for a notebook that cannot be read.
    """
    found = None
    for cell in read_notebook(notebook)["cells"]:
        if cell.get("cell_type") == "code" and not is_archived(cell) and "declare(" in source(cell):
            found = _declared(source(cell)) or found
    return found


def _declared(text: str) -> tuple[Any, Any] | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return _UNKNOWN, ""
    names = dict(_assigned(tree))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "declare"
    ]
    if not calls:
        return None
    told = dict(zip(("ai_use", "ai_note"), calls[-1].args, strict=False))
    told |= {word.arg: word.value for word in calls[-1].keywords if word.arg}
    use, note = (_value(told.get(name), names) for name in ("ai_use", "ai_note"))
    return use, note


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _value(node: ast.expr | None, names: dict[str, ast.expr]) -> Any:
    if node is None:
        return BLANK
    if isinstance(node, ast.Name) and node.id in names:
        node = names[node.id]
    if isinstance(node, ast.Name) and node.id == repr(BLANK):
        return BLANK
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _UNKNOWN
