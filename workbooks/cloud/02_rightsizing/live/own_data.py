"""A learner's own export: read with its account, in the shape of the practice."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.data.readers import Ledger, Reading, read_export
from kit.data.readers.source import load
from kit.data.readers.table import Table, grid_of, sheets_of, table_of
from kit.errors import DataError, UsageError
from kit.i18n import mark, phrase
from kit.quick.finding import Stats
from kit.quick.measure import measure
from kit.quick.notes import listed

from . import shown

DEFAULT_VCPU = 8
HOW_TO = (
    ("CloudWatch", "aws cloudwatch get-metric-data … --output json > web-07.json"),
    ("RVTools", "RVTools → File → Export all to Excel"),
    ("vCenter", "Get-Stat -Entity (Get-VM) -Stat cpu.usage.average | Export-Csv cpu.csv"),
    ("Zabbix", mark("history.get or trends.get by the API, saved as it comes; or CSV")),
    ("sar", mark("sadf -d /var/log/sysstat/sa01 -- -u > web-07.csv   (or: sadf -j)")),
    ("PerfMon", "relog collected.blg -f CSV -o perfmon.csv"),
    ("Azure Monitor", 'az monitor metrics list --metric "Percentage CPU" … > web-07.json'),
    ("Prometheus", "curl '…/api/v1/query_range?query=…&step=300' > cpu.json"),
)


@dataclass(frozen=True)
class OwnData:
    """An export as the learner works on it.

    ``raw(machine)`` has ``time`` (text), ``value`` and ``unit`` (``%``), the shape of the
    practice. ``machines`` are those with CPU in percent; ``others`` were read, but a size
    cannot be read from them. ``vcpu`` is today's size by machine.
    """

    reading: Reading
    hashes: Mapping[str, str]
    reality: str
    machines: tuple[str, ...]
    others: tuple[str, ...]
    vcpu: Mapping[str, int]
    assumed: tuple[str, ...]
    say: Callable[..., str] = field(repr=False)

    @property
    def ledger(self) -> Ledger:
        """The account of every record: read = kept + repaired + rejected."""
        return self.reading.ledger

    def period_days(self, machine: str) -> float:
        """Days that a machine should have samples for: its own first to last, whole steps.

        Another file's dates say nothing of this machine. 1 day where no step is known.
        """
        stats = self.stats[machine]
        return stats.window_days if stats.step_minutes else 1.0

    def sampled_days(self, machine: str) -> float:
        """Days that were measured: distinct samples × step."""
        return self.stats[machine].days

    def period_text(self) -> str:
        """The shortest and the longest period of the machines with CPU, in days."""
        days = sorted(round(self.period_days(machine), 1) for machine in self.machines)
        if not days:
            return "0"
        return f"{days[0]:g}" if days[0] == days[-1] else f"{days[0]:g} – {days[-1]:g}"

    def raw(self, machine: str) -> pd.DataFrame:
        """One machine's CPU as the practice has it; UsageError for one without CPU."""
        if machine not in self.machines:
            raise UsageError(
                "There is no CPU of '{machine}' in this export.",
                where="own.raw",
                fix="Use one of: {known}",
                machine=machine,
                known=", ".join(self.machines[:8]) or self.say("none"),
            )
        rows = self.metric(machine, "cpu_percent")
        text = rows["time"].dt.strftime("%Y-%m-%d %H:%M:%S")
        return pd.DataFrame(
            {"time": text.to_numpy(), "value": rows["value"].to_numpy(), "unit": "%"}
        )

    def metric(self, machine: str, metric: str) -> pd.DataFrame:
        """Rows of one machine and metric, in the order of the file."""
        samples = self.reading.samples
        here = self._rows.get((machine, metric), [])
        return samples.iloc[np.sort(here)].reset_index(drop=True)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], Any]:
        # one pass for all machines: a comparison per machine reads the whole export each time
        keys = ["machine", "metric"]
        return dict(self.reading.samples.groupby(keys, sort=False).indices)

    @cached_property
    def stats(self) -> Mapping[str, Stats]:
        """Statistics of each machine's CPU, as the quick finding has them."""
        samples = self.reading.samples
        return measure(samples[samples["metric"] == "cpu_percent"])

    @cached_property
    def from_several(self) -> dict[str, tuple[str, ...]]:
        """Machines whose CPU comes from more than one file, and which."""
        samples = self.reading.samples
        cpu = samples.loc[samples["metric"] == "cpu_percent", ["machine", "file"]]
        pairs = cpu.drop_duplicates().groupby("machine", sort=False)["file"]
        return {str(m): tuple(files) for m, files in pairs if len(files) > 1}

    def memory(self, machine: str) -> pd.Series[float]:
        """Memory in use in percent by time, NaN where CPU was measured and memory was not."""
        cpu = pd.DatetimeIndex(self.metric(machine, "cpu_percent")["time"]).unique()
        rows = self.metric(machine, "memory_percent").drop_duplicates("time")
        series = rows.set_index("time")["value"].reindex(cpu.sort_values())
        return series.astype(float)

    def memory_gib(self, machine: str) -> float | None:
        """Installed GiB, if an inventory in the export says so."""
        table = self.reading.machines
        rows = table[table["machine"].astype(str).str.casefold() == machine.casefold()]
        value = rows["memory_gib"].iloc[0] if len(rows) else None
        return None if value is None or value != value else float(value)

    def step_minutes(self, machine: str) -> float:
        """The usual distance of two samples, in minutes; 0 with fewer than two."""
        return self.stats[machine].step_minutes

    def overview(self) -> pd.DataFrame:
        """What was taken for what: one row for each file, machine and metric."""
        return shown.overview(self.reading.samples, self.say)

    def __repr__(self) -> str:
        ledger = self.ledger
        return self.say(
            "{reality}: read {read:,} = kept {kept:,} + repaired {repaired:,} + "
            "rejected {rejected:,}; machines with CPU ({n}): {machines}",
            reality=self.say(self.reality),
            read=ledger.read,
            kept=ledger.kept,
            repaired=ledger.repaired,
            rejected=ledger.rejected,
            n=len(self.machines),
            machines=listed(self.machines, self.say) or self.say("none"),
        )

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{html.escape(line)}</b></p>" for line in (*self._doubts(), repr(self))]
        parts += [f"<p>{html.escape(line)}</p>" for line in self._files()]
        parts.append(self._taken())
        if self.ledger.repaired or self.ledger.rejected:
            told = shown.ledger(self.ledger, self.say)
            parts.append(shown.html_of(told.head(shown.LEDGER_ROWS)))
        notes = [*map(self.say, self.ledger.notes), *self._remarks()]
        items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
        return "".join(parts) + f"<ul>{items}</ul>"

    def _taken(self) -> str:
        table = self.overview()
        more = len(table) - shown.ROWS
        told = self.say("{n} more rows: own.overview()", n=more) if more > 0 else ""
        return shown.html_of(table.head(shown.ROWS)) + f"<p>{html.escape(told)}</p>" * bool(told)

    def _doubts(self) -> list[str]:
        """What must be settled before any figure is believed."""
        files = {file for file, metric in self.reading.unit_unclear if metric == "cpu_percent"}
        if not files:
            return []
        return [
            self.say(
                "Percent or fraction? No CPU value in {files} exceeds 1.5, and no unit is stated. "
                'Say which: wb.tools.own(..., unit="fraction") or unit="percent"',
                files=listed(sorted(files), self.say),
            )
        ]

    def _files(self) -> list[str]:
        """Which files were taken, and which machines are in more than one of them."""
        lines = [self.say("Files taken: {files}", files=listed(list(self.hashes), self.say))]
        if self.from_several:
            both = next(iter(self.from_several.values()))
            lines.append(
                self.say(
                    "In more than one file, and read as one series each ({n}): {machines}. Is one "
                    "of the files old or of another machine? Take only what you mean: "
                    'wb.tools.own("inbox/{file}")',
                    n=len(self.from_several),
                    machines=listed(list(self.from_several), self.say),
                    file=both[-1].removeprefix("inbox/"),
                )
            )
        return lines

    def _remarks(self) -> list[str]:
        remarks = []
        if self.others:
            names = listed(self.others, self.say)
            remarks.append(self.say("No CPU, so no size: {machines}", machines=names))
        if self.assumed:
            remarks.append(
                self.say(
                    "Assumed: {vcpu} vCPU today for {machines}. Say it: "
                    'wb.tools.own(..., vcpu={{"NAME": 16}})',
                    vcpu=DEFAULT_VCPU,
                    machines=listed(self.assumed, self.say),
                )
            )
        return remarks


