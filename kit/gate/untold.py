"""Messages of a unit's checks that no answer tried here was told.

What a message tells beyond its words is heard only where somebody is told it: of these nobody
knows whether they give a right value away.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from kit.gate.findings import Untold
from kit.gate.messages import called, literals, released_files
from kit.model import Unit

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def untold(unit: Unit, told: Collection[str]) -> Iterator[Untold]:
    """The messages of ``Mistake`` that are not among the templates ``told``, by file and line.

    One stands for what is always said with it. Those that a function gets from elsewhere, as an
    argument or from the head of its file, are not looked for.
    """
    for path in released_files(unit):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found: dict[Untold, None] = {}
        for said in _said(tree):
            missing = [Untold(path, at, text) for text, at in said.items() if text not in told]
            found |= dict.fromkeys(missing[:1] if len(missing) == len(said) else missing)
        yield from sorted(found, key=lambda one: one.line)


def _said(tree: ast.Module) -> Iterator[dict[str, int]]:
    """Of each mistake all that is said with it: text to line."""
    functions = [node for node in ast.walk(tree) if isinstance(node, _Function)]
    for function in functions:
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        mistakes = [call for call in calls if called(call) == "Mistake"]
        yield from filter(None, map(_texts, mistakes))
        if mistakes:
            apart = [call for call in calls if called(call) in ("Mistake", "Remark")]
            inside = {id(node) for call in apart for node in ast.walk(call)}
            # a text that has a name before it is said
            for call in calls:
                if id(call) not in inside and (text := next(literals(call), "")):
                    yield {text: call.lineno}


def _texts(call: ast.Call) -> dict[str, int]:
    """What a call and those among its arguments say, in the order in which it is read."""
    nodes = list(ast.walk(call))
    wanted = {text for node in nodes if isinstance(node, ast.Call) for text in literals(node)}
    strings = [n for n in nodes if isinstance(n, ast.Constant) and n.value in wanted]
    strings.sort(key=lambda node: (node.lineno, node.col_offset))
    return {str(node.value): node.lineno for node in strings if node.value}
