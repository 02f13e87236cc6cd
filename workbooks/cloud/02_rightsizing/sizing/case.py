"""Servers, their monitoring export and what each exercise of the sizing half leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.checking import Work
from kit.data.prices import HOURS_PER_MONTH, PriceCard
from kit.data.utilisation import KINDS, Dirt, cpu_series, dirty_export, memory_series
from kit.i18n import mark

from .options import Option, options_for

if TYPE_CHECKING:
    from ..case import Carry, Case

DAYS, STEP = 14, 5
SAMPLES = DAYS * 24 * 60 // STEP
START = {"practice": "2026-03-02", "graded": "2026-08-31"}
STEPS = (
    "size by the rule",
    "size on the recent window",
    "choose by option, not by percentile",
    "measure the demand first",
    "ask the owner",
    "retire",
)
# a duty goes with the name, never with the kind of load: it must not give the answer away
_DUTIES = {
    "web-07": mark("front end of the web shop"),
    "app-12": mark("order entry of the sales branches"),
    "erp-02": mark("ERP: accounting and purchasing"),
    "batch-05": mark("imports of suppliers' data"),
    "file-03": mark("drawings and documents of engineering"),
    "mes-01": mark("production control of plant 2"),
    "was-04": mark("middleware of the warehouse"),
    "db-06": mark("database of the reporting"),
}
_STATEFUL = {"erp-02", "file-03", "mes-01", "db-06"}
# Share of the generator's memory level, so that memory decides for one machine and not for all.
_MEMORY_SCALE = {"idle-with-bursts": 0.5, "steady": 0.85, "saturated": 0.85}
_EXTRA_MEMORY = {"under-used": 0.2, "steady": 0.2, "bursty": 0.5}
MEMORY_SAMPLES = 0.9
"""Share of the samples that must be there before memory counts as measured."""


@dataclass(frozen=True)
class Sizing:
    """The sizing data of a case. ``kinds``, ``truth`` and ``dirt`` are the generator's truth."""

    servers: pd.DataFrame
    export: pd.DataFrame
    memory: pd.DataFrame
    puzzle: str
    kinds: dict[str, str]
    truth: dict[str, pd.DataFrame]
    dirt: dict[str, Dirt]


def build(rng: np.random.Generator, part: str) -> Sizing:
    """Eight servers: one of each kind and two more, under names that tell nothing."""
    extra = rng.choice(["under-used", "steady", "bursty"], size=2, replace=False)
    kinds = [*KINDS, *(str(kind) for kind in extra)]
    names = [str(name) for name in rng.permutation(list(_DUTIES))]
    rows, exports, memories = [], [], []
    truth, dirts = {}, {}
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        clean = cpu_series(kind, rng, days=DAYS, step_minutes=STEP, start=START[part])  # type: ignore[arg-type]
        export, dirt = dirty_export(name, clean, rng, start=START[part], step_minutes=STEP)
        exports.append(export)
        truth[name], dirts[name] = dirt.truth(clean), dirt
        vcpu = 16 if kind in ("idle-with-bursts", "saturated") else int(rng.choice([8, 16, 32]))
        rows.append([name, _DUTIES[name], vcpu, vcpu * 4, name in _STATEFUL])
        memories.append(_memory(name, kind, rng, part, extra=place >= len(KINDS)))
    columns = ["machine", "duty", "vcpu", "ram_gib", "stateful"]
    return Sizing(
        servers=pd.DataFrame(rows, columns=columns).sort_values("machine", ignore_index=True),
        export=pd.concat(exports, ignore_index=True),
        memory=pd.concat(memories, ignore_index=True),
        puzzle=names[kinds.index("idle-with-bursts")],
        kinds=dict(zip(names, kinds, strict=True)),
        truth=truth,
        dirt=dirts,
    )


def _memory(
    name: str, kind: str, rng: np.random.Generator, part: str, *, extra: bool
) -> pd.DataFrame:
    """Guest memory: some machines have no agent, some lost it half-way."""
    used = memory_series(kind, rng, days=DAYS, step_minutes=STEP, start=START[part])  # type: ignore[arg-type]
    used = used * (_EXTRA_MEMORY if extra else _MEMORY_SCALE).get(kind, 1.0)
    times = pd.date_range(START[part], periods=len(used), freq=f"{STEP}min")
    frame = pd.DataFrame({"machine": name, "time": times, "used_percent": np.round(used, 2)})
    if kind in ("under-used", "bursty") and not extra:
        return frame.head(0)
    if kind == "regime-change":
        return frame.iloc[int(len(frame) * rng.uniform(0.35, 0.6)) :]
    return frame


@lru_cache(maxsize=4)
def sizing_of(seed: int, part: str) -> Sizing:
    """The sizing data behind a case, truth included."""
    return build(np.random.default_rng([seed, 1]), part)


