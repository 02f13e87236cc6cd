r"""VMware esxtop in batch mode: ``esxtop -b -a -d 5 -n 720 > esxtop.csv``.

Format: PerfMon's (see ``perfmon``), one line of tens of thousands of columns such as
``\\esx-01\Physical Cpu(_Total)\% Util Time``; times in UTC. Read is the host: a virtual
machine's ``Group Cpu`` counts in percent of one core, and esxtop does not say of how many.
"""

from __future__ import annotations

from kit.data.readers.perfmon import Rule, read_counters
from kit.data.readers.settle import Raw
from kit.data.readers.table import Grid
from kit.i18n import phrase

_ADAPTER, _PORT = r"^physical disk adapter$", r"^network port$"
_NIC = r".*:vmnic\d+"
_DISK, _NET = "disk_{}_bytes_per_second", "network_{}_bytes_per_second"
_RULES: tuple[Rule, ...] = (
    (r"^physical cpu$", "_total", r"^% util time$", "cpu_percent", "percent"),
    (r"^memory$", "", r"^free mbytes$", "memory_available_bytes", "MB"),
    (_ADAPTER, ".+", r"^mbytes read/sec$", _DISK.format("read"), "MB/s"),
    (_ADAPTER, ".+", r"^mbytes written/sec$", _DISK.format("write"), "MB/s"),
    (_PORT, _NIC, r"^mbits received/sec$", _NET.format("in"), "megabits/s"),
    (_PORT, _NIC, r"^mbits transmitted/sec$", _NET.format("out"), "megabits/s"),
)


def read_grid(grid: Grid, file: str) -> Raw:
    """Read the counters of the host. Raises DataError when there are none."""
    raw = read_counters(grid, file, "esxtop", _RULES, r"\Physical Cpu(_Total)\% Util Time")
    raw.notes.append(
        phrase("esxtop's counters of virtual machines are in percent of one core and not read.")
    )
    return raw