def is_export(path: Path) -> bool:
    """Whether this can be an export: not hidden, no lock file of an office program, no card."""
    # the home page keeps a dropped price card beside the exports
    card = path.suffix.casefold() == ".toml"
    return path.is_file() and not card and not path.name.startswith((".", "~$"))


def nothing_there(root: Path, named: Sequence[str | Path], say: Callable[..., str]) -> DataError:
    """The error of an empty inbox: how to get an export from each tool, in one line each."""
    lines = [f"  {tool}: {say(command)}" for tool, command in HOW_TO]
    return DataError(
        say("There is no export yet."),
        where=", ".join(str(root / name) for name in named),
        fix="\n".join(
            [
                say("Drop one on the home page or put it into the folder inbox. How to get one:"),
                *lines,
                say('Or go on with a generated one: own = wb.tools.own("example")'),
            ]
        ),
    )


def own_data(
    reading: Reading,
    hashes: Mapping[str, str],
    reality: str,
    told: Mapping[str, int] | int | None,
    say: Callable[..., str],
) -> OwnData:
    """What was read, with each machine's size of today: told, from an inventory, or assumed."""
    samples = reading.samples
    names = list(samples["machine"].unique())
    cpu = set(samples.loc[samples["metric"] == "cpu_percent", "machine"].unique())
    stated = {
        str(row["machine"]).casefold(): row["vcpu"] for row in reading.machines.to_dict("records")
    }
    given = {} if told is None or isinstance(told, int) else dict(told)
    default = told if isinstance(told, int) else None
    vcpu: dict[str, int] = {}
    assumed: list[str] = []
    for name in (n for n in names if n in cpu):
        known = given.get(name, stated.get(str(name).casefold(), default))
        if known is None or known != known:
            assumed.append(name)
            known = DEFAULT_VCPU
        vcpu[name] = int(known)
    return OwnData(
        reading=reading,
        hashes=hashes,
        reality=reality,
        machines=tuple(vcpu),
        others=tuple(n for n in names if n not in cpu),
        vcpu=vcpu,
        assumed=tuple(assumed),
        say=say,
    )


