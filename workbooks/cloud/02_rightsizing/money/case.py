"""The money of a case: its inputs, the scripted draft, and what exercises leave behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.checking import Work
from kit.data.prices import PriceCard

from ..sizing import case as sizing_case
from ..sizing.options import IDLE_UNPAID
from .draft import draft
from .ledger import FIELDS, FUTURES, OPTIONS, amounts

if TYPE_CHECKING:
    from ..case import Carry, Case
    from ..sizing.case import Place

__all__ = ["CARRY", "FIELDS", "build", "draft", "fresh_inputs", "inputs"]


def build(rng: np.random.Generator, part: str) -> dict[str, Any]:
    """Inputs of the business case in the units of ``FIELDS``, for eight servers.

    Besides them: ``storage_gib`` and ``egress_gib_month``, which the price card turns
    into won. The graded case binds longer and refreshes later than the practice.
    """
    graded = part == "graded"
    capex = _step(rng, 110, 165, 5) * 1e6
    return {
        "years": int(rng.integers(5, 7)) if graded else 5,
        "rate": _step(rng, 6, 10, 0.5) / 100,
        "already_paid": _step(rng, 12, 30, 1) * 1e6,
        "capex": capex,
        "support_share": _step(rng, 6, 10, 0.5) / 100,
        "power_kw": _step(rng, 3.0, 4.5, 0.1),
        "pue": _step(rng, 1.4, 1.9, 0.05),
        "tariff": _step(rng, 130, 180, 1),
        "space_won_year": _step(rng, 4.0, 8.0, 0.2) * 1e6,
        "refresh_year": 4 if graded else 3,
        "refresh_won": _step(rng, 8, 18, 0.5) * 1e6,
        "salvage_won": _step(rng, 4, 10, 0.5) * 1e6,
        "on_share": _step(rng, 60, 95, 1) / 100,
        "storage_gib": _step(rng, 4_000, 8_000, 100),
        "egress_gib_month": _step(rng, 300, 900, 10),
        "migration_won": _step(rng, 25, 50, 1) * 1e6,
        "retraining_won": _step(rng, 5, 12, 0.5) * 1e6,
        "double_run_months": _step(rng, 2, 5, 1),
        "old_won_month": _step(rng, 2.0, 3.6, 0.1) * 1e6,
        "decommission_won": _step(rng, 2, 5, 0.5) * 1e6,
        "exit_won": _step(rng, 6, 14, 0.5) * 1e6,
        "admin_hours_year": _step(rng, 300, 700, 10),
        "admin_won_hour": _step(rng, 38_000, 52_000, 1_000),
        "headcount_change": 0,
        "person_won_year": _step(rng, 62, 84, 1) * 1e6,
        "resale_year1_won": round(capex * rng.uniform(0.25, 0.4), -6),
        "growth": 5,
        "growth_year": 3 if graded else 2,
        "lead_time_weeks": _step(rng, 8, 20, 1),
        "lost_won_week": _step(rng, 3.0, 7.0, 0.2) * 1e6,
    }


def _step(rng: np.random.Generator, low: float, high: float, step: float) -> float:
    value = low + step * int(rng.integers(0, round((high - low) / step) + 1))
    return round(value, 6)


def inputs(case: Case, places: Mapping[str, Place]) -> dict[str, Any]:
    """All of ``FIELDS`` as one dictionary: the case's money, the price card, your places.

    ``places`` is what each machine gets; see ``sizing_case.Place``.
    """
    card: PriceCard = case.prices
    money = dict(case.money)
    m: dict[str, Any] = {
        **money,
        "machines": len(places),
        "cloud_won_per_hour_total": sum(_while_on(p, money) for p in places.values()),
        "storage_won_month": money["storage_gib"] * card.storage_gib_month,
        "egress_won_month": money["egress_gib_month"] * card.egress_gib,
        "cloud_support_share": card.support_share,
    }
    return {key: m[key] for key in FIELDS}


def _while_on(place: Place, money: Mapping[str, Any]) -> float:
    """Won an hour that the hours on, ``on_share`` of the year, multiply to the place's bill."""
    if place.option in IDLE_UNPAID:
        # such a price leaves out what is off; on_share must not take hours off it again
        return place.won_per_hour / float(money["on_share"])
    return place.won_per_hour


