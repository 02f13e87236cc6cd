"""A cutover rehearsed on a scaled clock: steps, an injected failure, the point of no return.

All times are minutes from the beginning of the window. One second stands for one minute
(``SECONDS_PER_MINUTE``); say so wherever a rehearsal is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kit.errors import KitError, UsageError

SECONDS_PER_MINUTE = 1.0


class Clock(Protocol):
    """A rehearsal's clock."""

    def now(self) -> float:
        """Minutes since the clock was made."""

    def spend(self, minutes: float, work: Callable[[], object] | None) -> None:
        """Let a step happen: do ``work`` if there is any, else wait ``minutes``."""


class ScaledClock:
    """Real time, at ``seconds_per_minute``: work takes as long as it takes."""

    def __init__(self, seconds_per_minute: float = SECONDS_PER_MINUTE) -> None:
        if seconds_per_minute <= 0:
            raise UsageError("A minute must take some time.", fix="Give more than 0 seconds.")
        self._scale, self._begin = seconds_per_minute, time.monotonic()

    def now(self) -> float:
        """Minutes since the clock was made."""
        return (time.monotonic() - self._begin) / self._scale

    def spend(self, minutes: float, work: Callable[[], object] | None) -> None:
        """Do the work, which takes its own time, or sleep for the scaled minutes."""
        if work is None:
            time.sleep(max(0.0, minutes) * self._scale)
        else:
            work()


class InstantClock:
    """For tests and plans: every step takes its planned minutes, and nobody waits."""

    def __init__(self) -> None:
        self._minutes = 0.0

    def now(self) -> float:
        """Minutes spent so far."""
        return self._minutes

    def spend(self, minutes: float, work: Callable[[], object] | None) -> None:
        """Do the work and count the planned minutes."""
        if work is not None:
            work()
        self._minutes += max(0.0, minutes)


@dataclass(frozen=True)
class Step:
    """A line of the runbook. ``owner`` is a role; ``work`` is done for real where there is any.

    From the end of a step that ``reopens`` on, the target takes the business's transactions.
    """

    name: str
    minutes: float
    owner: str = ""
    work: Callable[[], object] | None = None
    reopens: bool = False


class Outcome(StrEnum):
    """How a step ended."""

    DONE = "done"
    FAILED = "failed"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True)
class Entry:
    """A step as it happened; ``began`` and ``ended`` are None when it was not begun."""

    step: Step
    outcome: Outcome
    began: float | None = None
    ended: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Timeline:
    """A rehearsal's log."""

    entries: tuple[Entry, ...]

    @property
    def failed_at(self) -> float | None:
        """The minute of the failure."""
        return next((e.ended for e in self.entries if e.outcome is Outcome.FAILED), None)

    @property
    def reopened_at(self) -> float | None:
        """The minute from which on the target took transactions of its own."""
        return next(
            (e.ended for e in self.entries if e.step.reopens and e.outcome is Outcome.DONE), None
        )

    @property
    def minutes(self) -> float:
        """From the beginning of the first step to the end of the last that was begun."""
        ends = [e.ended for e in self.entries if e.ended is not None]
        starts = [e.began for e in self.entries if e.began is not None]
        return max(ends) - min(starts) if ends else 0.0


def rehearse(
    steps: Sequence[Step], clock: Clock, *, fails_at: float | None = None, note: str = ""
) -> Timeline:
    """Go through ``steps`` one after the other, until the end or the first failure.

    The step in which minute ``fails_at`` of the clock falls fails with ``note``; what its
    work did stays done, as when a machine dies. A step fails too when its work raises an
    ``OSError``, a ``KitError`` or a ``RuntimeError``, with the error's text as its note.
    """
    entries: list[Entry] = []
    for number, step in enumerate(steps):
        began = clock.now()
        wait = step.minutes
        if fails_at is not None and step.work is None:
            wait = min(wait, max(0.0, fails_at - began))
        trouble = ""
        try:
            clock.spend(wait, step.work)
        except (OSError, KitError, RuntimeError) as error:
            trouble = str(error) or type(error).__name__
        ended = clock.now()
        injected = fails_at is not None and ended >= fails_at
        if trouble or injected:
            entries.append(Entry(step, Outcome.FAILED, began, ended, trouble or note))
            rest = steps[number + 1 :]
            return Timeline((*entries, *(Entry(one, Outcome.NOT_BEGUN) for one in rest)))
        entries.append(Entry(step, Outcome.DONE, began, ended))
    return Timeline(tuple(entries))


@dataclass(frozen=True)
class Window:
    """What a cutover window must hold, in minutes; ``delta_rows`` over ``rows_per_minute`` is one.

    T_window >= T_freeze + delta/throughput + T_validate + T_smoke + T_switch + T_rollback +
    buffer, where ``switch`` is DNS and connections. Source: the kit's own rule, from runbooks;
    the way back is in the window, since it is needed just when all else was slow.
    """

    freeze: float
    delta_rows: int
    rows_per_minute: float
    validate: float
    smoke: float
    switch: float
    rollback: float
    buffer: float

    @property
    def forward(self) -> float:
        """Minutes until the target works, when nothing goes wrong.

        Raises ``UsageError`` for a throughput of nothing.
        """
        if self.rows_per_minute <= 0:
            raise UsageError(
                "A throughput of {rows} rows a minute moves nothing.",
                fix="Measure it on a load of your own.",
                rows=self.rows_per_minute,
            )
        delta = self.delta_rows / self.rows_per_minute
        return self.freeze + delta + self.validate + self.smoke + self.switch

    @property
    def needed(self) -> float:
        """The least window that leaves room for the way back."""
        return self.forward + self.rollback + self.buffer

    def latest_approval(self, window: float) -> float:
        """The point of no return: the last minute at which a way back fits into ``window``.

        window - rollback - buffer; negative when there is no such minute. Whoever approves
        later cannot turn back in time.
        """
        return window - self.rollback - self.buffer

    def may_roll_back(self, minute: float, window: float) -> bool:
        """Whether a way back begun at ``minute`` ends within ``window``."""
        return minute <= self.latest_approval(window)
