"""The ten-minute value: an export in, a finding out, before any lesson.

``make_finding`` reads exports and decides what is worth a question; ``write_finding``
leaves a report (one HTML file) and a workbook (xlsx). A finding asks, it never judges:
utilisation alone does not prove that a machine is unused, and a percentile is no
answer for a machine that idles between bursts.
"""

from kit.quick.finding import Finding, MachineFinding, Stats
from kit.quick.rules import CAUTIOUS, LEAN, Rule
from kit.quick.run import Request, make_finding, write_finding

__all__ = [
    "CAUTIOUS",
    "LEAN",
    "Finding",
    "MachineFinding",
    "Request",
    "Rule",
    "Stats",
    "make_finding",
    "write_finding",
]
