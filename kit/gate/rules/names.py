"""Names that nothing defines: in cells, in prose, in ``workbook.toml`` and in ``case.py``."""

from __future__ import annotations

import builtins
import re
import symtable
from collections import Counter
from collections.abc import Iterator
from inspect import getattr_static

from kit.checking import unit_module
from kit.gate.build import targets
from kit.gate.findings import Report, line_of
from kit.gate.places import Place, answer_place, cell_place, exercise_place
from kit.gate.rehearse import answers_of, notebook_of
from kit.gate.rules.quoted import RULE, prove_quoted
from kit.model import Part, Unit
from kit.notebooks import kit_metadata, read_notebook, source
from kit.workbook import Workbook

# what IPython puts beside Python's own names
_ALWAYS = {*dir(builtins), "__name__", "display", "get_ipython"}
_USED = re.compile(r"\bwb\.(?:(tools)\.)?([A-Za-z_]\w*)(?:\(\s*[\"']([\w-]+)[\"'])?")
_TAKES_EXERCISE = {"check", "carry", "take", "hint", "ask", "answer"}


def prove_names(unit: Unit, report: Report) -> None:
    """Cells load only what is bound before; texts name only what there is."""
    for what, (file, line), error in _unread(unit):
        # whoever looks for names, or runs anything, would stop there
        report.add("load", file, f"{what} is no Python: {error.msg} (its line {error.lineno})",
                   "Mend the line.", line=line)  # fmt: skip
    if any(found.rule == "load" for found in report.findings):
        return
    for part in (Part.PRACTICE, Part.GRADED, None):
        _prove_cells(unit, part, report)
    _prove_texts(unit, report)
    prove_quoted(unit, report)
    _prove_declared(unit, report)
    _prove_carried(unit, report)


def _unread(unit: Unit) -> Iterator[tuple[str, Place, SyntaxError]]:
    """Code cells and model answers that do not compile."""
    for part in (Part.PRACTICE, Part.GRADED, None):
        path, seen = notebook_of(unit, part), Counter[tuple[str, str]]()
        for cell in read_notebook(path)["cells"] if path.is_file() else ():
            data = kit_metadata(cell)
            name, role = data.get("id", ""), data.get("role", "")
            seen[name, role] += 1
            if cell["cell_type"] == "code" and (error := _error(source(cell))):
                place = cell_place(unit, part, name, role, seen[name, role])
                yield f"A cell of '{name}'", place, error
    for name, answer in answers_of(unit).items():
        if error := _error(answer):
            yield f"The model answer of '{name}'", answer_place(unit, name), error


def _error(code: str) -> SyntaxError | None:
    try:
        symtable.symtable(code, "<cell>", "exec")
    except SyntaxError as error:
        return error
    return None


def _prove_cells(unit: Unit, part: Part | None, report: Report) -> None:
    path = notebook_of(unit, part)
    if not path.is_file():
        return
    answers = answers_of(unit) if part else {}
    promised = {e.id: set(e.names) for e in unit.exercises}
    cells = [c for c in read_notebook(path)["cells"] if c["cell_type"] == "code"]
    known, seen = set(_ALWAYS), dict[tuple[str, str], int]()
    texts = [source(cell) for cell in cells]
    later = set().union(*(bound(text) for text in [*texts, *answers.values()]))
    for cell, text in zip(cells, texts, strict=True):
        data = kit_metadata(cell)
        name, role = data.get("id", ""), data.get("role", "")
        seen[name, role] = seen.get((name, role), 0) + 1
        here = bound(text) | promised.get(name, set())
        for missing in sorted(loaded(text, known | here, known | here | later)):
            file, line = cell_place(unit, part, name, role, seen[name, role])
            report.add(RULE, file, f"A cell of '{name}' uses `{missing}`, which no cell before it "
                       "defines.", "Define or import it there, or spell it as it is defined.",
                       line=line)  # fmt: skip
        known |= here


