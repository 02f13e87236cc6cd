"""A learner's own export in the shape of the practice: CPU of machines, and their sizes."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import pandas as pd

from kit.data.own import Own
from kit.errors import UsageError
from kit.quick.finding import Stats
from kit.quick.measure import measure
from kit.quick.notes import listed

from . import shown

DEFAULT_VCPU = 8
CPU = "cpu_percent"


@dataclass(frozen=True, kw_only=True)
class OwnData(Own):
    """An export as the learner works on it.

    ``raw(machine)`` has ``time`` (text), ``value`` and ``unit`` (``%``), the shape of the
    practice. ``machines`` are those with CPU in percent; ``others`` were read, but a size
    cannot be read from them. ``vcpu`` is today's size by machine.
    """

    machines: tuple[str, ...]
    others: tuple[str, ...]
    vcpu: Mapping[str, int]
    assumed: tuple[str, ...]

    def parts(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """What the learner's functions are given: each machine with CPU."""
        for machine in self.machines:
            yield machine, self.raw(machine)

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
        rows = self.metric(machine, CPU)
        text = rows["time"].dt.strftime("%Y-%m-%d %H:%M:%S")
        return pd.DataFrame(
            {"time": text.to_numpy(), "value": rows["value"].to_numpy(), "unit": "%"}
        )

    def metric(self, machine: str, metric: str) -> pd.DataFrame:
        """Rows of one machine and metric, in the order of the file."""
        rows = self.frame(machine)
        return rows[rows["metric"] == metric].reset_index(drop=True)

    @cached_property
    def stats(self) -> Mapping[str, Stats]:
        """Statistics of each machine's CPU, as the quick finding has them."""
        return {name: measure(self.metric(name, CPU))[name] for name in self.machines}

    @cached_property
    def from_several(self) -> dict[str, tuple[str, ...]]:
        """Machines whose CPU comes from more than one file, and which."""
        table = self.summary()
        pairs = table[table["metric"] == CPU].groupby("machine", sort=False)["file"]
        return {str(m): tuple(files) for m, files in pairs if len(files) > 1}

    def memory(self, machine: str) -> pd.Series[float]:
        """Memory in use in percent by time, NaN where CPU was measured and memory was not."""
        cpu = pd.DatetimeIndex(self.metric(machine, CPU)["time"]).unique()
        rows = self.metric(machine, "memory_percent").drop_duplicates("time")
        series = rows.set_index("time")["value"].reindex(cpu.sort_values())
        return series.astype(float)

    def memory_gib(self, machine: str) -> float | None:
        """Installed GiB, if an inventory in the export says so."""
        table = self.inventory
        rows = table[table["machine"].astype(str).str.casefold() == machine.casefold()]
        value = rows["memory_gib"].iloc[0] if len(rows) else None
        return None if value is None or value != value else float(value)

    def step_minutes(self, machine: str) -> float:
        """The usual distance of two samples, in minutes; 0 with fewer than two."""
        return self.stats[machine].step_minutes

    def overview(self) -> pd.DataFrame:
        """What was taken for what: one row for each file, machine and metric."""
        return shown.overview(self.summary(), self.say)

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
        files = {file for file, metric in self.unit_unclear if metric == CPU}
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
        remarks = [
            self.say(
                "{file}: columns read as {columns}",
                file=file,
                columns=", ".join(f"{column} → {role}" for column, role in roles.items()),
            )
            for file, roles in self.roles.items()
        ]
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


def own_data(own: Own, told: Mapping[str, int] | int | None, say: Callable[..., str]) -> OwnData:
    """What was read, with each machine's size of today: told, from an inventory, or assumed."""
    table = own.summary()
    names = [str(name) for name in table["machine"].unique()]
    cpu = set(table.loc[table["metric"] == CPU, "machine"])
    stated = {
        str(row["machine"]).casefold(): row["vcpu"] for row in own.inventory.to_dict("records")
    }
    given = {} if told is None or isinstance(told, int) else dict(told)
    default = told if isinstance(told, int) else None
    vcpu: dict[str, int] = {}
    assumed: list[str] = []
    for name in (n for n in names if n in cpu):
        known = given.get(name, stated.get(name.casefold(), default))
        if known is None or known != known:
            assumed.append(name)
            known = DEFAULT_VCPU
        vcpu[name] = int(known)
    return OwnData(
        **{one.name: getattr(own, one.name) for one in fields(Own)} | {"say": say},
        machines=tuple(vcpu),
        others=tuple(n for n in names if n not in cpu),
        vcpu=vcpu,
        assumed=tuple(assumed),
    )
