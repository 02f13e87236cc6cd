"""A unit's common mistakes: each an answer that earns a message of its own.

``misconceptions/EXERCISE.toml``, one file an exercise:

    exercise = "npv"
    also = ["graded-npv"]       # tried there too where the change fits that model answer
    few_because = ""            # why there are fewer than five

    [[mistakes]]
    name = "salvage_sign"       # stable; unique in the file
    label = "salvage_sign"      # what the check must say
    why = "every line of a cost table is added"
    replace = [['total -= salvage', 'total += salvage']]

``replace`` changes whole lines of the model answer, in order. The lines to replace are compared
without their common indentation and stand there exactly once; the new ones take their place's
indentation, and ``""`` deletes. Where the reasoning differs as a whole ``code`` holds the entire
answer cell; ``answer`` holds what a form other than code is given. A mistake may have an ``also``
of its own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.content import read_toml
from kit.errors import ContentError
from kit.gate.findings import line_of_key
from kit.gate.rehearse import answers_of
from kit.model import Unit

_KEYS = {"name", "label", "why", "replace", "code", "answer", "also"}
_FILE_KEYS = {"exercise", "also", "few_because", "mistakes"}


@dataclass(frozen=True)
class Misconception:
    """One common mistake: the answer ``code`` that makes it, and the label it must get.

    ``line`` is where it stands in ``path``. ``why`` says how somebody comes to think so.
    ``answer`` is what a form other than code is given; ``code`` then gives it. ``also`` holds
    the same mistake in other exercises' model answers: (exercise, code).
    """

    path: Path
    line: int
    name: str
    exercise: str
    label: str
    why: str
    code: str
    answer: object = None
    also: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """What tells it from every other mistake of the unit."""
        return f"{self.exercise}/{self.name}"

    def code_in(self, exercise: str) -> str | None:
        """The answer cell that makes this mistake in ``exercise``; None where it does not fit."""
        return dict([(self.exercise, self.code), *self.also]).get(exercise)


@dataclass(frozen=True)
class Misfit:
    """A mistake that cannot be made: where it stands and what is wrong with it."""

    path: Path
    line: int
    what: str


class PatchError(ValueError):
    """Lines to replace that are not in the model answer, or stand there more than once."""


def mistakes_of(unit: Unit) -> tuple[Misconception, ...]:
    """All of ``misconceptions/`` that fit the model answers; never on a learner's machine."""
    return tuple(found for found in _read(unit) if isinstance(found, Misconception))


def misfits_of(unit: Unit) -> tuple[Misfit, ...]:
    """What ``mistakes_of`` leaves out: changes that no longer fit the model answer."""
    return tuple(found for found in _read(unit) if isinstance(found, Misfit))


def few_because(unit: Unit, exercise: str) -> str:
    """Why an exercise has fewer common mistakes than it should; empty where nobody says."""
    return next((str(t.get("few_because", "")) for _, t in _files(unit)
                 if t["exercise"] == exercise), "")  # fmt: skip


def patched(answer: str, replace: Sequence[Sequence[str]]) -> str:
    """``answer`` with each pair of old and new lines replaced, in order, or a PatchError."""
    for old, new in replace:
        answer = _replaced(answer, old, new)
    return answer


def _replaced(answer: str, old: str, new: str) -> str:
    lines, wanted = answer.split("\n"), _plain(old)
    places = [
        at
        for at in range(len(lines) - len(wanted) + 1)
        if _plain("\n".join(lines[at : at + len(wanted)])) == wanted
    ]
    if len(places) != 1:
        often = f"{len(places)} times" if places else "not"
        raise PatchError(f"stands {often} in the model answer: {' '.join(old.split())[:80]}")
    at = places[0]
    here = lines[at : at + len(wanted)]
    margin = min((len(x) - len(x.lstrip()) for x in here if x.strip()), default=0)
    put = textwrap.indent("\n".join(_plain(new)), " " * margin).split("\n") if new.strip() else []
    return "\n".join([*lines[:at], *put, *lines[at + len(wanted) :]])


def _plain(text: str) -> list[str]:
    return textwrap.dedent(text).strip("\n").split("\n")


def _files(unit: Unit) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path in sorted((unit.folder / "misconceptions").glob("*.toml")):
        table = read_toml(path)
        unknown = sorted(table.keys() - _FILE_KEYS)
        if unknown or not isinstance(table.get("exercise"), str):
            what = f"Unknown key '{unknown[0]}'." if unknown else "The key 'exercise' is missing."
            raise ContentError(what, where=str(path), fix=f"Keys are {', '.join(_FILE_KEYS)}.")
        yield path, table


def _read(unit: Unit) -> Iterator[Misconception | Misfit]:
    answers = answers_of(unit)
    for path, table in _files(unit):
        seen: set[str] = set()
        for number, row in enumerate(table.get("mistakes", ())):
            name = str(row.get("name", ""))
            line = line_of_key(path, f"mistakes[{number}].name")
            wrong = _wrong(row, name, seen) or _no_exercise(table["exercise"], answers)
            if wrong:
                yield Misfit(path, line, wrong)
                continue
            seen.add(name)
            try:
                yield _misconception(path, line, table, row, answers)
            except PatchError as error:
                yield Misfit(path, line, f"'{name}': a line to replace {error}")


def _wrong(row: Mapping[str, Any], name: str, seen: set[str]) -> str:
    """What keeps a row of the file from being a mistake; empty when it is one."""
    unknown = sorted(row.keys() - _KEYS)
    if unknown:
        return f"Unknown key '{unknown[0]}' in '{name}'."
    if not name or name in seen:
        return f"The name '{name}' is missing or stands twice."
    if sum(key in row for key in ("replace", "code", "answer")) != 1:
        return f"'{name}' needs one of `replace`, `code` or `answer`."
    return ""


def _no_exercise(exercise: str, answers: Mapping[str, str]) -> str:
    return "" if exercise in answers else f"No model answer for the exercise '{exercise}'."


def _misconception(
    path: Path,
    line: int,
    table: Mapping[str, Any],
    row: Mapping[str, Any],
    answers: Mapping[str, str],
) -> Misconception:
    replace = row.get("replace", ())
    exercise = str(table["exercise"])
    if "answer" in row:
        # a form is answered in code as well
        code = f"wb.answer({exercise!r}, {row['answer']!r})"
    else:
        code = patched(answers[exercise], replace) if replace else str(row["code"])
    also = []
    for other in row.get("also", table.get("also", ())) if replace else ():
        try:
            also.append((str(other), patched(answers[other], replace)))
        except (PatchError, KeyError):
            # an exercise that asks for a part of this one has no room for some of its mistakes
            continue
    return Misconception(
        path=path,
        line=line,
        name=str(row["name"]),
        exercise=exercise,
        label=str(row.get("label", "")),
        why=str(row.get("why", "")),
        code=code,
        answer=row.get("answer"),
        also=tuple(also),
    )
