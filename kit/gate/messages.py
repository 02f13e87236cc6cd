"""What of a unit or of the kit has to be translated, and whether it is.

A message is a paragraph of prose, a text in ``workbook.toml``, or a literal that
Python code marks: ``mark("...")``, ``Mistake(label, "...")``, ``say("...")``.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kit.errors import ContentError
from kit.gate.rehearse import notebook_of
from kit.i18n import read_catalogue
from kit.model import Part, Unit
from kit.notebooks import blocks, kit_metadata, read_notebook, source

_CALLS = {"mark", "say", "_say", "translate", "tr", "_", "phrase"}
# what an author or a check got wrong stays in English
_ERRORS = {"KitError", "UsageError", "HomeError", "DataError", "GradingError", "LabError"}
# what a check tells a learner
TOLD = ("Mistake", "Remark")
_MISTAKE_WORDS = ("seen", "required", "step")


@dataclass(frozen=True)
class Message:
    """One text in English and where it stands; line 0 is the whole file."""

    text: str
    file: Path
    line: int = 0

    @property
    def where(self) -> str:
        """The place as people say it; catalogues keep it without its line."""
        name = f"{self.file.parent.name}/{self.file.name}"
        return f"{name}:{self.line}" if self.line else name


def unit_messages(unit: Unit) -> list[Message]:
    """Everything that a learner of the unit can read."""
    found = [*_toml_messages(unit), *_prose_messages(unit)]
    for path in released_files(unit):
        found += code_messages(path)
    return _once(found)


def released_files(unit: Unit) -> list[Path]:
    """The unit's Python files that reach a learner: no solution, no common mistake."""
    return [
        path
        for path in sorted(unit.folder.rglob("*.py"))
        if not path.stem.endswith("solution") and path.parent.name != "misconceptions"
    ]


def kit_messages(package: Path) -> list[Message]:
    """Everything that the kit itself says to a learner."""
    found: list[Message] = []
    for path in sorted(package.rglob("*.py")):
        if "_content" not in path.parts:
            found += code_messages(path)
    for pattern in ("*.html", "*.html.j2"):
        for path in sorted(package.rglob(f"templates/{pattern}")):
            found += template_messages(path)
    return _once(found)


def _once(messages: list[Message]) -> list[Message]:
    return list({m.text: m for m in reversed(messages)}.values())[::-1]


def _toml_messages(unit: Unit) -> Iterator[Message]:
    toml = unit.folder / "workbook.toml"
    texts = [unit.title, unit.task, *unit.abilities]
    for exercise in unit.exercises:
        texts += [exercise.title, *exercise.hints, exercise.at_work, exercise.no_hints_because]
        texts += [text for _, text in exercise.asked.options]
        texts.append(exercise.asked.unit)
        for column in exercise.asked.columns:
            texts += [column.title, column.unit, *column.options]
    for item in unit.items:
        texts += [item.question, *(text for _, text in item.options)]
    for level in unit.rubric:
        texts += [level.name, level.text]
    for text in texts:
        if text:
            yield Message(text, toml)


def _prose_messages(unit: Unit) -> Iterator[Message]:
    for part in (Part.PRACTICE, Part.GRADED, None):
        path = notebook_of(unit, part)
        if not path.is_file():
            continue
        for cell in read_notebook(path)["cells"]:
            if cell["cell_type"] == "markdown" and kit_metadata(cell).get("role") == "prose":
                for block in blocks(source(cell)):
                    yield Message(block, path)


