"""Rows of the report: medians of ours and of a peer, and what share of the goal was used."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One timing in seconds: all measurements of ours and of the peer. ``goal`` is for ours."""

    what: str
    ours: Sequence[float]
    peer_name: str
    peer: Sequence[float]
    goal: float | None = None


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` took."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def seconds(value: float) -> str:
    """Readable at any size: ms below one second."""
    return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:,.2f} s"


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(title_justify="left")
    for head in ("what", "median", "range", "goal", "peer", "peer's median", "ours/peer", "n"):
        table.add_column(head, justify="left" if head in ("what", "peer") else "right")
    for row in rows:
        ours = statistics.median(row.ours)
        peer = statistics.median(row.peer) if row.peer else None
        table.add_row(
            row.what,
            seconds(ours),
            f"{seconds(min(row.ours))} to {seconds(max(row.ours))}",
            seconds(row.goal) if row.goal else "",
            row.peer_name,
            seconds(peer) if peer else "",
            f"{ours / peer:.2f}" if peer else "",
            str(len(row.ours)),
        )
    # wide enough for its content even when it goes into a file
    Console(width=160).print(table)
