"""What ``wb.tools`` offers in the money half: inputs, charts, the draft, the model, the defence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import money_case, money_charts
from .money_audit import claims_of
from .money_draft import LABEL
from .money_ledger import FIELDS, FUTURES, amounts
from .money_tornado import check_ranges, swings
from .money_work import Model, model_of

if TYPE_CHECKING:
    from .case import Case

Flows = Callable[[dict[str, Any]], list[float]]
Npv = Callable[[Any, float], float]


def _model(m: Mapping[str, Any], npv: Npv, renew_flows: Flows, cloud_flows: Flows) -> Model:
    """A model from the learner's own functions; their copies of ``m`` protect the original."""
    told = {"renew": renew_flows, "cloud": cloud_flows}

    def flows(option: str, inputs: Mapping[str, Any]) -> list[float]:
        return list(told[option](dict(inputs)))

    def worth(option: str, future: str, inputs: Mapping[str, Any]) -> float:
        row = flows(option, inputs) if future == "base" else amounts(option, future, inputs)
        return float(npv(row, inputs["rate"]))

    return Model(dict(m), worth, flows, True)


class MoneyTools:
    """What ``wb.tools`` offers for exercises 5 to 8."""

    wb: Any
    _say: Callable[..., str]

    def inputs(self, case: Case, sizes: Mapping[str, int]) -> dict[str, Any]:
        """All inputs of the business case as one dictionary ``m``; ``wb.tools.fields(m)`` explains.

        ``sizes`` is vCPU by machine; the price card turns it into won an hour.
        """
        return money_case.inputs(case, sizes)

    def fields(self, m: Mapping[str, Any]) -> pd.DataFrame:
        """Each input with its value, unit and meaning."""
        rows = [[key, m[key], self._say(u), self._say(text)] for key, (u, text) in FIELDS.items()]
        frame = pd.DataFrame(rows, columns=["input", "value", "unit", "meaning"])
        frame["value"] = [f"{value:,.10g}" for value in frame["value"]]
        return frame.set_index("input")

    def cash_chart(
        self, m: Mapping[str, Any], npv: Npv, renew_flows: Flows, cloud_flows: Flows
    ) -> Any:
        """What both options have cost by the end of each year, in today's won."""
        from kit.charts import show

        model = _model(m, npv, renew_flows, cloud_flows)
        return show(*money_charts.cash(model, npv, self._say))

    def break_even_chart(
        self, m: Mapping[str, Any], npv: Npv, renew_flows: Flows, cloud_flows: Flows
    ) -> Any:
        """Both options against the share of hours that machines are on."""
        from kit.charts import show

        model = _model(m, npv, renew_flows, cloud_flows)
        return show(*money_charts.break_even(model, self._say))

    def futures_table(self, table: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
        """Your ``futures(m)`` as a table, with renewal minus cloud and its distance from base."""
        rows = [[f, table[f]["renew"], table[f]["cloud"]] for f in FUTURES]
        frame = pd.DataFrame(rows, columns=["future", "renew", "cloud"]).set_index("future")
        frame["renew - cloud"] = frame["renew"] - frame["cloud"]
        frame["against base"] = frame["renew - cloud"] - frame.loc["base", "renew - cloud"]
        return frame.round(-3)

    def futures_chart(self, table: dict[str, dict[str, float]]) -> Any:
        """Your ``futures(m)`` as bars."""
        from kit.charts import show

        return show(*money_charts.futures(table, self._say))

    def tornado(
        self,
        m: Mapping[str, Any],
        ranges: Mapping[str, Any],
        npv: Npv,
        renew_flows: Flows,
        cloud_flows: Flows,
    ) -> Any:
        """Your ranges by how far each swings renewal minus cloud."""
        from kit.charts import show

        check_ranges(ranges, m)
        model = _model(m, npv, renew_flows, cloud_flows)
        bars = swings(model, ranges)
        return show(*money_charts.tornado(bars, model.lead(), self._say))

    def tipping(
        self,
        m: Mapping[str, Any],
        ranges: Mapping[str, Any],
        npv: Npv,
        renew_flows: Flows,
        cloud_flows: Flows,
    ) -> pd.DataFrame:
        """For each range the value at which both options cost the same; NaN if there is none."""
        model = _model(m, npv, renew_flows, cloud_flows)
        rows = [
            [key, low, m[key], high, model.tipping(key)] for key, (low, high, _) in ranges.items()
        ]
        frame = pd.DataFrame(rows, columns=["input", "low", "in use", "high", "turns at"])
        return frame.set_index("input")

    def draft(self, case: Case) -> pd.DataFrame:
        """The scripted draft, in your language. No model wrote it."""
        rows = [[c.id, self._say(c.template, **c.values)] for c in claims_of(case)]
        frame = pd.DataFrame(rows, columns=["claim", "text"]).set_index("claim")
        frame.columns = pd.Index([self._say(LABEL)])
        return frame

    def model_file(self, m: Mapping[str, Any], path: str | Path = "model.xlsx") -> Path:
        """Write the business case as a spreadsheet with live formulas; returns its path."""
        from kit.artefacts.provenance import Provenance
        from kit.artefacts.xlsx import write_workbook

        from .money_model import model_sheets

        unit = self.wb._unit
        told = Provenance(unit=unit.id, version=unit.version, reality="SIMULATED")
        sheets = model_sheets(m, self.wb.translate)
        return write_workbook(Path(path), sheets, told, self.wb.translate)

    def defence(self) -> dict[str, dict[str, Any]]:
        """Print five questions about your own artefact; returns what each one supposes."""
        from .money_defence import questions

        work = self.wb._work(self.wb._part)
        asked = questions(work.case, model_of(work))
        for question in asked:
            print(f"{question.id}  {self._say(question.template, **question.values)}")
        return {question.id: dict(question.values) for question in asked}
