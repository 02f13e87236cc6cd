"""The two sizing rules, the classes of load, and when no rule may be applied.

need = vCPU today × P_q(utilisation) / 100 / (1 − headroom)

and the size is the smallest of the price card that covers it (the form of the rule in
AWS Compute Optimizer: percentile and headroom; its P99.5 is of five-minute maxima, an
export's values are usually averages). The thresholds of the classes are ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kit.data.prices import PriceCard, Size
from kit.quick.finding import Stats

RECENT_DAYS = 3
MIN_DAYS = 14
WEAK_DAYS = 7
# an export of "the last 14 days" begins between two samples and may lose some at its ends
TOLERANCE_DAYS = 0.25
MIN_COVERAGE = 0.9
BUSY_PERCENT = 50.0
MEMORY_HEADROOM = 0.2

KINDS = (
    "saturated",
    "under-used",
    "idle-with-bursts",
    "regime-change",
    "bursty",
    "steady",
    "incomplete",
    "unit-unclear",
)


@dataclass(frozen=True)
class Rule:
    """A percentile (0 to 100) and a headroom (0 to 1)."""

    percentile: float
    headroom: float

    def need(self, utilisation: float, vcpu: int) -> float:
        """vCPU needed when P_q of the utilisation (percent) is as given."""
        return vcpu * utilisation / 100 / (1 - self.headroom)


CAUTIOUS = Rule(99.5, 0.30)
LEAN = Rule(90.0, 0.20)


def classify(stats: Stats) -> str:
    """The class of load, one of KINDS, by the thresholds that the unit teaches.

    What the last three days say comes first, even of a short export.
    """
    if stats.days >= 1 and abs(stats.recent - stats.before) > 20:
        return "regime-change"
    if stats.days >= 1 and saturated(stats):
        return "saturated"
    if not complete(stats):
        return "incomplete"
    if stats.p99_5 < 5:
        return "under-used"
    if stats.p50 < 5 and stats.p95 > BUSY_PERCENT:
        return "idle-with-bursts"
    return "bursty" if stats.p99_5 > 4 * stats.p50 else "steady"


def saturated(stats: Stats) -> bool:
    """Whether demand is hidden behind the limit: the recent median lies above 80 %."""
    return stats.recent > 80


def seen_for(window_days: float, coverage: float, least: float = MIN_DAYS) -> bool:
    """Whether a window of ``window_days`` with this share of its steps reaches ``least`` days.

    The window and the samples in it are judged apart: one lost sample in 4,032 is a matter
    of coverage and makes no window shorter.
    """
    return window_days >= least - TOLERANCE_DAYS and coverage >= MIN_COVERAGE


def complete(stats: Stats) -> bool:
    """Whether there is enough for a range: a week at least, with 90 % of its steps."""
    return seen_for(stats.window_days, stats.coverage, WEAK_DAYS)


def weak(stats: Stats) -> bool:
    """Whether a range is given although less than fourteen days were seen."""
    return complete(stats) and not seen_for(stats.window_days, stats.coverage)


def moved(stats: Stats) -> bool:
    """Whether the last three days lie on another level than the days before."""
    rise = stats.recent - stats.before
    return abs(rise) > 20 or (rise >= 5 and stats.recent >= 2 * stats.before)


def may_size(kind: str, stats: Stats) -> bool:
    """Whether a percentile rule answers for this machine at all."""
    sizable = kind in ("under-used", "bursty", "steady", "regime-change")
    return sizable and complete(stats) and not saturated(stats)


def smallest(card: PriceCard, vcpu: float, memory_gib: float = 0.0) -> Size | None:
    """The cheapest size of the card that covers the need, or None if none does."""
    fits = [
        size
        for size in card.sizes
        if size.vcpu >= vcpu - 1e-9 and size.memory_gib >= memory_gib - 1e-9
    ]
    return min(fits, key=lambda size: (size.vcpu, size.won_per_hour), default=None)


def needs(stats: Stats, vcpu: int) -> tuple[float, float]:
    """vCPU by the lean and the cautious rule.

    Where the level has moved, the last three days count if they ask for more: a
    percentile of the whole period would size the past.
    """
    if not moved(stats):
        return LEAN.need(stats.p90, vcpu), CAUTIOUS.need(stats.p99_5, vcpu)
    p90 = _highest(stats.p90, stats.recent_p90)
    p99_5 = _highest(stats.p99_5, stats.recent_p99_5)
    return LEAN.need(p90, vcpu), CAUTIOUS.need(p99_5, vcpu)


def _highest(*values: float) -> float:
    return max(value for value in values if not math.isnan(value))
