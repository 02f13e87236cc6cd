"""A unit's facilitator's guide: one page for trainers, made of the unit itself.

Everything that the unit already says is taken from there: tasks, hints, answers, the messages
of checks on each common mistake. What only a trainer needs to read, such as a plan for the day
or anchors for grading, is prose in ``private/guide.md`` (and ``guide.ko.md``):

    # KEY: Title
    Markdown until the next such line

Keys are ``purpose``, ``can``, ``before``, ``plan.*``, ``commands``, ``exercise.ID`` (what the
check proves), ``anchor.ID.LEVEL`` (0 to 3), ``disagreements``, ``ai`` and ``glossary``; the lists
``questions`` (label: question), ``thoughts`` (label: what one thinks, for languages other than
that of the common mistakes' files) and ``items`` (item: why). What is left out is left out.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.answers import item_is_right
from kit.charts import FONT
from kit.checking import load_checks
from kit.errors import ContentError
from kit.gate.mistakes import Misconception, mistakes_of
from kit.gate.rehearse import answers_of, need_answers, rehearse
from kit.home import content_notebook
from kit.i18n import Translator, mark
from kit.identity import Identity
from kit.model import Exercise, ExerciseKind, Feedback, Item, Part, Reality, RubricLevel, Unit
from kit.notebooks import blocks, kit_metadata, read_notebook, source
from kit.reports.mistakes import titles
from kit.templates import html_templates

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TEMPLATES = Path(__file__).parent / "templates"
# whose case the messages speak of; any learner's would do
EXAMPLE = "guide"
# below this share of common lines a comparison reads worse than the code alone
ALIKE = 0.4
KINDS = {
    ExerciseKind.PROCEDURE: mark("procedure: run again on fresh data"),
    ExerciseKind.JUDGEMENT: mark("judgement: their own case"),
}
REALITIES = {
    Reality.REAL: mark("real"),
    Reality.METADATA: mark("metadata: accepted, nothing runs"),
    Reality.SIMULATED: mark("simulated"),
    Reality.NEEDS_MODEL: mark("needs a language model"),
}
STAGES = {"pre": mark("asked before"), "post": mark("asked after")}
_SECTION = re.compile(r"# ([a-z][\w.-]*)(?:: (.+))?")
_LIST = re.compile(r"^- `([\w-]+)`: (.+(?:\n  .+)*)", re.M)


@dataclass(frozen=True)
class Section:
    """A piece of the private prose: ``body`` is Markdown."""

    title: str
    body: str

    def entries(self) -> dict[str, str]:
        """The body as a list of ``- `key`: text``, by key."""
        return {key: " ".join(text.split()) for key, text in _LIST.findall(self.body)}


@dataclass(frozen=True)
class Line:
    """A line of code beside a model answer: ``sign`` is ``+``, ``-``, blank, or ``…`` for a gap."""

    sign: str
    code: str


@dataclass(frozen=True)
class KnownMistake:
    """A common mistake: what one thinks, what it looks like, what the check says to it."""

    label: str
    title: str
    thought: str
    lines: tuple[Line, ...]
    message: Feedback | None
    question: str


@dataclass(frozen=True)
class Card:
    """All about one exercise. ``same_answer`` and ``like`` name exercises told of elsewhere."""

    exercise: Exercise
    task: tuple[str, ...]
    answer: str
    same_answer: str = ""
    like: tuple[str, ...] = ()
    mistakes: tuple[KnownMistake, ...] = ()


@dataclass(frozen=True)
class AnsweredItem:
    """A question before or after, with the id of its right option and the reason."""

    item: Item
    right: str
    why: str


@dataclass(frozen=True)
class Guide:
    """What the page holds, in one language; texts of the unit are translated when shown."""

    unit: Unit
    language: str
    sections: Mapping[str, Section]
    cards: tuple[Card, ...]
    items: tuple[AnsweredItem, ...]

    def of(self, part: Part) -> list[Card]:
        """Cards of one part, in order."""
        return [card for card in self.cards if card.exercise.part is part]

    @property
    def minutes_graded(self) -> int:
        """Time boxes of the graded part together."""
        return sum(e.minutes for e in self.unit.of(Part.GRADED))

    @property
    def points(self) -> int:
        """Points of the graded part together."""
        return sum(e.points for e in self.unit.of(Part.GRADED))

    def earned(self, exercise: Exercise, level: RubricLevel) -> str:
        """What a level earns, in points without needless zeros."""
        return f"{level.points(exercise.points):g}"


def make_guide(unit: Unit, language: str) -> Guide:
    """Collect the guide; runs each common mistake once, which takes some seconds.

    Raises ContentError where the model answers are not, as in an installed kit.
    """
    need_answers(unit, f"upskill guide {unit.id}")
    sections = read_sections(unit.folder / "private", language)
    return Guide(
        unit=unit,
        language=language,
        sections=sections,
        cards=tuple(_cards(unit, language, sections)),
        items=tuple(answer_items(unit, entries(sections, "items"))),
    )


# --- the private prose ----------------------------------------------------------------


def read_sections(folder: Path, language: str) -> dict[str, Section]:
    """Sections of ``guide.LANGUAGE.md``, else of ``guide.md``; empty where there is neither."""
    for name in (f"guide.{language}.md", "guide.md"):
        if (folder / name).is_file():
            return dict(_sections((folder / name).read_text(encoding="utf-8")))
    return {}


def _sections(text: str) -> Iterator[tuple[str, Section]]:
    key, title, lines, fenced = "", "", [""], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        # a comment in a code fence looks like a heading, too
        found = None if fenced else _SECTION.fullmatch(line)
        if not found:
            lines.append(line)
            continue
        if key:
            yield key, Section(title, "\n".join(lines).strip())
        key, title, lines = found[1], found[2] or "", []
    if key:
        yield key, Section(title, "\n".join(lines).strip())


def entries(sections: Mapping[str, Section], key: str) -> dict[str, str]:
    """The list in a section by its keys; empty without the section."""
    return sections[key].entries() if key in sections else {}


# --- exercises ------------------------------------------------------------------------


def _cards(unit: Unit, language: str, sections: Mapping[str, Section]) -> Iterator[Card]:
    answers, tasks = answers_of(unit), dict(_tasks(unit))
    messages = _messages(unit, language)
    words = entries(sections, "questions"), entries(sections, "thoughts")
    seen: dict[str, str] = {}
    for exercise in unit.exercises:
        answer = answers[exercise.id].strip("\n")
        known = [m for m in mistakes_of(unit) if m.exercise == exercise.id]
        yield Card(
            exercise=exercise,
            task=tuple(tasks.get(exercise.id, ())),
            answer=answer,
            same_answer=seen.get(answer, ""),
            like=() if exercise.part is Part.PRACTICE else _alike(unit, exercise),
            mistakes=tuple(_known(unit, m, answer, messages, words) for m in known),
        )
        seen.setdefault(answer, exercise.id)


def _tasks(unit: Unit) -> Iterator[tuple[str, list[str]]]:
    """What each exercise asks for: its prose from the task on, all of it where none is marked."""
    for part in Part:
        prose: dict[str, list[list[str]]] = {}
        for cell in read_notebook(content_notebook(unit, part))["cells"]:
            data = kit_metadata(cell)
            if data.get("role") == "prose":
                prose.setdefault(data["id"], []).append(list(blocks(source(cell))))
        for exercise, cells in prose.items():
            told = [text for cell in cells for text in _from_task(cell)]
            yield exercise, told or [text for cell in cells for text in _plain(cell)]


def _from_task(cell: list[str]) -> list[str]:
    first = next((n for n, text in enumerate(cell) if text.startswith("**Task")), len(cell))
    return _plain(cell[first:])


def _plain(cell: list[str]) -> list[str]:
    # folded reference text is HTML, and the notebook has it
    return [text for text in cell if not text.startswith(("#", "<"))]


def _alike(unit: Unit, exercise: Exercise) -> tuple[str, ...]:
    """Practice exercises whose check is the same, or knows the same mistakes."""
    checks = load_checks(unit)
    mine = checks.get(exercise.id)
    if mine is None:
        return ()
    return tuple(
        other.id
        for other in unit.of(Part.PRACTICE)
        if (check := checks.get(other.id))
        and (check is mine or set(check.diagnoses) & set(mine.diagnoses))
    )


def _messages(unit: Unit, language: str) -> dict[str, Feedback | None]:
    """What the check says to each common mistake, in ``language``."""
    known, told = mistakes_of(unit), {}
    who = Identity("gate", EXAMPLE, language, None, None)
    for stage in rehearse(unit, Part.PRACTICE, EXAMPLE, who):
        for mistake in known:
            if mistake.exercise == stage.exercise:
                told[mistake.key] = stage.outcome(mistake.code).feedback
    return told


def _known(
    unit: Unit,
    mistake: Misconception,
    answer: str,
    messages: Mapping[str, Feedback | None],
    words: tuple[dict[str, str], dict[str, str]],
) -> KnownMistake:
    questions, thoughts = words
    return KnownMistake(
        label=mistake.label,
        title=titles(unit.folder).get(mistake.label, ""),
        thought=thoughts.get(mistake.label) or mistake.why,
        lines=tuple(compare(mistake.code.strip("\n"), answer)),
        message=messages.get(mistake.key),
        question=questions.get(mistake.label, ""),
    )


def compare(code: str, answer: str) -> Iterator[Line]:
    """What differs from the model answer, with a line around it; all of it when little is alike."""
    # a blank line more or less is no difference
    theirs, ours = ([x for x in t.splitlines() if x.strip()] for t in (code, answer))
    if difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio() < ALIKE:
        yield from (Line(" ", line) for line in theirs)
        return
    hunks = 0
    for line in list(difflib.unified_diff(ours, theirs, n=1, lineterm=""))[2:]:
        if line.startswith("@@"):
            hunks += 1
            if hunks > 1:
                yield Line("…", "")
        else:
            yield Line(line[0], line[1:])


def answer_items(unit: Unit, reasons: Mapping[str, str]) -> Iterator[AnsweredItem]:
    """Each item with its right option, found by trying all of them against the digest."""
    for item in unit.items:
        right = [key for key, _ in item.options if item_is_right(item, key)]
        if len(right) != 1:
            raise ContentError(
                f"{len(right)} options fit the digest of '{item.id}'; one has to.",
                where=f"{unit.folder / 'workbook.toml'}: items",
            )
        yield AnsweredItem(item, right[0], reasons.get(item.id, ""))


# --- the page -------------------------------------------------------------------------


def render(guide: Guide) -> str:
    """The guide as HTML text: one file, no script, nothing fetched."""
    unit = guide.unit
    tr = Translator(guide.language, unit.folder / "locale")
    template = html_templates(TEMPLATES).get_template("guide.html.j2")
    return template.render(
        guide=guide,
        unit=unit,
        tr=tr,
        font=FONT,
        md=paragraphs,
        inline=_markdown().renderInline,
        code=highlighted,
        parts=[(part, guide.of(part)) for part in (Part.PRACTICE, Part.GRADED)],
        titles={e.id: tr(e.title) for e in unit.exercises},
        plan=[(k, s) for k, s in guide.sections.items() if k.startswith("plan.")],
        kinds=KINDS,
        realities=REALITIES,
        stages=STAGES,
        practice=Part.PRACTICE,
    )


def highlighted(code: str) -> str:
    """Python as HTML with a class for each kind of token; the page's style colours them."""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    # a line out of its context may be no Python; that is no error worth a red box
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


def paragraphs(text: str) -> str:
    """Markdown as HTML; raw HTML in it is shown as text."""
    # code may be wider than the window: a keyboard has to reach it to scroll
    return str(_markdown().render(text)).replace("<pre>", '<pre tabindex="0">')


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    def fence(text: str, language: str, _attributes: str) -> str:
        return highlighted(text) if language == "python" else ""

    options: dict[str, Any] = {"html": False, "highlight": fence}
    return MarkdownIt("commonmark", options).enable("table")
