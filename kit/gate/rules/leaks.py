"""What a message may not say: a right value, or a piece of the model answer.

Numbers count as told when three or more of their digits fit: a 5 or a 12 fits by chance.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import accumulate
from numbers import Real
from typing import Any

from kit.gate.messages import unit_messages
from kit.gate.rehearse import answers_of, notebook_of
from kit.model import Exercise, Part, Unit
from kit.notebooks import read_notebook, source

RULE = "leak-message"
WITHIN = 0.005
DIGITS = 3
SHINGLE = 5
# a long series holds some number near any other
MANY = 50
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIGNS = frozenset("=[]{}<>*/+%|&@")
_TOKEN = re.compile(r"\w+|[^\w\s]")
# what a message may write instead of the bare value
_SCALES = {"%": 0.01, "k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9,
           "천": 1e3, "만": 1e4, "백만": 1e6, "억": 1e8}  # fmt: skip


class Secrets:
    """What the messages of one exercise may not tell, once its model answer has run.

    ``solved`` are the names after it.
    """

    def __init__(self, unit: Unit, exercise: Exercise, solved: Mapping[str, Any]) -> None:
        self._unit = unit
        self._answer = answers_of(unit).get(exercise.id, "")
        self._public = public_text(unit)
        names = exercise.names or tuple(solved)
        self._values = {v for name in names for v in values_of(solved.get(name))}

    @cached_property
    def _shingles(self) -> frozenset[tuple[str, ...]]:
        return code_shingles(self._answer) - frozenset(shingles(self._public)) - self._written

    @cached_property
    def _written(self) -> frozenset[tuple[str, ...]]:
        # what stands in a message as written is found there, see ``written``
        return frozenset(s for text in self._texts for s in shingles(text))

    @cached_property
    def _known(self) -> frozenset[float]:
        return frozenset(value for _, value in numbers_in(self._public))

    @cached_property
    def _said_to_all(self) -> frozenset[float]:
        return frozenset(v for text in self._texts for _, v in numbers_in(text))

    @cached_property
    def _texts(self) -> list[str]:
        return [message.text for message in unit_messages(self._unit)]

    @cached_property
    def read_by_all(self) -> str:
        """What everybody reads: the unit's public text, and its messages as they are written."""
        return "\n".join([self._public, *self._texts])

    def told_by(self, text: str, code: str, mine: Iterable[Any]) -> str:
        """What ``text`` gives away beyond the learner's own ``code`` and values; "" for nothing."""
        told = frozenset(shingles(text)) & self._shingles - frozenset(shingles(code))
        if told:
            return f"code of the model answer: {' '.join(sorted(told)[0])}"
        right = self.right_in(text, code, mine)
        return f"a right value: {right[0]}" if right else ""

    def right_in(self, text: str, code: str = "", mine: Iterable[Any] = ()) -> list[str]:
        """Right values in ``text`` as written, beyond the learner's own ``code`` and values."""
        return [written for written, number in self.news(text, code, mine)
                if any(near(number, value) for value in self._values)]  # fmt: skip

    def news(self, text: str, code: str, mine: Iterable[Any]) -> list[tuple[str, float]]:
        """Numbers of ``text`` that stand neither in what everybody reads nor in their own work."""
        own = {v for value in mine for v in values_of(value)} | self._known
        own |= {value for _, value in numbers_in(code)}
        return [(written, number) for written, number in numbers_in(text)
                if not any(near(number, value) for value in own)]  # fmt: skip

    def computed(self, text: str, code: str, mine: Iterable[Any]) -> list[tuple[str, float]]:
        """Of these the numbers that no message holds as it is written: a check computed them."""
        return [(written, number) for written, number in self.news(text, code, mine)
                if not any(near(number, value) for value in self._said_to_all)]  # fmt: skip


