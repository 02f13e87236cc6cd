"""What a learner moves in the money half: ranges of assumptions, and the share of hours on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from kit.blank import has_blank
from kit.checking import Mistake, expect
from kit.data.prices import HOURS_PER_MONTH
from kit.i18n import Marked, mark
from kit.widgets.breakeven import BreakEvenCurve
from kit.widgets.tornado import Assumption, Bar, Tornado, TornadoView, typed_number
from kit.widgets.working import (
    Axis,
    Control,
    Dot,
    Keep,
    Level,
    Line,
    Plot,
    State,
    View,
    nice_ticks,
)

from ..words import Won
from .charts import MILLION, NAMES
from .ledger import FIELDS, OPTIONS
from .tornado import Swing, check_ends, check_inputs, swings
from .work import Model

Say = Callable[..., str]
# of an axis of won, beside the longest bar
ROOM = 0.15
_TONES = {"renew": "vermillion", "cloud": "blue"}


# --- break-even -----------------------------------------------------------------------


def break_even_curve(model: Model, say: Say, *, kept: Any, keep: Keep) -> BreakEvenCurve:
    """Both options over the share of hours on, with a marker that begins at the plan.

    ``kept`` is what ``keep`` was last given; of another plan it says nothing here.
    """
    plan = float(model.m["on_share"])
    shares = sorted({*(step / 100 for step in range(101)), plan})
    texts = [say(mark("{share:.0%}, {hours:.0f} hours a month"), **_hours(s)) for s in shares]
    places = [100 * share for share in shares]
    hours_on = say(mark("Hours on"))
    known = isinstance(kept, Mapping) and kept.get("plan") == plan
    return BreakEvenCurve(
        lambda now: _curve(model, float(now["on_share"]), say),
        [Control("on_share", hours_on, shares, texts, places, begin=plan)],
        say,
        name=say(mark("At what share of hours on are we wrong?")),
        state=kept.get("state") if known else None,
        keep=lambda now: keep({"plan": plan, "state": now}),
    )


def _hours(share: float) -> dict[str, float]:
    return {"share": share, "hours": share * HOURS_PER_MONTH}


def _worth(model: Model, option: str, share: float) -> float:
    return model.worth(option, "base", {**model.m, "on_share": share})


def _curve(model: Model, share: float, say: Say) -> View:
    worth = {option: _worth(model, option, share) for option in OPTIONS}
    facts = [
        (say(NAMES[o]), say(mark("{won:,.1f} million won of today"), won=worth[o] / MILLION))
        for o in OPTIONS
    ]
    dearer = worth["renew"] - worth["cloud"]
    return View(sentence=_verdict(model, share, dearer, say), plot=_lines(model, say), facts=facts)


def _verdict(model: Model, share: float, dearer: float, say: Say) -> str:
    u = model.u_star
    here = say(
        mark("At {share:.0%} of hours on, {hours:.0f} a month, {option} is {won:million} cheaper."),
        **_hours(share),
        option=say(NAMES["cloud" if dearer > 0 else "renew"]),
        won=Won(abs(dearer)),
    )
    if u > 1:
        even = say(mark("Cloud is cheaper even always on: break-even would be {u:.0%}"), u=u)
        return f"{here} {even}."
    if u < 0:
        return f"{here} {say(mark('Renewal is cheaper however few hours they are on.'))}"
    apart = (u - share) * HOURS_PER_MONTH
    told = (
        mark("That is {apart:.0f} hours a month below break-even: {share:.0%}, {hours:.0f} hours.")
        if apart > 0
        else mark("That is {apart:.0f} hours a month above break-even: {share:.0%}, {hours:.0f} "
                  "hours.")
    )  # fmt: skip
    return f"{here} {say(told, apart=abs(apart), **_hours(u))}"


def _lines(model: Model, say: Say) -> Plot:
    u, plan = model.u_star, float(model.m["on_share"])
    last = max(1.0, min(1.5, u * 1.1))
    # the cost is a straight line in the share: both ends are enough
    ends = {o: [(100 * s, _worth(model, o, s) / MILLION) for s in (0.0, last)] for o in OPTIONS}
    high = 1.1 * max(won for line in ends.values() for _, won in line)
    low = min(0.0, 1.1 * min(won for line in ends.values() for _, won in line))
    lines = [Line(say(NAMES[o]), ends[o], _TONES[o], dashed=o == "cloud") for o in OPTIONS]
    dots = []
    if 0 <= u <= last:
        even = say(mark("break-even: {u:.0%}"), u=u)
        dots = [Dot((100 * u, _worth(model, "renew", u) / MILLION), even)]
    shares, won = nice_ticks(0, 100 * last), nice_ticks(low, high)
    title = say(mark("share of hours on (not CPU load)"))
    return Plot(
        Axis(0, 100 * last, [(x, f"{x:g}%") for x in shares], title),
        Axis(low, high, [(y, f"{y:,g}") for y in won], say(mark("million won of today"))),
        lines,
        [Level(100 * plan, say(mark("plan")), axis="x", dashed=True)],
        dots,
    )


# --- tornado --------------------------------------------------------------------------


def tornado(model: Model, ranges: Mapping[str, Any], say: Say, *, kept: Any, keep: Keep) -> Tornado:
    """The ranges of the learner's code as fields, with their bars.

    ``kept`` is what ``keep`` was last given; where the code says something else by now, the
    code goes before it. Raises Mistake for what is no ranges at all.
    """
    check_inputs(ranges)
    given = {key: [_typed(told[0]), _typed(told[1])] for key, told in ranges.items()}
    known = isinstance(kept, Mapping) and kept.get("given") == given
    typed = kept.get("typed") if known else None
    rows = [
        Assumption(key, say(FIELDS[key][1]), f"{model.m[key]:,.10g} ({say(FIELDS[key][0])})")
        for key in ranges
    ]
    reasons = {key: told[2] for key, told in ranges.items()}

    def rule(state: State) -> TornadoView:
        return _bars(model, state, reasons, say)

    return Tornado(
        rule,
        rows,
        {**given, **(typed if isinstance(typed, Mapping) else {})},
        say,
        name=say(mark("Your ranges, and what they do to the decision")),
        keep=lambda state: keep({"given": given, "typed": state}),
    )


def _typed(end: Any) -> str:
    if has_blank(end):
        return ""
    # to the last digit: an end that is the value in use must not be rounded past it
    return f"{end:,}".removesuffix(".0") if isinstance(end, int | float) else str(end)


def _fault(key: str, ends: list[str], model: Model, say: Say) -> str:
    """What keeps a row from having a bar; "" for nothing."""
    if not all(end.strip() for end in ends):
        return say(mark("Not set yet."))
    numbers = [typed_number(end) for end in ends]
    for text, number in zip(ends, numbers, strict=True):
        if number is None:
            return say(mark("{text} is no number."), text=expect.short(text))
    try:
        check_ends(key, *numbers, model.m)
    except Mistake as mistake:
        told = {k: say(v) if isinstance(v, Marked) else v for k, v in mistake.values.items()}
        return say(mistake.seen, **told)
    return ""


def _bars(model: Model, state: State, reasons: Mapping[str, Any], say: Say) -> TornadoView:
    faults = {key: _fault(key, ends, model, say) for key, ends in state.items()}
    typed = {key: (*map(typed_number, ends), "") for key, ends in state.items() if not faults[key]}
    found = swings(model, typed)
    bars = [_bar(swing, say) for swing in found]
    base = model.lead() / MILLION
    said = mark("million won")
    facts = [
        (bar.name, f"{bar.low_text} … {bar.high_text} {say(said)}: {bar.word}") for bar in bars
    ]
    return TornadoView(
        sentence=_ranking(found, say),
        axis=_won_axis([base, *(end for bar in bars for end in (bar.low, bar.high))], say),
        bars=bars,
        base=base,
        base_text=f"{base:+,.1f}",
        faults={key: fault for key, fault in faults.items() if fault},
        facts=facts,
        code=_code(state, reasons),
    )


def _bar(swing: Swing, say: Say) -> Bar:
    low, high = swing.lead_low / MILLION, swing.lead_high / MILLION
    word = mark("turns the decision") if swing.flips() else mark("does not turn it")
    return Bar(swing.key, low, high, f"{low:+,.1f}", f"{high:+,.1f}", swing.flips(), say(word))


def _ranking(found: list[Swing], say: Say) -> str:
    if not found:
        return say(mark("No range is set yet: type how low and how high each input may be."))
    return say(
        mark("{input} swings it furthest, by {won:million}; {count} of {all} ranges turn it"),
        input=found[0].key,
        won=Won(found[0].width),
        count=sum(swing.flips() for swing in found),
        all=len(found),
    )


def _won_axis(ends: list[float], say: Say) -> Axis:
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = ROOM * (high - low) or 1.0
    ticks = [(x, f"{x:,g}") for x in nice_ticks(low - room, high + room)]
    return Axis(
        low - room, high + room, ticks, say(mark("renewal minus cloud, million won of today"))
    )


def _code(state: State, reasons: Mapping[str, Any]) -> str:
    rows = [
        f'    "{key}": ({_written(ends)}, {_reason(reasons[key])}),' for key, ends in state.items()
    ]
    return "\n".join(["ranges = {", *rows, "}"])


def _written(ends: list[str]) -> str:
    numbers = [typed_number(end) for end in ends]
    return ", ".join("____" if n is None else f"{n:_}".removesuffix(".0") for n in numbers)


def _reason(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False) if isinstance(told, str) else "____"
