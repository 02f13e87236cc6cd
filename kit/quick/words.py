"""The sentences of a finding: a question to the owner, why in numbers, and what is not known."""

from __future__ import annotations

import math
from dataclasses import replace

from kit.data.money import won_text
from kit.data.prices import HOURS_PER_MONTH, PriceCard
from kit.i18n import Translator, mark
from kit.quick.finding import MachineFinding
from kit.quick.rules import TOLERANCE_DAYS, WEAK_DAYS, moved, saturated, weak

_QUESTIONS = {
    "saturated": mark("What is waiting on {machine}, and how much more would it use if it could?"),
    "under-used": mark("Who uses {machine}, and what would stop if it were off for a week?"),
    "idle-with-bursts": mark(
        "Which job runs in the busy hours of {machine}, and could it run on a schedule, "
        "on a burstable size, or scale out?"
    ),
    "regime-change": mark("What changed on {machine} around {changed}, and will it stay?"),
    "bursty": mark("When must {machine} be fast, and who notices if it is slow for a few minutes?"),
    "steady": mark("Why does {machine} have {vcpu} vCPU: licence, failover, month end, or habit?"),
    "unit-unclear": mark("Is the CPU of {machine} given in percent, or as a fraction of 1?"),
    "incomplete": mark("Where is the rest of the measurements of {machine}?"),
    "other": mark(
        "What drives {machine} at its peak ({peak_time}), and must it be served at once?"
    ),
    "off": mark("{machine} is switched off: who still needs it, and until when?"),
    "unmeasured": mark(
        "What does {machine} do with its {vcpu} vCPU, and where is its load measured?"
    ),
}

_WHYS = {
    "saturated": mark(
        "Half of its last three days lies above {recent:.0f} % CPU. Demand is hidden behind the "
        "limit, so no rule makes it smaller."
    ),
    "under-used": mark(
        "CPU stays below {p99_5:.2g} % for 99.5 % of the time (median {p50:.2g} %). CPU alone "
        "does not prove that nobody needs it."
    ),
    "idle-with-bursts": mark(
        "Median {p50:.2g} %, P95 {p95:.0f} %: it idles, then works hard "
        "({busy_percent:.0f} % of the samples lie above 50 %). A percentile is no answer "
        "here: the lean rule asks for {lean} vCPU, the cautious one for {cautious}, and either "
        "is paid for in the idle hours."
    ),
    "regime-change": mark(
        "Median {before:.0f} % before, {recent:.0f} % in the last three days. Sizing by the "
        "whole period would be sizing the past."
    ),
    "bursty": mark(
        "Median {p50:.1f} %, P95 {p95:.0f} %, P99.5 {p99_5:.0f} %: the lean rule asks for {lean} "
        "vCPU, the cautious one for {cautious}. The rule decides, so somebody must own it."
    ),
    "steady": mark(
        "P99.5 is {p99_5:.0f} %: even its busiest moments leave room. The lean rule asks for "
        "{lean} vCPU, the cautious one for {cautious}."
    ),
    "unit-unclear": mark(
        "No value exceeds {peak_text}, and the export names no unit: as a fraction of 1 that is "
        "up to {as_percent_text} %, as percent next to nothing. Neither size nor won until you "
        "say which."
    ),
    "incomplete": mark(
        "{coverage_text} % of the steps in {window_text} days have a sample, and the missing ones "
        "may be the busy ones. From 90 % on a range is given. Measured: median {p50:.2g} %, "
        "P95 {p95:.0f} %, maximum {peak:.0f} %."
    ),
    "other": mark(
        "Its peak of {peak_text} is {ratio:.1f} times its mean of {mean_text} (median {p50_text})."
    ),
    "off": mark("{vcpu} vCPU in the inventory. The export does not say since when it is off."),
    "unmeasured": mark("The inventory lists {vcpu} vCPU; no measurement in it shows the load."),
}

