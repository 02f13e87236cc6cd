"""What the unit leaves for work: the sizing sheet and the memo, each with its provenance."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.artefacts import Provenance, hash_frame, write_memo, write_workbook
from kit.content import find_unit
from kit.data.own import masker_of
from kit.data.prices import PriceCard
from kit.errors import UsageError
from kit.identity import current_identity
from kit.model import Part

from .own_data import OwnData
from .sheet import known, price_sheet, rule_sheet, sizing_rows
from .tools import LiveTools

UNIT = "rightsizing"
# All that a sizing sheet may hold of a machine. An owner, an address or a remark that
# somebody joins to the rows stays out.
PLAN_COLUMNS = (
    "machine",
    "kind",
    "vcpu",
    "cpu_percentile",
    "size",
    "burst_risk",
    "coverage",
    "memory_gib",
    "won_per_hour",
    "exception",
    "days",
)


@dataclass(frozen=True)
class Written:
    """Files that were written, shown as links in a notebook."""

    paths: tuple[Path, ...]
    note: str = ""

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.paths), *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        links = []
        for path in self.paths:
            # Lab opens links that are relative to the notebook
            target = html.escape(Path(os.path.relpath(path)).as_posix(), quote=True)
            links.append(f'<a href="{target}" target="_blank">{html.escape(path.name)}</a>')
        note = f"<br>{html.escape(self.note)}" if self.note else ""
        return " · ".join(links) + note


class ArtefactTools(LiveTools):
    """``wb.tools``: sizing sheet and memo."""

    def sizing_sheet(
        self,
        plan_rows: Any,
        *,
        q: float,
        headroom: float,
        own: OwnData | None = None,
        prices: PriceCard | None = None,
        ai_use: str = "",
        reviewer: str = "",
        masked: bool = False,
    ) -> Written:
        """Write ``sizing.xlsx``: the rule, each machine, exceptions, cost by live formulas.

        ``plan_rows`` is a data frame or a list of dictionaries with ``machine``, ``vcpu``
        (today), ``cpu_percentile`` (percent, at ``q``) and, where you know them, the other
        columns of ``PLAN_COLUMNS``. ``size`` stands for an exception to the rule and needs
        its reason in ``exception``; ``won_per_hour`` is the price of an option that is no
        list price. ``headroom`` is 0 to 1. Other columns are left out. ``masked`` writes
        ``sizing-masked.xlsx`` instead, for others: machines and files of ``own`` have masks.
        """
        say = self.wb.translate
        rows, dropped = plan_table(plan_rows)
        provenance = self.provenance(own, ai_use=ai_use, reviewer=reviewer)
        if masked:
            rows, provenance = _masked(rows, provenance, own)
        card = prices or self.prices()
        note = ""
        if dropped:
            note = say("Left out of the sheet: {columns}", columns=", ".join(dropped))
        sheets = [
            sizing_rows(rows, headroom, card, say),
            rule_sheet(q, headroom, own, card, say),
            price_sheet(card, say),
        ]
        folder = artefact_folder(own)
        if folder is None:
            return Written((), say("Nothing is written while this is graded."))
        name = "sizing-masked.xlsx" if masked else "sizing.xlsx"
        path = write_workbook(folder / name, sheets, provenance, say)
        return Written((path,), note)

    def memo_files(
        self,
        memo_text: str,
        template: str | Path | None = None,
        *,
        title: str = "",
        own: OwnData | None = None,
        ai_use: str = "",
        reviewer: str = "",
    ) -> Written:
        """Write the memo as ``memo.docx`` and ``memo.md``; ``template`` is your company's .docx.

        In a template ``{{title}}``, ``{{body}}`` and ``{{provenance}}`` are filled.
        """
        say = self.wb.translate
        folder = artefact_folder(own)
        if folder is None:
            return Written((), say("Nothing is written while this is graded."))
        paths = write_memo(
            folder,
            title or say("Renew or rent: what our servers need"),
            memo_text,
            self.provenance(own, ai_use=ai_use, reviewer=reviewer),
            say,
            template=Path(template).expanduser() if template else None,
        )
        return Written(paths)

    def provenance(
        self, own: OwnData | None = None, *, ai_use: str = "", reviewer: str = ""
    ) -> Provenance:
        """Unit, version, checks passed, hashes of the data, and what you declare."""
        unit = find_unit(UNIT)
        progress = self.wb.progress()
        passed = tuple(e.id for e in unit.of(Part.PRACTICE) if progress.state(e.id).passed)
        if own is None:
            case = self.wb.case()
            data = {"case": hash_frame(case.export)}
        else:
            data = dict(own.hashes)
        return Provenance(
            unit=unit.id,
            version=unit.version,
            reality=own.reality if own is not None else "SIMULATED",
            data=data,
            checks=passed,
            ai_use=ai_use,
            reviewer=reviewer,
        )


def artefact_folder(own: OwnData | None = None) -> Path | None:
    """``HOME/artefacts/rightsizing``, with own data its ``live``; None while grading.

    None means that nothing may be written.
    """
    home = current_identity().home
    if home is None:
        return None
    folder = home.artefacts(find_unit(UNIT))
    # what was practised on the case and what goes to work must not replace each other
    return folder / "live" if own is not None else folder


def plan_table(plan_rows: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows with the columns of ``PLAN_COLUMNS`` only, and the names of the columns left out."""
    if hasattr(plan_rows, "reset_index"):
        frame = plan_rows.reset_index() if plan_rows.index.name == "machine" else plan_rows
        plan_rows = frame.to_dict("records")
    rows: list[Mapping[str, Any]] = list(plan_rows)
    for number, row in enumerate(rows, 1):
        missing = [name for name in ("machine", "vcpu", "cpu_percentile") if name not in row]
        if missing:
            raise UsageError(
                "Row {number} of the plan has no {missing}.",
                where="sizing_sheet",
                fix="Columns that the sheet knows: {known}",
                number=number,
                missing=", ".join(missing),
                known=", ".join(PLAN_COLUMNS),
            )
        if known(row.get("size")) and not _reasoned(row):
            raise UsageError(
                "{machine} has a size of its own and no reason.",
                where="sizing_sheet",
                fix="Say why in the column 'exception', or leave 'size' out: the rule fills it.",
                machine=row["machine"],
            )
    # the sheet computes what the rule says by itself
    used = {*PLAN_COLUMNS, "rule_says"}
    dropped = sorted({str(key) for row in rows for key in row} - used)
    return [
        {name: row.get(name) for name in PLAN_COLUMNS} | ({} if _excepted(row) else {"size": None})
        for row in rows
    ], dropped


def _masked(
    rows: list[dict[str, Any]], provenance: Provenance, own: OwnData | None
) -> tuple[list[dict[str, Any]], Provenance]:
    """Rows and provenance without a name of the export; a reason may name another machine."""
    home = current_identity().home
    if own is None or home is None:
        raise UsageError(
            "Masks are for your own data, in your home.",
            where="masked",
            fix="wb.tools.sizing_sheet(plan, q=q, headroom=headroom, own=own, masked=True)",
        )
    hide = own.mask_text(masker_of(home))
    texts = ("machine", "exception")
    hidden = [row | {name: hide(str(row[name])) for name in texts if row[name]} for row in rows]
    data = {hide(name): digest for name, digest in provenance.data.items()}
    return hidden, replace(provenance, data=data, ai_use=hide(provenance.ai_use))


def _excepted(row: Mapping[str, Any]) -> bool:
    """Whether a size is the learner's; one that repeats the rule stays a formula."""
    return bool(str(row.get("exception") or "").strip())


def _reasoned(row: Mapping[str, Any]) -> bool:
    return _excepted(row) or row["size"] == row.get("rule_says")
