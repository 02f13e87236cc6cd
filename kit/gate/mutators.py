"""What can be changed in the text of a model answer, one place at a time."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.Pow: "*",
    ast.FloorDiv: "/",
    ast.Mod: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.And: "and",
    ast.Or: "or",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
# the border moved, then the question turned round
_BORDERS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
_OTHER_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_OTHER_WORDS = {"first": "last", "last": "first", "left": "right", "right": "left"}
# functions that change their one argument a little; without them it is used as it is
_WRAPPERS = {"abs", "int", "round", "sorted", "list", "dict"}
# below this a tenth more is no other whole number, and one more says it already
_WHOLE = 10


@dataclass(frozen=True)
class Change:
    """Text to put in the place of ``start`` to ``end``, bytes of the answer."""

    kind: str
    start: int
    end: int
    text: str


class Text:
    """An answer by bytes: that is what the tree's offsets count."""

    def __init__(self, answer: str) -> None:
        self.tree = ast.parse(answer)
        self.data = answer.encode("utf-8")
        self._starts = [0]
        for line in self.data.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        """Offset of a piece of the tree."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        """Offset behind a piece of the tree."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """A piece of the tree as it is written."""
        return self.data[self.start(node) : self.end(node)].decode("utf-8")

    def line_start(self, offset: int) -> int:
        """Offset of the first byte of a line."""
        return self.data.rfind(b"\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Offset of the first byte of the next line."""
        found = self.data.find(b"\n", offset)
        return len(self.data) if found < 0 else found + 1

    def between(self, left: ast.expr, right: ast.expr) -> str:
        """What is written between two pieces, such as an operator."""
        return self.data[self.end(left) : self.start(right)].decode("utf-8")

    def changed(self, change: Change) -> str:
        """The whole answer with one change made."""
        put = change.text.encode("utf-8")
        return (self.data[: change.start] + put + self.data[change.end :]).decode("utf-8")


