"""Common mistakes in kind words: a title for each label, and what helps against it.

Titles of a unit's own labels are in its ``mistakes.toml``; those of the kit's checks are
here. What helps is what the check itself says: it stays in one place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kit.content import read_toml
from kit.i18n import Translator, mark
from kit.model import Unit

FILE = "mistakes.toml"
# labels of kit.checking, which every unit may give
_COMMON = {
    "not_a_number": mark("Something other than a number"),
    "out_of_range": mark("A number that cannot be"),
    "unknown_value": mark("A word that is not among those given"),
    "missing_keys": mark("Entries missing"),
    "unknown_keys": mark("Entries that nobody asked for"),
    "not_a_frame": mark("Something other than a data frame"),
    "missing_columns": mark("Columns missing"),
    "not_a_function": mark("A function that is not defined as asked"),
    "exception": mark("Code that stops with an error"),
    "too_slow": mark("Code that does not come back in time"),
    "audit_short": mark("Faulty claims left in the draft"),
    "damaged_file": mark("A file that does not open"),
    "defence_differs": mark("Answers that one's own work does not give"),
    "doubled_columns": mark("A column twice"),
    "draft_trusted": mark("A draft signed as it stands"),
    "duplicate_key": mark("Rows repeated"),
    "everything_flagged": mark("Everything flagged"),
    "figure_not_in_model": mark("A figure that the model does not give"),
    "missing_key": mark("Rows without a key"),
    "no_axis_title": mark("A chart's axis without a title"),
    "no_file": mark("A file that is not there"),
    "no_title": mark("A chart without a title"),
    "no_unit": mark("A chart's axis without a unit"),
    "not_a_chart": mark("Something other than a chart"),
    "not_a_dict": mark("Something other than a dictionary"),
    "not_a_list": mark("Something other than a list"),
    "not_a_path": mark("Something other than a file's path"),
    "not_a_text": mark("Something other than a text"),
    "not_ascending": mark("Entries out of order"),
    "not_close": mark("A value away from what the inputs give"),
    "not_named": mark("Something left unnamed"),
    "not_offered": mark("An answer that was not offered"),
    "not_ordered": mark("Rows out of order"),
    "reason_missing": mark("A finding without a reason"),
    "reason_repeated": mark("One reason for several findings"),
    "repeated": mark("Entries repeated"),
    "sum_changed": mark("A sum that has changed on the way"),
    "surprise_is_not_error": mark("The surprising taken for wrong"),
    "typed_figures": mark("Figures typed where formulas belong"),
    "unit_slip": mark("A figure in the wrong unit"),
    "unreadable": mark("A value that cannot be looked at"),
    "wrong_dtype": mark("A column of the wrong type"),
    "wrong_encoding": mark("A chart that shows another column"),
    "wrong_entry": mark("An entry of the wrong type"),
    "wrong_length": mark("Too many or too few entries"),
    "wrong_mark": mark("A chart of another kind"),
    "wrong_option": mark("An option that does not hold"),
    "wrong_order": mark("An order that does not hold"),
    "wrong_set": mark("Options too many or missing"),
    "wrong_suffix": mark("A file of another kind"),
}


@dataclass(frozen=True)
class Words:
    """A common mistake as a trainer reads it, in their language; ``helps`` may be empty."""

    title: str
    helps: str


def words_of(unit: Unit, exercise: str, label: str, tr: Translator) -> Words:
    """Title of a label and what helps: the check's step or aim, else the first hint.

    ``tr`` knows the unit's catalogue. A label without a title is shown by its own words.
    """
    title = titles(unit.folder).get(label) or _COMMON.get(label)
    helps = [tr(text) for text in _advice(unit.folder).get(label, ()) if text]
    hints = [e.hints[0] for e in unit.exercises if e.id == exercise and e.hints]
    if not helps and hints:
        helps = [tr(hints[0])]
    spoken = tr(title) if title else label.replace("_", " ").capitalize()
    return Words(spoken, helps[0] if helps else "")


@lru_cache(maxsize=64)
def titles(folder: Path) -> dict[str, str]:
    """Label to title of one unit; empty where the unit has no ``mistakes.toml``."""
    path = folder / FILE
    return dict(read_toml(path).get("titles", {})) if path.is_file() else {}


@lru_cache(maxsize=64)
def labels(folder: Path) -> frozenset[str]:
    """Every label that a unit's checks give."""
    return frozenset(label for label, _, _ in _mistakes(folder))


@lru_cache(maxsize=64)
def _advice(folder: Path) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for label, step, required in _mistakes(folder):
        # one with figures of somebody's work in it says nothing without them
        plain = tuple("" if "{" in text else text for text in (step, required))
        if any(plain):
            found.setdefault(label, (plain[0], plain[1]))
    return found


def _mistakes(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Label, step and aim of each ``Mistake(...)`` in the unit's checks."""
    for path in sorted(folder.rglob("*.py")):
        if path.parent.name == "misconceptions" or path.stem.endswith("solution"):
            continue
        text = path.read_text(encoding="utf-8")
        if "Mistake(" not in text:
            # to parse what has none takes most of the time
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Mistake":
                words = {k.arg: _literal(k.value) for k in node.keywords}
                if label := _literal(node.args[0]) if node.args else "":
                    yield label, words.get("step", ""), words.get("required", "")


def _literal(node: ast.expr) -> str:
    # mark("...") or "..."; anything computed is known only when the check runs
    inner = node.args[0] if isinstance(node, ast.Call) and node.args else node
    value = inner.value if isinstance(inner, ast.Constant) else ""
    return value if isinstance(value, str) else ""