def code_messages(path: Path) -> list[Message]:
    """The marked literals of one Python file."""
    try:
        marked = _marked(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise ContentError(
            f"This is no Python: {error.msg}", where=f"{path}:{error.lineno}"
        ) from None
    return [Message(text, path, line) for text, line in marked]


# by what stands in a file: whoever asks for its messages asks a dozen times
@lru_cache(maxsize=1_000)
def _marked(code: str) -> tuple[tuple[str, int], ...]:
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return tuple((text, call.lineno) for call in calls for text in literals(call) if text)


def called(call: ast.Call) -> str:
    """The name of what is called, without what it belongs to."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def literals(call: ast.Call) -> Iterator[str]:
    """The texts for the catalogue that stand as they are in a call."""
    for part in texts_of(call):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def texts_of(call: ast.Call) -> Iterator[ast.expr]:
    """Whatever stands in a call where a text for the catalogue belongs, each choice of several."""
    name = called(call)
    wanted: list[ast.expr] = []
    if name in _CALLS:
        wanted = call.args[:1]
    elif name in _ERRORS:
        wanted = call.args[:1] + [k.value for k in call.keywords if k.arg == "fix"]
    elif name in TOLD:
        at = name == "Mistake"
        wanted = call.args[at : at + 1]
        wanted += [k.value for k in call.keywords if k.arg in _MISTAKE_WORDS]
    for node in wanted:
        yield from _choices(node)


def _choices(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (*_choices(node.body), *_choices(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _choices(value)
    else:
        yield node


def template_messages(path: Path) -> list[Message]:
    """The ``tr("...")`` literals of one Jinja template."""
    from jinja2 import Environment, nodes

    tree = Environment().parse(path.read_text(encoding="utf-8"))
    found = []
    for call in tree.find_all(nodes.Call):
        named = isinstance(call.node, nodes.Name) and call.node.name in _CALLS
        if named and call.args and isinstance(call.args[0], nodes.Const):
            found.append(Message(str(call.args[0].value), path, call.lineno))
    return found


def placeholders(text: str) -> set[str]:
    """Names between braces; empty when the text is no template."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


def missing(messages: list[Message], catalogue: Path) -> list[Message]:
    """Messages without a translation."""
    table = read_catalogue(catalogue)
    return [m for m in messages if not table.get(m.text)]


def mismatched(messages: list[Message], catalogue: Path) -> list[Message]:
    """Messages whose translation has other placeholders."""
    table = read_catalogue(catalogue)
    return [
        m
        for m in messages
        if m.text in table and placeholders(m.text) != placeholders(table[m.text])
    ]


def entries(catalogue: Path) -> Iterator[tuple[str, int]]:
    """Each msgid as written, joined, with its line: babel's reader keeps one of two alike."""
    from babel.messages.pofile import denormalize

    text = catalogue.read_text(encoding="utf-8") if catalogue.is_file() else ""
    found: list[tuple[list[str], int]] = []
    inside = False
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if line.startswith("msgid "):
            found.append(([], number))
        inside = line.startswith("msgid ") or (inside and line.startswith('"'))
        if inside:
            found[-1][0].append(line.removeprefix("msgid "))
    for lines, number in found:
        if told := denormalize("\n".join(lines)):
            yield told, number


def refuse_doubled(catalogue: Path) -> None:
    """ContentError, with both lines, where a catalogue has two entries of one text.

    Babel's reader keeps the first: written back, what was typed into the second would be gone.
    """
    first: dict[str, int] = {}
    for text, line in entries(catalogue):
        if (at := first.setdefault(text, line)) != line:
            raise ContentError(
                f"{text[:70]!r} is translated in line {at} and again in line {line}.",
                where=f"{catalogue}:{line}",
                fix="Keep the better Korean in one entry, delete the other, and build again.",
            )


def update_catalogue(messages: list[Message], path: Path, language: str = "ko") -> int:
    """Write the catalogue with every message, translations kept; returns how many lack one.

    Entries for what code looks up by a variable (a unit's own words) stay at the end.
    ContentError for two entries of one text.
    """
    import io

    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    from kit.files import write_bytes

    refuse_doubled(path)
    old = read_catalogue(path)
    catalogue = Catalog(
        locale=language, charset="utf-8", fuzzy=False, project="upskill-kit", version="1"
    )
    catalogue.header_comment = (
        "# Translations of upskill-kit.\n# Machine-assisted; not reviewed by a native speaker."
    )
    for message in messages:
        location = message.where.partition(":")[0]
        catalogue.add(message.text, old.get(message.text, ""), locations=[(location, None)])
    for text in sorted(old.keys() - {message.text for message in messages}):
        catalogue.add(text, old[text])
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=False, sort_output=False)
    # dates and addresses that babel writes would change with every run, and say nothing
    noise = (b'"POT-', b'"PO-Rev', b'"Generated', b'"Report-', b'"Last-T', b'"Language-T')
    lines = [line for line in buffer.getvalue().split(b"\n") if not line.startswith(noise)]
    write_bytes(path, b"\n".join(lines))
    read_catalogue.cache_clear()
    return sum(not old.get(m.text) for m in messages)
