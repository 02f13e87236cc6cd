"""Widgets that can be read after their kernel has gone.

JupyterLab prefers a widget over the HTML beside it in the same output, and shows "model not
found" where the widget has no kernel. So the HTML is an output of its own before the widget;
while the widget lives, the home's style for Lab hides it.
"""

from __future__ import annotations

import html
from typing import Any

import anywidget

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


class LastingWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget with ``forms``: what its output holds beside it, by MIME type."""

    _lasting: Any = None

    def forms(self) -> dict[str, Any]:
        """At least ``text/plain`` and ``text/html``, as the widget stands now."""
        raise NotImplementedError

    def keep_up(self) -> None:
        """Bring the lasting output up to date; call it after a change."""
        if self._lasting is not None:
            self._lasting.update(self.forms(), raw=True)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), **self.forms()}, metadata

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        self._lasting = display(self.forms(), raw=True, display_id=True)
        if VIEW_MIME in data:
            live = {VIEW_MIME: data[VIEW_MIME], "text/plain": ""}
            display(live, metadata=metadata, raw=True)


def lasting_html(content: str, offline: str) -> str:
    """HTML for ``forms``: ``content`` is HTML, ``offline`` the sentence that says how to go on."""
    note = f'<p class="upskill-offline">{html.escape(offline)}</p>'
    return f'<div class="upskill-static">{content}{note}</div>'
