"""Work widgets: a person changes something, and Python says what follows from it.

A unit brings a rule: from the state that the person set to a ``View`` with everything that
is shown, sentences and labels included, in the learner's language. The page draws it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import traitlets

from kit.errors import Translate
from kit.i18n import mark
from kit.widgets.lasting import LastingWidget, lasting_html

State = dict[str, Any]
Keep = Callable[[State], None]
Point = tuple[float, float]
# more points than this draw no other line on a page
POINTS = 500


@dataclass(frozen=True)
class Control:
    """What a person moves: ``values`` to choose from, each said by its text, unit included.

    ``places`` are where a slider's line stands on the drawing's x axis, one for each value;
    without them it has no line there. A ``choice`` is a list to pick from. It begins with
    ``begin``, or with the first of its values.
    """

    name: str
    label: str
    values: Sequence[Any]
    texts: Sequence[str]
    places: Sequence[float] = ()
    choice: bool = False
    begin: Any = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the widget's trait."""
        return {key: _plain(value) for key, value in vars(self).items()}


@dataclass(frozen=True)
class Axis:
    """``ticks`` are values with their labels, as the learner's language writes them."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    title: str


@dataclass(frozen=True)
class Line:
    """A line through points in the drawing's units; ``tone`` is "blue" or "vermillion"."""

    name: str
    points: Sequence[Point]
    tone: str = "blue"
    dashed: bool = False


@dataclass(frozen=True)
class Level:
    """A straight line across the drawing at one value of an axis, with its name."""

    at: float
    text: str
    axis: str = "y"
    dashed: bool = False


@dataclass(frozen=True)
class Dot:
    """A point that is named, such as where two lines cross."""

    at: Point
    text: str


@dataclass(frozen=True)
class Plot:
    """A drawing; ``over`` is a height above which the first line is hatched as not served."""

    x: Axis
    y: Axis
    lines: Sequence[Line]
    levels: Sequence[Level] = ()
    dots: Sequence[Dot] = ()
    over: float | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """What every view says besides its drawing: a finding, figures by name, code to copy."""

    sentence: str
    facts: Sequence[tuple[str, str]] = ()
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class View(Told):
    """What follows from the state of controls."""

    plot: Plot


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from ``low`` to ``high``, ``about`` that many: steps of 1, 2 or 5."""
    width = high - low
    if not width > 0 or not math.isfinite(width):
        return [low]
    rough = width / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def thinned(points: Sequence[Point], most: int = POINTS) -> list[Point]:
    """At most so many of the points, evenly spread; the first and the last stay."""
    if len(points) <= most:
        return list(points)
    last = len(points) - 1
    return [points[round(n * last / (most - 1))] for n in range(most)]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    # numpy's numbers have no JSON
    return value.item() if hasattr(value, "item") else value


class WorkWidget(LastingWidget):
    """Shows what ``rule(state)`` gives, again after each change that a person makes.

    ``keep(state)`` is called after a change; what is set in Python is shown and not kept. Of
    either only what is ``offered`` changes anything.
    """

    WORDS: ClassVar = {
        "follows": mark("The code that follows"),
        "copy": mark("Copy"),
        "copied": mark("Copied."),
        "uncopied": mark("Copying is not allowed here: the code is selected, press Ctrl+C."),
    }
    name = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        rule: Callable[[State], Told],
        state: Mapping[str, Any],
        say: Translate,
        *,
        name: str,
        keep: Keep | None = None,
        **traits: Any,
    ) -> None:
        self._rule, self._keep = rule, keep
        self._told = rule(dict(state))
        super().__init__(
            say, name=name, state=dict(state), view=_plain(asdict(self._told)), **traits
        )
        self.observe(lambda _change: self._follow(), "state")

    def offered(self, asked: Mapping[str, Any]) -> State:
        """The part of what a page asks for that can be had."""
        raise NotImplementedError

    @traitlets.validate("state")  # type: ignore[untyped-decorator]
    def _had(self, proposal: Mapping[str, Any]) -> State:
        return {**self.state, **self.offered(proposal["value"])}

    def received(self, content: dict[str, Any], _buffers: list[Any]) -> None:
        """Take a change in; what is not offered changes nothing."""
        asked = content.get("state")
        before = self.state
        with self.hold_sync():
            self.state = dict(asked) if isinstance(asked, Mapping) else {}
        if self._keep is not None and self.state != before:
            self._keep(dict(self.state))

    def _follow(self) -> None:
        self._told = self._rule(dict(self.state))
        self.view = _plain(asdict(self._told))
        self.keep_up()

    def forms(self) -> dict[str, Any]:
        """The finding, the figures and the code, as text and as HTML."""
        told = self._told
        lines = [told.sentence, *(f"{name}: {value}" for name, value in told.facts), told.code]
        rows = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
            for name, value in told.facts
        )
        shown = f"<p><strong>{html.escape(self.name)}</strong></p>"
        shown += f"<p>{html.escape(told.sentence)}</p>"
        shown += f"<table><tbody>{rows}</tbody></table>" if rows else ""
        shown += f"<pre><code>{html.escape(told.code)}</code></pre>" if told.code else ""
        return {
            "text/plain": "\n".join(line for line in lines if line),
            "text/html": lasting_html(shown, self.words["offline"]),
        }


class ControlledWidget(WorkWidget):
    """A work widget of a drawing and ``controls``; its state is the value of each of them.

    ``state`` is what was kept at an earlier time: what is not offered any more begins anew.
    """

    controls = traitlets.List().tag(sync=True)

    def __init__(
        self,
        rule: Callable[[State], View],
        controls: Sequence[Control],
        say: Translate,
        *,
        name: str,
        state: object = None,
        keep: Keep | None = None,
    ) -> None:
        self._offers = {control.name: tuple(control.values) for control in controls}
        begin = {one.name: one.values[0] if one.begin is None else one.begin for one in controls}
        # it comes from a file that anybody can edit
        begin |= self.offered(state if isinstance(state, Mapping) else {})
        told = [control.as_dict() for control in controls]
        super().__init__(rule, begin, say, name=name, keep=keep, controls=told)

    def offered(self, asked: Mapping[str, Any]) -> State:
        """Those values that their controls have."""
        # of a page's 0 and Python's 0.0 the one that the rule knows
        return {
            key: values[values.index(asked[key])]
            for key, values in self._offers.items()
            if key in asked and asked[key] in values
        }
