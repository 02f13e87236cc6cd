"""Names that the statements of a cell bind, as Python would see them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
IMPORT = ast.Import | ast.ImportFrom


def bound_names(body: Iterable[ast.AST]) -> set[str]:
    """What statements bind in the scope that they stand in, deleted names too."""
    found: set[str] = set()
    for node in body:
        found |= _of(node)
    return found


def _of(node: ast.AST) -> set[str]:
    if isinstance(node, _DEFINITION):
        inside = [*node.decorator_list, *_walrus_of(node)]
        return {node.name} | bound_names(inside)
    if isinstance(node, ast.Lambda):
        return set()
    if isinstance(node, IMPORT):
        return {_name(one) for one in node.names} - {"*"}
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        # a walrus in one binds outside
        return {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
    found = bound_names(ast.iter_child_nodes(node))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        found.add(node.id)
    elif isinstance(node, ast.Global):
        found.update(node.names)
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        found.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        found.add(node.rest)
    return found


def _walrus_of(node: ast.AST) -> list[ast.AST]:
    arguments = getattr(node, "args", None)
    return [*arguments.defaults, *filter(None, arguments.kw_defaults)] if arguments else []


def _name(one: ast.alias) -> str:
    return one.asname or one.name.partition(".")[0]


def imported_names(body: Iterable[ast.stmt]) -> dict[str, str]:
    """Import statements by the name that each binds, also those in ``try`` and ``if``."""
    found = {}
    for node in body:
        if isinstance(node, IMPORT):
            for one in node.names:
                if one.name != "*" and not getattr(node, "level", 0):
                    found[_name(one)] = ast.unparse(_alone(node, one))
        elif isinstance(node, ast.Try | ast.If | ast.With):
            found.update(imported_names(node.body))
    return found


def _alone(node: ast.Import | ast.ImportFrom, one: ast.alias) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import([one])
    return ast.ImportFrom(node.module, [one], 0)


def publish(body: list[ast.stmt], space: str) -> tuple[list[ast.stmt], set[str]]:
    """Keep what a cell only imports or defines out of reach, and give others a copy of it.

    Returned are the new statements and the names that are now the function's own.
    """
    kept = {
        name
        for node in body
        if isinstance(node, _DEFINITION | IMPORT)
        for name in ({node.name} if isinstance(node, _DEFINITION) else bound_names([node]))
    }
    kept -= bound_names(n for n in body if not isinstance(n, _DEFINITION | IMPORT))
    made: list[ast.stmt] = []
    for node in body:
        made.append(node)
        if isinstance(node, _DEFINITION | IMPORT):
            for name in sorted(_of(node) & kept):
                target = f"{space}()[{name!r}] = {name}"
                made += ast.parse(target).body
    return made, kept
