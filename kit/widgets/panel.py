"""The exercise panel: outcome, message, hints, the way on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import traitlets

from kit.model import OUTCOME_MIME
from kit.widgets.lasting import LastingWidget, lasting_html
from kit.widgets.view import PanelView, as_html, as_text

_STATIC = Path(__file__).parent / "static"


class ExercisePanel(LastingWidget):
    """Shows a PanelView. ``on_action(name)`` answers ``"hint"`` and ``"take"`` with a new view.

    ``data`` is the outcome for programs; it lies in the cell's output beside what is shown.
    """

    _esm = _STATIC / "panel.js"
    _css = _STATIC / "panel.css"
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self, view: PanelView, on_action: Callable[[str], PanelView], data: Mapping[str, object]
    ) -> None:
        super().__init__()
        self._on_action = on_action
        self._data = dict(data)
        self.show(view)
        self.on_msg(self._receive)

    def show(self, view: PanelView) -> None:
        """Show another view in place."""
        self._current = view
        self.view = view.as_dict()
        self.keep_up()

    def _receive(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        action = content.get("action")
        if action in ("hint", "take"):
            self.show(self._on_action(action))

    def forms(self) -> dict[str, Any]:
        """The outcome for programs, and the panel as text and as HTML."""
        return {
            OUTCOME_MIME: self._data,
            "text/plain": as_text(self._current),
            "text/html": lasting_html(as_html(self._current), self._current.offline),
        }
