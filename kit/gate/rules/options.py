"""Right options of questions: nothing that reaches a learner singles one out.

Their digests say nothing; a comment beside them, a string in a locked cell or a word in hidden
text would. What the learner is meant to read may speak of every option.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kit.checking import unit_module
from kit.gate.build import UNIT, Target, targets
from kit.gate.findings import Report, line_of
from kit.gate.messages import released_files
from kit.gate.places import cell_place
from kit.gate.rehearse import answers_of
from kit.gate.rules.korean import entries
from kit.i18n import LANGUAGES, Translator, read_catalogue
from kit.model import Form, Unit
from kit.notebooks import blocks, kit_metadata, read_notebook, source

RULE = "leak-tree"
_FIX = "Take it out: the file reaches learners."
_WORD = re.compile(r"[가-힣]{2,}|[^\W\d_]{4,}")
# a sentence that says which one it is, and does not only speak of it
_SAYS = re.compile(
    r"\b(?:right|correct|best) (?:answer|option|choice|one)\b|\b(?:answer|solution) is\b"
    r"|정답|(?:옳은|맞는) (?:답|것|선택)",
    re.I,
)
_HIDDEN = re.compile(r"<!--(.*?)-->", re.S)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\n")
# a bare `a` is an article, unless something says that it is a name
_NAMED = r"(?:[\"'`(]|(?:\bis|=|:|->|→|\boption|\banswer|\bone)\s*)"


@dataclass(frozen=True)
class Question:
    """A question, its options in each language by key, and the keys that are right."""

    id: str
    options: Mapping[str, tuple[str, ...]]
    right: frozenset[str]
    # before or after the unit, in a cell of no exercise
    asked_apart: bool = False

    def told_by(self, text: str) -> bool:
        """Whether ``text`` names a right option, and no other one."""
        named = {key for key in self.options if self.spelt(key, text) or self._hinted(key, text)}
        return bool(named & self.right) and named <= self.right

    def titled_in(self, text: str) -> bool:
        """Whether ``text`` writes a right option out, and no other one."""
        named = {key for key, titles in self.options.items() if any(_has(text, t) for t in titles)}
        return bool(named) and named <= self.right

    def remarked_in(self, text: str) -> bool:
        """Whether a comment or a docstring says which option is right."""
        keys = "|".join(map(re.escape, self.right - {"a", "A", "I"})) or "(?!)"
        told = rf"(?<![\w-]){re.escape(self.id)}[\"'`]?\s*(?::|=|->|→)\s*[\"'`]?(?:{keys})(?![\w-])"
        return self.titled_in(text) or bool(re.search(told, text))

    def paired_in(self, text: str) -> bool:
        """Whether ``text`` writes a right key beside the question's id."""
        keys = "|".join(map(re.escape, self.right))
        told = rf"(?<![\w-]){re.escape(self.id)}[\"'`]?\s*(?::|=|->|→|,|is)\s*[\"'`]?(?:{keys})"
        return bool(re.search(rf"{told}(?=[\"'`.,;)}}\]]|\s*$)", text, re.M))

    def spelt(self, key: str, text: str) -> bool:
        """Whether ``text`` has the key, or the whole option."""
        before = _NAMED if key in ("a", "A", "I") else r"(?<![\w'’-])"
        return bool(re.search(rf"{before}{re.escape(key)}(?![\w'’-])", text)) or any(
            option.casefold() in text.casefold() for option in self.options[key]
        )

    def _hinted(self, key: str, text: str) -> bool:
        words = _words(text)
        # a Korean word goes on into its particle
        return any(w in words or (w[0] >= "가" and w in text) for w in self._own_words[key])

    @cached_property
    def _own_words(self) -> Mapping[str, frozenset[str]]:
        """The words of each option that no other one has."""
        found = {key: _words(" ".join(texts)) for key, texts in self.options.items()}
        return {key: frozenset(words.difference(*(found[o] for o in found if o != key)))
                for key, words in found.items()}  # fmt: skip


def _has(text: str, title: str) -> bool:
    # one word alone may stand anywhere; an article goes with the sentence
    said = re.sub(r"^(?:the|an?) ", "", title.casefold()).rstrip(".?! ")
    found = rf"(?<!\w){re.escape(said)}(?![a-z0-9_])"
    return " " in said and bool(re.search(found, text.casefold()))


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.casefold())}


def questions_of(unit: Unit) -> Iterator[Question]:
    """Those that have a right option: sealed exercises, and questions before and after."""
    shown = [Translator(language, unit.folder / "locale") for language in LANGUAGES]

    def question(
        name: str, options: Iterable[tuple[str, str]], right: set[str], apart: bool
    ) -> Question:
        told = {key: tuple(translate(text) for translate in shown) for key, text in options}
        return Question(name, told, frozenset(right & told.keys()), apart)

    right = _items(unit)
    found = [question(i.id, i.options, {right.get(i.id, "")}, True) for i in unit.items]
    answers = answers_of(unit)
    found += [question(e.id, e.asked.options, _given(answers.get(e.id, "")), False)
              for e in unit.exercises if e.form in (Form.CHOICE, Form.CHOICES)]  # fmt: skip
    yield from (one for one in found if one.right)


def _items(unit: Unit) -> Mapping[str, str]:
    found: Mapping[str, str] = getattr(unit_module(unit, "solution"), "ITEM_ANSWERS", {})
    return found