def fresh_inputs(rng: np.random.Generator) -> dict[str, Any]:
    """Inputs that no notebook has seen: other sums, other years, same meaning.

    Someone leaves or joins in half of them, so that "no cash" is a rule and no constant.
    """
    m = build(rng, "graded" if rng.random() < 0.5 else "practice")
    years = int(rng.integers(4, 9))
    m |= {
        "years": years,
        "refresh_year": int(rng.integers(2, years)),
        "growth_year": int(rng.integers(2, years)),
        "growth": int(rng.integers(3, 8)),
        "rate": float(rng.uniform(0.03, 0.14)),
        "machines": int(rng.integers(4, 40)),
        "headcount_change": int(rng.choice([0, 0, -1, 1])),
        "cloud_won_per_hour_total": float(rng.integers(2_000, 9_000)),
        "storage_won_month": float(rng.integers(400, 1_200)) * 1e3,
        "egress_won_month": float(rng.integers(30, 120)) * 1e3,
        "cloud_support_share": float(rng.uniform(0.03, 0.1)),
    }
    return {key: m[key] for key in FIELDS}


def base_inputs(work: Work) -> dict[str, Any]:
    """The learner's ``m``, or the case's with the intermediate sizes while there is none."""
    if work.has("m") and isinstance(work.names["m"], Mapping):
        return dict(work.value("m"))
    return true_inputs(work.case)


def true_inputs(case: Case) -> dict[str, Any]:
    """Inputs with the sizes that the generator's truth gives."""
    places: Callable[[Any], Any] = sizing_case.CARRY["rule"][1]
    return inputs(case, places(case))


def _factors(m: Mapping[str, Any]) -> list[float]:
    return [float(f) for f in (1 + m["rate"]) ** -np.arange(m["years"] + 1.0)]


def _today(flows: list[float], m: Mapping[str, Any], /) -> float:
    return float(np.dot(flows, _factors(m)[: len(flows)]))


def true_base(case: Case) -> dict[str, Any]:
    """Inputs, today's worth of one won by year, flows and worth of both options: figures only."""
    m = true_inputs(case)
    factors = _factors(m)
    rows = {option: amounts(option, "base", m) for option in OPTIONS}
    base = {o: {"flows": row, "npv": _today(row, m)} for o, row in rows.items()}
    return {"m": m, "factors": factors, "base": base}


def true_futures(case: Case) -> dict[str, Any]:
    """Flows and worth of both options in every future: figures only."""
    m = true_inputs(case)
    rows = {(f, o): amounts(o, f, m) for f in FUTURES for o in OPTIONS}
    return {"m": m} | {
        f: {o: {"flows": rows[f, o], "npv": _today(rows[f, o], m)} for o in OPTIONS}
        for f in FUTURES
    }


def _own_base(work: Work) -> dict[str, Any]:
    m = base_inputs(work)
    npv = work.function("npv")
    table: dict[str, Any] = {"m": m, "factors": _factors(m), "base": {}}
    for option in OPTIONS:
        flows = list(work.function(f"{option}_flows")(m))
        table["base"][option] = {"flows": flows, "npv": float(npv(flows, m["rate"]))}
    return table


def _own_futures(work: Work) -> dict[str, Any]:
    m = base_inputs(work)
    base = {option: amounts(option, "base", m) for option in OPTIONS}
    told = work.function("futures")(dict(m), base["renew"], base["cloud"]) | {"base": base}
    return {"m": m} | {
        future: {o: {"flows": told[future][o], "npv": _today(told[future][o], m)} for o in OPTIONS}
        for future in FUTURES
    }


CARRY: dict[str, Carry] = {
    "npv": (_own_base, true_base),
    "graded-npv": (_own_base, true_base),
    "futures": (_own_futures, true_futures),
    "graded-options": (_own_futures, true_futures),
}
