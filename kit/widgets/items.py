"""Pre and post questions: one option and how sure you are, before anything is judged."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets

from kit.widgets.lasting import LastingWidget, lasting_html

_STATIC = Path(__file__).parent / "static"


class ItemsWidget(LastingWidget):
    """Asks ``questions``; calls ``on_answer(item, option, confidence)`` for each answer.

    A question is ``{"id", "question", "options": [[id, text], ...]}``. The right
    option is not among what the widget knows. ``answers`` maps item id to
    ``{"option", "confidence"}``; confidence is 0 to 100 %.
    """

    _esm = _STATIC / "items.js"
    _css = _STATIC / "items.css"
    questions = traitlets.List().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        questions: Sequence[Mapping[str, Any]],
        answers: Mapping[str, Any],
        words: Mapping[str, str],
        on_answer: Callable[[str, str, int], None],
    ) -> None:
        super().__init__(
            questions=[dict(q) for q in questions], answers=dict(answers), words=dict(words)
        )
        self._on_answer = on_answer
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        known = {q["id"]: {option for option, _ in q["options"]} for q in self.questions}
        item, option = str(content.get("item")), str(content.get("option"))
        if item not in known or option not in known[item] or item in self.answers:
            return
        confidence = max(0, min(100, int(content.get("confidence", 50))))
        self._on_answer(item, option, confidence)
        self.answers = {**self.answers, item: {"option": option, "confidence": confidence}}
        self.keep_up()

    def forms(self) -> dict[str, Any]:
        """The questions with what was answered, as text and as HTML."""
        rows = [(q["question"], self._answered(q)) for q in self.questions]
        lines = []
        for n, (question, (text, given)) in enumerate(zip(self.questions, rows, strict=True), 1):
            lines.append(f"{n}. {text} {given}".rstrip())
            # who reads text, a screen reader's user among them, needs what there is to choose
            lines += [f"   {key}) {told}" for key, told in question["options"] if not given]
        points = ""
        for question, (text, given) in zip(self.questions, rows, strict=True):
            below = f"<br>{html.escape(given)}" if given else self._choices(question)
            points += f"<li>{html.escape(text)}{below}</li>"
        told = lasting_html(f"<ol>{points}</ol>", self.words.get("offline", ""))
        return {"text/plain": "\n".join(lines), "text/html": told}

    def _choices(self, question: Mapping[str, Any]) -> str:
        listed = "".join(f"<li>{html.escape(told)}</li>" for _, told in question["options"])
        return f'<ol type="a">{listed}</ol>'

    def _answered(self, question: Mapping[str, Any]) -> str:
        given = self.answers.get(question["id"])
        if not given:
            return ""
        text = dict(question["options"]).get(given["option"], "")
        return f"→ {text} ({given['confidence']} %)"