def table_in(path: Path) -> Table:
    """The table of a CSV or of a workbook's first filled sheet, as the readers cut it.

    DataError, with file and row, for a file without a table.
    """
    source = load(path, path.name)
    if source.looks_json:
        raise DataError(
            "{file} is JSON and has no columns.",
            where=phrase("{file}, row 1", file=path.name),
            fix='Read it as it is: wb.tools.own("inbox/{file}")',
            file=path.name,
        )
    grids = sheets_of(source) if source.is_workbook else [grid_of(source.text)[0]]
    if not grids:
        raise DataError(
            "{file} is a workbook with no filled sheet.",
            where=path.name,
            fix="Save the sheet with the measurements into the workbook.",
            file=path.name,
        )
    return table_of(grids[0], path.name)


def read_mapped(
    paths: Sequence[Path], columns: Mapping[str, str], tool: str | None, unit: str | None
) -> Reading:
    """Read a copy whose header has the told names; row numbers stay those of the file."""
    if len(paths) != 1:
        raise UsageError("Columns are told for one file at a time.", where="columns")
    path = paths[0]
    source = load(path, path.name)
    if source.is_workbook or source.looks_json:
        raise DataError(
            "Columns can be named in CSV only; {file} is something else.",
            where=path.name,
            fix="Save the sheet as CSV and name the columns of that file.",
            file=path.name,
        )
    lines = source.text.replace("\r\n", "\n").split("\n")
    at = next((i for i, line in enumerate(lines) if all(name in line for name in columns)), None)
    if at is None:
        raise UsageError(
            "No line of {file} holds all of: {columns}.",
            where="columns",
            fix="wb.tools.columns(FILE) lists the columns as they are written.",
            file=path.name,
            columns=", ".join(columns),
        )
    for name, role in columns.items():
        lines[at] = lines[at].replace(name, {"time": "timestamp"}.get(role, role))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"{path.stem}.csv"
        copy.write_text("\n".join(lines), encoding="utf-8")
        reading = read_export(copy, tool=tool, unit=unit)
    samples = reading.samples.assign(file=path.name)
    return replace(reading, samples=samples)
