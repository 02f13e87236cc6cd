"""The tornado: how far each assumption moves a decision, over the range that a person sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import traitlets

from kit.errors import Translate
from kit.i18n import mark
from kit.widgets.lasting import script, style
from kit.widgets.working import Axis, Keep, State, Told, WorkWidget

# a number as people type it is never longer
LONGEST = 40
_PERCENT = re.compile(r"^(.*\d)\s*[%％]$")


@dataclass(frozen=True)
class Assumption:
    """A row: its name in code, what it means, and its value in use as text with its unit."""

    name: str
    meaning: str
    used: str


@dataclass(frozen=True)
class Bar:
    """One range's effect: from ``low`` to ``high`` on the axis; ``turns``: the sign changes."""

    name: str
    low: float
    high: float
    low_text: str
    high_text: str
    turns: bool
    word: str


@dataclass(frozen=True, kw_only=True)
class TornadoView(Told):
    """Bars, widest first; ``faults`` say by row why it has none. ``base`` is the value in use."""

    axis: Axis
    bars: Sequence[Bar]
    base: float
    base_text: str
    faults: Mapping[str, str] = field(default_factory=dict)


def typed_number(text: str) -> float | None:
    """What somebody typed as a number: ``1,200,000``, ``62 %`` for 0.62; None for no number."""
    percent = _PERCENT.match(text.strip())
    plain = re.sub(r"[,_\s]", "", percent[1] if percent else text)
    # float() would also take "nan" and "infinity"
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?", plain, re.IGNORECASE):
        return None
    return float(plain) / 100 if percent else float(plain)


class Tornado(WorkWidget):
    """Rows of assumptions with two fields each, and their bars.

    The state is ``{name: [low, high]}``, as typed. ``rule`` gives a TornadoView; an empty
    field is for it to name.
    """

    WORDS: ClassVar = {
        **WorkWidget.WORDS,
        "low": mark("{name}, low end"),
        "high": mark("{name}, high end"),
        "used": mark("in use: {value}"),
    }
    _esm = script("tornado")
    _css = style("plot", "tornado")
    rows = traitlets.List().tag(sync=True)

    def __init__(
        self,
        rule: Callable[[State], TornadoView],
        rows: Sequence[Assumption],
        state: object,
        say: Translate,
        *,
        name: str,
        keep: Keep | None = None,
    ) -> None:
        self._names = [row.name for row in rows]
        begin: State = {row.name: ["", ""] for row in rows}
        begin |= self.offered(state if isinstance(state, Mapping) else {})
        told = [dict(vars(row)) for row in rows]
        super().__init__(rule, begin, say, name=name, keep=keep, rows=told)

    def offered(self, asked: Mapping[str, Any]) -> State:
        """Two texts for each row that there is; nothing of what is longer than a number."""
        return {
            name: [str(end) for end in asked[name]]
            for name in self._names
            if _is_range(asked.get(name))
        }


def _is_range(told: Any) -> bool:
    return (
        isinstance(told, list | tuple)
        and len(told) == 2
        and all(isinstance(end, str) and len(end) <= LONGEST for end in told)
    )
