"""The live run: the learner's own export, their own functions, and what they leave behind.

Nothing here sends anything. ``wb.tools.own`` reads, ``wb.tools.own_plan`` runs the
learner's functions over every machine, ``wb.tools.live_check`` proves what must hold of
any data, ``wb.tools.evidence`` notes counts and hashes in the learner's progress.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.checking.invariants import Result, invariants_in
from kit.checking.work import guarded
from kit.content import find_unit
from kit.data.own import (
    Contract,
    Leaving,
    Own,
    Proposal,
    find_files,
    load_contract,
    read_own,
)
from kit.data.own.suggest import suggest
from kit.data.own.tables import table_in
from kit.data.prices import PriceCard, read_prices
from kit.errors import UsageError
from kit.i18n import mark
from kit.identity import current_identity
from kit.model import SYNTHETIC
from kit.workbook import live

from . import checks, shown
from .own_data import OwnData, own_data
from .pace import counted
from .plan import plan_row

if TYPE_CHECKING:
    from kit.widgets.rows import RowsView

UNIT, EXAMPLE = "rightsizing", "example"
# bytes that take longer than two seconds
_LARGE = 10_000_000
FUNCTIONS = ("clean", "coverage", "pick_size", "burst_risk", "classify", "memory_need")


class LiveTools(live.LiveTools):
    """``wb.tools``: everything of the live run."""

    # --- reading ----------------------------------------------------------------------

    def own(
        self,
        files: str | Path | Sequence[str | Path] = "inbox/*",
        *,
        vcpu: Mapping[str, int] | int | None = None,
        columns: Mapping[str, str] | None = None,
        tool: str | None = None,
        unit: str | None = None,
    ) -> OwnData | Proposal:
        """Read your own export.

        ``files`` is a pattern in your home (``"inbox/*.csv"``), a path, several paths, or
        ``"example"``. ``vcpu`` says today's size, ``columns`` what a column is
        (``{"Rechner": "machine", "wann": "time", "Auslastung": "cpu"}``), ``unit`` what
        the values are in. Columns that no name explains are shown first, and nothing is
        read until you confirm them: ``own = own.confirm()``. DataError when there is
        nothing to read.
        """
        if files == EXAMPLE:
            return self._example()
        home, say = current_identity().home, self.wb.translate
        paths = find_files(home.root if home else Path.cwd(), files, say)
        if (size := sum(path.stat().st_size for path in paths)) > _LARGE:
            print(say("Reading {size:.0f} MB …", size=size / 1e6))
        found = read_own(
            paths,
            contract=self._contract(),
            roles=columns,
            tool=tool,
            unit=unit,
            home=home,
            say=say,
            step=self._counted,
        )
        return self._shaped(found, vcpu)

    def _counted(self, done: int, total: int) -> None:
        """How far a file is read that is streamed: a line that counts."""
        share = done / total if total else 1.0
        line = self.wb.translate("Read so far: {share:.0%}", share=share)
        print(f"\r{line}", end="\n" if share >= 1 else "", flush=True)

    def _shaped(
        self, found: Own | Proposal, vcpu: Mapping[str, int] | int | None
    ) -> OwnData | Proposal:
        if isinstance(found, Own):
            return own_data(found, vcpu, self.wb.translate)
        again = found.again
        return replace(found, again=lambda answers: self._shaped(again(answers), vcpu))

    def _contract(self) -> Contract:
        contract = load_contract(find_unit(UNIT).folder)
        assert contract is not None
        return contract

    def _example(self) -> OwnData:
        import tempfile

        from kit.quick.example import example_sizes, write_example

        with tempfile.TemporaryDirectory() as folder:
            found = read_own([write_example(Path(folder))], contract=self._contract())
        assert isinstance(found, Own)
        made = replace(found, reality=SYNTHETIC)
        return own_data(made, example_sizes(), self.wb.translate)

    def columns(self, path: str | Path) -> pd.DataFrame:
        """A suggestion for each column of a table: what it looks like, for ``own(columns=...)``.

        DataError, with file and row, when the file holds no table.
        """
        home, say = current_identity().home, self.wb.translate
        table = table_in(find_files(home.root if home else Path.cwd(), path, say)[0])
        rows = [
            [guess.column, guess.example, guess.role or say("not read"), say(guess.because)]
            for guess in suggest(table, self._contract().table())
        ]
        heads = [say("column"), say("for example"), say("looks like"), say("because")]
        return pd.DataFrame(rows, columns=heads)

    def rows(self, own: OwnData, machine: str = "") -> RowsView:
        """The rows as they were read, of one machine or of all, to sort and to filter."""
        from kit.widgets.rows import LIMIT, rows_view

        told = own.summary()
        told = told[told["machine"] == machine] if machine else told
        count = int(told["samples"].sum())
        return rows_view(shown.rows(own, machine, LIMIT), self.wb.translate, count=count)

    def prices(self, path: str | Path | None = None, provider: str | None = None) -> PriceCard:
        """The price card: the unit's example, or your own contract in the same form."""
        example = find_unit(UNIT).folder / "prices.toml"
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
    ) -> Result:
        """Check what must hold of any data; when all of it does, the unit counts as applied."""
        sizes = list((prices or self.prices()).vcpus)
        mine = {name: self.wb.mine(name) for name in FUNCTIONS}
        given = {"q": q, "headroom": headroom, "sizes": sizes}
        return self.held(own, invariants_in(checks), **mine, **given)

    def evidence(self, own: OwnData, result: Result) -> Leaving:
        """Note counts and hashes in your progress, if all held on real data; shows all of it."""
        return self.note(own, result)
