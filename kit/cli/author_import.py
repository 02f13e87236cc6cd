"""``upskill author import``: a notebook's edits back into its Markdown."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from kit.cli.author import need_checkout
from kit.content import find_unit
from kit.errors import ContentError, UsageError
from kit.model import Part
from kit.notebooks import kit_metadata, read_notebook


def run_import(notebook: Path, into: Path | None) -> None:
    """Bring the edits of a notebook back and name the cells; ``into`` must not exist yet."""
    from kit.gate.bring_back import import_notebook
    from kit.gate.build import targets

    need_checkout()
    if into is not None and into.exists():
        raise UsageError(
            "The file exists already.", where=str(into), fix="Name a file that is not there yet."
        )
    told = kit_metadata(read_notebook(notebook))
    if "unit" not in told:
        raise ContentError(
            "This notebook belongs to no unit.",
            where=str(notebook),
            fix="Name a notebook that upskill author build wrote.",
        )
    unit = find_unit(told["unit"])
    part = Part(told["part"]) if told.get("part") in [str(p) for p in Part] else None
    changed = import_notebook(unit, part, notebook, into)
    console = Console(highlight=False, soft_wrap=True)
    if not changed:
        console.print("Nothing to bring back: no prose and no locked code was edited here.")
        return
    markdown = into or next(t.source for t in targets(unit) if t.part == part)
    for cell in changed:
        console.print(f"brought back {cell}", markup=False)
    console.print(f"wrote {markdown}", markup=False)
    if into is None:
        console.print(f"Next: upskill author build {unit.id}", markup=False)
