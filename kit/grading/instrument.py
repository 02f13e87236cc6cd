"""A locked cell as code that says of itself what was reached, and on what its verdict rests.

The rewriting is done here, on the grader's side, so that nothing in the learner's process has
a say in it. The cell becomes one function: names that a learner could have replaced come in
as its arguments, each operand and each call is looked at when it is evaluated, and the names
of the functions that look are made anew for each cell.
"""

from __future__ import annotations

import ast
import base64
import builtins
import marshal
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kit.grading.scopes import IMPORT, bound_names, imported_names, publish

# what looks at the frame that calls it works only when it is called directly
_FRAMES = {"super", "eval", "exec", "globals", "breakpoint", "input"}
# roles of the functions that look
ROLES = (
    "operand", "members", "truth", "callee", "method", "reached", "value", "space", "star",
)  # fmt: skip


class NotProvable(ValueError):
    """A cell that cannot be rewritten, such as one under a cell magic."""


@dataclass
class Trainer:
    """What the trainer's own version of a notebook binds.

    ``imports``: statements by the name that they bind. ``helpers``: functions and classes of
    locked cells. ``bound``: all names that anything else binds.
    """

    bound: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    helpers: dict[str, ast.stmt] = field(default_factory=dict)

    def add(self, source: str, locked: bool) -> None:
        """Read one more code cell; one that is no Python says nothing."""
        try:
            tree = parsed(source)
        except NotProvable:
            return
        self.classes |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        found = imported_names(tree.body)
        self.imports.update(found)
        for node in tree.body:
            if locked and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.helpers[node.name] = node
            else:
                self.bound |= bound_names([node]) - found.keys()


@dataclass(frozen=True)
class Rewritten:
    """A cell for ``kit.runner.proving``: ``told`` is sent, the rest says what must come back.

    ``asserts`` are the lines of those that must have been true, by number; ``lines`` those at
    which each statement ends.
    """

    told: dict[str, Any]
    asserts: dict[int, int]
    lines: tuple[int, ...]


def parsed(source: str) -> ast.Module:
    """The tree of a cell with IPython's magics as calls. NotProvable when it has none."""
    # whoever grades without proofs needs none of it
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(str(TransformerManager().transform_cell(source)))
    except (SyntaxError, ValueError, RecursionError) as error:
        raise NotProvable(str(error)) from None


