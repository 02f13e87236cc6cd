"""The live run: the learner's own export, their own functions, and what they leave behind.

Nothing here sends anything. ``wb.tools.own`` reads, ``wb.tools.own_plan`` runs the
learner's functions over every machine, ``wb.tools.live_check`` proves what must hold of
any data, ``wb.tools.evidence`` notes counts and hashes in the learner's progress.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.artefacts import hash_file, hash_files
from kit.checking.work import guarded
from kit.content import find_unit
from kit.data.prices import PriceCard, read_prices
from kit.data.readers import read_export, read_many
from kit.errors import UsageError
from kit.i18n import Phrase, mark
from kit.identity import current_identity
from kit.model import SYNTHETIC, Reality

from . import shown
from .own_data import OwnData, is_export, nothing_there, own_data, read_mapped, table_in
from .pace import counted
from .plan import plan_row

if TYPE_CHECKING:
    from .checks import Invariant

EXAMPLE = "example"
# bytes that take longer than two seconds
_LARGE = 10_000_000
FUNCTIONS = ("clean", "coverage", "pick_size", "burst_risk", "classify", "memory_need")


class LiveTools:
    """``wb.tools``: everything of the live run."""

    def __init__(self, wb: Any) -> None:
        self.wb = wb

    # --- reading ----------------------------------------------------------------------

    def own(
        self,
        files: str | Path | Sequence[str | Path] = "inbox/*",
        *,
        vcpu: Mapping[str, int] | int | None = None,
        columns: Mapping[str, str] | None = None,
        tool: str | None = None,
        unit: str | None = None,
    ) -> OwnData:
        """Read your own export.

        ``files`` is a pattern in your home (``"inbox/*.csv"``), a path, several paths, or
        ``"example"``. ``vcpu`` says today's size, ``columns`` what a column is
        (``{"Rechner": "machine", "wann": "time", "Auslastung": "cpu"}``), ``unit`` what
        the values are in. DataError when there is nothing to read.
        """
        if files == EXAMPLE:
            return self._example()
        paths = self._paths(files)
        if (size := sum(path.stat().st_size for path in paths)) > _LARGE:
            print(self.wb.translate("Reading {size:.0f} MB …", size=size / 1e6))
        if columns:
            reading = read_mapped(paths, columns, tool, unit)
        elif len(paths) == 1:
            reading = read_export(paths[0], tool=tool, unit=unit)
        else:
            reading = read_many(paths, unit=unit)
        hashes = hash_files(paths)
        return own_data(reading, hashes, Reality.REAL, vcpu, self.wb.translate)

    def _paths(self, files: str | Path | Sequence[str | Path]) -> list[Path]:
        home = current_identity().home
        root = home.root if home else Path.cwd()
        named = [files] if isinstance(files, str | Path) else list(files)
        found: list[Path] = []
        for name in named:
            path = Path(name).expanduser()
            base, pattern = (
                (Path(path.anchor), path.relative_to(path.anchor))
                if (path.is_absolute())
                else (root, path)
            )
            matched = sorted(base.glob(str(pattern)))
            # inbox/2 holds another file of a name that inbox has already
            again = [q for p in matched if p.is_dir() and p.name.isdigit() for q in p.iterdir()]
            found += [p for p in (*matched, *sorted(again)) if is_export(p)]
        if not found:
            raise nothing_there(root, named, self.wb.translate)
        return found

    def _example(self) -> OwnData:
        import tempfile

        from kit.quick.example import example_sizes, write_example

        with tempfile.TemporaryDirectory() as folder:
            path = write_example(Path(folder))
            reading, hashes = read_export(path), {path.name: hash_file(path)}
        return own_data(reading, hashes, SYNTHETIC, example_sizes(), self.wb.translate)

    def columns(self, path: str | Path) -> pd.DataFrame:
        """A suggestion for each column of a table: what it looks like, for ``own(columns=...)``.

        DataError, with file and row, when the file holds no table.
        """
        from kit.data.readers.metrics import metric_of
        from kit.data.readers.times import looks_like_time
        from kit.data.readers.values import is_number

        table = table_in(self._paths(path)[0])
        rows = []
        for name, cells in zip(table.header, table.columns, strict=True):
            filled = pd.Series([cell for cell in cells[:50] if cell.strip()], dtype=object)
            sample = str(filled.iloc[0]) if len(filled) else ""
            guess = metric_of(str(name)) or ""
            if len(filled) and filled.map(looks_like_time).all():
                guess = "time"
            elif len(filled) and not filled.map(is_number).any():
                guess = "machine" if filled.nunique() <= len(filled) / 2 else ""
            rows.append([name, sample, guess or self.wb.translate("not read")])
        say = self.wb.translate
        return pd.DataFrame(rows, columns=[say("column"), say("for example"), say("looks like")])

    def prices(self, path: str | Path | None = None, provider: str | None = None) -> PriceCard:
        """The price card: the unit's example, or your own contract in the same form."""
        example = find_unit("rightsizing").folder / "prices.toml"
        return read_prices(Path(path).expanduser() if path else example, provider)

    # --- the learner's functions on their own data ------------------------------------

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Your functions from the practice, guarded; UsageError for one that is still blank."""
        return {name: guarded(name, self.wb.mine(name)) for name in FUNCTIONS}

    def own_chart(self, own: OwnData, machine: str) -> Any:
        """One machine's CPU: median of each hour, lowest to highest sample as a band."""
        from kit.charts import BLUE, hourly, load_altair, show, with_breaks

        alt, say = load_altair(), self.wb.translate
        raw = own.raw(machine)
        band = with_breaks(hourly(raw.assign(time=pd.to_datetime(raw["time"]))))
        p50, p95 = np.percentile(raw["value"], [50, 95])
        title = say(
            "{machine}: median {p50:.1f} %, P95 {p95:.1f} % ({reality})",
            machine=machine,
            p50=p50,
            p95=p95,
            reality=say(own.reality),
        )
        x = alt.X("time:T", title=None)
        y = alt.Y("low:Q", title=say(mark("CPU in use, %")), scale=alt.Scale(domain=[0, 100]))
        area = alt.Chart(band).mark_area(opacity=0.3, color=BLUE).encode(x=x, y=y, y2="high:Q")
        line = alt.Chart(band).mark_line(color=BLUE, strokeWidth=1).encode(x=x, y="median:Q")
        chart = (area + line).properties(title=title, width=620, height=220)
        return show(chart, title)

    def own_plan(
        self,
        own: OwnData,
        q: float,
        headroom: float,
        *,
        prices: PriceCard | None = None,
        exceptions: Mapping[str, tuple[int, str]] | None = None,
        memory_headroom: float = 0.2,
    ) -> pd.DataFrame:
        """Your functions over every machine with CPU, one row each.

        ``size`` is what the rule says unless an exception stands beside it. Where the level of
        a machine moved, the last three days count if they ask for more, as in the quick finding.
        ``exceptions`` maps a machine to its size and the reason: ``{"db-01": (16, "...")}``.
        A machine whose demand is hidden (by its class, or in its last three days), that idles
        between bursts, or that was measured for less than 14 days or 90 % of the steps keeps
        today's size and a reason that says so, until you decide. With less than a day of
        samples there is no size at all.
        """
        mine, sizes = self.functions(), list((prices or self.prices()).vcpus)
        say = self.wb.translate

        def line(done: int, count: int) -> str:
            return say("Planned: {done} of {count} machines", done=done, count=count)

        rows = [
            plan_row(own, name, mine, q, headroom, sizes, memory_headroom, say)
            for name in counted(own.machines, line)
        ]
        frame = pd.DataFrame(rows)
        for machine, (size, why) in (exceptions or {}).items():
            if machine not in own.machines:
                raise UsageError(
                    "The export has no CPU of '{machine}'.",
                    where="exceptions",
                    machine=machine,
                )
            at = frame["machine"] == machine
            frame.loc[at, "size"], frame.loc[at, "exception"] = size, why
        return frame

    def say_coverage(self, own: OwnData, machine: str, share: float) -> None:
        """Print how much of one machine's own period was measured; ``share`` is 0 to 1."""
        print(
            self.wb.translate(
                "{machine}: {share:.1%} of {days:.1f} days were measured",
                machine=machine,
                share=share,
                days=own.period_days(machine),
            )
        )

    def plan_shown(self, plan: pd.DataFrame) -> pd.DataFrame:
        """The plan as people read it; go on with ``plan`` itself, whose columns keep names."""
        return shown.plan(plan, self.wb.translate)

    # --- what must hold, and what is left ---------------------------------------------

    def live_check(
        self, own: OwnData, *, q: float = 95, headroom: float = 0.2, prices: PriceCard | None = None
    ) -> LiveResult:
        """Check what must hold of any data; when all of it does, the unit counts as applied."""
        from .checks import check_all

        card = prices or self.prices()
        found = check_all(own, self.functions(), q, headroom, list(card.vcpus))
        return LiveResult(found, self.wb.translate)

    def evidence(self, own: OwnData, result: LiveResult) -> Evidence:
        """Note counts and hashes in your progress, if all held on real data; shows all of it."""
        ledger = own.ledger
        data: dict[str, object] = {
            "reality": own.reality,
            "machines": len(own.machines) + len(own.others),
            "rows": ledger.read,
            "kept": ledger.kept,
            "repaired": ledger.repaired,
            "rejected": ledger.rejected,
            "held": sum(one.held for one in result.invariants),
            "checked": len(result.invariants),
            "sha256": sorted(own.hashes.values()),
        }
        counts = own.reality == Reality.REAL and result.held
        if counts:
            self.wb.record("applied", data=data)
        return Evidence(data, counts, self.wb.translate)


