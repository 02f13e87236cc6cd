"""``upskill update``: new content into the home's notebooks, with a look before and a way back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kit.cli.open_notebooks import is_open
from kit.content import find_unit, load_units
from kit.errors import UsageError
from kit.home import open_home
from kit.i18n import Translator
from kit.model import Part, Unit
from kit.update.run import Done, Entry, Plan, apply_update, plan_update, undo_update

FORMAT = 1


def run_update(
    units: list[str],
    root: Path | None,
    language: str | None = None,
    *,
    preview: bool,
    undo: bool,
    as_json: bool,
) -> None:
    """Update these units (none named: all), or only say what would happen, or take it back."""
    # --lang is for what is said here; the notebooks keep the home's language
    home = open_home(root)
    tr, console = Translator(open_home(root, language).language), Console(highlight=False)
    if undo:
        if preview or units:
            raise UsageError(
                "--undo takes the whole last update back; it has no preview and no units.",
                fix="upskill update --undo",
            )
        done = undo_update(home, is_open(home))
        told = json.dumps(_undone_data(done), ensure_ascii=False)
        _say(console, told if as_json else _undone(done, tr))
        return
    chosen = [find_unit(name) for name in units] or list(load_units().values())
    plan = plan_update(home, chosen, is_open(home))
    if not preview:
        apply_update(plan, is_open(home))
    if as_json:
        _say(console, json.dumps(as_data(plan, written=not preview), ensure_ascii=False))
        return
    _show(console, plan, tr)
    shown = any(entry.shown for entry in plan.entries)
    if not shown:
        _say(console, tr("Every notebook is up to date."))
    elif preview:
        _say(console, tr("Nothing was written. Do it: {command}", command=_command(units)))
    else:
        _say(console, tr("Updated. Take it back: upskill update --undo"))


def _command(units: list[str]) -> str:
    return " ".join(["upskill update", *units])


def as_data(plan: Plan, *, written: bool) -> dict[str, Any]:
    """The plan for programs: one row for each notebook that changes."""
    rows = [
        {
            "unit": entry.unit.id,
            "part": str(entry.part or "live"),
            "from": entry.version_from,
            "to": entry.version_to,
            "kept": list(entry.merged.kept),
            "changed": list(entry.merged.changed),
            "new": list(entry.merged.new),
            "archived": list(entry.merged.archived),
            "own_cells": entry.merged.own,
            "damaged": entry.damaged,
        }
        for entry in plan.entries
        if entry.shown
    ]
    return {"format": FORMAT, "written": written, "notebooks": rows}


def _undone_data(done: Done) -> dict[str, Any]:
    return {"format": FORMAT, "undone": list(done.paths), "kept_newer_work": list(done.kept)}


def _undone(done: Done, tr: Translator) -> str:
    lines = [tr("Notebooks as before the last update: {n}", n=len(done.paths))]
    lines += [tr("{path}: what you wrote since then stays.", path=path) for path in done.kept]
    return "\n".join(lines)


def _show(console: Console, plan: Plan, tr: Translator) -> None:
    for entry in plan.entries:
        if not entry.shown:
            continue
        told = Translator(tr.language, entry.unit.folder / "locale")
        heading = f"{entry.unit.id} {_versions(entry)}"
        console.print(f"[bold]{escape(heading)}[/bold]  {escape(_part(entry.part, tr))}")
        table = Table.grid(padding=(0, 2))
        table.add_column(min_width=2)
        for name, said in _rows(entry, told):
            table.add_row("", escape(name), escape(said))
        if table.row_count:
            console.print(table)
        for line in _lines(entry, tr):
            _say(console, f"  {line}")


def _versions(entry: Entry) -> str:
    if entry.same_version:
        return entry.version_to
    return f"{entry.version_from or '?'} → {entry.version_to}"


def _part(part: Part | None, tr: Translator) -> str:
    if part is None:
        return tr("your own data")
    return tr("practice") if part is Part.PRACTICE else tr("graded assignment")


def _rows(entry: Entry, tr: Translator) -> list[tuple[str, str]]:
    """What becomes of each exercise, in the order of the new version."""
    merged = entry.merged
    rows = []
    for exercise in merged.kept:
        said = tr("your answer stays")
        if exercise in merged.changed:
            change = merged.changes[exercise].said()
            said += " · " + tr("the task changed: {what}", what=tr(change))
        rows.append((_title(entry.unit, exercise, tr), said))
    rows += [(_title(entry.unit, exercise, tr), tr("new")) for exercise in merged.new]
    # of an exercise that is still there only a locked cell can have gone
    here = {e.id for e in entry.unit.exercises}
    for exercise in merged.archived:
        if exercise in here or exercise == "unit":
            said = tr("what you wrote in a cell of ours goes to the archive at the end")
        else:
            said = tr("gone from the unit: your answer goes to the archive at the end")
        rows.append((_title(entry.unit, exercise, tr), said))
    return rows


def _title(unit: Unit, exercise: str, tr: Translator) -> str:
    # the closing cells of a workbook belong to no exercise
    known = {e.id: tr(e.title) for e in unit.exercises} | {"unit": tr(unit.title)}
    return known.get(exercise, exercise)


def _lines(entry: Entry, tr: Translator) -> list[str]:
    lines = []
    if entry.same_version and not entry.damaged:
        lines.append(tr("The same version, refreshed: its content was mended since you got it."))
    if entry.merged.own:
        lines.append(tr("Cells of your own that stay where they are: {n}", n=entry.merged.own))
    if entry.damaged:
        lines.append(tr("The file was damaged: its whole text goes to the archive at the end."))
    touched = entry.merged.kept or entry.merged.own or entry.merged.archived
    if not touched and not entry.damaged:
        lines.append(tr("You have written nothing here yet: you get the new text."))
    return lines


def _say(console: Console, text: str) -> None:
    console.print(escape(text), soft_wrap=True)
