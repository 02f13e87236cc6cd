"""Ranges of the assumptions and the two that swing the decision most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.checking import Mistake, Work, expect
from kit.i18n import mark

from .ledger import FIELDS, Inputs
from .npv import plain_number
from .reasons import check_own_reasons
from .work import Model, model_of

AT_LEAST = 4
# an end this many times away is a figure of something else; nothing at all (0) may be meant
FAR = 10
SHARES = ("on_share", "support_share", "cloud_support_share", "rate")
# a range of these would compare decisions of different shape
FIXED = ("years", "machines", "refresh_year", "growth", "growth_year")


@dataclass(frozen=True)
class Swing:
    """One bar of the tornado: the lead (renewal minus cloud, won) at both ends of a range."""

    key: str
    low: float
    high: float
    lead_low: float
    lead_high: float
    reason: str = ""

    @property
    def width(self) -> float:
        """How many won the lead moves over the range."""
        return abs(self.lead_high - self.lead_low)

    def flips(self) -> bool:
        """Whether the better option changes within the range."""
        return self.lead_low * self.lead_high < 0


def swings(model: Model, ranges: Mapping[str, Any]) -> list[Swing]:
    """The bars, widest first; one input moves at a time."""
    bars = []
    for key, (low, high, reason) in ranges.items():
        leads = [model.lead({**model.m, key: value}) for value in (low, high)]
        bars.append(Swing(key, low, high, *leads, str(reason)))
    return sorted(bars, key=lambda bar: -bar.width)


def check_tornado(work: Work) -> None:
    """Ranges with a reason each, and the two with the widest swing in the learner's own model."""
    ranges, flips = work.value("ranges"), work.value("flips")
    model = model_of(work)
    check_ranges(ranges, model.m)
    check_widths(ranges, model.m)
    check_own_reasons(ranges)
    _check_flips(flips, ranges)
    bars = swings(model, ranges)
    mine = {bar.key: bar.width for bar in bars if bar.key in flips}
    if min(mine.values()) < 0.99 * bars[1].width:
        raise Mistake(
            "not_the_widest",
            mark("Over your own ranges your two picks swing the decision by {mine} won."),
            required=mark("No other of your ranges swings it further."),
            step=mark("Draw them: `wb.tools.tornado(ranges)`"),
            mine=", ".join(f"{key}: {won:,.0f}" for key, won in mine.items()),
        )


def _check_flips(flips: Any, ranges: Mapping[str, Any]) -> None:
    if not isinstance(flips, list | tuple) or len(set(map(str, flips))) != 2:
        raise Mistake(
            "not_two",
            mark("`flips` is {value}."),
            required=mark("A list with the names of two of your ranges."),
            value=expect.short(flips),
        )
    for key in flips:
        expect.one_of(key, "flips", list(ranges))


def check_ranges(ranges: Any, m: Inputs) -> None:
    """At least four inputs, each with low, high and a reason, around the value in use."""
    if isinstance(ranges, Mapping) and len(ranges) < AT_LEAST:
        raise _too_few(len(ranges))
    check_inputs(ranges)
    for key, told in ranges.items():
        _check_range(key, told, m)


def _too_few(count: int) -> Mistake:
    return Mistake(
        "too_few_ranges",
        mark("`ranges` holds {count} inputs."),
        required=mark("At least {least} inputs of `m`, each: (low, high, why that far)."),
        count=count,
        least=AT_LEAST,
    )


def check_inputs(ranges: Any) -> None:
    """Inputs of ``m`` by name, each with three things to say."""
    if not isinstance(ranges, Mapping):
        raise _too_few(0)
    for key, told in ranges.items():
        expect.one_of(key, "ranges", [name for name in FIELDS if name not in FIXED])
        if not isinstance(told, list | tuple) or len(told) != 3:
            raise Mistake(
                "not_a_range",
                mark("`ranges[{key!r}]` is {value}."),
                required=mark("Three things: low, high, why that far."),
                key=key,
                value=expect.short(told),
            )


