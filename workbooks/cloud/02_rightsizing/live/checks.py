"""What must hold of any data: invariants of the live run, in the learner's words.

No value is compared with an expected one; nobody knows the right answer for a stranger's
servers. What can be known: nothing is lost, nothing is invented, order does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.i18n import mark, phrase

if TYPE_CHECKING:
    from .own_data import OwnData

Mine = Mapping[str, Callable[..., Any]]
# more machines add minutes and no insight; every class of load is among the first ones
MACHINES_CHECKED = 12
FINE_VCPU = 256


@dataclass(frozen=True)
class Invariant:
    """One statement: ``name`` and ``seen`` are templates, ``values`` fill ``seen``."""

    name: str
    held: bool
    seen: str
    values: Mapping[str, object] = field(default_factory=dict)


def check_all(
    own: OwnData, mine: Mine, q: float, headroom: float, sizes: Sequence[int]
) -> list[Invariant]:
    """Every invariant over the machines with CPU; a first failure names its machine."""
    ledger = own.ledger
    found = [
        Invariant(
            mark("nothing is lost in reading"),
            ledger.read == ledger.kept + ledger.repaired + ledger.rejected,
            mark("read {read:,} = kept {kept:,} + repaired {repaired:,} + rejected {rejected:,}"),
            {name: getattr(ledger, name) for name in ("read", "kept", "repaired", "rejected")},
        )
    ]
    carried = [str(name) for name in (*own.reading.samples, *own.reading.machines)]
    found.append(
        Invariant(
            mark("no column speaks of a person"),
            not personal_columns(carried),
            mark("columns carried: {columns}"),
            {"columns": tuple(dict.fromkeys(carried))},
        )
    )
    names = own.machines[:MACHINES_CHECKED]
    if not names:
        return found
    for name, test in _SERIES.items():
        found.append(_over(names, name, lambda m, test=test: test(own.raw(m), mine["clean"])))
    cleaned = {machine: mine["clean"](own.raw(machine)) for machine in names}
    found.append(
        _over(
            names,
            mark("coverage is a share, and falls when samples are missing"),
            lambda m: _coverage(cleaned[m], own.step_minutes(m), mine["coverage"]),
        )
    )
    for name, size_test in _SIZES.items():
        found.append(
            _over(
                names,
                name,
                lambda m, test=size_test: test(
                    cleaned[m]["value"].to_numpy(), own.vcpu[m], q, headroom, list(sizes), mine
                ),
            )
        )
    found.append(_memory(mine["memory_need"]))
    return found


def _over(names: Sequence[str], name: str, test: Callable[[str], str]) -> Invariant:
    """Run a test that returns an empty text or what it saw, machine by machine."""
    for machine in names:
        if seen := test(machine):
            return Invariant(name, False, "{machine}: {seen}", {"machine": machine, "seen": seen})
    return Invariant(name, True, mark("on {n} machines"), {"n": len(names)})


def _times_of(raw: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(raw["time"])


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    a, b = (f[["time", "value"]].reset_index(drop=True) for f in (one, other))
    return len(a) == len(b) and bool(
        (pd.to_datetime(a["time"]) == pd.to_datetime(b["time"])).all()
        and np.allclose(a["value"].to_numpy(float), b["value"].to_numpy(float))
    )


def _nothing_lost(raw: pd.DataFrame, clean: Callable[..., Any]) -> str:
    possible = raw[raw["value"].between(0, 100)]
    wanted, got = _times_of(possible).nunique(), len(clean(raw))
    return (
        ""
        if wanted == got
        else phrase("{wanted:,} different times, {got:,} after clean", wanted=wanted, got=got)
    )


def _nothing_invented(raw: pd.DataFrame, clean: Callable[..., Any]) -> str:
    extra = ~pd.to_datetime(clean(raw)["time"]).isin(_times_of(raw))
    return (
        phrase("{count:,} times are in no row of the export", count=int(extra.sum()))
        if extra.any()
        else ""
    )


def _ascending(raw: pd.DataFrame, clean: Callable[..., Any]) -> str:
    times = pd.to_datetime(clean(raw)["time"])
    if not times.is_unique:
        return phrase("{count:,} times occur twice", count=int(times.duplicated().sum()))
    return "" if times.is_monotonic_increasing else phrase("times go back")


def _plausible(raw: pd.DataFrame, clean: Callable[..., Any]) -> str:
    values = clean(raw)["value"]
    if not values.between(0, 100).all():
        return phrase("from {low:g} to {high:g} %", low=values.min(), high=values.max())
    if len(values) > 20 and values.max() <= 1.0 and values.nunique() > 5:
        at = values.max()
        # an idle machine has such figures too, so its own noise decides
        return phrase("never above {at:g} %: fractions?", at=at) if values.median() > 0.2 else ""
    return ""


def _again(raw: pd.DataFrame, clean: Callable[..., Any]) -> str:
    once = clean(raw)
    twice = clean(once.assign(unit="%"))
    return "" if _same(once, twice) else phrase("a second run gives other rows")


def _any_order(raw: pd.DataFrame, clean: Callable[..., Any]) -> str:
    # which of two rows of one time counts is decided by their order, so leave those out
    alone = raw[~_times_of(raw).duplicated(keep=False)]
    shuffled = alone.sample(frac=1, random_state=1)
    return "" if _same(clean(alone), clean(shuffled)) else phrase("another order gives other rows")


_SERIES: dict[str, Callable[[pd.DataFrame, Callable[..., Any]], str]] = {
    mark("every measured time survives your repair"): _nothing_lost,
    mark("nothing is invented"): _nothing_invented,
    mark("times ascend, each once"): _ascending,
    mark("values are percent"): _plausible,
    mark("a second run changes nothing"): _again,
    mark("the order of rows does not matter"): _any_order,
}


def _coverage(series: pd.DataFrame, step: float, coverage: Callable[..., Any]) -> str:
    days = len(series) * step / 1440
    if days <= 0:
        return phrase("too few samples for a coverage")
    whole, half = (float(coverage(s, step, days)) for s in (series, series.iloc[::2]))
    if not 0 <= whole <= 1.0001:
        return f"{whole:.2f}"
    return (
        ""
        if half < 0.6 * whole
        else phrase("{whole:.2f}, and {half:.2f} with every second sample", whole=whole, half=half)
    )


SizeTest = Callable[[Any, int, float, float, list[int], Mine], str]


def _in_catalogue(
    cpu: Any, vcpu: int, q: float, headroom: float, sizes: list[int], mine: Mine
) -> str:
    size = mine["pick_size"](cpu, vcpu, q, headroom, sizes)
    return "" if size in sizes else phrase("{size} vCPU is no size of the price card", size=size)


def _monotone(cpu: Any, _v: int, q: float, headroom: float, _s: list[int], mine: Mine) -> str:
    # sizes that double hide most steps, so a large machine and sizes of one vCPU are tried
    def pick(percentile: float, share: float) -> Any:
        return mine["pick_size"](cpu, FINE_VCPU, percentile, share, list(range(1, 4 * FINE_VCPU)))

    by_q = [pick(one, headroom) for one in (50, 90, 95, 99.5)]
    by_headroom = [pick(q, one) for one in (0.0, 0.2, 0.3, 0.5)]
    if sorted(by_q) != by_q:
        return phrase(
            "P50, P90, P95, P99.5 of {vcpu} vCPU give {sizes}", vcpu=FINE_VCPU, sizes=by_q
        )
    return (
        ""
        if sorted(by_headroom) == by_headroom
        else phrase("more headroom gives {sizes}", sizes=by_headroom)
    )


def _risk(cpu: Any, vcpu: int, _q: float, _h: float, sizes: list[int], mine: Mine) -> str:
    risks = [float(mine["burst_risk"](cpu, vcpu, size)) for size in sorted(sizes)]
    if not all(0 <= risk <= 1 for risk in risks):
        return phrase("shares from {low:.2f} to {high:.2f}", low=min(risks), high=max(risks))
    return "" if sorted(risks, reverse=True) == risks else phrase("a larger size has a higher risk")


def _order_of_samples(
    cpu: Any, vcpu: int, q: float, headroom: float, sizes: list[int], mine: Mine
) -> str:
    one, other = (mine["pick_size"](c, vcpu, q, headroom, sizes) for c in (cpu, np.sort(cpu)))
    return (
        ""
        if one == other
        else phrase("{one} or {other} vCPU, by the order of the samples", one=one, other=other)
    )


_SIZES: dict[str, SizeTest] = {
    mark("sizes are on the price card"): _in_catalogue,
    mark("a stricter rule never gives a smaller size"): _monotone,
    mark("the risk is a share, and falls with the size"): _risk,
    mark("a size does not depend on the order of samples"): _order_of_samples,
}


def _memory(memory_need: Callable[..., Any]) -> Invariant:
    nothing = pd.Series(np.full(4032, np.nan))
    answer = memory_need(nothing, 32.0, 0.2)
    return Invariant(
        mark("memory that nobody measured stays unknown"),
        isinstance(answer, str) and answer == "unknown",
        mark("your function says {answer}"),
        {"answer": repr(answer)[:40]},
    )


def personal_columns(columns: Sequence[str]) -> list[str]:
    """Names of columns that speak of a person: none of them may be in what is exported."""
    words = (
        "owner",
        "mail",
        "phone",
        "name of",
        "contact",
        "담당",
        "성명",
        "이름",
        "전화",
        "연락",
        "사번",
    )
    return [name for name in columns if any(word in name.casefold() for word in words)]