class Changes(ast.NodeVisitor):
    """Collects what can be changed in one statement; each ``visit_`` says which kind."""

    def __init__(self, text: Text, columns: Collection[str]) -> None:
        self._text, self._columns = text, set(columns)
        self._found: list[Change] = []
        self._bound = set(_bound_inside(text.tree))
        self._keys = _keys(text.tree)

    def of(self, statement: ast.stmt) -> list[Change]:
        """All changes of one statement, its own lines and those inside it."""
        self._found = []
        self.visit(statement)
        return self._found

    def _put(self, kind: str, node: ast.expr | ast.keyword, text: str) -> None:
        self._found.append(Change(kind, self._text.start(node), self._text.end(node), text))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Prose; what a text shows is the business of what computes it."""

    # --- operator ---------------------------------------------------------------------

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """``a + b`` → ``a - b``, ``*`` ↔ ``/``, ``**`` → ``*``, ``//`` → ``/``, ``&`` ↔ ``|``."""
        other = _OPERATORS.get(type(node.op))
        if other:
            self._operator("operator", node, node.left, node.right, _SIGNS[type(node.op)], other)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """``a += b`` → ``a -= b``; the statement may go as well."""
        other = _OPERATORS.get(type(node.op))
        if other:
            start, end = self._text.end(node.target), self._text.start(node.value)
            between = self._text.between(node.target, node.value)
            put = between.replace(_SIGNS[type(node.op)] + "=", other + "=", 1)
            self._found.append(Change("operator", start, end, put))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """``a and b`` → ``a or b``, ``a``, ``b``."""
        sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        self._operator("operator", node, node.values[0], node.values[1], sign, other)
        if len(node.values) == 2:
            for value in node.values:
                self._put("dropped", node, f"({self._text.of(value)})")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """``-a`` → ``a``, ``not a`` → ``a``."""
        if isinstance(node.op, ast.USub | ast.Not):
            self._put("operator", node, self._text.of(node.operand))
        self.generic_visit(node)

    def _operator(
        self, kind: str, node: ast.expr, left: ast.expr, right: ast.expr, sign: str, other: str
    ) -> None:
        between = self._text.between(left, right)
        head = self._text.data[self._text.start(node) : self._text.end(left)].decode("utf-8")
        tail = self._text.data[self._text.start(right) : self._text.end(node)].decode("utf-8")
        put = head + between.replace(sign, other, 1) + tail
        # beside a tighter operator the change would reach further than it should
        self._put(kind, node, put if self._alone(node, put) else f"({put})")

    def _alone(self, node: ast.expr, put: str) -> bool:
        """Whether ``put`` in the place of ``node`` reads as the same piece of the tree."""
        change = Change("", self._text.start(node), self._text.end(node), put)
        bracketed = Change("", change.start, change.end, f"({put})")
        try:
            plain, sure = (ast.parse(self._text.changed(c)) for c in (change, bracketed))
        except SyntaxError:
            return False
        return ast.dump(plain) == ast.dump(sure)

    # --- constant ---------------------------------------------------------------------

    def visit_Constant(self, node: ast.Constant) -> None:
        """Whole numbers one up and down, a tenth more, 0; True ↔ False; first ↔ last."""
        value = node.value
        if isinstance(value, bool):
            self._put("constant", node, str(not value))
        elif isinstance(value, int | float):
            for other in _other_numbers(value):
                self._put("constant", node, other)
        elif isinstance(value, str):
            if value in _OTHER_WORDS:
                self._put("constant", node, repr(_OTHER_WORDS[value]).replace("'", '"'))
            elif value in self._columns:
                self._swap_key(node, value, self._columns)

    # --- boundary ---------------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> None:
        """``<`` → ``<=`` and ``>=``, and so on; ``==`` ↔ ``!=``, ``in`` ↔ ``not in``."""
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            for other in _BORDERS.get(type(op), ()):
                self._operator("boundary", node, left, right, _SIGNS[type(op)], other)
            left = right
        self.generic_visit(node)

    # --- dropped ----------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        """A keyword dropped, a call of a chain dropped, neighbours swapped, min ↔ max."""
        for keyword in node.keywords:
            if keyword.arg is not None:
                self._without(keyword)
        func = node.func
        if isinstance(func, ast.Attribute) and self._ours(func.value):
            self._put("dropped", node, self._text.of(func.value))
        if isinstance(func, ast.Name):
            if func.id in _OTHER_NAMES:
                self._put("swapped", func, _OTHER_NAMES[func.id])
            if func.id in _WRAPPERS and len(node.args) == 1:
                self._put("dropped", node, f"({self._text.of(node.args[0])})")
        plain = [a for a in node.args if not isinstance(a, ast.Starred | ast.GeneratorExp)]
        for one, two in itertools.pairwise(plain):
            self._swap(one, two)
        self.generic_visit(node)

    def _ours(self, value: ast.expr) -> bool:
        """Whether the answer made this value: without its call something of it is left."""
        while isinstance(value, ast.Attribute | ast.Subscript | ast.Call):
            value = value.func if isinstance(value, ast.Call) else value.value
        return not isinstance(value, ast.Name) or value.id in self._bound

    def _without(self, keyword: ast.keyword) -> None:
        start, end = self._text.start(keyword), self._text.end(keyword)
        before = self._text.data[:start].rstrip()
        if before.endswith(b","):
            start = len(before) - 1
        self._found.append(Change("dropped", start, end, ""))

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """A slice dropped; the name of a column or an entry swapped for another that is used."""
        key = node.slice
        if isinstance(key, ast.Slice) and isinstance(node.ctx, ast.Load):
            self._put("dropped", node, self._text.of(node.value))
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            others = self._keys.get(ast.dump(node.value), set())
            if key.value in self._columns:
                others = others | self._columns
            self._swap_key(key, key.value, others)
            self.visit(node.value)
            return
        self.generic_visit(node)

    # --- swapped ----------------------------------------------------------------------

    def _swap_key(self, node: ast.Constant, key: str, others: Collection[str]) -> None:
        order = sorted({key, *others})
        if len(order) > 1:
            self._put("swapped", node, f'"{order[(order.index(key) + 1) % len(order)]}"')

    def _swap(self, one: ast.expr, two: ast.expr) -> None:
        between = self._text.between(one, two)
        put = self._text.of(two) + between + self._text.of(one)
        start, end = self._text.start(one), self._text.end(two)
        self._found.append(Change("swapped", start, end, put))

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """``a if c else b`` → ``b if c else a``."""
        of = self._text.of
        self._put("swapped", node, f"({of(node.orelse)} if {of(node.test)} else {of(node.body)})")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """The branches swapped: the question is turned round."""
        self._put("swapped", node.test, f"not ({self._text.of(node.test)})")
        self.generic_visit(node)

    # --- statements -------------------------------------------------------------------

    def generic_visit(self, node: ast.AST) -> None:
        """Each statement of a body may go; a definition may not, nor a text that explains it."""
        for field in ("body", "orelse"):
            body = getattr(node, field, None)
            if isinstance(body, list):
                for statement in body:
                    self._drop(statement, alone=len(body) == 1)
        super().generic_visit(node)

    def _drop(self, statement: ast.stmt, *, alone: bool) -> None:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Pass):
            return
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return
        start, end = self._text.start(statement), self._text.end(statement)
        if alone:
            self._found.append(Change("dropped", start, end, "pass"))
        else:
            whole = self._text.line_start(start), self._text.line_end(end)
            self._found.append(Change("dropped", *whole, ""))


def _other_numbers(value: float) -> list[str]:
    others: list[float] = []
    if isinstance(value, int):
        others += [value + 1, value - 1]
    if not isinstance(value, int) or abs(value) >= _WHOLE:
        # to as many digits as a person would write
        others.append(float(f"{value * 1.1:.6g}"))
    others.append(0)
    return [f"{other!r}" for other in dict.fromkeys(others) if other != value]


def _bound_inside(tree: ast.Module) -> Iterator[str]:
    """Parameters and variables of an answer, those of its functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _keys(tree: ast.Module) -> dict[str, set[str]]:
    """Names of columns and entries that an answer uses, by what it takes them from."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            key = node.slice.value
            if isinstance(key, str):
                found.setdefault(ast.dump(node.value), set()).add(key)
    return found
