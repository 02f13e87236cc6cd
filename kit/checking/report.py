"""What a learner hands over when a check of ours fails: where it failed, and on what.

The file holds the frames of our code and of libraries, versions and seeds. It holds nothing
that a learner wrote or loaded: no frame of theirs, and no error's words, which quote values.
"""

from __future__ import annotations

import linecache
import platform
import sysconfig
import traceback
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import FrameType

from kit.files import write_text
from kit.home import LearnerHome
from kit.model import Outcome, Unit

REPORTS = "reports"
_SAYS = "  says: "
_OURS = ("kit.", "_upskill_unit_")
_LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))
_END = 60
_NAMED = ("upskill-kit", "ipykernel", "numpy", "pandas", "altair", "openpyxl")


def trace(error: BaseException) -> str:
    """The frames that led to ``error``, newest last, its kind, and what it says.

    A learner's frames are counted, not shown. ``without_values`` takes the words out.
    """
    lines: list[str] = []
    for one in _chain(error):
        if lines:
            lines += ["", "Then:"]
        for frame, line in traceback.walk_tb(one.__traceback__):
            lines += _frame(frame, line)
        lines += [_kind(one), f"{_SAYS}{_words(one)}"]
    if len(lines) > 2 * _END:
        # an endless recursion says the same thing a thousand times
        lines = [*lines[:_END], "...", *lines[-_END:]]
    return "\n".join(lines)


def without_values(report: str) -> str:
    """A ``trace`` without what the errors say."""
    return "\n".join(line for line in report.split("\n") if not line.startswith(_SAYS))


def write_report(home: LearnerHome, unit: Unit, outcome: Outcome, seed: int) -> Path:
    """Write the report of an uncheckable ``outcome`` into the home; the file's path.

    ``seed`` is the one of the learner's case. The same fault twice is one file. OSError where
    nothing can be written.
    """
    text = _text(unit, outcome, seed)
    folder = home.state / REPORTS
    number = 1
    while True:
        path = folder / f"{unit.id}-{outcome.exercise}-{number}.txt"
        if not path.exists():
            write_text(path, text)
            return path
        if path.read_text(encoding="utf-8") == text:
            return path
        number += 1


def _text(unit: Unit, outcome: Outcome, seed: int) -> str:
    facts = [
        ("unit", f"{unit.id} {unit.version}"),
        ("exercise", outcome.exercise),
        ("seed", str(seed)),
        ("python", f"{platform.python_version()} on {platform.platform()}"),
        *((name, _version(name)) for name in _NAMED),
    ]
    head = "A check of upskill could not be run. This holds nothing that the learner wrote."
    rows = [f"{name:12} {value}" for name, value in facts]
    return "\n".join([head, "", *rows, "", without_values(outcome.report), ""])


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """What caused the error, first things first."""
    chain = [error]
    while True:
        last = chain[-1]
        before = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
        if before is None or before in chain:
            return reversed(chain)
        chain.append(before)


def _frame(frame: FrameType, line: int) -> Iterator[str]:
    module = str(frame.f_globals.get("__name__", ""))
    path, function = frame.f_code.co_filename, frame.f_code.co_name
    if module.startswith(_OURS):
        yield f"{module}, line {line}, in {function}"
        yield f"    {linecache.getline(path, line).strip()}"
    elif path.startswith(_LIBRARIES):
        yield f"{module}, line {line}, in {function}"
    else:
        yield "(a line of the learner's)"


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ != "__main__" else "(an error of the learner's)"


def _words(error: BaseException) -> str:
    try:
        # one line, so that it can be taken out as one
        return " ".join(str(error).splitlines())
    except Exception:
        return ""
