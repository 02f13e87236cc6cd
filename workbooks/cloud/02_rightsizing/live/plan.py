"""One row of the plan: the learner's functions on one machine of their own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit.i18n import mark
from kit.quick.finding import Stats
from kit.quick.rules import RECENT_DAYS, moved, saturated, seen_for

from .own_data import OwnData


def plan_row(
    own: OwnData,
    machine: str,
    mine: Mapping[str, Callable[..., Any]],
    q: float,
    headroom: float,
    sizes: list[int],
    memory_headroom: float,
    say: Callable[..., str],
) -> dict[str, Any]:
    """What the learner's functions say of one machine, and why the rule may not hold."""
    series = mine["clean"](own.raw(machine))
    cpu, vcpu = series["value"].to_numpy(), own.vcpu[machine]
    share = float(mine["coverage"](series, own.step_minutes(machine), own.period_days(machine)))
    row = {"machine": machine, "vcpu": vcpu, "coverage": share, "days": own.sampled_days(machine)}
    # 14 days of 5 minutes are 4,032 samples exactly, and floats must not lose one
    if own.sampled_days(machine) < 1 - 1e-6:
        return row | _UNSIZED | {"exception": say("less than a day of samples: nothing to size")}
    kind, why = _kind(mine["classify"], cpu), ""
    counting = _counting(series, own.stats[machine], q)
    ruled = mine["pick_size"](counting, vcpu, q, headroom, sizes)
    if kind in ("saturated", "idle-with-bursts"):
        why = say("no percentile answers for this load; ask its owner")
    elif saturated(own.stats[machine]):
        why = say("its last three days hide the demand behind the limit: today's size stays")
    elif not seen_for(own.period_days(machine), share):
        why = say("less than 14 days of samples or 90 % coverage: today's size stays")
    gib = own.memory_gib(machine)
    memory: Any = "unknown"
    if gib is not None:
        memory = mine["memory_need"](own.memory(machine), gib, memory_headroom)
    return row | {
        "kind": kind,
        "cpu_percentile": float(np.percentile(counting, q)),
        "size": vcpu if why else ruled,
        "rule_says": ruled,
        "burst_risk": float(mine["burst_risk"](cpu, vcpu, vcpu if why else ruled)),
        "memory_gib": memory,
        "exception": why,
    }


# the columns of a machine that nothing can be said of yet
_UNSIZED: Mapping[str, Any] = {
    "kind": mark("too few samples"),
    "cpu_percentile": None,
    "size": None,
    "rule_says": None,
    "burst_risk": None,
    "memory_gib": "unknown",
}


def _counting(series: pd.DataFrame, stats: Stats, q: float) -> Any:
    """The values that the rule is asked about: all, or the last three days of a moved level.

    The quick finding decides so too; a plan that differs from it would need a reason.
    """
    cpu = series["value"].to_numpy()
    if not moved(stats):
        return cpu
    times = pd.to_datetime(series["time"])
    recent = cpu[(times > times.max() - pd.Timedelta(days=RECENT_DAYS)).to_numpy()]
    return recent if np.percentile(recent, q) > np.percentile(cpu, q) else cpu


def _kind(classify: Callable[..., Any], cpu: Any) -> str:
    """The learner's class of a series; under three days it has no time before to compare."""
    with warnings.catch_warnings():
        # the median of no samples is NaN, which is right here and no news
        warnings.simplefilter("ignore", RuntimeWarning)
        return str(classify(cpu))
