"""What a quick finding says, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kit.data.prices import PriceCard
    from kit.data.readers import Ledger


@dataclass(frozen=True)
class Stats:
    """One machine's series. Percentiles by linear interpolation, in the metric's unit.

    ``days`` is distinct samples × step; ``window_days`` is all steps from first to last,
    with a sample or without; ``coverage`` is the share of these steps that have a sample,
    NaN where no step is known. ``recent`` is the median
    of the last three days, ``before`` that of the time before, NaN without any.
    """

    samples: int
    repeated: int
    step_minutes: float
    days: float
    window_days: float
    coverage: float
    first: datetime
    last: datetime
    mean: float
    p50: float
    p90: float
    p95: float
    p99_5: float
    peak: float
    recent: float
    before: float
    recent_p90: float
    recent_p99_5: float
    busy: float


@dataclass(frozen=True)
class MachineFinding:
    """One machine: what was measured, what it asks its owner, what hangs on the rule.

    ``low_won`` and ``high_won`` are won a month below today's cost by the cautious and
    the lean rule, 0 where a rule asks for today's size or more; None means that no rule
    is applied. ``kind`` is a class of load, never a verdict. ``lean_vcpu`` and
    ``cautious_vcpu`` are what the rules ask for, in sizes of the price card.
    """

    machine: str
    kind: str
    metric: str = "cpu_percent"
    stats: Stats | None = None
    vcpu: int | None = None
    vcpu_source: str = ""
    memory_gib: float | None = None
    memory_need_gib: float | None = None
    today_won: float | None = None
    lean_vcpu: int | None = None
    cautious_vcpu: int | None = None
    low_won: float | None = None
    high_won: float | None = None
    changed_on: date | None = None
    question: str = ""
    why: str = ""

    @property
    def sized(self) -> bool:
        """Whether the two rules were applied."""
        return self.low_won is not None and self.high_won is not None


@dataclass(frozen=True)
class Unread:
    """A file of which nothing could be read: what it is instead, and what to do."""

    path: Path
    what: str
    fix: str


@dataclass(frozen=True)
class Finding:
    """A whole finding. ``range_won`` is a month's sum over the sized machines, or None.

    ``samples`` are those of the machines asked about, in the metric. ``release`` removes what a
    large export left on disk, once the finding is written. ``assumed_vcpu`` is what a
    machine's size of today is taken for where nobody said it, None when every size is known.
    """

    headline: str
    metric: str
    machines: tuple[MachineFinding, ...]
    asked: tuple[MachineFinding, ...]
    range_won: tuple[float, float] | None
    notes: tuple[str, ...]
    cannot: tuple[str, ...]
    ledger: Ledger
    tool: str
    synthetic: bool
    prices: PriceCard
    samples: pd.DataFrame
    inputs: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    assumed_vcpu: int | None = None
    release: Callable[[], None] = field(default=lambda: None, repr=False)
