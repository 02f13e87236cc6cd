"""The finding in one sentence, with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from kit.data.money import range_text
from kit.i18n import Translator, mark
from kit.quick.finding import MachineFinding
from kit.quick.rules import weak
from kit.quick.words import facts, metric_text, number_text, rounded_down


def headline(
    machines: Sequence[MachineFinding],
    asked: Sequence[MachineFinding],
    range_won: tuple[float, float] | None,
    metric: str,
    tr: Translator,
) -> str:
    """The finding in one sentence; it stands above the chart."""
    count = len(machines)
    if not metric:
        if count == 1:
            return tr(
                "{machine} has {vcpu} vCPU, and there is no measurement of its load: nothing says "
                "yet whether it is too large",
                machine=machines[0].machine,
                vcpu=machines[0].vcpu or tr("unknown"),
            )
        return tr(
            "{count} machines, {vcpu} vCPU, and no measurement of load: nothing says yet "
            "which are too large",
            count=count,
            vcpu=sum(m.vcpu or 0 for m in machines),
        )
    if not metric.startswith("cpu_percent"):
        return tr(
            "{machine}: the peak of {metric} is {ratio:.1f} times the mean; how many vCPU it "
            "needs cannot be read from this",
            machine=asked[0].machine,
            metric=metric_text(metric, tr),
            ratio=facts(asked[0], tr)["ratio"],
        )
    if count == 1:
        return _single(machines[0], tr)
    if all(m.kind == "unit-unclear" for m in machines):
        return tr(
            "{count} machines: is their CPU given in percent, or as a fraction of 1? No value "
            "exceeds {peak}, and the export does not say",
            count=count,
            peak=number_text(max(m.stats.peak for m in machines if m.stats)),
        )
    if all(m.kind == "incomplete" for m in machines):
        return tr(
            "{count} machines, measured too briefly or with too many gaps for a range in won: "
            "the longest for {days} days",
            count=count,
            days=rounded_down(max(m.stats.window_days for m in machines if m.stats)),
        )
    if range_won is None:
        return tr("{count} machines, none of which can be sized by a percentile", count=count)
    low, high = range_won
    if round(high) == 0:
        return tr("{count} machines: no sizing rule asks for a smaller size", count=count)
    return tr(
        "{less} of {count} machines would cost less if sized by rule: {range}; ask {asked} owners "
        "first",
        less=sum(1 for m in machines if m.high_won is not None and round(m.high_won) > 0),
        count=count,
        range=range_text(low, high, tr),
        asked=len(asked),
    )


def conditional(
    said: str,
    machines: Sequence[MachineFinding],
    range_won: tuple[float, float] | None,
    tr: Translator,
) -> str:
    """The headline with the vCPU that it rests on, where a size was assumed."""
    sized = [m for m in machines if m.sized]
    # what one machine did is measured; only sizes and won rest on an assumption
    measured = len(machines) == 1 and machines[0].kind != "bursty"
    conditions = [
        "" if range_won is None or measured else assumption(sized, tr),
        weakness(machines, tr),
        _left_out(machines, tr),
    ]
    if not any(conditions):
        return said
    condition = "; ".join(filter(None, conditions))
    return tr("{headline} ({condition})", headline=said, condition=condition)


def _left_out(machines: Sequence[MachineFinding], tr: Translator) -> str:
    unclear = sum(m.kind == "unit-unclear" for m in machines)
    if not 0 < unclear < len(machines):
        return ""
    return tr("without {n} of them, whose unit is unclear", n=unclear)


def weakness(machines: Sequence[MachineFinding], tr: Translator) -> str:
    """What a range of less than fourteen days lacks; empty when all of it is firm."""
    sized = [m for m in machines if m.sized]
    short = [m.stats for m in sized if m.stats and weak(m.stats)]
    if not short:
        return ""
    days = rounded_down(min(stats.window_days for stats in short))
    if len(short) < len(sized):
        return tr("weaker for {n} of them: only {days} days seen", n=len(short), days=days)
    if any(stats.first.month != stats.last.month for stats in short):
        return tr("weaker: only {days} days seen", days=days)
    return tr("weaker: only {days} days seen, no month end among them", days=days)


def assumption(machines: Sequence[MachineFinding], tr: Translator) -> str:
    """What sizes and won of these machines rest on; empty when all sizes are known."""
    assumed = [m for m in machines if m.sized and m.vcpu_source == "assumed"]
    if not assumed:
        return ""
    vcpu = assumed[0].vcpu
    if len(machines) == 1:
        return tr("if it has {vcpu} vCPU", vcpu=vcpu)
    if len(assumed) == sum(m.sized for m in machines):
        return tr("if each has {vcpu} vCPU", vcpu=vcpu)
    return tr("if each has {vcpu} vCPU where no size is stated", vcpu=vcpu)


def _single(machine: MachineFinding, tr: Translator) -> str:
    both = machine.kind == "bursty" and machine.lean_vcpu == machine.cautious_vcpu
    return tr(_BURSTY_BOTH if both else _SINGLE[machine.kind], **facts(machine, tr))


_BURSTY_BOTH = mark("{machine}: P90 and P99.5 both ask for {lean} vCPU")
_SINGLE = {
    "saturated": mark("{machine} is saturated: its demand is hidden, so it is not made smaller"),
    "under-used": mark("{machine} does next to nothing on its CPU: a question to its owner"),
    "idle-with-bursts": mark("{machine} idles between bursts: a percentile is no answer here"),
    "regime-change": mark(
        "{machine} changed its level around {changed}: the days before are no guide"
    ),
    "bursty": mark("{machine}: P90 and P99.5 ask for {lean} and {cautious} vCPU"),
    "steady": mark("{machine} never exceeded {peak:.0f} % CPU in {window_text} days"),
    "incomplete": mark(
        "{machine}: {window_text} days seen with {coverage_text} % of the steps, too little for a "
        "range in won"
    ),
    "unit-unclear": mark(
        "{machine}: is its CPU given in percent, or as a fraction of 1? No value exceeds "
        "{peak_text}, and the export does not say"
    ),
}