_STEADY_BOTH = mark(
    "P99.5 is {p99_5:.0f} %: even its busiest moments leave room. Both rules ask for {lean} vCPU."
)
_STEADY_FULL = mark(
    "P99.5 is {p99_5:.0f} %: no rule asks for less than its {vcpu} vCPU, so today's size fits. "
    "The question is growth."
)
_BURSTY_BOTH = mark(
    "Median {p50:.1f} %, P95 {p95:.0f} %, P99.5 {p99_5:.0f} %: both rules ask for {lean} vCPU. "
    "Somebody must still own the rule."
)
_IDLE_BOTH = mark(
    "Median {p50:.2g} %, P95 {p95:.0f} %: it idles, then works hard "
    "({busy_percent:.0f} % of the samples lie above 50 %). A percentile is no answer "
    "here: both rules ask for {lean} vCPU, which is paid for in the idle hours."
)
_BOTH = {"steady": _STEADY_BOTH, "bursty": _BURSTY_BOTH, "idle-with-bursts": _IDLE_BOTH}
_STEADY_TIGHT = mark(
    "P99.5 is {p99_5:.0f} %: the lean rule asks for {lean} vCPU, the cautious one for {cautious}, "
    "and today it has {vcpu}. Nothing gets smaller; the question is growth."
)
_SHORT_QUESTION = mark(
    "Which is the busiest day of {machine}, and does it lie within the {window_text} days seen?"
)
_SHORT = mark(
    "Seen for {window_text} days: median {p50:.2g} %, P95 {p95:.0f} %, maximum {peak:.0f} %. "
    "A range in won takes a week at least, and 14 days to be firm."
)
_WEAKER = mark("Seen for {window_text} days, not 14: its range is weaker.")
_FEW = mark("Less than a day of samples ({samples}): nothing can be said about its size.")
_RISING = mark("It rises: median {recent:.1f} % in the last three days, {before:.1f} % before.")
_BURSTABLE = mark(
    "On the price card a burstable {vcpu} vCPU costs {won} a month less; its mean of {mean:.0f} % "
    "stays within the baseline of {baseline:.0f} %."
)
_NOW_SATURATED = mark(
    "Median {before:.0f} % before, {recent:.0f} % in the last three days: now its demand is hidden "
    "behind the limit, so no rule makes it smaller."
)
_NO_SIZE = mark("The price card has no size large enough for both rules.")


def worded(
    machine: MachineFinding, card: PriceCard, tr: Translator, peak_time: str = ""
) -> MachineFinding:
    """The machine with its question and its reason."""
    values = facts(machine, tr, peak_time)
    whys = [tr(template, **values) for template in _reasons(machine)]
    if (cheaper := _burstable(machine, card)) is not None:
        won, baseline = cheaper
        whys.append(
            tr(_BURSTABLE, **{**values, "won": won_text(won, tr), "baseline": 100 * baseline})
        )
    question = _SHORT_QUESTION if _short(machine) else _QUESTIONS[machine.kind]
    return replace(machine, question=tr(question, **values), why=" ".join(whys))


def _short(machine: MachineFinding) -> bool:
    """Whether it is the window, not gaps in it, that is too short for a range."""
    stats = machine.stats
    if machine.kind != "incomplete" or stats is None or stats.days < 1:
        return False
    return stats.window_days < WEAK_DAYS - TOLERANCE_DAYS


def _reasons(machine: MachineFinding) -> list[str]:
    found: list[str] = [_WHYS[machine.kind]]
    stats = machine.stats
    if stats is None or machine.kind == "other":
        return found
    if machine.kind == "steady" and machine.high_won is not None and machine.high_won <= 0:
        more = (machine.cautious_vcpu or 0) > (machine.vcpu or 0)
        found = [_STEADY_TIGHT if more else _STEADY_FULL]
    elif machine.lean_vcpu == machine.cautious_vcpu:
        found = [_BOTH.get(machine.kind, found[0])]
    if machine.kind == "incomplete" and stats.days < 1:
        return [_FEW]
    if _short(machine):
        return [_SHORT]
    if machine.kind in ("steady", "bursty") and moved(stats):
        found.append(_RISING)
    if machine.kind == "regime-change" and saturated(stats):
        found = [_NOW_SATURATED]
    if machine.sized and weak(stats):
        found.append(_WEAKER)
    if machine.lean_vcpu is None and machine.kind not in ("incomplete", "unit-unclear"):
        # without sizes the sentences about sizes would have holes
        return [_NO_SIZE] if machine.kind in ("idle-with-bursts", "bursty", "steady") else found
    return found