@dataclass(frozen=True)
class LiveResult:
    """Every invariant with what was seen."""

    invariants: Sequence[Invariant]
    say: Callable[..., str] = field(repr=False)

    @property
    def held(self) -> bool:
        """Whether all of them hold; False when nothing could be checked."""
        return bool(self.invariants) and all(one.held for one in self.invariants)

    def _rows(self) -> list[tuple[str, str, str]]:
        words = {True: self.say(mark("holds")), False: self.say(mark("look here"))}
        return [
            (words[one.held], self.say(one.name), self.say(one.seen, **self._told(one.values)))
            for one in self.invariants
        ]

    def _told(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._word(value) for name, value in values.items()}

    def _word(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return shown.columns(value, self.say)
        return self.say(value) if isinstance(value, Phrase) else value

    def __repr__(self) -> str:
        return "\n".join(f"{state:10} {name}: {seen}" for state, name, seen in self._rows())

    def _repr_html_(self) -> str:
        head = (self.say("state"), self.say("what must hold"), self.say("seen in your data"))
        cells = "".join(
            "<tr>"
            + "".join(f"<td style='text-align:left'>{html.escape(c)}</td>" for c in r)
            + "</tr>"
            for r in self._rows()
        )
        titles = "".join(f"<th style='text-align:left'>{html.escape(name)}</th>" for name in head)
        return f"<table><thead><tr>{titles}</tr></thead><tbody>{cells}</tbody></table>"


@dataclass(frozen=True)
class Evidence:
    """The record as it stands in your progress, and what leaves this machine: nothing."""

    data: Mapping[str, object]
    applied: bool
    say: Callable[..., str] = field(repr=False)

    def __repr__(self) -> str:
        """The record with its keys in words; in the progress they stay as they are."""
        state = (
            self.say("Noted in your progress: this unit counts as applied.")
            if self.applied
            else self.say("Not noted: it counts when all holds, on data of your own.")
        )
        rows = [
            f"  {self.say(_NOTED.get(key, key))}: {self._told(value)}"
            for key, value in self.data.items()
        ]
        leaves = self.say("What leaves this machine: nothing. No name, no value, no file.")
        return "\n".join([state, *rows, leaves])

    def _told(self, value: object) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return self.say(value) if isinstance(value, str) else f"{value:,}"


_NOTED = {
    "reality": mark("kind of data"),
    "machines": mark("machines in the export"),
    "rows": mark("records read"),
    "kept": mark("kept"),
    "repaired": mark("repaired"),
    "rejected": mark("rejected"),
    "held": mark("statements that held"),
    "checked": mark("statements checked"),
    "sha256": mark("SHA-256 of the files"),
}
