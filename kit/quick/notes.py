"""What a finding adds to its figures: what they rest on, and what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.data.prices import PriceCard
from kit.i18n import Translator
from kit.quick.export import export_advice
from kit.quick.finding import MachineFinding
from kit.quick.judge import DEFAULT_VCPU
from kit.quick.read import Exports
from kit.quick.rules import MIN_COVERAGE, MIN_DAYS, WEAK_DAYS, seen_for, weak
from kit.quick.words import metric_text

# names in one sentence; all of them are in the workbook
NAMED = 5


def percentile_note(metric: str, tr: Translator) -> str:
    """Which percentile is meant; vendors mean different ones."""
    if metric.endswith("_max"):
        return tr(
            "Percentiles: linear interpolation over the interval maxima of the export. They lie "
            "above percentiles of averages."
        )
    return tr(
        "Percentiles: linear interpolation over the values as exported, usually averages of each "
        "interval. Tools that take each interval's maximum show higher ones."
    )


def coverage_note(machines: Sequence[MachineFinding], tr: Translator) -> str:
    """How many machines have too few measurements, or an empty text."""
    short = [m for m in machines if m.kind == "incomplete"]
    if not short:
        return ""
    return tr(
        "{n} of {count} machines were seen for less than {days} days or with less than "
        "{share:.0f} % of the steps: nothing is said about their size.",
        n=len(short),
        count=len(machines),
        days=WEAK_DAYS,
        share=100 * MIN_COVERAGE,
    )


def weak_note(machines: Sequence[MachineFinding], tr: Translator) -> str:
    """How many machines have a range from less than fourteen days, or an empty text."""
    short = [m for m in machines if m.sized and m.stats and weak(m.stats)]
    if not short:
        return ""
    return tr(
        "{n} of {count} machines were seen for less than {days} days: their part of the range is "
        "weaker, because a busier week may have been missed.",
        n=len(short),
        count=len(machines),
        days=MIN_DAYS,
    )


def notes_of(
    exports: Exports,
    repeated: Mapping[str, int],
    machines: Sequence[MachineFinding],
    card: PriceCard,
    tr: Translator,
    synthetic: bool,
) -> list[str]:
    """Everything to know about the figures, from the learner's options to each conversion."""
    notes, metric = [], exports.metric
    if synthetic:
        notes.append(tr("SYNTHETIC: the machines are invented, their load comes from a generator."))
    if metric:
        notes.append(percentile_note(metric, tr))
    if metric.startswith("cpu_percent"):
        notes += _sizing_notes(machines, card, tr)
        notes.append(
            tr("Fourteen days can miss a month end, a closing, a season. Ask for the busiest day.")
        )
    # of every metric: what is not sized was measured all the same
    if repeated:
        named = [name for name in exports.table["machine"].unique() if name in repeated]
        notes.append(
            tr(
                "Samples that repeat a time of their machine: {n:,} (such as {machines}). The "
                "first of each was counted.",
                n=sum(repeated.values()),
                machines=", ".join(named[:NAMED]),
            )
        )
    return [note for note in [*notes, *map(tr, exports.ledger.notes)] if note]


def _sizing_notes(machines: Sequence[MachineFinding], card: PriceCard, tr: Translator) -> list[str]:
    assumed = sum(m.vcpu_source == "assumed" for m in machines)
    notes = [coverage_note(machines, tr), weak_note(machines, tr)]
    if assumed:
        notes.append(
            tr(
                "Assumed: {vcpu} vCPU today, where the export does not say "
                "({n} of {count} machines). Say it with --vcpu 16, or --vcpu NAME=16 for one.",
                vcpu=DEFAULT_VCPU,
                n=assumed,
                count=len(machines),
            )
        )
    unsized = [m for m in machines if not m.sized]
    if unsized:
        notes.append(
            tr(
                "The range covers {n} of {count} machines; saturated, bursting and hardly measured "
                "ones are not in it.",
                n=len(machines) - len(unsized),
                count=len(machines),
            )
        )
    more = [m for m in machines if m.sized and (m.cautious_vcpu or 0) > (m.vcpu or 0)]
    if more:
        notes.append(
            tr(
                "Where the cautious rule asks for more than today's size "
                "({n} of {count} machines), the size counts as staying.",
                n=len(more),
                count=len(machines),
            )
        )
    notes.append(
        tr(
            "Prices: {source}, {provider}, {dated}. Use your own contract: --prices YOUR.toml",
            source=tr(card.source),
            provider=tr(card.provider),
            dated=card.dated.isoformat(),
        )
    )
    return notes


def cannot_tell(exports: Exports, machines: Sequence[MachineFinding], tr: Translator) -> list[str]:
    """What the export cannot tell, and what to export instead; said in every report."""
    metric = exports.metric
    if not metric:
        return [
            tr("There is no time series: how much of its vCPU a machine uses cannot be said."),
            tr("What is missing: CPU in percent, every 5 to 15 minutes, for 14 days or more."),
        ]
    if not metric.startswith("cpu_percent"):
        return [
            tr(
                "What was measured ({metric}) shows when there is work, not how many vCPU it "
                "takes: no size and no won.",
                metric=metric_text(metric, tr),
            ),
            tr("What is missing: the CPU of the same machines over the same days."),
        ]
    found = [_which_unit(machines, tr), _more_days(exports.found.tool, machines, tr)]
    found.append(
        tr("CPU shows work, not worth: whether a machine is needed is for its owner to say.")
    )
    measured = {machine.machine for machine in machines}
    others = [name for name in exports.table["machine"].unique() if name not in measured]
    if others:
        found.append(
            tr(
                "Read, but without CPU, so no size and no won: {machines}.",
                machines=listed(others, tr),
            )
        )
    unknown = sum(m.memory_need_gib is None for m in machines)
    if unknown:
        found.append(
            tr(
                "Memory is unknown for {n} of {count} machines: their sizes hold for CPU only.",
                n=unknown,
                count=len(machines),
            )
        )
    silent = len(
        {str(m).casefold() for m in exports.found.inventory["machine"]}
        - {m.machine.casefold() for m in machines}
    )
    if silent:
        found.append(tr("Machines of the inventory without a CPU measurement here: {n}.", n=silent))
    return [text for text in found if text]


def _which_unit(machines: Sequence[MachineFinding], tr: Translator) -> str:
    unclear = [m.machine for m in machines if m.kind == "unit-unclear"]
    if not unclear:
        return ""
    return tr(
        "Percent or fraction? The export of {machines} does not say. Say it: upskill quick FILE "
        "--unit fraction (or: --unit percent). Or name the column cpu_fraction or cpu_percent "
        "and drop the file again.",
        machines=listed(unclear, tr),
    )


def _more_days(tool: str, machines: Sequence[MachineFinding], tr: Translator) -> str:
    stats = [m.stats for m in machines if m.stats and m.kind != "unit-unclear"]
    if all(seen_for(one.window_days, one.coverage) for one in stats):
        return ""
    return tr("For a firm range export 14 days or more: {how}", how=export_advice(tool, tr))


def listed(names: Sequence[str], tr: Translator) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return tr("{names} and {n} more", names=shown, n=len(names) - NAMED)
