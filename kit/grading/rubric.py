"""What Formgrader's grading page shows beside the learner's work; it enters by configuration.

nbgrader's page stays as it is. Its exporter takes these steps from the course's
configuration; on any other export they leave a notebook alone.

ShieldTrainer   a learner's HTML cannot act in the trainer's name, or call elsewhere
OfflineMaths    formulas become MathML, since MathJax is not here
RubricBeside    under each manual cell the unit's rubric with buttons for its points
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor

from kit.content import load_units
from kit.grading.handed import Declared, read_handed
from kit.grading.identity import unit_of
from kit.grading.maths import with_mathml
from kit.grading.outcomes import UNKNOWN, is_said, read_outcome
from kit.grading.preprocessors import grade_id
from kit.grading.rows import allowed_level
from kit.i18n import Translator, mark, resolve_language
from kit.model import OUTCOME_MIME, Exercise, OutcomeKind, RubricLevel, Unit
from kit.templates import html_templates

Resources = dict[str, Any]
TEMPLATES = Path(__file__).parent / "templates"

SAID = {
    OutcomeKind.PASSED.value: mark("passed"),
    OutcomeKind.INCORRECT.value: mark("not passed"),
    OutcomeKind.NOT_ATTEMPTED.value: mark("nothing written yet"),
    OutcomeKind.ERROR.value: mark("the code stopped"),
    OutcomeKind.UNCHECKABLE.value: mark("the check itself is broken"),
    UNKNOWN: mark("the check gave no answer"),
}
USES = {
    "none": mark("no AI"),
    "explain": mark("AI explained"),
    "draft": mark("AI drafted parts"),
    "most": mark("AI did most"),
}
# what the kit's own panels and pandas' tables are made of
_TAGS = (
    "a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 "
    "h2 h3 h4 h5 h6 hr i kbd li ol p pre q s small span strong sub summary sup table tbody td "
    "tfoot th thead tr u ul"
)
# what a check said is data, which no page shows
_SHOWN = ("text/plain", "image/png", "image/jpeg", OUTCOME_MIME)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# an address that would run, or be a page by itself; Markdown drops a backslash before a colon
_ACTING = re.compile(r"(script|data)[\s\\]*:", re.IGNORECASE)
_ATTRIBUTES = {"*": ["title", "lang"], "a": ["href"], "td": ["colspan"], "th": ["colspan", "scope"]}


def template_folders() -> list[str]:
    """Where nbconvert looks for the grading page's templates: ours first, then nbgrader's.

    Ours holds nothing but a MathJax that does nothing; nbgrader's page asks for one that
    it loads from elsewhere.
    """
    import nbgrader

    theirs = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    return [str(TEMPLATES / "nbconvert"), str(theirs)]


def on_grading_page(resources: Mapping[str, Any]) -> bool:
    """Whether Formgrader makes its page for one submission."""
    return "submission_id" in resources and "assignment_id" in resources


class ShieldTrainer(Preprocessor):  # type: ignore[misc]
    """Takes out of a submission what would run, or load, in the trainer's browser."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbconvert; the notebook on disk stays as it is."""
        if on_grading_page(resources):
            for cell in nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = [shielded(output) for output in cell.outputs]
                else:
                    cell.source = clean_markdown(str(cell.source))
                    cell.pop("attachments", None)
        return nb, resources


def clean(markup: str) -> str:
    """HTML without anything that acts or loads."""
    import bleach

    tags = frozenset(_TAGS.split())
    return str(bleach.clean(markup, tags=tags, attributes=_ATTRIBUTES, strip=True))


def clean_markdown(text: str) -> str:
    """Markdown whose own HTML and pictures are shown as they are written."""
    # Markdown reads characters out of their numbers: here none is left for it
    plain = text
    while (read := html.unescape(plain)) != plain:
        plain = read
    # a quotation mark at the start of a line stays Markdown's
    written = plain.replace("<", "&lt;").replace("![", "!&#91;")
    # with a space it is no address any more
    return _ACTING.sub(r"\1 :", written)


def shielded(output: Any) -> Any:
    """One output of a cell with text, tables and drawn pictures only."""
    if output.output_type in ("stream", "error"):
        return output
    data = output.get("data", {})
    kept = {kind: value for kind, value in data.items() if kind in _SHOWN}
    if "text/html" in data:
        kept["text/html"] = _without_style(str(data["text/html"]))
    elif "image/svg+xml" in data:
        # as the source of a picture an SVG neither runs nor loads anything
        code = base64.b64encode(str(data["image/svg+xml"]).encode()).decode()
        kept["text/html"] = f'<img alt="" src="data:image/svg+xml;base64,{code}">'
    pictures = [kind for kind in kept if kind.startswith("image/")]
    for kind in pictures:
        if not _BASE64.fullmatch(str(kept[kind])):
            del kept[kind]
    output["data"] = nbformat.from_dict(kept)
    # nbconvert writes a picture's size into its page as it stands
    output["metadata"] = nbformat.from_dict({})
    return output


