"""The unit of the fixtures that breaks no rule: tests copy it, and spoil the copy."""

from __future__ import annotations

import shutil
from pathlib import Path

from kit.content import load_unit
from kit.gate.build import build_unit
from kit.gate.findings import Finding, Report
from kit.gate.lint import Options, lint_folder
from kit.model import Unit

FIXTURE = Path(__file__).parent / "fixtures" / "good"
NAME = "disks"
INSIDE = Path("workbooks", "demo", "01_disks")


def copy_good(root: Path) -> Path:
    """A built copy under ``root``; returns the unit's folder."""
    shutil.copytree(FIXTURE, root)
    build(root / INSIDE)
    return root / INSIDE


def build(folder: Path) -> Unit:
    unit = load_unit(folder)
    build_unit(unit)
    return unit


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands there once or more; a spoil that spoils nothing is an error."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def lint(
    folder: Path,
    *,
    seeds: int = 2,
    only: tuple[str, ...] = (),
    fresh: bool = True,
    links: bool = False,
) -> Report:
    """Lint one unit on two cases, and take nothing from an earlier run."""
    return lint_folder(NAME, folder, Options(seeds, only, fresh, links, workers=2))


def of_the_unit(report: Report, folder: Path) -> list[Finding]:
    """Findings in the unit and its notebooks; the kit's own catalogue is another test's."""
    return [f for f in report.findings if f.file.is_relative_to(folder.parents[2])]
