"""Names between backticks in what learners read: one that is nowhere is a slip of the pen.

Only what is nearly a name of the unit, or is called like a function, is told: an author may
quote any word.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import importlib
import inspect
import keyword
import re
from collections.abc import Iterator
from pathlib import Path

from kit.gate.build import targets
from kit.gate.findings import Report, line_of
from kit.gate.messages import Message, released_files, unit_messages
from kit.gate.places import Place
from kit.gate.rehearse import answers_of
from kit.gate.rules.korean import entries
from kit.i18n import read_catalogue
from kit.model import Unit
from kit.notebooks import read_notebook, source

RULE = "names"
# as much alike as `memmory_need` and `memory_need`
ALIKE = 0.85
_QUOTED = re.compile(r"`([A-Za-z_]\w*)(\([^`\n]*\))?`")
_WORDS = re.compile(r"[A-Za-z_]\w*")
# among shorter ones any word is as much alike by chance: `git` and `gib`
_SHORTEST = 4
# and two letters of them may well be a word that nobody misspelt
_LEAST = 3
# it has names of its own
_WORKED = "worked example"


def prove_quoted(unit: Unit, report: Report) -> None:
    """A name in prose, hints and messages is spelt as it is defined."""
    mine = unit_names(unit)
    known = mine | set(dir(builtins)) | {*keyword.kwlist, *keyword.softkwlist} | set(_taught(unit))
    messages = unit_messages(unit)
    met = {name for e in unit.exercises for name in e.names}
    met |= {found[1] for m in messages for found in _QUOTED.finditer(m.text)} & mine
    catalogue = unit.folder / "locale" / "ko.po"
    korean, lines = read_catalogue(catalogue), dict(entries(catalogue))
    for message in messages:
        told = dict(_slips(message.text, message.text, mine, known, met))
        for quoted, meant in told.items():
            _tell(report, quoted, meant, _place(unit, message, quoted))
        for quoted, meant in _slips(korean.get(message.text, ""), message.text, mine, known, met):
            if quoted not in told:
                _tell(report, quoted, meant, (catalogue, lines[message.text]))


def _slips(
    text: str, english: str, mine: set[str], known: set[str], met: set[str]
) -> Iterator[tuple[str, str]]:
    """Each unknown name as quoted, and the one that is meant ("" for a call of nobody's)."""
    own = _WORKED in english.casefold()
    for found in _QUOTED.finditer(text):
        name = found[1]
        if name in known or re.search(rf"\bdef {name}\b|\b{name} = ", english):
            continue
        near = [word for word in mine if len(word) >= _SHORTEST]
        alike = difflib.get_close_matches(name, near, 1, ALIKE)
        meant = alike[0] if alike else _slip_of(name, mine, met)
        if meant or (found[2] and not own):
            yield found[0], meant


def _slip_of(name: str, mine: set[str], met: set[str]) -> str:
    """The name that was meant, however short: a letter too often, or two in the other order.

    The latter may be a word of its own, so that only names that learners meet are looked at.
    """
    for at in range(1, len(name)):
        once = name[:at] + name[at + 1 :]
        if name[at] == name[at - 1] and once in mine and len(once) >= _LEAST:
            return once
        other = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
        if other in met and len(other) >= _LEAST:
            return other
    return ""


def _tell(report: Report, quoted: str, meant: str, place: Place) -> None:
    fix = f"Is `{meant}` meant?" if meant else "Spell it as it is defined, or define it."
    report.add(RULE, place[0], f"Nothing defines {quoted}.", fix, line=place[1])


def _place(unit: Unit, message: Message, quoted: str) -> Place:
    written = (t.source for t in targets(unit) if message.file in t.outputs)
    file = next(written, message.file)
    return file, message.line or line_of(file, quoted)


def unit_names(unit: Unit) -> set[str]:
    """Names that the unit's code, cells and model answers have; columns and the like, too."""
    texts = [path.read_text(encoding="utf-8") for path in released_files(unit)]
    texts += [*answers_of(unit).values(), *_cells(unit)]
    found = {part for e in unit.exercises for part in (e.id, *e.names)}
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            for field in ("id", "attr", "name", "arg", "asname", "module"):
                if isinstance(told := getattr(node, field, None), str):
                    found |= set(told.split("."))
            # a key, a column, a kind: no sentence
            if isinstance(node, ast.Constant) and isinstance(told := node.value, str):
                found |= set(_WORDS.findall(told)) if len(told.split()) <= 2 else set()
    for path in unit.folder.glob("*.toml"):
        keys = re.findall(r"^\s*(\w+)\s*=", path.read_text(encoding="utf-8"), re.M)
        found |= set(keys)
    return found


def _cells(unit: Unit) -> Iterator[str]:
    for target in targets(unit):
        path: Path = target.outputs[0]
        for cell in read_notebook(path)["cells"] if path.is_file() else ():
            if cell["cell_type"] == "code":
                yield source(cell)


def _taught(unit: Unit) -> Iterator[str]:
    """What the modules that cells import offer, and what their classes do."""
    nodes = [node for text in _cells(unit) for node in ast.walk(ast.parse(text))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for name in sorted(names):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        yield from dir(module)
        for _, one in inspect.getmembers(module, inspect.isclass):
            yield from dir(one)
    for one in (str, list, dict, set, tuple, float, int):
        yield from dir(one)
