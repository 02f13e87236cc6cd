"""The scaffold of a unit: a small unit that lints and runs, whose comments are the manual.

The templates beside this file become ``workbooks/TRACK/NN_UNIT/``. Their names end
in ``.j2`` so that no tool takes them for code of the kit.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from kit.content import content_root, load_unit
from kit.errors import UsageError
from kit.files import write_text

_TARGET = re.compile(r"([a-z][a-z0-9_]*)/([a-z][a-z0-9_-]*)")
REVIEW_DAYS = 365


def write_scaffold(target: str, root: Path | None = None) -> tuple[Path, list[Path]]:
    """Write the scaffold of ``TRACK/UNIT``; returns its folder and its files.

    The folder takes the track's next number. UsageError for a name that nbgrader
    or Python could not carry, and for a unit that exists.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    track, unit = _names(target)
    workbooks = (root or content_root()) / "workbooks"
    _prove_new(workbooks, unit)
    folder = workbooks / track / f"{_next_number(workbooks / track):02}_{unit}"
    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here), undefined=StrictUndefined, keep_trailing_newline=True
    )
    review = date.today() + timedelta(REVIEW_DAYS)
    values = {"unit": unit, "folder": folder.name, "review_by": review}
    written = []
    for template in sorted(here.rglob("*.j2")):
        name = template.relative_to(here).as_posix()
        path = folder / name.removesuffix(".j2")
        write_text(path, environment.get_template(name).render(values))
        written.append(path)
    return folder, written


def _names(target: str) -> tuple[str, str]:
    match = _TARGET.fullmatch(target)
    if match is None or target.endswith("-practice"):
        raise UsageError(
            f"'{target}' is not TRACK/UNIT.",
            where="upskill author new",
            # nbgrader knows a unit's workbook as UNIT-practice
            fix="Lower-case letters, digits and _, not ending in -practice: cloud/landing_zone",
        )
    return match[1], match[2]


def _prove_new(workbooks: Path, unit: str) -> None:
    for path in sorted(workbooks.glob("*/*/workbook.toml")):
        if load_unit(path.parent).id == unit:
            raise UsageError(
                f"There is a unit '{unit}' already.",
                where=str(path.parent),
                fix="Choose another id: ids are never used again.",
            )


def _next_number(track: Path) -> int:
    numbers = [int(path.name[:2]) for path in track.glob("[0-9][0-9]_*")]
    return max(numbers, default=0) + 1