def _given(code: str) -> set[str]:
    """The keys that a model answer gives: ``wb.answer("who", "b")``."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "answer":
            return {n.value for arg in node.args[1:] for n in ast.walk(arg)
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)}  # fmt: skip
    return set()


def prove_options(unit: Unit, report: Report, plain: Iterable[Path] = ()) -> None:
    """No comment, locked cell, hidden text or ``plain`` text says which option is right."""
    questions = list(questions_of(unit))
    _prove_toml(unit, questions, report)
    _prove_hints(unit, questions, report)
    for path in [*released_files(unit), *plain]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for question in questions:
                if question.paired_in(line):
                    report.add(RULE, path, f"This names the right option of '{question.id}'.",
                               _FIX, line=number)  # fmt: skip
        for number, text in _remarks(path) if path.suffix == ".py" else ():
            for question in questions:
                if question.remarked_in(text):
                    report.add(RULE, path, f"A comment names the right option of '{question.id}'.",
                               _FIX, line=number)  # fmt: skip
    for target in targets(unit):
        for cell in _cells(unit, target):
            for question in questions:
                if told := _told_in(cell, question):
                    report.add(RULE, target.source, f"A cell of '{cell.id}' names the right option "
                               f"of '{question.id}': {told[:70]!r}", _FIX,
                               line=_line_in(target.source, cell, told))  # fmt: skip


def _prove_hints(unit: Unit, questions: list[Question], report: Report) -> None:
    hints = {exercise.id: exercise.hints for exercise in unit.exercises}
    toml, catalogue = unit.folder / "workbook.toml", unit.folder / "locale" / "ko.po"
    korean, lines = read_catalogue(catalogue), dict(entries(catalogue))
    for question in questions:
        for hint in hints.get(question.id, ()):
            said = f"A hint of '{question.id}' names the right option."
            if question.titled_in(hint):
                report.add(RULE, toml, said, _FIX, line=line_of(toml, hint[:60]))
            elif question.titled_in(korean.get(hint, "")):
                report.add(RULE, catalogue, said, _FIX, line=lines[hint])


def _remarks(path: Path) -> Iterator[tuple[int, str]]:
    """Each comment and each docstring of a file, with its line."""
    code = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def _line_in(file: Path, cell: _Cell, told: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    # what is told in Korean stands in the catalogue; then the cell is shown
    here = (at for at, line in enumerate(lines, 1) if at > cell.line and told in line)
    return next(here, cell.line)


def _prove_toml(unit: Unit, questions: list[Question], report: Report) -> None:
    toml, by_id = unit.folder / "workbook.toml", {q.id: q for q in questions}
    here: Question | None = None
    for number, line in enumerate(toml.read_text(encoding="utf-8").splitlines(), 1):
        if found := re.match(r'id\s*=\s*"([^"]+)"', line.strip()):
            here = by_id.get(found[1])
        # a sign in a text is no comment, but texts stand in quotes
        comment = re.sub(r'"(?:\\.|[^"\\])*"', "", line).partition("#")[2].strip()
        if here and comment:
            spelt = any(here.spelt(key, comment) for key in here.right)
            if spelt or here.told_by(comment):
                report.add(RULE, toml, f"The comment beside '{here.id}' names the right option.",
                           _FIX, line=number)  # fmt: skip


@dataclass(frozen=True)
class _Cell:
    """A cell as the learner gets it, and where the Markdown opens it."""

    id: str
    role: str
    code: bool
    text: str
    line: int


def _cells(unit: Unit, target: Target) -> Iterator[_Cell]:
    """Every cell of a built notebook; prose in each language."""
    seen = Counter[tuple[str, str]]()
    notebook = target.outputs[0]
    for cell in read_notebook(notebook)["cells"] if notebook.is_file() else ():
        name, role = kit_metadata(cell).get("id", ""), kit_metadata(cell).get("role", "")
        seen[name, role] += 1
        line = cell_place(unit, target.part, name, role, seen[name, role])[1]
        for language in LANGUAGES if role == "prose" else LANGUAGES[:1]:
            translate = Translator(language, unit.folder / "locale")
            text = source(cell)
            if role == "prose":
                text = "\n\n".join(map(translate, blocks(text)))
            yield _Cell(name, role, cell["cell_type"] == "code", text, line)


def _told_in(cell: _Cell, question: Question) -> str:
    """What in a cell names a right option of the question: a line of it, or ""."""
    if not cell.code:
        hidden = "\n".join(_HIDDEN.findall(cell.text))
        said, asks = _SENTENCE.split(_HIDDEN.sub("", cell.text)), True
    else:
        said = [text for text in _beside_code(cell.text) if text != question.id]
        asks = cell.role in ("ask", "check") or "wb.items(" in cell.text
        hidden = "\n".join(said)
        for line in cell.text.splitlines():
            if question.paired_in(line):
                return line.strip()
    if cell.id not in (question.id, UNIT if question.asked_apart else question.id):
        return ""
    if asks and question.told_by(hidden):
        return next((line.strip() for line in hidden.splitlines() if question.told_by(line)), "")
    # a cell that lists the options names each of them
    if cell.id == question.id and question.titled_in("\n".join(said)):
        return next((t.strip().splitlines()[0] for t in said if question.titled_in(t)), "")
    sentences = (text for text in said if _SAYS.search(text) and question.told_by(text))
    return next((text.strip().splitlines()[0] for text in sentences), "")


def _beside_code(code: str) -> Iterator[str]:
    """Comments and strings of a cell: nothing that runs needs an option's name there."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield token.string.lstrip("# ")
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
