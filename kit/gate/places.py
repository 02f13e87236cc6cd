"""Where in a unit's sources something stands, so that a finding opens in an editor."""

from __future__ import annotations

import inspect
import re
import traceback
from pathlib import Path

from kit.checking import load_checks
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


def check_place(unit: Unit, exercise: str) -> Place:
    """Where an exercise's check is written; a sealed form's is its declaration."""
    check = load_checks(unit)[exercise]
    file = Path(inspect.getfile(check.function))
    if not file.is_relative_to(unit.folder):
        return exercise_place(unit, exercise)
    return file, inspect.getsourcelines(check.function)[1]


def label_place(unit: Unit, label: str) -> Place:
    """Where the unit's code first writes a label; ``checks.py`` where it does not."""
    paths = [p for p in sorted(unit.folder.rglob("*.py")) if not p.stem.endswith("solution")]
    found = ((path, line_of(path, f'"{label}"')) for path in paths)
    return next((place for place in found if place[1]), (unit.folder / "checks.py", 0))


def frame_place(unit: Unit, error: BaseException) -> Place | None:
    """The unit's own line, newest, that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    return _newest(unit, [(f.filename, f.lineno or 0) for f in frames])


def report_place(unit: Unit, report: str) -> Place | None:
    """The same, of the trace in the report of an uncheckable outcome."""
    found = re.findall(rf"^_upskill_unit_{re.escape(unit.id)}\.([\w.]+), line (\d+)", report, re.M)
    paths = [(unit.folder.joinpath(*m.split(".")).with_suffix(".py"), int(n)) for m, n in found]
    return paths[-1] if paths else None


def _newest(unit: Unit, frames: list[tuple[str, int]]) -> Place | None:
    mine = [(Path(file), line) for file, line in frames if Path(file).is_relative_to(unit.folder)]
    return mine[-1] if mine else None