def rewrite(source: str, trainer: Trainer) -> Rewritten:
    """A locked cell of the trainer's as it is run for proof. NotProvable."""
    tree = parsed(source)
    if any(isinstance(n, ast.Attribute) and n.attr == "run_cell_magic" for n in ast.walk(tree)):
        raise NotProvable("a cell magic")
    nonce = "_" + secrets.token_hex(12)
    names = {role: f"{nonce}_{role}" for role in ROLES}
    body, lines = tree.body, tuple(_end(one) for one in tree.body)
    own = bound_names(body)
    helpers = _helpers(body, own, trainer)
    every = [*helpers, *body]
    needed = _needed(body)
    guarded = _guarded(every, own, trainer)
    quiet = source.rstrip().endswith(";")
    body = [one for one in body if not isinstance(one, ast.Global)]
    theirs = _only_imported(every, guarded)
    steps = _Rewriting(names, needed, theirs).statements(body, quiet)
    prelude = [_Rewriting(names, {}, theirs).visit(one) for one in helpers]
    steps, published = publish(steps, names["space"])
    outer = own - published
    arguments = [*names.values(), *(name for name, _, _ in guarded if name not in outer)]
    code = _function([*_globals(outer), *prelude, *steps], arguments, nonce)
    return Rewritten(
        {
            "code": base64.b64encode(marshal.dumps(code)).decode(),
            "nonce": nonce,
            "roles": ROLES,
            "guarded": [one for one in guarded if one[0] not in outer],
            "classes": sorted(trainer.classes),
        },
        {number: node.lineno for node, number in needed.items()},
        lines,
    )


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _loaded(tree: Iterable[ast.AST]) -> set[str]:
    return {
        node.id
        for one in tree
        for node in ast.walk(one)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _helpers(body: list[ast.stmt], own: set[str], trainer: Trainer) -> list[ast.stmt]:
    """Functions of other locked cells that this one needs: a learner may have replaced them."""
    found: dict[str, ast.stmt] = {}
    wanted = _loaded(body)
    while more := [
        name
        for name in trainer.helpers
        if name in wanted and name not in found and name not in own | trainer.bound
    ]:
        for name in more:
            # a copy: it is rewritten for each cell that needs it
            found[name] = ast.parse(ast.unparse(trainer.helpers[name])).body[0]
        wanted |= _loaded(found.values())
    return [found[name] for name in trainer.helpers if name in found]


def _guarded(body: list[ast.stmt], own: set[str], trainer: Trainer) -> list[tuple[str, str, str]]:
    """Names that are given to the cell as they were before any code of the learner's."""
    made: list[tuple[str, str, str]] = []
    for name in sorted(_loaded(body) - own - trainer.helpers.keys()):
        if name in trainer.bound:
            # the exercise's own word for it
            continue
        if name in trainer.imports:
            made.append((name, "import", trainer.imports[name]))
        elif name == "get_ipython":
            made.append((name, "shell", ""))
        elif hasattr(builtins, name) or name == "display":
            made.append((name, "builtin", ""))
    return made


def _only_imported(body: list[ast.stmt], guarded: list[tuple[str, str, str]]) -> set[str]:
    """Names that stand for what the trainer imports, wherever they stand."""
    found = {name for name, kind, _ in guarded if kind == "import"} | imported_names(body).keys()
    nodes = [node for one in body for node in ast.walk(one)]
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    bound |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    return found - bound - bound_names(n for n in body if not isinstance(n, IMPORT))


def _needed(body: list[ast.stmt]) -> dict[ast.Assert, int]:
    """Asserts that no branch, handler or function of the cell's own can pass by."""
    found: list[ast.Assert] = []

    def look(nodes: list[ast.stmt]) -> None:
        for node in nodes:
            if isinstance(node, ast.Assert):
                found.append(node)
            elif isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith):
                look(node.body)
            elif isinstance(node, ast.Try) and not node.handlers:
                look([*node.body, *node.finalbody])

    look(body)
    return {node: number for number, node in enumerate(found)}


def _globals(names: set[str]) -> Iterator[ast.stmt]:
    if names:
        yield ast.Global(sorted(names))


def _function(body: list[ast.stmt], arguments: list[str], file: str) -> Any:
    awaits = any(map(_awaits, body))
    made = ast.parse(f"{'async ' if awaits else ''}def cell({', '.join(arguments)}): pass")
    (function,) = made.body
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    function.body = body or function.body
    try:
        module = compile(ast.fix_missing_locations(made), file, "exec")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise NotProvable(str(error)) from None
    return next(one for one in module.co_consts if hasattr(one, "co_code"))


def _awaits(node: ast.AST) -> bool:
    if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
        return True
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return False
    if isinstance(node, ast.comprehension) and node.is_async:
        return True
    return any(map(_awaits, ast.iter_child_nodes(node)))