def series_of(case: Case) -> dict[str, pd.DataFrame]:
    """Truth of exercise ``repair``: machine to a clean frame of time and value (percent)."""
    truth = sizing_of(case.seed, case.part).truth
    return {name: truth[name].copy() for name in sorted(truth)}


def cpu_of(case: Case) -> dict[str, Any]:
    """Clean CPU percentages as arrays, by machine."""
    return {name: frame["value"].to_numpy() for name, frame in series_of(case).items()}


@dataclass(frozen=True)
class Place:
    """Where a machine goes: the option, its vCPU, won an hour by the price card, and why.

    ``decided`` is ``"cpu"``, ``"memory"``, ``"today"`` (its demand is hidden) or ``"option"``.
    ``need_gib`` is the measured memory with headroom, None where it was not measured;
    ``memory_gib`` is what the place has.
    """

    option: str
    vcpu: int
    won_per_hour: float
    decided: str
    memory_gib: float
    need_gib: float | None


def _own_places(work: Work) -> dict[str, Place]:
    plan = work.value("plan")
    pick = work.function("pick_size")
    q, headroom = float(plan["q"]), float(plan["headroom"])
    sizes = {
        name: int(pick(cpu, vcpu, q, headroom, list(work.case.prices.vcpus)))
        for name, cpu, vcpu in _machines(work.case)
    }
    return _places(work.case, sizes, headroom, (str(plan["option"]), int(plan["vcpu"])))


def _true_places(case: Case) -> dict[str, Place]:
    sizes = {}
    for name, cpu, vcpu in _machines(case):
        ordered = np.sort(cpu)
        need = vcpu * ordered[int(np.ceil(0.95 * len(ordered))) - 1] / 80
        sizes[name] = next((s for s in case.prices.vcpus if s >= need), case.prices.vcpus[-1])
    return _places(case, sizes, 0.2, ("burstable", 16))


def memory_needs(case: Case, headroom: float) -> dict[str, float | None]:
    """GiB each machine needs: P95 in use with ``headroom`` kept free; None if not measured."""
    needs: dict[str, float | None] = dict.fromkeys(case.servers["machine"])
    installed = dict(zip(case.servers["machine"], case.servers["ram_gib"], strict=True))
    for name, rows in case.memory.groupby("machine"):
        used = rows["used_percent"].dropna()
        if len(used) >= MEMORY_SAMPLES * SAMPLES:
            needs[str(name)] = float(installed[name] * np.percentile(used, 95) / 100) / (
                1 - headroom
            )
    return needs


def _places(
    case: Case, sizes: dict[str, int], headroom: float, option: tuple[str, int]
) -> dict[str, Place]:
    kinds = sizing_of(case.seed, case.part).kinds
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    needs = memory_needs(case, headroom)
    places = {}
    for name, size in sorted(sizes.items()):
        need, why = needs[name], "cpu"
        # a saturated machine hides its demand: today's size stays until somebody has measured it
        if kinds[name] == "saturated":
            size, why = int(today[name]), "today"
        chosen = case.prices.of(size)
        if why == "cpu" and need is not None and chosen.memory_gib < need:
            why = "memory"
            larger = [s for s in case.prices.sizes if s.vcpu >= size and s.memory_gib >= need]
            chosen = larger[0] if larger else case.prices.sizes[-1]
        places[name] = Place(
            "fixed", chosen.vcpu, chosen.won_per_hour, why, chosen.memory_gib, need
        )
    places[case.puzzle] = _option_place(case, *option, needs[case.puzzle])
    return places


def _option_place(case: Case, option: str, vcpu: int, need: float | None) -> Place:
    row = next(o for o in puzzle_options(case) if (o.option, o.vcpu) == (option, vcpu))
    hour = row.won_month / HOURS_PER_MONTH
    return Place(option, vcpu, hour, "option", row.memory_gib, need)


def puzzle_options(case: Case) -> list[Option]:
    """The option table of the case's bursty machine."""
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    vcpu = int(today[case.puzzle])
    return list(_options(case.seed, case.part, case.puzzle, vcpu, case.prices))


# a table, two charts and three checks ask for them
@lru_cache(maxsize=4)
def _options(
    seed: int, part: str, machine: str, vcpu: int, prices: PriceCard
) -> tuple[Option, ...]:
    frame = sizing_of(seed, part).truth[machine]
    return tuple(options_for(frame["value"].to_numpy(), frame["time"], vcpu, prices))


def _machines(case: Case) -> list[tuple[str, Any, int]]:
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    return [(name, cpu, int(today[name])) for name, cpu in cpu_of(case).items()]


def _own_series(work: Work) -> dict[str, pd.DataFrame]:
    clean = work.function("clean")
    groups = work.case.export.groupby("machine")
    return {str(name): clean(rows.reset_index(drop=True)) for name, rows in groups}


CARRY: dict[str, Carry] = {
    "repair": (_own_series, series_of),
    "graded-clean": (_own_series, series_of),
    "rule": (_own_places, _true_places),
    "graded-bursts": (_own_places, _true_places),
}
