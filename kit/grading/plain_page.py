"""Feedback on assignments that no unit owns: nbgrader's page, without what gives tests away.

nbgrader shows hidden tests to learners there (its issues 917 and 1363): the code, the
traceback that quotes it, and what a learner's code printed of what it was called with.
"""

from __future__ import annotations

import builtins
import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

import nbformat
from nbgrader.utils import is_grade, is_solution

from kit.grading.maths import with_mathml
from kit.grading.shown import GAP
from kit.i18n import mark

FAILED = mark("A test of this cell did not pass.")
NOT_SHOWN = mark("What this cell showed was made after hidden tests had run, so it stays out.")
POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
LIMIT = 300
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_TOKEN = re.compile(r"\w+")


def without_hidden(
    nb: Any, begin: str, end: str, say: Callable[[str], str], *, ran: bool = False
) -> Any:
    """A copy of a graded notebook as its learner may see it.

    ``begin`` and ``end`` are nbgrader's delimiters of hidden tests. An error is told in a
    line; once hidden tests have run, or where they ``ran`` before it, only in words that the
    notebook shows. Formulas are MathML, since nothing may be loaded to draw them.
    """
    nb = copy.deepcopy(nb)
    hidden = [_clear(cell, begin, end) for cell in nb.cells]
    known = _words(str(cell.source) for cell in nb.cells) | set(dir(builtins))
    for cell, has_hidden in zip(nb.cells, hidden, strict=True):
        ran = ran or has_hidden
        if cell.cell_type == "markdown":
            cell.source = with_mathml(str(cell.source))
        if ran and cell.cell_type == "code":
            # the kernel's own word, which code can change
            cell.execution_count = None
        if cell.cell_type != "code" or not cell.outputs:
            continue
        errors = [o for o in cell.outputs if o.output_type == "error"]
        told = [_stream(_told(errors[-1], known if ran else None, say))] if errors else []
        if not ran:
            cell.outputs = [o for o in cell.outputs if o not in errors] + told
        elif is_grade(cell) and not is_solution(cell):
            cell.outputs = told
        else:
            # a function can keep what hidden tests gave it, and any later cell can show it
            cell.outputs = [_stream(say(NOT_SHOWN))]
    return nb


def offline(page: str) -> str:
    """The page without scripts, and with a rule that nothing in it is loaded from anywhere."""
    page = _SCRIPT.sub("", page)
    return page.replace("<head>", f"<head>\n{POLICY}", 1)


def _clear(cell: Any, begin: str, end: str) -> bool:
    """Take hidden tests out of a cell's source; one without an end goes to the cell's."""
    kept, inside, found = [], False, False
    for line in str(cell.source).split("\n"):
        if begin in line:
            inside = found = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    cell.source = "\n".join(kept)
    return found


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _TOKEN.findall(text)}


def _told(error: Any, known: set[str] | None, say: Callable[[str], str]) -> str:
    kind = _ANSI.sub("", str(error.ename))
    words = " ".join(_ANSI.sub("", str(error.evalue)).split())[:LIMIT]
    if known is not None:
        kind = kind if kind in known else GAP
        words = words if set(_TOKEN.findall(words)) <= known else GAP
    if kind == "AssertionError" and words in ("", GAP):
        return say(FAILED)
    return f"{kind}: {words}" if words else kind


def _stream(text: str) -> Any:
    return nbformat.v4.new_output("stream", name="stdout", text=f"{text}\n")
