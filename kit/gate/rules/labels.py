"""Labels of mistakes and their titles: a report that trainers read names every one."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

import kit.checking
from kit.gate.findings import Report, line_of
from kit.gate.messages import released_files
from kit.gate.places import label_place
from kit.model import Unit
from kit.reports.mistakes import FILE, labels, titles

RULE = "labels"


def prove_labels(unit: Unit, report: Report) -> None:
    """Each label that a check gives has a title, and each title is of such a label."""
    for label in sorted(labels(unit.folder)):
        prove_label(unit, label, report)
    path, written = unit.folder / FILE, _written(unit)
    for label in sorted(titles(unit.folder).keys() - written - of_the_kit()):
        report.add(RULE, path, f"No check gives the label '{label}'.",
                   "Take the title out, or spell it as the check does.",
                   line=line_of(path, f"{label} ="))  # fmt: skip


def prove_label(unit: Unit, label: str, report: Report) -> None:
    """A label has a title; asked too of those that only show when a check runs."""
    if label in titles(unit.folder) or label in of_the_kit():
        return
    file, line = label_place(unit, label)
    report.add(RULE, file, f"The label '{label}' has no title.",
               f"Add it to {FILE}: kind, short, of the thought and not of the person.",
               line=line)  # fmt: skip


@lru_cache(maxsize=1)
def of_the_kit() -> frozenset[str]:
    """Labels of the kit's own expectations and forms, which have titles everywhere."""
    return labels(Path(kit.checking.__file__).parent)


def _written(unit: Unit) -> set[str]:
    # a check may choose among several labels; then no call names one
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in released_files(unit))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
