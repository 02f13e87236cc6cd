"""``upskill guide``: a unit's facilitator's guide and answer key as one page."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from kit.content import find_unit
from kit.errors import UsageError
from kit.files import write_text
from kit.home import enclosing_root
from kit.i18n import Translator, mark, resolve_language


def run_guide(unit_id: str, out: Path | None, lang: str | None) -> Path:
    """Write the guide of a unit and say where it is; returns the file.

    ``out`` defaults to ``guide-UNIT.html`` in the working directory. ContentError
    outside a checkout, since nothing that is installed holds answers; UsageError for a
    place in a learner's home.
    """
    from kit.gate.guide import make_guide, render

    language = resolve_language(lang)
    tr, console = Translator(language), Console(highlight=False)
    unit = find_unit(unit_id)
    path = (out or Path(f"guide-{unit.id}.html")).expanduser().resolve()
    if home := enclosing_root(path.parent):
        raise UsageError(
            "The guide has the answers; a learner's home is no place for it.",
            where=str(home),
            fix="Name a place outside of it: upskill guide {unit} --out FILE",
            unit=unit.id,
        )
    with console.status(tr(mark("Running each common mistake to see what it is told …"))):
        text = render(make_guide(unit, language))
    write_text(path, text)
    console.print(Text(tr(mark("For trainers only: this page contains the answers."))))
    console.print(Text(str(path)), soft_wrap=True)
    return path