def _without_style(markup: str) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "html.parser")
    # bleach would leave their text standing
    for tag in soup(["style", "script", "title", "template", "svg", "textarea"]):
        tag.decompose()
    return clean(str(soup))


class OfflineMaths(Preprocessor):  # type: ignore[misc]
    """Formulas in Markdown become MathML."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbconvert, after the shield: what is made here is markup."""
        if on_grading_page(resources):
            for cell in nb.cells:
                if cell.cell_type == "markdown":
                    cell.source = with_mathml(str(cell.source))
        return nb, resources


class RubricBeside(Preprocessor):  # type: ignore[misc]
    """Puts the rubric of a unit under each cell that a person judges."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbconvert, last."""
        if not on_grading_page(resources):
            return nb, resources
        unit = load_units().get(unit_of(str(resources["assignment_id"])))
        if unit is None or not unit.rubric:
            return nb, resources
        folder = Path(resources.get("metadata", {}).get("path", ""))
        page = _Page(unit, nb.cells, read_handed(folder)[1])
        cells: list[Any] = []
        for cell in nb.cells:
            cells.append(cell)
            exercise = page.manual.get(grade_id(cell))
            if exercise is not None:
                cells.append(nbformat.v4.new_markdown_cell(page.rubric(exercise)))
        if len(cells) > len(nb.cells):
            script = html_templates(TEMPLATES).get_template("rubric_script.html.j2").render()
            cells.append(nbformat.v4.new_markdown_cell(script))
        nb.cells = cells
        return nb, resources


class _Page:
    """One submission's rubrics, in the trainer's language."""

    def __init__(self, unit: Unit, cells: list[Any], declared: Declared | None) -> None:
        self.unit = unit
        self.say = Translator(resolve_language(), unit.folder / "locale")
        self.manual = {e.id: e for e in unit.exercises if e.manual}
        said = [read_outcome(cell) for cell in cells if is_said(cell) and grade_id(cell)]
        self.said = {outcome.exercise: outcome for outcome in said}
        self.kinds = {outcome.exercise: outcome.kind for outcome in said}
        self.declared = declared

    def rubric(self, exercise: Exercise) -> str:
        levels = [self._level(exercise, n, r) for n, r in enumerate(self.unit.rubric)]
        use = self.declared and self.say(USES[self.declared.use])
        text = (
            html_templates(TEMPLATES)
            .get_template("rubric.html.j2")
            .render(
                tr=self.say,
                language=self.say.language,
                id=exercise.id,
                title=self.say(exercise.title),
                levels=levels,
                needs=[self._need(name) for name in exercise.needs],
                declared=self.say(mark("AI use, as the learner declares it: {use}"), use=use)
                if use
                else self.say(mark("AI use: no declaration")),
                declared_note=self.declared.note if self.declared else "",
            )
        )
        return as_one_block(str(text))

    def _title(self, name: str) -> str:
        return self.say(next((e.title for e in self.unit.exercises if e.id == name), name))

    def _need(self, name: str) -> str:
        outcome = self.said.get(name)
        word = self.say(SAID.get(outcome.kind if outcome else UNKNOWN, SAID[UNKNOWN]))
        told = self.say(
            mark("Check of “{exercise}”: {said}"), exercise=self._title(name), said=word
        )
        # in the learner's language, as they read it
        message = outcome.message.splitlines()[0] if outcome and outcome.message else ""
        return f"{told}. {message}" if message else told

    def _level(self, exercise: Exercise, number: int, level: RubricLevel) -> dict[str, str]:
        counted, lacking = allowed_level(exercise, number, self.kinds)
        points = self.unit.rubric[counted].points(exercise.points)
        note = ""
        if lacking:
            told = mark("counts as level {level} until the check of “{exercise}” passes")
            note = self.say(told, level=counted, exercise=self._title(lacking))
        return {
            "name": self.say(level.name),
            "text": self.say(level.text),
            "note": note,
            "points": f"{points:g}",
            "button": self.say(mark("{n:g} points"), n=points),
        }


def as_one_block(html: str) -> str:
    """HTML that Markdown passes on untouched: it would end the block at an empty line."""
    return "\n".join(
        line.strip().replace("$", "&#36;") for line in html.splitlines() if line.strip()
    )
