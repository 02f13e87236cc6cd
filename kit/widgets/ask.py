"""One form of an exercise: draws what is asked, hands on what is given."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import traitlets

from kit.answers import percent
from kit.errors import Translate
from kit.i18n import mark
from kit.widgets.lasting import LastingWidget, lasting_html, script, style
from kit.widgets.words import SAVED, SURE

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class FileGiven:
    """A file that was chosen in the page."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Reply:
    """What became of an answer: ``text`` for the learner, and what counts as given now."""

    text: str
    refused: bool
    given: Any
    attempts: int


class AskWidget(LastingWidget):
    """Shows ``form``; calls ``on_answer`` with each value, or FileGiven, that comes of it.

    ``form`` holds id, form and title, and by its kind options, columns, questions, unit,
    low, high, suffixes, max_mb; ``way`` is the call that answers without the widget. Where it
    asks for ``confidence``, 0 to 100 % is handed on beside the value, else None. ``draft`` is
    what stands in the form and is not saved; ``on_draft`` keeps one, and says whether it can
    be one. What is right is not among what the widget knows.
    """

    WORDS: ClassVar = {
        **SURE,
        "save": mark("Save the answer"),
        "empty": mark("There is no answer yet."),
        "given": SAVED,
        "up": mark("Move up: {text}"),
        "down": mark("Move down: {text}"),
        "place": mark("“{text}” is now number {place} of {all}."),
        "row": mark("row {row}"),
        "add": mark("Add a row"),
        "remove": mark("Remove row {row}"),
        "removed": mark("Row {row} is removed."),
        "unsaved": mark("Not saved yet."),
        "unread": mark(
            "“{text}” cannot be read as a number. Write it like 1200 or 1.5, without a comma, "
            "a space or a unit."
        ),
        "reason": mark("What is wrong with {claim}"),
        "why": mark("What is wrong with it?"),
    }
    _esm = script("ask")
    # it looks as questions before and after a unit do, and has more
    _css = style("items", "ask")
    form = traitlets.Dict().tag(sync=True)
    given = traitlets.Any(None, allow_none=True).tag(sync=True)
    attempts = traitlets.Int(0).tag(sync=True)
    reply = traitlets.Dict().tag(sync=True)
    confidence = traitlets.Int(None, allow_none=True).tag(sync=True)
    draft = traitlets.Any(None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        form: Mapping[str, Any],
        given: Any,
        attempts: int,
        say: Translate,
        on_answer: Callable[[object, int | None], Reply],
        *,
        confidence: int | None = None,
        draft: object | None = None,
        on_draft: Callable[[object], bool] = lambda _draft: True,
    ) -> None:
        traits = {"given": given, "attempts": attempts, "confidence": confidence, "draft": draft}
        super().__init__(say, form=dict(form), **traits)
        self._on_answer, self._on_draft = on_answer, on_draft
        self._parts: list[bytes] = []

    def received(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Keep a draft; hand on a value, or a file once its last piece is here."""
        if "draft" in content:
            if self._on_draft(content["draft"]):
                self.draft = content["draft"]
            return
        if "name" not in content:
            self._answered(content.get("value"), content)
            return
        if content.get("part") == 0:
            self._parts = []
        if sum(map(len, self._parts)) <= self.form["max_mb"] * MEGABYTE:
            # what is too large is refused at its end, and not held in memory until then
            self._parts += [bytes(buffer) for buffer in buffers]
        if content.get("last"):
            data, self._parts = b"".join(self._parts), []
            self._answered(FileGiven(str(content["name"]), data), content)

    def _answered(self, value: object, content: Mapping[str, Any]) -> None:
        sure = percent(content.get("confidence"))
        told = self._on_answer(value, sure)
        self.given, self.attempts = told.given, told.attempts
        if not told.refused:
            self.draft, self.confidence = None, self.confidence if sure is None else sure
        # the number makes each reply another one, so that the page sees it
        number = content.get("number")
        self.reply = {"number": number, "text": told.text, "refused": told.refused}

    def forms(self) -> dict[str, Any]:
        """What is asked and what was given, as text and as HTML, and how to answer in code."""
        lines, way = list(self._asked()), str(self.form["way"])
        told = [*self._answer(), *self._unsaved()]
        rows = [self.form["title"], *(f"   {line}" for line in lines), *told]
        points = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        shown = f"<p><strong>{html.escape(self.form['title'])}</strong></p><ul>{points}</ul>"
        shown += "".join(f"<p>{html.escape(line)}</p>" for line in told)
        shown += f"<p><code>{html.escape(way)}</code></p>"
        return {
            "text/plain": "\n".join([*rows, way]),
            "text/html": lasting_html(shown, self.words["offline"]),
        }

    def _asked(self) -> Iterator[str]:
        yield from (f"{key}) {text}" for key, text in self.form.get("options", ()))
        yield from (f"{one['id']}) {one['text']}" for one in self.form.get("questions", ()))
        for column in self.form.get("columns", ()):
            unit = f" ({column['unit']})" if column["unit"] else ""
            # an answer in code gives the first of each, whatever the language
            offered = ", ".join(
                v if v == said else f"{v} ({said})" for v, said in column["options"]
            )
            yield f"{column['title']}{unit}" + (f": {offered}" if offered else "")
        if self.form.get("unit"):
            yield f"({self.form['unit']})"

    def _answer(self) -> Iterator[str]:
        if self.given is None:
            return
        yield from (f"→ {line}" for line in self._told(self.given))
        if self.confidence is not None:
            yield f"{self.words['sure']} {self.confidence} %"

    def _unsaved(self) -> Iterator[str]:
        if self.draft is not None:
            yield self.words["unsaved"]
            yield from (f"… {line}" for line in self._told(self.draft))

    def _told(self, value: Any) -> list[str]:
        """An answer or a draft in lines, by its shape: a file of drafts may hold anything."""
        texts: dict[str, str] = dict(self.form.get("options", ()))
        unit = self.form.get("unit", "")
        if isinstance(value, dict) and {"name", "sha256"} <= set(value):
            return [f"{value['name']} (sha256 {value['sha256'][:12]}…)"]
        if isinstance(value, dict):
            asked = {one["id"]: one["text"] for one in self.form.get("questions", ())}
            return [f"{asked.get(key, key)}: {text}" for key, text in value.items()]
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return [self._row(row) for row in value]
        if isinstance(value, list):
            return [", ".join(str(texts.get(str(one), one)) for one in value)]
        return [f"{texts.get(str(value), value)} {unit}".rstrip()]

    def _row(self, row: Mapping[str, object]) -> str:
        cells = []
        for column in self.form.get("columns", ()):
            value, offered = row.get(column["id"]), dict(column["options"])
            if value not in (None, ""):
                told = offered.get(str(value), value)
                cells.append(f"{column['title']}: {told} {column['unit']}".rstrip())
        return ", ".join(cells)
