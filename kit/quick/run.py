"""Read exports, make the finding, write its report and its workbook."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kit.artefacts import Provenance
from kit.content import find_unit
from kit.data.prices import PriceCard, read_prices
from kit.data.readers import Reading, read_export, read_many
from kit.errors import HomeError, UsageError
from kit.files import hash_file, hash_files
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
from kit.quick.words import worded

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE = "example"


@dataclass(frozen=True)
class Request:
    """What is asked for: files (or the word ``example``), sizes, a price card, a tool.

    ``unit`` (percent or fraction) is for percentages whose export states none.
    """

    files: Sequence[Path]
    sizes: Sizes = field(default_factory=Sizes)
    prices: Path | None = None
    tool: str | None = None
    unit: str | None = None

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
            reading = read_export(path, tool=request.tool)
        sizes = replace(request.sizes, told={**_example_told(request.sizes), **request.sizes.told})
        return _finding(reading, sizes, card, inputs, tr, synthetic=True)
    reading = _read(request)
    hashes = hash_files([path for path in request.files if path.is_file()])
    finding = _finding(reading, request.sizes, card, hashes, tr, synthetic=False)
    return replace(finding, unread=tuple(_unread(reading, request.files, tr)))


def _example_told(sizes: Sizes) -> dict[str, int]:
    return {} if sizes.default is not None else example_sizes()


def _read(request: Request) -> Reading:
    if not request.files:
        raise UsageError("No file was given.", fix="upskill quick FILE, or: upskill quick example")
    if request.unit not in (None, *CPU_UNITS):
        raise UsageError(
            "'{unit}' is no unit of CPU.",
            where="--unit",
            fix="Say --unit percent, or --unit fraction where 1 is a whole machine.",
            unit=request.unit,
        )
    if len(request.files) == 1:
        return read_export(request.files[0], tool=request.tool, unit=request.unit)
    if request.tool is not None:
        raise UsageError(
            "--tool goes with one file.", where="--tool", fix="Give the files one at a time."
        )
    return read_many(request.files, unit=request.unit)


def _unread(reading: Reading, files: Sequence[Path], tr: Translator) -> list[Unread]:
    """Files that became one rejected record; the ledger names them as ``read_many`` does."""
    whole = {note.file: note for note in reading.ledger.rejects if note.row == 0}
    found = []
    for path in files:
        note = whole.get(path.name) or whole.get(f"{path.parent.name}/{path.name}")
        if note is not None:
            found.append(Unread(path, tr(note.read), tr(note.action)))
    return found


def _finding(
    reading: Reading,
    sizes: Sizes,
    card: PriceCard,
    inputs: dict[str, str],
    tr: Translator,
    *,
    synthetic: bool,
) -> Finding:
    from kit.quick.measure import main_metric

    metric = main_metric(reading.samples)
    machines = _machines(reading, sizes, card, metric)
    asked = [_asked(machine, reading.samples, metric, card, tr) for machine in most_worth(machines)]
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
        notes=tuple(notes_of(reading, machines, metric, card, tr, synthetic)),
        cannot=tuple(cannot_tell(reading, machines, metric, tr)),
        ledger=reading.ledger,
        tool=reading.tool,
        synthetic=synthetic,
        prices=card,
        samples=reading.samples,
        inputs=inputs,
        assumed_vcpu=DEFAULT_VCPU if any(m.vcpu_source == "assumed" for m in sized) else None,
    )


def _machines(reading: Reading, sizes: Sizes, card: PriceCard, metric: str) -> list[MachineFinding]:
    from kit.quick.measure import measure, memory_needs

    if not metric:
        check_names(sizes, [str(name) for name in reading.machines["machine"]])
        return judge_inventory(reading.machines, sizes)
    stats = measure(reading.samples[reading.samples["metric"] == metric])
    check_names(sizes, [*stats, *map(str, reading.machines["machine"])])
    if not metric.startswith("cpu_percent"):
        return judge_other(stats, metric)
    memory = memory_needs(reading.samples)
    unclear = _unclear(reading, metric)
    return judge_cpu(stats, reading.machines, memory, sizes, card, unclear)


def _unclear(reading: Reading, metric: str) -> set[str]:
    """Machines any of whose values may be a fraction."""
    files = {file for file, name in reading.unit_unclear if name == metric}
    samples = reading.samples
    mine = samples["file"].isin(files) & (samples["metric"] == metric)
    return set(samples.loc[mine, "machine"])


def _asked(
    machine: MachineFinding, samples: pd.DataFrame, metric: str, card: PriceCard, tr: Translator
) -> MachineFinding:
    from kit.quick.measure import change_date, peak_times

    if machine.stats is None:
        return worded(machine, card, tr)
    series = samples[(samples["metric"] == metric) & (samples["machine"] == machine.machine)]
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
