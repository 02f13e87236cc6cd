"""Figures of a memo, looked up in the learner's own model."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kit.checking.expect.figures import PERCENT, Figure, figures
from kit.checking.expect.reading import read
from kit.checking.mistakes import Mistake
from kit.i18n import mark

# what is counted in words: two options, three years
SMALL = 10
# so coarse a figure is no figure: “1억” for 1.4억
_COARSEST = 0.05
_SLIPS = tuple(10.0**power for power in (-4, -3, -2, -1, 1, 2, 3, 4))
_SHARE = "share"
Known = Mapping[str, "float | tuple[float, str]"]


def memo_figures(
    text: str, name: str, known: Known, *, within: float = 0.01, allow: Collection[float] = ()
) -> dict[str, str]:
    """Which of the learner's own results each figure of a text is: label to figure as written.

    ``known`` are values of their model, computed again by the check; ``(value, unit)`` where
    only figures in that unit will do: ``%``, ``share`` (0.34 is written 34 %), ``won``,
    ``usd``, ``eur``, ``jpy``. A figure is a value if it is no farther from it than the share
    ``within``, or rounds it as it is written. Signs are left to words. ``allow`` are numbers
    of the task itself; whole numbers up to ten without a unit, dates and times need nobody's
    leave. No message says a value of ``known``.
    """
    told: dict[str, str] = {}
    for figure in read(name, lambda: figures(text)):
        label = _label(figure, known, within)
        if label is not None:
            told.setdefault(label, figure.text)
        elif not _allowed(figure, allow):
            _raise_unknown(figure, name, known, within)
    return told


def _label(figure: Figure, known: Known, within: float, scale: float = 1.0) -> str | None:
    for label, told in known.items():
        value, unit = told if isinstance(told, tuple) else (told, None)
        if any(
            _stands_for(figure, each, within, scale) for each in _as_written(figure, value, unit)
        ):
            return label
    return None


def _as_written(figure: Figure, value: float, unit: str | None) -> tuple[float, ...]:
    """The value as this figure would write it; nothing where the unit is another."""
    if unit == _SHARE:
        return (100 * value,) if figure.unit == PERCENT else (value,) if not figure.unit else ()
    if unit is not None:
        # “12억” alone is money; a share without its sign could be anything
        bare = not figure.unit and unit != PERCENT
        return (value,) if figure.unit == unit or bare else ()
    # a share that has no unit of its own is written as per cent, too
    return (value, 100 * value) if figure.unit == PERCENT else (value,)


def _stands_for(figure: Figure, value: float, within: float, scale: float = 1.0) -> bool:
    size = abs(value)
    return any(
        abs(scale * number - size) <= max(within * size, min(scale * slack, _COARSEST * size))
        for number, slack in figure.readings
    )


def _allowed(figure: Figure, allow: Collection[float]) -> bool:
    number, _slack = figure.readings[0]
    if not figure.unit and number <= SMALL and number.is_integer():
        return True
    return any(value == abs(each) for value, _ in figure.readings for each in allow)


def _raise_unknown(figure: Figure, name: str, known: Known, within: float) -> None:
    if any(_label(figure, known, within, scale) is not None for scale in _SLIPS):
        raise Mistake(
            "unit_slip",
            mark(
                "{figure} in `{name}`: your model gives nothing of that size. With the point or "
                "the unit moved, it would."
            ),
            required=mark("One unit throughout: 1억 = 100 million, 100만 = 1 million."),
            name=name,
            figure=figure.text,
        )
    raise Mistake(
        "figure_not_in_model",
        mark("{figure} in `{name}`: your model does not give that."),
        required=mark("Whoever computes your model again finds each figure, in its unit."),
        step=mark("Write it as an f-string of what you computed, so that it cannot drift."),
        name=name,
        figure=figure.text,
    )
