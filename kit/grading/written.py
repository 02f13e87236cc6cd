"""Words of learners and trainers on their way into a page: nothing in them acts, loads or leaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.grading.maths import with_mathml
from kit.grading.outcomes import seconds_stopped
from kit.grading.preprocessors import grade_id
from kit.grading.rubric import clean
from kit.notebooks import kit_metadata

# a learner's cell is as long as it is; a pasted file is no answer
SOURCE_LIMIT = 20_000


def stopped(cells: list[Any]) -> str:
    """The error that a learner's own cell stopped with, as it says it; "" for none."""
    errors = [
        output
        for cell in cells
        for output in cell.get("outputs", [])
        # a blank says so by itself, and the check says which
        if output.get("output_type") == "error" and "Blank" not in _named(output)
    ]
    if not errors:
        return ""
    # an empty value would leave a colon standing alone
    return _named(errors[-1]).rstrip(": ")


def seconds_out(cells: list[Any]) -> str:
    """After how many seconds one of a learner's cells was stopped, "" when none was."""
    return next((told for cell in cells if (told := seconds_stopped(cell))), "")


def _named(error: Mapping[str, Any]) -> str:
    return f"{error.get('ename')}: {error.get('evalue')}"


def with_code(text: str) -> Any:
    """Text, escaped, with what stands in backquotes as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))


def rendered(comment: str) -> str:
    """A trainer's comment as safe HTML: Markdown with formulas, without HTML or pictures."""
    import mistune

    kept: list[str] = []

    def keep(mathml: str) -> str:
        kept.append(mathml)
        # private characters: no comment holds them, and Markdown leaves them alone
        return f"\ue000{len(kept) - 1}\ue001"

    text = re.sub("[\ue000\ue001]", "", comment)
    html = clean(str(mistune.create_markdown(escape=True)(with_mathml(text, keep))))
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], html)


def own_cells(cells: list[Any], known: Mapping[str, object]) -> dict[str, list[Any]]:
    """Cells that a learner wrote, by exercise: its answer, and what they added behind it."""
    told: dict[str, list[Any]] = {}
    here = ""
    for cell in cells:
        data, name = kit_metadata(cell), grade_id(cell)
        here = str(data.get("id", here))
        if here not in known:
            continue
        answer = bool(name) and data.get("role") in ("answer", "manual")
        added = not name and not data
        if (answer or added) and str(cell.source).strip():
            told.setdefault(here, []).append(cell)
    return told