class _Rewriting(ast.NodeTransformer):
    """Puts a look around each operand, condition and call."""

    def __init__(
        self, names: dict[str, str], needed: dict[ast.Assert, int], theirs: set[str]
    ) -> None:
        self._names, self._needed, self._theirs = names, needed, theirs
        # calls whose result is a verdict as it is
        self._judging: set[ast.expr] = set()

    def statements(self, body: list[ast.stmt], quiet: bool) -> list[ast.stmt]:
        """The statements of a cell, each followed by the word that its end was reached."""
        made: list[ast.stmt] = []
        for number, node in enumerate(body):
            last = number == len(body) - 1 and not quiet
            new = self.visit(node)
            if last and isinstance(new, ast.Expr):
                new.value = self._told("value", new.value, ast.Constant(node.lineno))
            made += _several(new)
            made.append(ast.Expr(self._told("reached", ast.Constant(number))))
        return made

    def _told(self, role: str, *values: ast.expr) -> ast.Call:
        return ast.Call(ast.Name(self._names[role], ast.Load()), list(values), [])

    def _looked(self, node: ast.expr, role: str = "operand") -> ast.expr:
        """An operand that is looked at; a constant needs no look."""
        if isinstance(node, ast.Constant):
            return node
        new = self._told(role, node, ast.Constant(getattr(node, "lineno", 0)))
        return ast.copy_location(new, node)

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        number = self._needed.get(node, -1)
        self._judging.add(node.test)
        self.generic_visit(node)
        line = ast.Constant(node.lineno)
        node.test = self._told("truth", node.test, ast.Constant(number), line)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        # a global cannot be annotated
        return ast.Assign([node.target], node.value) if node.value else None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        if node.names[0].name != "*":
            return node
        return ast.Expr(self._told("star", ast.Constant(node.module or "")))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if not all(isinstance(one, ast.Is | ast.IsNot) for one in node.ops):
            node.left = self._looked(node.left)
            node.comparators = [
                self._looked(one, "members" if isinstance(op, ast.In | ast.NotIn) else "operand")
                for op, one in zip(node.ops, node.comparators, strict=True)
            ]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        node.left, node.right = self._looked(node.left), self._looked(node.right)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        # what is added to may add in a way of its own
        before: ast.expr = ast.parse(ast.unparse(node.target), mode="eval").body
        ast.copy_location(before, node)
        looked = ast.Expr(self._looked(self.visit(before)))
        self.generic_visit(node)
        node.value = self._looked(node.value)
        return [ast.copy_location(looked, node), node]

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if not any(isinstance(one, ast.Slice) for one in ast.walk(node.slice)):
            node.slice = self._looked(node.slice)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self._judging.update(node.values)
        self.generic_visit(node)
        node.values = [self._looked(one) for one in node.values]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self._judging.add(node.operand)
        self.generic_visit(node)
        node.operand = self._looked(node.operand)
        return node

    def _tested(self, node: Any) -> Any:
        self._judging.add(node.test)
        self.generic_visit(node)
        node.test = self._looked(node.test)
        return node

    def visit_If(self, node: ast.If) -> Any:
        return self._tested(node)

    def visit_While(self, node: ast.While) -> Any:
        return self._tested(node)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        return self._tested(node)

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self._judging.update(node.ifs)
        self.generic_visit(node)
        node.ifs = [self._looked(one) for one in node.ifs]
        return node

    def visit_Match(self, node: ast.Match) -> ast.stmt:
        self.generic_visit(node)
        node.subject = self._looked(node.subject)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        # patterns are no expressions
        made = [self.visit(one) for one in node.body]
        node.body = [new for one in made for new in _several(one)]
        node.guard = self._looked(self.visit(node.guard)) if node.guard else None
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        called, line = node.func, ast.Constant(node.lineno)
        name = called.id if isinstance(called, ast.Name) else ""
        if name == "bool":
            self._judging.update(node.args)
        more = ast.Constant(_root(called) in self._theirs), ast.Constant(node in self._judging)
        self.generic_visit(node)
        if name in {"locals", "vars", "dir"} and not node.args:
            return self._told("space")
        if name in _FRAMES:
            return node
        if isinstance(node.func, ast.Attribute):
            attribute = ast.Constant(node.func.attr)
            node.func = self._told("method", node.func.value, attribute, line, *more)
        else:
            node.func = self._told("callee", node.func, line, *more)
        return node


def _several(made: Any) -> list[ast.stmt]:
    """What a visit has put in a statement's place: one, several or none."""
    return made if isinstance(made, list) else [made] if made is not None else []


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
