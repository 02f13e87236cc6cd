"""The return card: what a notebook's first cell says to who comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.widgets.view import rich


@dataclass(frozen=True)
class BackCard:
    """A title and labelled ``lines``, in the learner's language; the same as HTML and text.
    Names stand in backticks.

    Plain output, no widget: it can be read after the kernel has gone.
    """

    title: str
    lines: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "\n".join([self.title, *(f"{label}: {text}" for label, text in self.lines)])

    def _repr_mimebundle_(self, **_kwargs: Any) -> dict[str, str]:
        rows = "".join(
            f"<p><strong>{rich(label)}:</strong> {rich(text)}</p>" for label, text in self.lines
        )
        # the panel's style, which the home's Lab knows whether a kernel runs or not
        card = f"<p><strong>{rich(self.title)}</strong></p>{rows}"
        told = f'<div class="upskill upskill-panel" data-outcome="back">{card}</div>'
        return {"text/plain": repr(self), "text/html": told}
