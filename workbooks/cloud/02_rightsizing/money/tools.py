"""What ``wb.tools`` offers in the money half: inputs, charts, the draft, the model, the defence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.blank import has_blank
from kit.checking import Mistake, NotAttempted
from kit.data.prices import HOURS_PER_MONTH
from kit.errors import UsageError
from kit.i18n import Marked, mark
from kit.identity import under_nbgrader

from ..live.artefacts import Written, artefact_folder
from . import case as money_case
from . import charts as money_charts
from . import tables
from .audit import claims_of, flagged_in
from .bet import ranges_of
from .debrief import HEADINGS, debrief
from .ledger import FIELDS, FUTURES, OPTIONS
from .tables import KeyFigures, Listing
from .tornado import Swing, check_ranges, swings
from .work import Model, model_of

if TYPE_CHECKING:
    from ..case import Case
    from ..sizing.case import Place

_GRADED = {"npv": "graded-npv", "futures": "graded-options"}


class MoneyTools:
    """What ``wb.tools`` offers for exercises 5 to 8."""

    wb: Any
    _say: Callable[..., str]

    def inputs(self, case: Case, places: Mapping[str, Place]) -> dict[str, Any]:
        """All inputs of the business case as one dictionary ``m``; ``wb.tools.fields(m)`` explains.

        ``places`` is what each machine gets, with its won an hour: ``wb.carry("rule")``.
        """
        return money_case.inputs(case, places)

    def fields(self, m: Mapping[str, Any]) -> Listing:
        """Each input with its value, unit and meaning."""
        rows = [[key, m[key], self._say(u), self._say(text)] for key, (u, text) in FIELDS.items()]
        frame = pd.DataFrame(rows, columns=["input", "value", "unit", "meaning"])
        frame["value"] = [f"{value:,.10g}" for value in frame["value"]]
        frame.columns = pd.Index([self._say(name) for name in frame.columns])
        return Listing(frame.set_index(frame.columns[0]))

    def flows(self, told: Mapping[str, Mapping[str, Any]]) -> Listing:
        """Flows of both options, ``wb.carry("npv")["base"]``, by year in million won."""
        return tables.flows({o: told[o]["flows"] for o in OPTIONS}, self._say)

    def _settled(self, exercise: str) -> Model | None:
        """Your model once an exercise has passed or was taken; else says so and gives None."""
        part: str = self.wb.part
        try:
            self.wb.carry(_GRADED[exercise] if part == "graded" else exercise)
            return model_of(self.wb.work())
        except UsageError as error:
            print(error)
        except Mistake as mistake:
            self._tell(mistake)
        return None

    def _tell(self, mistake: Mistake) -> None:
        print(self._say(mistake.seen, **mistake.values))

    def _bars(self, ranges: Mapping[str, Any]) -> tuple[Model, list[Swing]] | None:
        """The model and the bars of ranges that stand; says what is missing otherwise."""
        model = self._settled("npv")
        if model is None or has_blank(dict(ranges)):
            return None
        try:
            check_ranges(ranges, model.m)
        except Mistake as mistake:
            self._tell(mistake)
            return None
        return model, swings(model, ranges)

    def cash_chart(self) -> Any:
        """What both options have cost by the end of each year, in today's won."""
        from kit.charts import show

        model = self._settled("npv")
        return model and show(*money_charts.cash(model, self._say))

    def break_even_chart(self) -> Any:
        """Both options over the share of hours on, with a marker to move; None under nbgrader."""
        if under_nbgrader() or (model := self._settled("futures")) is None:
            return None
        from .acting import break_even_curve

        return break_even_curve(
            model,
            self._say,
            kept=self.wb.remembered("break_even"),
            keep=lambda told: self.wb.remember("break_even", told),
        )

    def key_figures(self) -> KeyFigures:
        """Your model's figures for a memo, in won: ``lead`` is renewal minus cloud.

        ``u_star`` is the break-even share of hours on, ``hours_month`` the same in hours.
        Shown as a table; each value stays a number: ``figures["lead"]``.
        """
        model = self._settled("futures")
        if model is None:
            return KeyFigures({}, self._say)
        worth = {option: model.worth(option, "base", model.m) for option in OPTIONS}
        leads = {f"lead_{future}": model.lead(future=future) for future in ("stop", "grow")}
        hours = model.u_star * HOURS_PER_MONTH
        told = {
            **worth,
            "lead": model.lead(),
            **leads,
            "u_star": model.u_star,
            "hours_month": hours,
        }
        return KeyFigures(told, self._say)

    def futures_table(self) -> Listing | None:
        """Both options in three futures, won: renewal minus cloud, and its distance from base."""
        model = self._settled("futures")
        if model is None:
            return None
        return tables.futures(model, self._say)

    def futures_chart(self) -> Any:
        """Both options in three futures."""
        from kit.charts import show

        model = self._settled("futures")
        if model is None:
            return None
        table = {f: {o: model.worth(o, f, model.m) for o in OPTIONS} for f in FUTURES}
        return show(*money_charts.futures(table, self._say))

    def tornado(self, ranges: Mapping[str, Any]) -> Any:
        """Your ranges, to be moved, by how far each swings renewal minus cloud.

        None under nbgrader. What is still blank is an empty field.
        """
        if under_nbgrader() or (model := self._settled("npv")) is None:
            return None
        from . import acting

        try:
            return acting.tornado(
                model,
                ranges,
                self._say,
                kept=self.wb.remembered("tornado"),
                keep=lambda told: self.wb.remember("tornado", told),
            )
        except Mistake as mistake:
            self._tell(mistake)
        return None

    def tipping(self, ranges: Mapping[str, Any]) -> Listing | None:
        """Where each range puts the lead, and the value at which both options cost the same."""
        told = self._bars(ranges)
        if told is None:
            return None
        return tables.tipping(*told, self._say)

    def bet_answered(self, case: Case) -> Listing | None:
        """What each range of the bet does to your model, widest first; once your bet is right."""
        if self.wb.outcome("bet").kind != "passed":
            print(self._say(mark("Once your bet has passed, this shows what each range moves.")))
            return None
        told = self._bars({key: (*ends, "-") for key, ends in ranges_of(case).items()})
        return told and tables.tipping(*told, self._say)

    def audit_debrief(self, case: Case) -> Listing | None:
        """Each claim with its verdict and why; only once your audit has passed."""
        if self.wb.outcome("audit").kind != "passed":
            print(self._say(mark("Once your audit has passed, this shows each claim and why.")))
            return None
        flagged = set(flagged_in(self.wb.work()))
        rows = [
            [number, *map(self._say, texts)] for number, *texts in debrief(claims_of(case), flagged)
        ]
        first, *others = map(self._say, HEADINGS)
        frame = pd.DataFrame(rows, columns=[first, *others])
        return Listing(frame.set_index(first))

    def model_file(self, m: Mapping[str, Any], *, ai_use: str = "", reviewer: str = "") -> Written:
        """Write ``model.xlsx``: inputs, flows, result and futures by live formulas."""
        from kit.artefacts import write_workbook

        from .model import model_sheets

        folder = artefact_folder()
        if folder is None:
            return Written((), self._say("Nothing is written while this is graded."))
        # the formulas are the answer of two exercises, so they come after them
        if self._settled("futures") is None:
            return Written(())
        told = self.wb.tools.provenance(ai_use=ai_use, reviewer=reviewer)
        sheets = model_sheets(m, self.wb.translate)
        return Written((write_workbook(folder / "model.xlsx", sheets, told, self.wb.translate),))

    def defence(self) -> None:
        """Print five questions about your own artefact, once memo and ranges are there."""
        from .defence import asked_of

        try:
            asked = asked_of(self.wb.work())
        except (Mistake, NotAttempted):
            print(self._say(mark("The questions come from exercises 8 and 9: write those first.")))
            return
        for key, question in asked.items():
            # an input's meaning is a text of the unit as well
            values = {
                k: self._say(v) if isinstance(v, Marked) else v for k, v in question.values.items()
            }
            print(f"{key}  {self._say(question.template, **values)}")
