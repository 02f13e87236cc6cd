"""What ``wb.tools`` offers in this unit: charts, the business case's inputs, artefacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kit.blank import has_blank

from .live.artefacts import ArtefactTools, Written
from .money.tools import MoneyTools
from .sizing.case import Place, series_of
from .sizing.tools import SizingTools
from .words import option_text

if TYPE_CHECKING:
    from kit.checking import Work

    from .case import Case

_SIZED = ("rule", "classify", "memory")


class Tools(SizingTools, MoneyTools, ArtefactTools):
    """The unit's helpers. ``wb.tools.NAME??`` shows any of them in full."""

    def plan_rows(self, case: Case) -> list[dict[str, Any]]:
        """One row a machine for the sizing sheet, from your own functions and your plan."""
        work: Work = self.wb.work()
        plan, places = work.value("plan"), self.wb.carry("rule")
        today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
        ram = dict(zip(case.servers["machine"], case.servers["ram_gib"], strict=True))
        rows = []
        for name, frame in series_of(case).items():
            cpu, vcpu = frame["value"].to_numpy(), int(today[name])
            memory = work.function("memory_need")(
                self.memory_rows(case, name), int(ram[name]), float(plan["headroom"])
            )
            kind = work.function("classify")(cpu)
            rows.append(
                {
                    "machine": name,
                    "kind": kind,
                    "vcpu": vcpu,
                    "cpu_percentile": float(np.percentile(cpu, float(plan["q"]))),
                    "burst_risk": float(plan["loss"])
                    if name == case.puzzle
                    else work.function("burst_risk")(cpu, vcpu, places[name].vcpu),
                    "coverage": work.function("coverage")(frame, 5, 14),
                    "memory_gib": None if memory == "unknown" else round(float(memory), 1),
                    **self._exception(case, name, places[name], kind),
                }
            )
        return rows

    def _exception(self, case: Case, name: str, place: Place, kind: str) -> dict[str, Any]:
        """Where the CPU rule does not decide: bursts, a hidden demand, more memory needed."""
        if name == case.puzzle:
            reason = self._say(
                "bursts: {option} instead of a percentile",
                option=option_text(place.option, self._say),
            )
            return {"size": place.vcpu, "exception": reason, "won_per_hour": place.won_per_hour}
        if place.decided == "memory":
            reason = self._say("memory decides: {gib:.1f} GiB", gib=place.need_gib)
            return {"size": place.vcpu, "exception": reason}
        if kind == "saturated":
            reason = self._say("saturated: stays as it is until its demand is measured")
            return {"size": place.vcpu, "exception": reason}
        return {}

    def hand_over(self, case: Case, *, ai_use: object = "", reviewer: object = "") -> Written:
        """Write what is ready: sizing sheet, model, memo. Says what is missing for the rest.

        ``ai_use`` and ``reviewer`` stand in every file; leave blanks to leave them open.
        """
        told = {
            "ai_use": "" if has_blank(ai_use) else str(ai_use),
            "reviewer": "" if has_blank(reviewer) else str(reviewer),
        }
        work: Work = self.wb.work()
        written: list[Written] = []
        missing = []
        if all(self._passed(exercise) for exercise in _SIZED):
            plan = work.value("plan")
            rows, q, headroom = self.plan_rows(case), float(plan["q"]), float(plan["headroom"])
            written.append(self.sizing_sheet(rows, q=q, headroom=headroom, **told))
        else:
            missing.append(self._say("the sizing sheet (exercises 2 to 4)"))
        if self._passed("futures"):
            written.append(self.model_file(work.value("m"), **told))
        else:
            missing.append(self._say("the model (exercises 5 and 6)"))
        if self._passed("memo"):
            written.append(self.memo_files(str(work.value("memo")), **told))
        else:
            missing.append(self._say("the memo (exercise 8)"))
        note = self._say("Still to come: {missing}", missing=", ".join(missing)) if missing else ""
        notes = [one.note for one in written if one.note]
        paths = tuple(path for one in written for path in one.paths)
        return Written(paths, " ".join(dict.fromkeys([*notes, note])).strip())

    def _passed(self, exercise: str) -> bool:
        return bool(self.wb.outcome(exercise).kind == "passed")
