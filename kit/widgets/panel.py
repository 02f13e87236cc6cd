"""The exercise panel: outcome, message, hints, the way on, a new start and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import traitlets

from kit.errors import Translate
from kit.i18n import mark
from kit.model import OUTCOME_MIME
from kit.widgets.lasting import LastingWidget, lasting_html, script, style
from kit.widgets.view import PanelView, as_html, as_text, news

# of a cell in the page: its id, type, metadata and source, as in a notebook file
Cells = Sequence[Mapping[str, Any]]
_TYPES = ("code", "markdown", "raw")


@dataclass(frozen=True)
class Shown:
    """What the panel shows now. ``data`` is the outcome for programs.

    ``texts`` go into cells of the page, by cell id; where a page cannot be reached, the
    learner puts them there.
    """

    view: PanelView
    data: Mapping[str, object]
    texts: tuple[tuple[str, str], ...] = ()


class ExercisePanel(LastingWidget):
    """Shows ``shown``; ``on_action(name, cells)`` answers a button with what is shown next.

    ``name`` is one of ``PanelView.offers``; ``cells`` are the exercise's answers as they
    stand in the page, none where the page cannot be reached.
    """

    WORDS: ClassVar = {
        "sure": mark("Put the starter text back? What you wrote is kept, and Undo brings it back."),
        "yes": mark("Yes, start again"),
        "no": mark("No, keep my text"),
        "paste": mark(
            "Your answer cell cannot be reached from here. Put this text into it, in place of "
            "what stands there:"
        ),
        "copy": mark("Copy"),
        "copied": mark("Copied."),
        "unrun": mark("Your answer has changed since it ran. Run its cell, then check again."),
    }
    _esm = script("panel")
    _css = style("panel")
    view = traitlets.Dict().tag(sync=True)
    # what has not been said yet to who cannot see; the page empties it
    news = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, shown: Shown, *, say: Translate, on_action: Callable[[str, Cells], Shown]
    ) -> None:
        super().__init__(say)
        self._on_action = on_action
        self._draw(shown, news(shown.view))

    def show(self, shown: Shown) -> None:
        """Show something else in place."""
        self._draw(shown, news(shown.view, self._shown.view))
        self.keep_up()

    def _draw(self, shown: Shown, told: str) -> None:
        self._shown = shown
        with self.hold_sync():
            self.view, self.news = shown.view.as_dict(), told

    def received(self, content: dict[str, Any], _buffers: list[Any]) -> None:
        """Do what a button asks for, if it is there."""
        action = content.get("action")
        if action not in self._shown.view.offers:
            return
        # a check may take longer than the page waits for a sign of life
        self.heard = {"number": content.get("number"), "fault": "", "working": True}
        shown = self._on_action(str(action), _cells(content.get("cells")))
        self.show(shown)
        if shown.texts:
            self.send({"texts": [{"id": name, "source": text} for name, text in shown.texts]})

    def forms(self) -> dict[str, Any]:
        """The outcome for programs, and the panel as text and as HTML."""
        view = self._shown.view
        return {
            OUTCOME_MIME: dict(self._shown.data),
            "text/plain": as_text(view),
            "text/html": lasting_html(as_html(view), view.offline),
        }


def _cells(value: object) -> Cells:
    """What the page says of its cells, as far as it is sound."""
    return [
        {name: cell[name] for name in ("id", "cell_type", "metadata", "source")}
        for cell in (value if isinstance(value, list) else ())
        if isinstance(cell, dict)
        and isinstance(cell.get("id"), str)
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("metadata"), dict)
        and cell.get("cell_type") in _TYPES
    ]
