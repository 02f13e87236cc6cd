"""One form of an exercise: draws what is asked, hands on what is given."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import traitlets

from kit.widgets.lasting import LastingWidget, lasting_html

_STATIC = Path(__file__).parent / "static"
_STYLES = ("items.css", "ask.css")
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
    low, high, suffixes, max_mb; ``way`` is the call that answers without the widget. What
    is right is not among what the widget knows.
    """

    _esm = _STATIC / "ask.js"
    # it looks as questions before and after a unit do, and has more
    _css = "".join((_STATIC / name).read_text(encoding="utf-8") for name in _STYLES)
    form = traitlets.Dict().tag(sync=True)
    given = traitlets.Any(None, allow_none=True).tag(sync=True)
    attempts = traitlets.Int(0).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    reply = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        form: Mapping[str, Any],
        given: Any,
        attempts: int,
        words: Mapping[str, str],
        on_answer: Callable[[object], Reply],
    ) -> None:
        super().__init__(form=dict(form), given=given, attempts=attempts, words=dict(words))
        self._on_answer = on_answer
        self._parts: list[bytes] = []
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: dict[str, Any], buffers: Any) -> None:
        if "name" not in content:
            self._answered(content.get("value"), content.get("number"))
            return
        if content.get("part") == 0:
            self._parts = []
        if sum(map(len, self._parts)) <= self.form["max_mb"] * MEGABYTE:
            # what is too large is refused at its end, and not held in memory until then
            self._parts += [bytes(buffer) for buffer in buffers or ()]
        if content.get("last"):
            data, self._parts = b"".join(self._parts), []
            self._answered(FileGiven(str(content["name"]), data), content.get("number"))

    def _answered(self, value: object, number: object) -> None:
        told = self._on_answer(value)
        self.given, self.attempts = told.given, told.attempts
        # the number makes each reply another one, so that the page sees it
        self.reply = {"number": number, "text": told.text, "refused": told.refused}
        self.keep_up()

    def forms(self) -> dict[str, Any]:
        """What is asked and what was given, as text and as HTML, and how to answer in code."""
        lines, given, way = list(self._asked()), self._told(), str(self.form["way"])
        rows = [self.form["title"], *(f"   {line}" for line in lines), *([given] if given else [])]
        points = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        shown = f"<p><strong>{html.escape(self.form['title'])}</strong></p><ul>{points}</ul>"
        shown += f"<p>{html.escape(given)}</p>" if given else ""
        shown += f"<p><code>{html.escape(way)}</code></p>"
        return {
            "text/plain": "\n".join([*rows, way]),
            "text/html": lasting_html(shown, self.words.get("offline", "")),
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

    def _told(self) -> str:
        if self.given is None:
            return ""
        texts: dict[str, str] = dict(self.form.get("options", ()))
        if isinstance(self.given, str):
            return f"→ {texts.get(self.given, self.given)}"
        if isinstance(self.given, list) and all(isinstance(one, str) for one in self.given):
            return "→ " + ", ".join(str(texts.get(one, one)) for one in self.given)
        if isinstance(self.given, dict) and "sha256" in self.given:
            return f"→ {self.given['name']} (sha256 {self.given['sha256'][:12]}…)"
        return (
            f"→ {json.dumps(self.given, ensure_ascii=False)} {self.form.get('unit', '')}".rstrip()
        )