def public_text(unit: Unit) -> str:
    """All that the learner reads before any answer: prose, locked cells and starters."""
    found = []
    for part in Part:
        path = notebook_of(unit, part)
        if path.is_file():
            found += [source(cell) for cell in read_notebook(path)["cells"]]
    return "\n".join(found)


def code_shingles(answer: str, size: int = SHINGLE) -> frozenset[tuple[str, ...]]:
    """Those of a model answer's code, without the sentences that it writes."""
    text = answer.encode("utf-8")
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    spans = [
        (starts[n.lineno - 1] + n.col_offset, starts[n.end_lineno - 1] + (n.end_col_offset or 0))
        for n in ast.walk(ast.parse(answer))
        if isinstance(n, ast.expr) and n.end_lineno and _is_prose(n)
    ]
    kept, at = b"", 0
    for start, end in sorted(spans):
        # what stands inside an f-string has gone with it
        if start >= at:
            kept, at = kept + text[at:start] + b'""', end
    return frozenset(shingles((kept + text[at:]).decode("utf-8"), size))


def _is_prose(node: ast.expr) -> bool:
    told = node.value if isinstance(node, ast.Constant) else None
    return isinstance(node, ast.JoinedStr) or (isinstance(told, str) and len(told.split()) > 2)


# public texts and messages are looked at again for every answer that is told something
@lru_cache(maxsize=10_000)
def shingles(text: str, size: int = SHINGLE) -> tuple[tuple[str, ...], ...]:
    """Each run of ``size`` tokens, words and signs alike, that reads as code."""
    # either sign may quote
    tokens = _TOKEN.findall(text.replace("'", '"'))
    runs = zip(*(tokens[at:] for at in range(size)), strict=False)
    return tuple(run for run in runs if _reads_as_code(run))


def _reads_as_code(run: tuple[str, ...]) -> bool:
    # two words and a sign that sentences do not have
    return not _SIGNS.isdisjoint(run) and sum(token[0].isalnum() for token in run) >= 2


def numbers_in(text: str) -> Iterator[tuple[str, float]]:
    """Numbers of three digits or more, as written and as meant: ``13.1 %`` is 13.1 and 0.131."""
    for match in _NUMBER.finditer(text):
        written = match[0].rstrip(",")
        if len(written.replace(",", "").replace(".", "").strip("0")) < DIGITS:
            continue
        value = float(written.replace(",", ""))
        yield written, value
        after = text[match.end() : match.end() + 9].strip().casefold()
        for word, scale in _SCALES.items():
            if after.startswith(word):
                yield written, value * scale


def near(a: float, b: float) -> bool:
    """Whether a reader would take one number for the other."""
    return abs(a - b) <= WITHIN * abs(b)


def values_of(value: Any) -> Collection[float]:
    """The numbers in a value, without their signs; none of a long series."""
    found: list[float] = []
    stack = [value]
    while stack and len(found) <= MANY:
        one = stack.pop()
        if isinstance(one, bool) or one is None:
            continue
        if isinstance(one, Real):
            found.append(abs(float(one)))
        elif isinstance(one, str):
            found += [number for _, number in numbers_in(one)]
        elif isinstance(one, Mapping):
            stack += list(one.values())[: MANY + 1]
        elif isinstance(one, (list, tuple, set, frozenset)):
            stack += list(one)[: MANY + 1]
        elif type(one).__module__.partition(".")[0] in ("numpy", "pandas"):
            stack += _cells(one)
    return found if len(found) <= MANY else ()


def _cells(value: Any) -> list[Any]:
    """What a series, a frame or an array holds, as far as anybody would read it."""
    # of a mixed frame every cell becomes an object
    head = value.iloc[: MANY + 1] if hasattr(value, "iloc") else value
    array = head.to_numpy() if hasattr(head, "to_numpy") else head
    found = array.ravel()[: MANY + 1].tolist() if hasattr(array, "ravel") else []
    return found if isinstance(found, list) else [found]
