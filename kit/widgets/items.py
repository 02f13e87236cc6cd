"""Pre and post questions: one option and how sure you are, before anything is judged."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import traitlets

from kit.answers import percent
from kit.errors import Translate
from kit.i18n import mark
from kit.widgets.lasting import LastingWidget, lasting_html, script, style
from kit.widgets.words import SURE


class ItemsWidget(LastingWidget):
    """Asks ``questions``; calls ``on_answer(item, option, confidence)`` for each answer.

    A question is ``{"id", "question", "options": [[id, text], ...]}``. The right
    option is not among what the widget knows. ``answers`` maps item id to
    ``{"option", "confidence"}``; confidence is 0 to 100 %. Who guesses is as sure as chance.
    """

    WORDS: ClassVar = {
        **SURE,
        "answer": mark("Answer"),
        "saved": mark("Saved."),
        "choose": mark("Choose one first."),
    }
    _esm = script("items")
    _css = style("items")
    questions = traitlets.List().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        questions: Sequence[Mapping[str, Any]],
        answers: Mapping[str, Any],
        say: Translate,
        on_answer: Callable[[str, str, int], None],
    ) -> None:
        super().__init__(say, questions=[dict(q) for q in questions], answers=dict(answers))
        self._on_answer = on_answer

    def received(self, content: dict[str, Any], _buffers: list[Any]) -> None:
        """Keep an answer, once; what was not asked, or without how sure, is no answer."""
        known = {q["id"]: {option for option, _ in q["options"]} for q in self.questions}
        item, option = str(content.get("item")), str(content.get("option"))
        confidence = percent(content.get("confidence"))
        if item not in known or option not in known[item] or item in self.answers:
            return
        if confidence is None:
            return
        self._on_answer(item, option, confidence)
        self.answers = {**self.answers, item: {"option": option, "confidence": confidence}}

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
        told = lasting_html(f"<ol>{points}</ol>", self.words["offline"])
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
