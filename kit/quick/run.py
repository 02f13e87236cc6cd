"""Read exports, make the finding, write its report and its workbook."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kit.artefacts import Provenance
from kit.content import find_unit
from kit.data.prices import PriceCard, read_prices
from kit.errors import HomeError, UsageError
from kit.files import hash_file, hash_files, labels_of
from kit.home import LearnerHome
from kit.i18n import Translator
from kit.model import CPU_UNITS, SYNTHETIC, Reality
from kit.quick.example import FILE, example_sizes, write_example
from kit.quick.finding import Finding, MachineFinding, Unread
from kit.quick.headline import conditional, headline
from kit.quick.judge import (
    DEFAULT_VCPU,
    Sizes,
    check_names,
    judge_cpu,
    judge_inventory,
    judge_other,
    most_worth,
)
from kit.quick.notes import cannot_tell, notes_of
from kit.quick.read import Exports, Measured, Step, measured, read_exports
from kit.quick.words import worded

if TYPE_CHECKING:
    from kit.data.readers import Ledger

EXAMPLE = "example"


@dataclass(frozen=True)
class Request:
    """What is asked for: files (or the word ``example``), sizes, a price card, a tool.

    ``unit`` (percent or fraction) is for percentages whose export states none. ``home`` is
    where large tables are taken apart, ``step`` is called with what is done of how much.
    """

    files: Sequence[Path]
    sizes: Sizes = field(default_factory=Sizes)
    prices: Path | None = None
    tool: str | None = None
    unit: str | None = None
    home: LearnerHome | None = None
    step: Step | None = None

    @property
    def example(self) -> bool:
        """Whether the sample export is meant; a file of that name comes first."""
        names = [str(path) for path in self.files]
        return names == [EXAMPLE] and not Path(EXAMPLE).is_file()


def make_finding(request: Request, tr: Translator) -> Finding:
    """Read and judge. DataError when nothing can be read, UsageError for a wrong option."""
    card = read_prices(request.prices or find_unit("rightsizing").folder / "prices.toml")
    if request.example:
        with tempfile.TemporaryDirectory() as folder:
            path = write_example(Path(folder))
            inputs = {FILE: hash_file(path)}
            exports = read_exports([path], tool=request.tool)
        sizes = replace(request.sizes, told={**_example_told(request.sizes), **request.sizes.told})
        return _finding(exports, sizes, card, inputs, tr, synthetic=True)
    exports = _read(request)
    try:
        hashes = hash_files([path for path in request.files if path.is_file()])
        finding = _finding(exports, request.sizes, card, hashes, tr, synthetic=False)
    except BaseException:
        exports.release()
        raise
    unread = tuple(_unread(exports.ledger, request.files, tr))
    return replace(finding, unread=unread, release=exports.release)


def _example_told(sizes: Sizes) -> dict[str, int]:
    return {} if sizes.default is not None else example_sizes()


def _read(request: Request) -> Exports:
    if not request.files:
        raise UsageError("No file was given.", fix="upskill quick FILE, or: upskill quick example")
    if request.unit not in (None, *CPU_UNITS):
        raise UsageError(
            "'{unit}' is no unit of CPU.",
            where="--unit",
            fix="Say --unit percent, or --unit fraction where 1 is a whole machine.",
            unit=request.unit,
        )
    if len(request.files) > 1 and request.tool is not None:
        raise UsageError(
            "--tool goes with one file.", where="--tool", fix="Give the files one at a time."
        )
    return read_exports(
        request.files, tool=request.tool, unit=request.unit, home=request.home, step=request.step
    )


def _unread(ledger: Ledger, files: Sequence[Path], tr: Translator) -> list[Unread]:
    """Files that became one rejected record."""
    whole = {note.file: note for note in ledger.rejects if note.row == 0}
    found = []
    for path, label in zip(files, labels_of(files), strict=True):
        if (note := whole.get(label)) is not None:
            found.append(Unread(path, tr(note.read), tr(note.action)))
    return found


def _finding(
    exports: Exports,
    sizes: Sizes,
    card: PriceCard,
    inputs: dict[str, str],
    tr: Translator,
    *,
    synthetic: bool,
) -> Finding:
    metric, seen = exports.metric, measured(exports)
    machines = _machines(exports, seen, sizes, card)
    chosen = most_worth(machines)
    series = {machine.machine: exports.series(machine.machine) for machine in chosen}
    asked = [_asked(machine, series[machine.machine], card, tr) for machine in chosen]
    sized = [m for m in machines if m.low_won is not None and m.high_won is not None]
    total = (sum(m.low_won or 0 for m in sized), sum(m.high_won or 0 for m in sized))
    range_won = total if sized else None
    said = headline(asked if len(machines) == 1 else machines, asked, range_won, metric, tr)
    return Finding(
        headline=conditional(said, machines, range_won, tr),
        metric=metric,
        machines=tuple(machines),
        asked=tuple(asked),
        range_won=range_won,
        notes=tuple(notes_of(exports, seen.repeated, machines, card, tr, synthetic)),
        cannot=tuple(cannot_tell(exports, machines, tr)),
        ledger=exports.ledger,
        tool=exports.found.tool,
        synthetic=synthetic,
        prices=card,
        samples=pd.concat(list(series.values()), ignore_index=True),
        inputs=inputs,
        assumed_vcpu=DEFAULT_VCPU if any(m.vcpu_source == "assumed" for m in sized) else None,
    )


def _machines(
    exports: Exports, seen: Measured, sizes: Sizes, card: PriceCard
) -> list[MachineFinding]:
    inventory, stats, metric = exports.found.inventory, seen.stats, exports.metric
    check_names(sizes, [*stats, *map(str, inventory["machine"])])
    if not metric:
        return judge_inventory(inventory, sizes)
    if not metric.startswith("cpu_percent"):
        return judge_other(stats, metric)
    return judge_cpu(stats, inventory, seen.memory_needs, sizes, card, _unclear(exports))


def _unclear(exports: Exports) -> set[str]:
    """Machines any of whose values may be a fraction."""
    files = {file for file, name in exports.found.unit_unclear if name == exports.metric}
    rows = exports.table[exports.table["metric"] == exports.metric]
    return set(rows.loc[rows["file"].isin(files), "machine"])


def _asked(
    machine: MachineFinding, series: pd.DataFrame, card: PriceCard, tr: Translator
) -> MachineFinding:
    from kit.quick.measure import change_date, peak_times

    if machine.stats is None:
        return worded(machine, card, tr)
    if machine.kind == "regime-change":
        machine = replace(machine, changed_on=change_date(series))
    return worded(machine, card, tr, f"{peak_times(series):%Y-%m-%d %H:%M}")


def default_folder(root: Path, finding: Finding) -> Path:
    """``root/<name>-<hash>``: the same inputs lead to the same folder."""
    name = next(iter(finding.inputs), "finding")
    stem = re.sub(r"[^\w.-]+", "-", Path(name).stem).strip("-.")[:60] or "finding"
    if len(finding.inputs) > 1:
        stem = f"{len(finding.inputs)}-exports"
    text = "".join(finding.inputs.values())
    return root / f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def write_finding(finding: Finding, folder: Path, tr: Translator) -> tuple[Path, Path]:
    """Write ``report.html`` and ``finding.xlsx``; HomeError when the folder is not writable."""
    from kit.quick.report import render
    from kit.quick.workbook import write_finding_workbook

    provenance = Provenance(
        unit="upskill quick",
        version="",
        reality=SYNTHETIC if finding.synthetic else Reality.REAL,
        data=finding.inputs,
        ai_use=tr("none: computed from the export by the rules stated"),
    )
    try:
        from kit.files import write_text

        write_text(folder / "report.html", render(finding, provenance, tr))
        write_finding_workbook(folder / "finding.xlsx", finding, provenance, tr)
    except OSError as error:
        raise HomeError(
            "The finding cannot be written: {reason}",
            where=str(folder),
            fix="Choose another folder: upskill quick FILE --out DIR",
            reason=error.strerror or error,
        ) from None
    return folder / "report.html", folder / "finding.xlsx"
