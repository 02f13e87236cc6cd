"""Texts that code puts together: the catalogue cannot hold them, so all are told in English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from kit.gate.messages import TOLD, called, texts_of

_Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


def composed(path: Path) -> Iterator[tuple[int, str]]:
    """Texts of one file's messages that are no literal: line and code.

    A name is followed to what the same function, or the head of the file, gives to it.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _inside(tree, _given(tree))


def _inside(scope: ast.AST, given: dict[str, list[ast.expr]]) -> Iterator[tuple[int, str]]:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _inside(node, given | _arguments(node) | _given(node))
            continue
        if isinstance(node, ast.Call):
            for text in texts_of(node):
                yield from _wrong(text, given if called(node) in TOLD else {})
        yield from _inside(node, given)


def _wrong(text: ast.expr, given: dict[str, list[ast.expr]]) -> Iterator[tuple[int, str]]:
    if is_composed(text):
        yield text.lineno, ast.unparse(text)
    elif isinstance(text, ast.Name):
        for value in given.get(text.id, ()):
            unmarked = isinstance(value, ast.Constant) and isinstance(value.value, str)
            if is_composed(value) or unmarked:
                yield value.lineno, ast.unparse(value)


def is_composed(node: ast.expr) -> bool:
    """Whether a text is put together: an f-string, a sum, or what a method of ``str`` returns."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return hasattr(str, node.func.attr)
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, list[ast.expr]]:
    # what comes from a caller hides what has the same name outside
    told = function.args
    return {a.arg: [] for a in (*told.posonlyargs, *told.args, *told.kwonlyargs)}


def _given(scope: _Scope) -> dict[str, list[ast.expr]]:
    """What names are given in a scope, without the functions inside it."""
    found: dict[str, list[ast.expr]] = {}
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found
