"""Where in a unit's sources something stands, so that a finding opens in an editor."""

from __future__ import annotations

import inspect
import re
import traceback
from pathlib import Path

from kit.checking import Check
from kit.gate.build import targets
from kit.gate.findings import line_of
from kit.model import Part, Unit

Place = tuple[Path, int]


def exercise_place(unit: Unit, exercise: str) -> Place:
    """Where ``workbook.toml`` declares an exercise or an item."""
    toml = unit.folder / "workbook.toml"
    return toml, line_of(toml, f'id = "{exercise}"')


def cell_place(unit: Unit, part: Part | None, exercise: str, role: str, number: int = 1) -> Place:
    """Where the Markdown opens the n-th cell of an exercise with a role."""
    source = next(target.source for target in targets(unit) if target.part is part)
    name = re.escape(f"{exercise}.{role}")
    # a code cell says it below its fence, a Markdown cell in the line that opens it
    wanted = re.compile(rf':kit: {name}|\+\+\+ .*"kit": "{name}".*')
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    lines = [at for at, line in enumerate(text.splitlines(), 1) if wanted.fullmatch(line.rstrip())]
    return source, lines[number - 1] if number <= len(lines) else 0


def answer_place(unit: Unit, exercise: str) -> Place:
    """Where ``ANSWERS`` names an exercise: in the unit's ``solution.py`` or a part of it."""
    for path in sorted(unit.folder.rglob("*solution.py")):
        if line := line_of(path, f'"{exercise}":'):
            return path, line
    return unit.folder / "solution.py", 0


def check_place(check: Check) -> Place:
    """Where a check is written."""
    code = inspect.unwrap(check.function)
    return Path(inspect.getfile(code)), inspect.getsourcelines(code)[1]


def frame_place(unit: Unit, error: BaseException) -> Place | None:
    """The unit's own line, newest, that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    return _newest(unit, [(f.filename, f.lineno or 0) for f in frames])


def report_place(unit: Unit, report: str) -> Place | None:
    """The same, of the traceback in the report of an uncheckable outcome."""
    found = re.findall(r'File "([^"]+)", line (\d+)', report)
    return _newest(unit, [(file, int(line)) for file, line in found])


def _newest(unit: Unit, frames: list[tuple[str, int]]) -> Place | None:
    mine = [(Path(file), line) for file, line in frames if Path(file).is_relative_to(unit.folder)]
    return mine[-1] if mine else None
