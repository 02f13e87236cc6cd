"""Small changes of a model answer, each a mistake that a check has to notice.

Tools for mutation testing change files and run a suite of tests on them; here one check runs
on one text and tells what it thinks of it, so the changes are made here. Each is a change of
the text where it stands: what a person reads in ``was`` and ``now`` is what the answer says.

What is changed are the functions and assignments that an exercise declares under ``names``,
and what these use; never prose, never an import.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kit.gate.mutators import Changes, Text

KINDS = ("operator", "constant", "boundary", "dropped", "swapped")


@dataclass(frozen=True)
class Mutant:
    """One change: ``line`` counts in the answer, ``was`` and ``now`` are the lines that differ."""

    exercise: str
    kind: str
    line: int
    was: str
    now: str
    code: str

    def __str__(self) -> str:
        now = self.now or "(deleted)"
        return f"{self.exercise}:{self.line} {self.kind}: {_flat(self.was)} → {_flat(now)}"


def mutants(
    answer: str,
    names: Collection[str] = (),
    columns: Collection[str] = (),
    exercise: str = "",
) -> Iterator[Mutant]:
    """Every change of ``answer``, no two of them the same code, each of them valid Python.

    ``names`` are what the exercise asks for, all that the answer defines without them.
    ``columns`` are names of columns that may be confused besides those the answer uses.
    """
    text = Text(answer)
    seen = {ast.dump(text.tree)}
    for statement in wanted_statements(text.tree, names):
        for change in Changes(text, columns).of(statement):
            code = text.changed(change)
            try:
                same = ast.dump(ast.parse(code))
            except SyntaxError:
                # an operator without its brackets, or a keyword's default that has no value
                continue
            if same not in seen:
                seen.add(same)
                yield _mutant(exercise, change.kind, answer, code)


def wanted_statements(tree: ast.Module, names: Collection[str]) -> list[ast.stmt]:
    """What defines ``names`` and what that uses; all but imports without names.

    Functions are followed from functions only. One that merely helps to work out a value is a
    tool: what is handed in, and checked, is the value.
    """
    found = [s for s in tree.body if not isinstance(s, ast.Import | ast.ImportFrom)]
    if not names:
        return found
    wanted, called, chosen = set(names), set(names), set[int]()
    while True:
        more = [
            at
            for at, s in enumerate(found)
            if at not in chosen and bound(s) & (called if _defines(s) else wanted)
        ]
        if not more:
            return [found[at] for at in sorted(chosen)]
        for at in more:
            chosen.add(at)
            used = {n.id for n in ast.walk(found[at]) if isinstance(n, ast.Name)}
            wanted |= used
            called |= used if _defines(found[at]) else set()


def _defines(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.ClassDef)


def bound(statement: ast.stmt) -> set[str]:
    """Names that a top-level statement defines or changes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets: list[ast.AST] = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets.append(node.target)
    return {
        part.id
        for target in targets
        for part in ast.walk(target)
        # of `findings[row.claim] = …` the name that is changed is `findings`
        if isinstance(part, ast.Name) and part is _root(target, part)
    }


def _root(target: ast.AST, part: ast.Name) -> ast.AST:
    if isinstance(target, ast.Tuple | ast.List | ast.Starred):
        return part
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target


def _mutant(exercise: str, kind: str, answer: str, code: str) -> Mutant:
    """The change as lines: what both texts have in common at the start and the end is left out."""
    was, now = answer.split("\n"), code.split("\n")
    first = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    last = 0
    while last < min(len(was), len(now)) - first and was[-1 - last] == now[-1 - last]:
        last += 1
    lines = (text[first : len(text) - last] for text in (was, now))
    old, new = (textwrap.dedent("\n".join(part)).strip() for part in lines)
    return Mutant(exercise, kind, first + 1, old, new, code)


def _flat(text: str) -> str:
    return " ".join(text.split())
