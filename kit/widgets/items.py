"""Pre and post questions: one option and how sure you are, before anything is judged."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class ItemsWidget(anywidget.AnyWidget):  # type: ignore[misc]
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

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        texts = [q["question"] for q in self.questions]
        forms = {
            "text/plain": "\n".join(f"{n}. {t}" for n, t in enumerate(texts, 1)),
            "text/html": "<ol>" + "".join(f"<li>{html.escape(t)}</li>" for t in texts) + "</ol>",
        }
        return {**(data or {}), **forms}, metadata
