"""Charts and tables of the sizing half."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.identity import under_nbgrader

from ..words import headed, option_text
from . import options as option_model

if TYPE_CHECKING:
    from ..case import Case
    from .case import Place

# One measured series is 4,032 samples; a chart shows the highest of each hour.
_HOURLY = "1h"
# percent of free room above each strip, for the machine's name
_GAP = 45


def _parsed(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.assign(time=pd.to_datetime(raw["time"]))


def _of(case: Case, machine: str) -> pd.DataFrame:
    from .case import series_of

    return series_of(case)[machine]


def _strips(series: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Machines as strips above one another: hourly maxima on a foot of their own, in percent."""
    parts = []
    for place, (name, frame) in enumerate(series.items()):
        hourly = frame.set_index("time")["value"].resample(_HOURLY).max()
        foot = -(100 + _GAP) * place
        parts.append(
            pd.DataFrame(
                {
                    "machine": name,
                    "time": hourly.index,
                    "cpu": hourly.to_numpy(),
                    "foot": foot,
                    "top": foot + hourly.to_numpy(),
                    "label": foot + 100 + 0.8 * _GAP,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


class SizingTools:
    """What ``wb.tools`` offers for exercises 1 to 4."""

    def __init__(self, wb: Any) -> None:
        self.wb = wb
        self._say: Callable[..., str] = wb.translate

    def servers(self, case: Case) -> pd.DataFrame:
        """The servers of your case, in your language."""
        frame = case.servers.copy()
        frame["duty"] = [self._say(str(duty)) for duty in frame["duty"]]
        yes, no = self._say("yes"), self._say("no")
        frame["stateful"] = [yes if keeps else no for keeps in frame["stateful"]]
        # shown only, never computed with: code takes the columns of case.servers
        words = {
            "duty": self._say("duty"),
            "vcpu": "vCPU",
            "ram_gib": self._say("memory (GiB)"),
            "stateful": self._say("keeps state"),
        }
        frame = frame.rename(columns=words)
        return frame.set_index("machine").rename_axis(self._say("machine"))

    def sizes_on_offer(self, case: Case) -> None:
        """Print the price card's sizes with its source and date."""
        card = case.prices
        sizes = ", ".join(map(str, card.vcpus))
        print(self._say("Sizes on offer, vCPU: {sizes}", sizes=sizes))
        print(
            self._say("Prices: {source}, {date}", source=self._say(card.provider), date=card.dated)
        )

    def memory_counts(self, case: Case) -> pd.DataFrame:
        """How many of the 4,032 memory samples each machine has."""
        names = list(case.servers["machine"])
        counts = [int(self.memory_rows(case, name).notna().sum()) for name in names]
        frame = pd.DataFrame({"machine": names, "samples": counts}).set_index("machine")
        frame = frame.rename_axis(self._say("machine"))
        return frame.rename(columns={"samples": self._say("memory samples of 4,032")})

    def raw_rows(self, case: Case, machine: str) -> pd.DataFrame:
        """One machine's rows of the export, as the monitoring tool wrote them."""
        rows = case.export[case.export["machine"] == machine]
        return rows[["time", "value", "unit"]].reset_index(drop=True)

    def dirty_rows(self, case: Case, machine: str) -> pd.DataFrame:
        """Rows of the export worth a look, each with the row before it; the index is its row."""
        rows = self.raw_rows(case, machine)
        step = pd.to_datetime(rows["time"]).diff().dt.total_seconds() / 60
        back = step.lt(0)
        odd = [
            rows["unit"].ne(rows["unit"].shift()) & (rows.index > 0),
            rows["value"].lt(0),
            rows["value"].gt(100),
            step.eq(0),
            back,
            step.gt(5),
        ]
        found = {0, 1}
        for mask in odd:
            # both jumps back: one of them repeats times, the other does not
            for row in rows.index[mask][: 2 if mask is back else 1]:
                found |= {int(row) - 1, int(row)}
        return headed(rows.loc[sorted(found)], self._say)

    def places(self, places: Mapping[str, Place]) -> pd.DataFrame:
        """Your places as a table, with what decided each: processor, memory, today or option."""
        words = {
            "cpu": self._say("processor"),
            "memory": self._say("memory"),
            "today": self._say("as today: its demand is hidden"),
            "option": self._say("your option"),
        }
        unknown = self._say("unknown")
        rows = {
            name: [
                place.vcpu,
                place.memory_gib,
                unknown if place.need_gib is None else f"{place.need_gib:.1f}",
                words[place.decided],
            ]
            for name, place in places.items()
        }
        columns = ["vCPU", self._say("memory (GiB)"), self._say("memory need (GiB)")]
        columns.append(self._say("decided by"))
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return frame.rename_axis(self._say("machine"))

    def raw_chart(self, case: Case, machine: str) -> Any:
        """The export of one machine, dirt included."""
        from kit.charts import load_altair, show

        alt = load_altair()

        rows = _parsed(self.raw_rows(case, machine))
        rows["order"] = range(len(rows))
        worst = float(rows["value"].max())
        title = self._say(
            "{machine}: a CPU of {worst:,.0f} %? The export as it is", machine=machine, worst=worst
        )
        chart = (
            alt.Chart(rows.iloc[::2] if len(rows) > 5000 else rows)
            .mark_point(size=8, filled=True, opacity=0.7)
            .encode(
                x=alt.X("time:T", title=self._say("time")),
                y=alt.Y(
                    "value:Q",
                    title=self._say("value as exported"),
                    scale=alt.Scale(type="symlog", constant=10, nice=False),
                ),
                color=alt.Color("unit:N", title=self._say("unit")),
                tooltip=[
                    alt.Tooltip("time:T", title=self._say("time")),
                    alt.Tooltip("value:Q", title=self._say("value as exported")),
                    alt.Tooltip("unit:N", title=self._say("unit")),
                ],
            )
            .properties(title=title, width=560, height=220)
        )
        return show(chart, title)

    def summary(self, case: Case) -> pd.DataFrame:
        """Percentiles of each machine (linear interpolation, 5-minute averages)."""
        from .case import series_of

        rows = []
        today = case.servers.set_index("machine")
        for name, frame in series_of(case).items():
            values = frame["value"].to_numpy()
            p50, p95, p995 = np.percentile(values, [50, 95, 99.5])
            recent = float(np.median(values[-864:]))
            server = today.loc[name]
            rows.append(
                [name, server["duty"], int(server["vcpu"]), values.mean(), p50, p95, p995, recent]
            )
        columns = ["machine", "duty", "vcpu", "mean", "P50", "P95", "P99.5", "recent"]
        frame = pd.DataFrame(rows, columns=columns).set_index("machine")
        frame["duty"] = [self._say(str(duty)) for duty in frame["duty"]]
        words = {
            "duty": self._say("duty"),
            "vcpu": "vCPU",
            "mean": self._say("mean %"),
            "recent": self._say("P50 of the last 3 days"),
        }
        return frame.round(1).rename(columns=words).rename_axis(self._say("machine"))

    def rule_slider(self, case: Case, machine: str) -> Any:
        """What a rule promises each machine, and what it costs; begins with ``machine``.

        None under nbgrader.
        """
        if under_nbgrader():
            return None
        from .case import cpu_of
        from .slider import rule_slider

        today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
        duties = dict(zip(case.servers["machine"], case.servers["duty"], strict=True))
        return rule_slider(
            {name: today[name] * cpu / 100 for name, cpu in cpu_of(case).items()},
            {name: f"{name}: {self._say(str(duty))}" for name, duty in duties.items()},
            case.prices,
            self._say,
            machine=machine,
            kept=self.wb.remembered("rule"),
            keep=lambda state: self.wb.remember("rule", state),
        )

    def options(self, case: Case) -> pd.DataFrame:
        """Every option for the bursty machine: memory, loss (share of samples), won a month.

        SIMULATED: exercise 2 and the top of the unit's ``sizing/options.py`` state the model.
        """
        rows = self._options(case)
        frame = pd.DataFrame(map(asdict, rows))
        return frame.round({"loss": 4, "won_month": 0})

    def options_shown(self, case: Case) -> pd.DataFrame:
        """Every option as people read it, cheapest first; code takes ``options(case)``."""
        frame = self.options(case).sort_values("won_month")
        frame["option"] = [option_text(option, self._say) for option in frame["option"]]
        frame["won_month"] = [f"{won:,.0f}" for won in frame["won_month"]]
        return headed(frame, self._say)

    def _options(self, case: Case) -> list[option_model.Option]:
        from .case import puzzle_options

        return puzzle_options(case)

    def memory_used(self, case: Case) -> None:
        """Print the P95 of the bursty machine's measured memory, no headroom added."""
        print(
            self._say(
                "{machine}: 95 of 100 samples have at most {gib:.1f} GiB of memory in use.",
                machine=case.puzzle,
                gib=self._used_gib(case),
            )
        )

    def _used_gib(self, case: Case) -> float | None:
        from .case import memory_needs

        return memory_needs(case, 0.0)[case.puzzle]

    def owner_says(self, case: Case) -> None:
        """Print what the owner of the bursty machine asks for."""
        from .owner import SPLITS, WHOLE, owner_of

        owner = owner_of(case)
        told = SPLITS if owner.splits else WHOLE
        print(self._say(told, machine=case.puzzle, percent=round(100 * owner.limit, 1)))

    def options_chart(self, case: Case) -> Any:
        """Loss against cost for the bursty machine; the line joins those that nothing beats.

        An option whose memory does not even hold what is in use is no part of that line.
        """
        from kit.charts import load_altair, show

        alt = load_altair()

        table, used = self._options(case), self._used_gib(case)
        fitting = [o for o in table if o.holds(used)]
        front = {(o.option, o.vcpu) for o in option_model.pareto(fitting)}
        rows = pd.DataFrame(
            [
                [
                    option_text(o.option, self._say),
                    o.vcpu,
                    100 * o.loss,
                    o.won_month / 10_000,
                    (o.option, o.vcpu) in front,
                ]
                for o in table
            ],
            columns=["option", "vcpu", "loss", "cost", "front"],
        )
        title = self._say(
            "{machine}: {count} of {all} options are worth a thought",
            machine=case.puzzle,
            count=len(front),
            all=len(table),
        )
        base = alt.Chart(rows).encode(
            x=alt.X("cost:Q", title=self._say("10,000 won a month")),
            y=alt.Y("loss:Q", title=self._say("samples that want more, %")),
        )
        points = base.mark_point(size=70, filled=True).encode(
            color=alt.Color("option:N", title=self._say("option")),
            shape=alt.Shape("option:N", title=self._say("option")),
            tooltip=[
                alt.Tooltip("option:N", title=self._say("option")),
                alt.Tooltip("vcpu:O", title=self._say("size in vCPU")),
                alt.Tooltip("loss:Q", title=self._say("samples that want more, %"), format=".2f"),
                alt.Tooltip("cost:Q", title=self._say("10,000 won a month"), format=",.1f"),
            ],
        )
        line = base.transform_filter("datum.front").mark_line(opacity=0.4, interpolate="step-after")
        return show((line + points).properties(title=title, width=560, height=260), title)

    def series_chart(self, case: Case) -> Any:
        """All machines, the highest sample of each hour."""
        from kit.charts import load_altair, show

        alt = load_altair()

        from .case import series_of

        rows = _strips(series_of(case))
        title = self._say("Eight machines, six kinds of load: highest sample of each hour")
        area = (
            alt.Chart(rows)
            .mark_area(opacity=0.75, line={"strokeWidth": 1})
            .encode(
                x=alt.X("time:T", title=None),
                y=alt.Y("top:Q", axis=None, scale=alt.Scale(nice=False)),
                y2="foot:Q",
                detail="machine:N",
                tooltip=[
                    alt.Tooltip("machine:N", title=self._say("machine")),
                    alt.Tooltip("time:T", title=self._say("time")),
                    alt.Tooltip("cpu:Q", title="CPU (%)", format=".0f"),
                ],
            )
        )
        heads = alt.Chart(rows.groupby("machine", sort=False, as_index=False).first())
        lines = heads.mark_rule(opacity=0.25, color="gray").encode(y=alt.Y("foot:Q"))
        names = heads.mark_text(align="left", baseline="top", fontWeight="bold").encode(
            y=alt.Y("label:Q"), x=alt.value(2), text="machine:N"
        )
        full = self._say("each strip: 0 to 100 % of the machine's CPU")
        chart = (area + lines + names).properties(title=title, width=560, height=56 * 8)
        return show(chart, f"{title}; {full}")

    def memory_rows(self, case: Case, machine: str) -> pd.Series[float]:
        """Memory in use of one machine in percent, NaN where nothing was measured."""
        start = pd.to_datetime(case.export["time"]).min().normalize()
        times = pd.date_range(start, periods=4032, freq="5min")
        rows = case.memory[case.memory["machine"] == machine]
        return rows.set_index("time")["used_percent"].reindex(times)
