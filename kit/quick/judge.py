"""From statistics to machines with sizes and won, and to the three most worth a question."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kit.data.prices import HOURS_PER_MONTH, PriceCard
from kit.errors import UsageError
from kit.quick.finding import MachineFinding, Stats
from kit.quick.rules import MEMORY_HEADROOM, classify, may_size, needs, smallest

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_VCPU = 8


@dataclass(frozen=True)
class Sizes:
    """vCPU of today: told by the learner, stated by the export, or assumed."""

    default: int | None = None
    told: Mapping[str, int] = field(default_factory=dict)

    def of(self, machine: str, stated: float | None) -> tuple[int, str]:
        """vCPU of a machine and its source: told, export or assumed."""
        if (named := self.told.get(machine.casefold())) is not None:
            return named, "told"
        if stated is not None and stated >= 1:
            return int(stated), "export"
        if self.default is not None:
            return self.default, "told"
        return DEFAULT_VCPU, "assumed"


def parse_sizes(words: Sequence[str]) -> Sizes:
    """``["8", "web-07=16"]`` as sizes; UsageError for anything else."""
    default: int | None = None
    told: dict[str, int] = {}
    for word in words:
        name, _, number = word.rpartition("=")
        if not number.strip().isdigit() or not 1 <= int(number) <= 4096:
            raise UsageError(
                "'{word}' is no size.",
                where="--vcpu",
                fix="Write --vcpu 8 for all machines, or --vcpu web-07=16 for one.",
                word=word,
            )
        if name:
            told[name.strip().casefold()] = int(number)
        else:
            default = int(number)
    return Sizes(default, told)


def check_names(sizes: Sizes, machines: Sequence[str]) -> None:
    """UsageError when a size was told for a machine that the export does not have."""
    known = {machine.casefold() for machine in machines}
    unknown = [name for name in sizes.told if name not in known]
    if unknown:
        raise UsageError(
            "The export has no machine '{name}'.",
            where="--vcpu",
            fix="It has: {known}{more}",
            name=unknown[0],
            known=", ".join(list(machines)[:8]),
            more=" …" if len(machines) > 8 else "",
        )


def judge_cpu(
    stats: Mapping[str, Stats],
    inventory: pd.DataFrame,
    memory: pd.DataFrame,
    sizes: Sizes,
    card: PriceCard,
    unclear: Collection[str] = (),
) -> list[MachineFinding]:
    """Each measured machine with its class and, where a rule applies, its range.

    ``unclear`` names those whose values may be fractions of 1: they have no class.
    """
    known = _by_name(inventory)
    found = []
    for machine, one in stats.items():
        row = known.get(machine.casefold(), {})
        vcpu, source = sizes.of(machine, _number(row.get("vcpu")))
        gib = _number(row.get("memory_gib"))
        plain = MachineFinding(
            machine=machine,
            kind="unit-unclear" if machine in unclear else classify(one),
            stats=one,
            vcpu=vcpu,
            vcpu_source=source,
            memory_gib=gib,
            memory_need_gib=_memory_need(machine, gib, memory),
        )
        found.append(_priced(plain, one, vcpu, card))
    return found


def _by_name(inventory: pd.DataFrame) -> dict[str, dict[str, Any]]:
    rows = inventory.to_dict("records")
    return {str(row["machine"]).casefold(): {str(k): v for k, v in row.items()} for row in rows}


def _number(value: object) -> float | None:
    if value is None or isinstance(value, str):
        return None
    number = float(value)  # type: ignore[arg-type]
    return None if math.isnan(number) else number


def _memory_need(machine: str, gib: float | None, memory: pd.DataFrame) -> float | None:
    """GiB needed at P99.5 with headroom; None when memory or its size was not measured."""
    if machine not in memory.index:
        return None
    used = _number(memory.at[machine, "gib"])
    percent = _number(memory.at[machine, "percent"])
    if used is None and percent is not None and gib is not None:
        used = percent / 100 * gib
    return None if used is None else used / (1 - MEMORY_HEADROOM)


def _priced(machine: MachineFinding, stats: Stats, vcpu: int, card: PriceCard) -> MachineFinding:
    memory = machine.memory_need_gib or 0.0
    today = smallest(card, vcpu, machine.memory_gib or 0.0)
    if today is None:
        return machine
    month = today.won_per_hour * HOURS_PER_MONTH
    machine = replace(machine, today_won=month)
    if machine.kind == "unit-unclear":
        return machine
    lean, cautious = (smallest(card, need, memory) for need in needs(stats, vcpu))
    if lean is None or cautious is None:
        return machine
    machine = replace(machine, lean_vcpu=lean.vcpu, cautious_vcpu=cautious.vcpu)
    if not may_size(machine.kind, stats):
        return machine
    # a rule that asks for more than today is a question about growth, not a negative saving
    savings = [max(0.0, month - size.won_per_hour * HOURS_PER_MONTH) for size in (cautious, lean)]
    return replace(machine, low_won=min(savings), high_won=max(savings))


def judge_inventory(inventory: pd.DataFrame, sizes: Sizes) -> list[MachineFinding]:
    """Machines of an export that has no time series: what is there, no class, no won."""
    found = []
    for row in inventory.to_dict("records"):
        stated = _number(row.get("vcpu"))
        told = sizes.told.get(str(row["machine"]).casefold())
        vcpu = told if told is not None else (int(stated) if stated else None)
        off = row.get("powered_on")
        found.append(
            MachineFinding(
                machine=str(row["machine"]),
                kind="off" if off is not None and off == off and not off else "unmeasured",
                metric="",
                vcpu=vcpu,
                vcpu_source="told" if told is not None else "export" if stated else "",
                memory_gib=_number(row.get("memory_gib")),
            )
        )
    return found


def judge_other(stats: Mapping[str, Stats], metric: str) -> list[MachineFinding]:
    """Machines measured by something else than CPU: statistics, no class of load."""
    return [
        MachineFinding(machine=name, kind="other", metric=metric, stats=one)
        for name, one in stats.items()
    ]


# How much of a machine's monthly cost a question is about: our weights, for order only.
_WEIGHT = {
    # answered by whoever made the export, and everything else waits for it
    "unit-unclear": 2.0,
    "under-used": 1.0,
    "idle-with-bursts": 0.9,
    "saturated": 0.9,
    "regime-change": 0.8,
    "bursty": 0.7,
    "steady": 0.6,
    "incomplete": 0.2,
}


def worth(machine: MachineFinding) -> float:
    """Order of the questions: the won that hang on the answer, more or less."""
    if machine.kind in ("off", "unmeasured"):
        return (1000.0 if machine.kind == "off" else 0.0) + (machine.vcpu or 0)
    if machine.kind == "other" and machine.stats is not None:
        mean = abs(machine.stats.mean)
        return machine.stats.peak / mean if mean > 0 else 0.0
    at_stake = machine.today_won or 1.0
    if machine.high_won is not None and machine.low_won is not None:
        at_stake = max(abs(machine.high_won), abs(machine.low_won), 0.02 * at_stake)
    return _WEIGHT.get(machine.kind, 0.1) * at_stake


def most_worth(machines: Sequence[MachineFinding], count: int = 3) -> list[MachineFinding]:
    """The ``count`` machines to ask about: one of each class first, then the next in order.

    A thousand idle machines raise one question, not three times the same.
    """
    ordered = sorted(machines, key=lambda m: (-worth(m), m.machine))
    chosen: list[MachineFinding] = []
    for machine in ordered:
        if len(chosen) < count and machine.kind not in {m.kind for m in chosen}:
            chosen.append(machine)
    for machine in ordered:
        if len(chosen) < count and machine not in chosen:
            chosen.append(machine)
    return sorted(chosen, key=lambda m: (-worth(m), m.machine))