def _check_range(key: str, told: Any, m: Inputs) -> None:
    low_end, high_end = check_ends(key, told[0], told[1], m)
    if not isinstance(told[2], str) or not told[2].strip(" ."):
        raise Mistake(
            "range_reason_missing",
            mark("`ranges[{key!r}]` goes from {low} to {high} and does not say why that far."),
            required=mark("A third entry, as text: how you know it."),
            key=key,
            low=plain_number(low_end),
            high=plain_number(high_end),
        )


def check_ends(key: str, low: Any, high: Any, m: Inputs) -> tuple[float, float]:
    """Both ends of a range: numbers of the input's kind, around the value in use."""
    # only a payroll can shrink below zero
    least = float("-inf") if key == "headcount_change" else 0.0
    most = 1.0 if key in SHARES else float("inf")
    low_end, high_end = (
        expect.number(end, f"ranges[{key!r}] {word}", unit=FIELDS[key][0], low=least, high=most)
        for word, end in (("low", low), ("high", high))
    )
    if not (low_end < high_end and low_end <= m[key] <= high_end):
        raise Mistake(
            "range_misses_base",
            mark("`ranges[{key!r}]` goes from {low} to {high}; in use is {m}."),
            required=mark("Low below high, and the value in use between them."),
            key=key,
            low=plain_number(low_end),
            high=plain_number(high_end),
            m=plain_number(m[key]),
        )
    used = m[key]
    if used > 0 and (high_end > FAR * used or 0 < low_end < used / FAR):
        raise Mistake(
            "range_unit_slip",
            mark(
                "`ranges[{key!r}]` goes from {low} to {high}; in use is {m}. One end is more than "
                "{far} times away from it."
            ),
            required=mark("Both ends in the unit of the input: {unit}."),
            step=mark("Is one of them another input's figure, or a month's for a year's?"),
            key=key,
            low=plain_number(low_end),
            high=plain_number(high_end),
            m=plain_number(used),
            far=FAR,
            unit=FIELDS[key][0],
        )
    return low_end, high_end


def _relative(ranges: Mapping[str, Any], m: Inputs) -> dict[str, tuple[float, float]]:
    return {
        key: (round(low / m[key] - 1, 3), round(high / m[key] - 1, 3))
        for key, (low, high, _) in ranges.items()
        if m[key]
    }


def check_widths(ranges: Mapping[str, Any], m: Inputs) -> None:
    """Not every input with the same percentage, whatever is known about it."""
    ends = set(_relative(ranges, m).values())
    if len(ends) != 1:
        return
    low, high = ends.pop()
    raise Mistake(
        "same_percent_ranges",
        mark(
            "All your ranges go from {low:+.0%} to {high:+.0%}. A signed quote and a guess about "
            "night hours would then be equally uncertain: the chart shows which sum is large."
        ),
        required=mark("Each range is as wide as what you do not know about that input."),
        low=low,
        high=high,
    )


def widest_input(work: Work) -> Mistake | None:
    """The inputs with the widest range in percent, not those with the largest effect."""
    ranges, model = work.value("ranges"), model_of(work)
    # its message is about picks; a fault of the ranges themselves is told first
    check_ranges(ranges, model.m)
    check_own_reasons(ranges)
    _check_flips(work.value("flips"), ranges)
    wide = {key: high - low for key, (low, high) in _relative(ranges, model.m).items()}
    top = sorted(wide, key=lambda key: -wide[key])[:2]
    if set(work.value("flips")) != set(top):
        return None
    bars = {bar.key: bar for bar in swings(model, ranges)}
    least = min(top, key=lambda key: bars[key].width)
    return Mistake(
        "widest_input",
        mark(
            "Your two picks have the widest ranges in percent. Yet `{key}`, {wide:.0%} wide, "
            "moves the decision by {won:,.0f} won only."
        ),
        required=mark("What counts is by how many won the decision swings, not the input."),
        key=least,
        wide=wide[least],
        won=bars[least].width,
    )


DIAGNOSES = (widest_input,)
