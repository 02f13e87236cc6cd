"""``upskill export`` and ``import``: a learner's work in one file, and into another home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.cli.open_notebooks import is_open
from kit.errors import HomeError
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, mark
from kit.moving import Plan, apply_import, export_home, exported_files, plan_import, read_bundle

FORMAT = 1
KINDS = {
    "new": mark("new here"),
    "taken": mark("untouched here: replaced by theirs"),
    "mine": mark("untouched there, or all of it is here: yours stays"),
    "both": mark("written in both places: yours stays, theirs is added"),
    "copied": mark("differs: theirs is written, yours stays as a dated copy"),
    "unknown": mark("its unit is not installed here: left out"),
}


def run_export(
    file: Path | None,
    root: Path | None,
    language: str | None,
    *,
    with_inbox: bool,
    show: bool,
    as_json: bool,
) -> None:
    """Write the export, or only list what would be in it."""
    home = _made(open_home(root, language))
    tr, console = Translator(home.language), Console(highlight=False)
    target = file or _free(Path.cwd(), home)
    if show:
        sizes = exported_files(home, with_inbox=with_inbox)
    else:
        sizes = export_home(home, target, with_inbox=with_inbox)
    if as_json:
        told = {"format": FORMAT, "written": None if show else str(target), "files": sizes}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if show:
        _list(console, sizes)
    total = sum(sizes.values()) / 1e6
    counted = tr("{n} files, {total:.1f} MB", n=len(sizes), total=total)
    console.print(Text(counted))
    if show:
        _say(console, tr("Nothing was written."))
        return
    _say(console, tr("Written: {path}", path=target))
    _say(
        console,
        tr(
            "It holds your answers: pass it on by a way that you trust. Elsewhere: {command}",
            command=f"upskill import {target.name}",
        ),
    )


def _made(home: LearnerHome) -> LearnerHome:
    if not (home.state / "home.json").is_file():
        raise HomeError(
            "There is no learner's home here yet.", where=str(home.root), fix="upskill start"
        )
    return home


def _free(folder: Path, home: LearnerHome) -> Path:
    stem, number = f"upskill-{home.learner}-{datetime.now(UTC):%Y-%m-%d}", 1
    path = folder / f"{stem}.zip"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.zip"
    return path


def _list(console: Console, sizes: Mapping[str, int]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name, size in sizes.items():
        table.add_row(Text(name), Text(f"{size / 1000:,.1f} kB"))
    console.print(table)


def run_import(
    file: Path,
    root: Path | None,
    language: str | None,
    *,
    preview: bool,
    progress_only: bool,
    as_json: bool,
) -> None:
    """Take an export in, or only say what would happen."""
    home = open_home(root, language)
    tr, console = Translator(home.language), Console(highlight=False)
    plan = plan_import(home, read_bundle(file), progress_only=progress_only)
    copies = [] if preview else apply_import(plan, is_open(home))
    if as_json:
        print(json.dumps(as_data(plan, written=not preview), ensure_ascii=False, indent=1))
        return
    _show(console, plan, tr)
    for copy in copies:
        _say(console, tr("Yours is kept in {path}", path=copy))
    if preview:
        _say(console, tr("Nothing was written."))
    elif plan.takes_over:
        told = tr("This home now belongs to {learner}.", learner=plan.home.learner)
        _say(console, told)
    if not preview:
        _say(console, tr("Taken in. Go on: upskill start"))


def as_data(plan: Plan, *, written: bool) -> dict[str, Any]:
    """The plan for programs."""
    return {
        "format": FORMAT,
        "written": written,
        "made_at": plan.bundle.manifest["made_at"],
        "learner": plan.bundle.learner,
        "takes_over": plan.takes_over,
        "attempts": plan.attempts,
        "files": {change.name: change.kind for change in plan.changes},
    }


def _show(console: Console, plan: Plan, tr: Translator) -> None:
    made = tr("Export of {learner}, {day}", learner=plan.bundle.learner, day=plan.bundle.day)
    console.print(Text(made, style="bold"))
    for change in plan.changes:
        if change.kind in KINDS and not change.name.startswith("base/"):
            _say(console, f"  {change.name}: {tr(KINDS[change.kind])}")
    _say(console, tr("Events of your progress that are new here: {n}", n=plan.attempts))


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