def bound(code: str) -> set[str]:
    """Names that a cell binds."""
    table = symtable.symtable(code, "<cell>", "exec")
    found = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    return found | {child.get_name() for child in table.get_children()}


def loaded(code: str, before: set[str], ever: set[str]) -> set[str]:
    """Names that a cell uses and nobody binds: at once, or when its functions are called."""
    table = symtable.symtable(code, "<cell>", "exec")
    now = {s.get_name() for s in table.get_symbols() if s.is_referenced()} - before
    return now | (set(_globals_in(table)) - ever)


def _globals_in(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                yield symbol.get_name()
        yield from _globals_in(child)


def _prove_texts(unit: Unit, report: Report) -> None:
    """``wb.NAME``, ``wb.tools.NAME`` and ``wb.check("ID")`` as they stand in prose and cells."""
    tools = _tools(unit)
    ids = {e.id for e in unit.exercises}
    places = [t.source for t in targets(unit) if t.source.is_file()]
    for file in [*places, unit.folder / "workbook.toml"]:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            for tool, name, exercise in _USED.findall(line):
                owner = tools if tool else Workbook
                if name == "tools" and not tool:
                    continue
                if owner is not None and not _has(owner, name):
                    called = f"wb.{'tools.' if tool else ''}{name}"
                    report.add(RULE, file, f"There is no `{called}`.",
                               "Spell it as the code does.", line=number)  # fmt: skip
                elif exercise and name in _TAKES_EXERCISE and exercise not in ids:
                    report.add(RULE, file, f'`wb.{name}("{exercise}")`: no exercise has this id.',
                               f"Exercises: {', '.join(sorted(ids))}", line=number)  # fmt: skip


def _tools(unit: Unit) -> type | None:
    if not (unit.folder / "tools.py").is_file():
        return None
    found: type = unit_module(unit, "tools").Tools
    return found


def _has(owner: type, name: str) -> bool:
    try:
        getattr_static(owner, name)
    except AttributeError:
        return False
    return True


def _prove_declared(unit: Unit, report: Report) -> None:
    """What ``names`` and ``decides`` promise is what the model answer defines."""
    answers = answers_of(unit)
    for exercise in unit.exercises:
        file, line = exercise_place(unit, exercise.id)
        if exercise.id in answers:
            for name in set(exercise.names) - bound(answers[exercise.id]):
                report.add(RULE, file, f"'{exercise.id}' promises `{name}`, which its model answer "
                           "does not define.", "Mend names, or the answer.",
                           line=line)  # fmt: skip
        for name in set(exercise.decides) - set(exercise.names):
            report.add(RULE, file, f"'{exercise.id}' decides `{name}`, which is none of its names.",
                       line=line)  # fmt: skip


def _prove_carried(unit: Unit, report: Report) -> None:
    """``CARRY``, ``TAKEABLE`` and the like of ``case.py`` speak of exercises that there are."""
    case = unit_module(unit, "case")
    ids = {e.id for e in unit.exercises}
    carry = set(getattr(case, "CARRY", ()))
    named = [(n, set(getattr(case, n, ())), ids) for n in ("CARRY", "OPTIONS", "QUESTIONS")]
    for table, keys, allowed in [*named, ("TAKEABLE", set(getattr(case, "TAKEABLE", ())), carry)]:
        for name in sorted(keys - allowed):
            file, line = _case_place(unit, name)
            report.add(RULE, file, f"{table} names '{name}', which "
                       f"{'CARRY does not' if table == 'TAKEABLE' else 'is no exercise'}.",
                       f"Known: {', '.join(sorted(allowed))}", line=line)  # fmt: skip


def _case_place(unit: Unit, name: str) -> Place:
    for path in sorted(unit.folder.rglob("case.py")):
        if line := line_of(path, f'"{name}"'):
            return path, line
    return unit.folder / "case.py", 0
