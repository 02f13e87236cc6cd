"""Widgets that can be read after their kernel has gone; the base of each widget of the kit.

JupyterLab prefers a widget over the HTML beside it in the same output, and shows "model not
found" where the widget has no kernel. So the HTML is an output of its own before the widget;
while the widget lives, its style hides it.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from kit.errors import KitError, Translate
from kit.widgets.words import BROKEN, BUSY, OFFLINE

VIEW_MIME = "application/vnd.jupyter.widget-view+json"
_STATIC = Path(__file__).parent / "static"
_BASE = "base"


def script(name: str) -> Path:
    """The bundled script of a widget; ``make js`` makes it from ``kit/widgets/js``."""
    return _STATIC / f"{name}.js"


def style(*names: str) -> str:
    """What every widget looks like, and these in particular."""
    paths = (_STATIC / f"{name}.css" for name in (_BASE, *names))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


class LastingWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget with ``forms``: what its output holds beside it, by MIME type.

    ``WORDS`` are texts of the page's own, by the names that its script knows; ``say``
    translates them. What the page sends comes to ``received``; ``heard`` tells the page its
    number, and the text of what it raised.
    """

    WORDS: ClassVar[Mapping[str, str]] = {}
    words = traitlets.Dict().tag(sync=True)
    heard = traitlets.Dict().tag(sync=True)
    _lasting: Any = None

    def __init__(self, say: Translate, **traits: Any) -> None:
        self.say = say
        words = {**self.WORDS, "offline": OFFLINE, "busy": BUSY}
        super().__init__(words={name: say(text) for name, text in words.items()}, **traits)
        self.on_msg(self._receive)

    def received(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Do what the page asks for; raise a KitError to refuse it."""
        raise NotImplementedError

    def _receive(self, _widget: Any, content: dict[str, Any], buffers: Any) -> None:
        fault = ""
        try:
            self.received(content, list(buffers or ()))
        except KitError as error:
            fault = error.text(self.say)
        except Exception as error:
            fault = self.say(BROKEN, error=f"{type(error).__name__}: {error}")
            raise
        finally:
            self.keep_up()
            # last, and another one each time, so that the page sees that somebody is there
            self.heard = {"number": content.get("number"), "fault": fault}

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
    # in the output itself: a plain Notebook and a printed page have no style of ours
    rules = (_STATIC / "lasting.css").read_text(encoding="utf-8")
    return f'<div class="upskill-static">{content}{note}<style>{rules}</style></div>'