def _burstable(machine: MachineFinding, card: PriceCard) -> tuple[float, float] | None:
    """Won a month and baseline of the burstable size that carries the mean, if it is cheaper."""
    if machine.kind != "idle-with-bursts" or machine.stats is None or machine.today_won is None:
        return None
    for size in card.burstable:
        if size.vcpu == machine.vcpu and machine.stats.mean <= 100 * size.baseline:
            saving = machine.today_won - size.won_per_hour * HOURS_PER_MONTH
            return (saving, size.baseline) if saving > 0 else None
    return None


def facts(machine: MachineFinding, tr: Translator, peak_time: str = "") -> dict[str, object]:
    """Everything that a sentence about one machine may name."""
    values: dict[str, object] = {
        "machine": machine.machine,
        "vcpu": machine.vcpu if machine.vcpu is not None else tr("unknown"),
        "lean": machine.lean_vcpu,
        "cautious": machine.cautious_vcpu,
        "changed": machine.changed_on.isoformat() if machine.changed_on else "",
        "peak_time": peak_time,
    }
    if machine.stats is not None:
        values |= vars(machine.stats)
        mean = abs(machine.stats.mean)
        values["ratio"] = machine.stats.peak / mean if mean else 0.0
        values["busy_percent"] = 100 * machine.stats.busy
        values["coverage_text"] = rounded_down(100 * machine.stats.coverage)
        values["window_text"] = rounded_down(machine.stats.window_days)
        values["as_percent_text"] = number_text(100 * machine.stats.peak)
        for name in ("peak", "mean", "p50"):
            values[f"{name}_text"] = number_text(float(str(values[name])))
    return values


def rounded_down(number: float) -> str:
    """A figure with a decimal, below 0.1 two; it reaches no limit that the measured misses."""
    if math.isnan(number):
        return "?"
    # floats of whole days may lie a hair below them
    steps = 10 if number >= 0.1 else 100
    return f"{math.floor(number * steps + 1e-6) / steps:g}"


def number_text(number: float) -> str:
    """A measured value without an exponent."""
    return f"{number:,.0f}" if abs(number) >= 10_000 else f"{number:,.4g}"


_METRICS = {
    "cpu_percent": mark("CPU"),
    "cpu_percent_max": mark("CPU, maximum of each interval"),
    "memory_percent": mark("memory in use"),
    "requests": mark("requests"),
    "disk_write_bytes": mark("bytes written to disk"),
    "disk_read_bytes": mark("bytes read from disk"),
    "network_in_bytes": mark("bytes received"),
    "network_out_bytes": mark("bytes sent"),
}


def metric_text(metric: str, tr: Translator) -> str:
    """A metric's name for people; unknown ones as the export names them."""
    return tr(_METRICS[metric]) if metric in _METRICS else metric.replace("_", " ")


def kind_text(kind: str, tr: Translator) -> str:
    """A class of load for people."""
    return tr(_KINDS.get(kind, kind))


_KINDS = {
    "saturated": mark("saturated"),
    "under-used": mark("little used"),
    "idle-with-bursts": mark("idle with bursts"),
    "regime-change": mark("level changed"),
    "bursty": mark("bursty"),
    "steady": mark("steady"),
    "incomplete": mark("too few samples"),
    "unit-unclear": mark("unit unclear"),
    "other": mark("not CPU"),
    "off": mark("switched off"),
    "unmeasured": mark("not measured"),
}
