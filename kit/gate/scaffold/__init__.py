"""Scaffolds: a small unit, and a small widget, that work; their comments are the manual.

The templates in ``unit/`` become ``workbooks/TRACK/NN_UNIT/``; those in ``widget/`` lie as
their files will, with ``NAME`` for the widget's. Their names end in ``.j2`` so that no tool
takes them for code of the kit.
"""

from __future__ import annotations

import keyword
import re
from datetime import date, timedelta
from pathlib import Path

from kit.content import content_root, load_unit
from kit.errors import UsageError
from kit.files import write_text

_TARGET = re.compile(r"([a-z][a-z0-9_]*)/([a-z][a-z0-9_-]*)")
_WIDGET = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
REVIEW_DAYS = 365


def write_scaffold(target: str, root: Path | None = None) -> tuple[Path, list[Path]]:
    """Write the scaffold of ``TRACK/UNIT``; returns its folder and its files.

    The folder takes the track's next number. UsageError for a name that nbgrader
    or Python could not carry, and for a unit that exists.
    """
    track, unit = _names(target)
    workbooks = (root or content_root()) / "workbooks"
    _prove_new(workbooks, unit)
    folder = workbooks / track / f"{_next_number(workbooks / track):02}_{unit}"
    review = date.today() + timedelta(REVIEW_DAYS)
    values = {"unit": unit, "folder": folder.name, "review_by": review}
    return folder, _write("unit", folder, values)


def write_widget(name: str, root: Path | None = None) -> list[Path]:
    """Write the scaffold of a widget into the checkout; returns its files.

    UsageError for a name that Python could not carry, and for a widget that exists.
    """
    root = root or content_root()
    if not _WIDGET.fullmatch(name) or keyword.iskeyword(name):
        raise UsageError(
            f"'{name}' is no name for a widget.",
            where="upskill author new-widget",
            fix="Lower-case letters, digits and _, beginning with a letter: cost_slider",
        )
    # of a module that is no widget, too, and a widget is more than its module
    taken = [path for path in _files("widget", root, name) if path.exists()]
    if taken:
        raise UsageError(
            f"'{name}' is in use among the widgets already.",
            where=str(taken[0]),
            fix="Choose another name, or change that one.",
        )
    class_name = "".join(part.capitalize() for part in name.split("_"))
    return _write("widget", root, {"name": name, "class_name": class_name})


def _write(scaffold: str, folder: Path, values: dict[str, object]) -> list[Path]:
    """Fill the templates of one scaffold into ``folder``; returns what was written."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = Path(__file__).parent / scaffold
    environment = Environment(
        loader=FileSystemLoader(here), undefined=StrictUndefined, keep_trailing_newline=True
    )
    files = _files(scaffold, folder, str(values.get("name", "NAME")))
    for path, template in files.items():
        write_text(path, environment.get_template(template).render(values))
    return list(files)


def _files(scaffold: str, folder: Path, name: str) -> dict[Path, str]:
    """Where each template of a scaffold goes."""
    here = Path(__file__).parent / scaffold
    templates = [path.relative_to(here).as_posix() for path in sorted(here.rglob("*.j2"))]
    return {folder / one.removesuffix(".j2").replace("NAME", name): one for one in templates}


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
