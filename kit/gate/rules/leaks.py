"""What a message may not say: a right value, or a piece of the model answer.

Numbers count as told when three or more of their digits fit: a 5 or a 12 fits by chance.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from numbers import Real
from typing import Any

from kit.gate.findings import Report, line_of
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
        self._answer = answers_of(unit).get(exercise.id, "")
        self._public = _public(unit)
        names = exercise.names or tuple(solved)
        self._values = {v for name in names for v in values_of(solved.get(name))}

    @cached_property
    def _shingles(self) -> frozenset[tuple[str, ...]]:
        return frozenset(shingles(self._answer)) - frozenset(shingles(self._public))

    @cached_property
    def _known(self) -> frozenset[float]:
        return frozenset(value for _, value in numbers_in(self._public))

    def told_by(self, text: str, code: str, mine: Iterable[Any]) -> str:
        """What ``text`` gives away beyond the learner's own ``code`` and values; "" for nothing."""
        told = frozenset(shingles(text)) & self._shingles - frozenset(shingles(code))
        if told:
            return f"code of the model answer: {' '.join(sorted(told)[0])}"
        own = {v for value in mine for v in values_of(value)}
        own |= {value for _, value in numbers_in(code)}
        for written, number in numbers_in(text):
            right = any(near(number, value) for value in self._values)
            if right and not any(near(number, value) for value in own | self._known):
                return f"a right value: {written}"
        return ""


def _public(unit: Unit) -> str:
    """All that the learner reads before any answer: prose, locked cells and starters."""
    found = []
    for part in Part:
        path = notebook_of(unit, part)
        if path.is_file():
            found += [source(cell) for cell in read_notebook(path)["cells"]]
    return "\n".join(found)


def shingles(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of five tokens, words and signs alike, that reads as code."""
    tokens = _TOKEN.findall(text)
    for at in range(len(tokens) - SHINGLE + 1):
        run = tuple(tokens[at : at + SHINGLE])
        # two words and a sign that sentences do not have
        words = sum(token[0].isalnum() for token in run)
        if words >= 2 and not _SIGNS.isdisjoint(run):
            yield run


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
    return found if len(found) <= MANY else ()


def prove_hints(unit: Unit, report: Report) -> None:
    """No hint, and nothing said after a pass, repeats the model answer."""
    public = frozenset(shingles(_public(unit)))
    answers = answers_of(unit)
    toml = unit.folder / "workbook.toml"
    for exercise in unit.exercises:
        secret = frozenset(shingles(answers.get(exercise.id, ""))) - public
        for text in exercise.hints:
            told = sorted(frozenset(shingles(text)) & secret)
            if told:
                line = line_of(toml, text.strip().splitlines()[0][:60])
                report.add(RULE, toml, f"A hint of '{exercise.id}' holds code of the model answer: "
                           f"{' '.join(told[0])}",
                           "Say it in words, or show it on other data.", line=line)  # fmt: skip
