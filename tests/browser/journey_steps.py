"""What a learner does on the way through a unit, for the journey's test and its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_notebook import LabNotebook
from playwright.sync_api import Page, expect

from kit.checking import unit_module
from kit.content import load_programme, load_units
from kit.gate.mistakes import mistakes_of
from kit.gate.rehearse import answers_of
from kit.i18n import Translator, read_catalogue
from kit.model import Part, Unit
from kit.notebooks import Cell, kit_metadata, read_notebook, write_notebook

UNIT: Unit = load_units()[load_programme().units[0]]
FIRST = "repair"
MISTAKE = "repair/fractions_left"
MISTAKE_SAYS = "rows say `fraction` in their unit"


class Words:
    """What the kit and the unit say in one language; English texts find their translation."""

    def __init__(self, language: str) -> None:
        self.translate = Translator(language, UNIT.folder / "locale")

    def __call__(self, text: str, **values: object) -> str:
        """The whole text with its values."""
        return self.translate(text, **values)

    def piece(self, text: str) -> str:
        """The longest part of a text that no value, code or emphasis interrupts."""
        said = self.translate(text)
        assert said != text or self.translate.language == "en", f"no translation: {text}"
        return _longest(said)

    def mistake(self) -> str:
        """A part of the message about the wrong answer."""
        known = read_catalogue(UNIT.folder / "locale" / "ko.po")
        return self.piece(next(text for text in known if MISTAKE_SAYS in text))


def _longest(text: str) -> str:
    return max(re.split(r"\{[^}]*\}|`[^`]*`|[*_\n]", text), key=len).strip()


def wrong_answer() -> str:
    """Somebody's answer to the first exercise, wrong in a common way."""
    return next(m.code for m in mistakes_of(UNIT) if m.key == MISTAKE).strip()


def right_answer(exercise: str = FIRST) -> str:
    """The model answer of an exercise."""
    return answers_of(UNIT)[exercise].strip()


def solve_on_disk(home: Path, part: Part, exercises: tuple[str, ...] = ()) -> None:
    """Write model answers into a notebook that is closed; all exercises or the named ones.

    A form is answered in a cell of the learner's own, below it.
    """
    answers = answers_of(UNIT)
    path = home / UNIT.assignment(part) / notebook_name(part)
    notebook = read_notebook(path)
    cells = []
    for cell in notebook["cells"]:
        cells.append(cell)
        data = kit_metadata(cell)
        exercise, role = data.get("id", ""), data.get("role")
        if exercise not in (exercises or answers) or exercise not in answers:
            continue
        if role in ("answer", "manual"):
            cell["source"] = answers[exercise].strip()
        elif role == "ask":
            cells.append(_own_cell(f"{exercise}-own", answers[exercise].strip()))
    notebook["cells"] = cells
    write_notebook(path, notebook)


def _own_cell(cell_id: str, source: str) -> Cell:
    told = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**told, "id": cell_id, "source": source}


def notebook_name(part: Part) -> str:
    """The file name of a part's notebook."""
    return {Part.PRACTICE: "workbook.ipynb", Part.GRADED: "assignment.ipynb"}[part]


def write_export(path: Path, language: str = "en") -> Path:
    """Two weeks of three servers as somebody keeps them in a table; Korean ones in CP949."""
    heads = {"en": "Server,Time,CPU usage (%)", "ko": "서버,일시,CPU 사용률(%)"}
    # quiet, steady, asleep but for an hour at noon
    shapes = {
        "web-01": lambda _hour: 1.5,
        "db-01": lambda hour: 38.0 + hour % 5,
        "batch-01": lambda hour: 92.0 if hour % 24 in (12, 13, 14) else 1.0,
    }
    rows = [
        f"{name},2026-03-{1 + hour // 24:02d} {hour % 24:02d}:{minute:02d}:00,{shape(hour):.2f}"
        for name, shape in shapes.items()
        for hour in range(15 * 24)
        for minute in range(0, 60, 5)
    ]
    encoding = "cp949" if language == "ko" else "utf-8"
    path.write_text("\n".join([heads[language], *rows]) + "\n", encoding=encoding)
    return path


@contextmanager
def loaded_again(page: Page, timeout: float = 120_000) -> Iterator[None]:
    """At its end the page is another document: nothing of the one before is read."""
    # a finding, a table, a language may stand on the page from what was done earlier
    page.evaluate("document.documentElement.dataset.before = ''")
    yield
    failed = page.locator("html[data-before] .failed:visible")
    anew = page.locator("html:not([data-before]) main")
    expect(anew.or_(failed).first).to_be_attached(timeout=timeout)
    assert failed.all_inner_texts() == [], "the page says why it did not work"
    page.wait_for_load_state()


def drop(page: Page, *files: Path) -> None:
    """Give files to the home page and wait for the finding."""
    with loaded_again(page):
        page.set_input_files("#files", list(files))
    expect(page.locator("#finding")).to_be_visible()


def begin(notebook: LabNotebook) -> None:
    """Run what opens the workbook, and the first exercise's own setup."""
    notebook.run(notebook.code("kit.open_workbook"))
    notebook.run(notebook.code("wb.tools.raw_rows"))


def answer(notebook: LabNotebook, source: str) -> None:
    """Put an answer into the first exercise, run it and check it."""
    cell = notebook.code("def clean(raw)")
    notebook.write(cell, source)
    notebook.run(cell)
    notebook.run(notebook.code(f'wb.check("{FIRST}")'))


def right_items() -> dict[str, str]:
    """Each question before and after, with its right option."""
    told: dict[str, str] = unit_module(UNIT, "solution").ITEM_ANSWERS
    return told
