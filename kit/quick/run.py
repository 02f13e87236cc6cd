"""Read exports, make the finding, write its report and its workbook."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kit.artefacts import Provenance, hash_file, hash_files
from kit.content import find_unit
from kit.data.prices import PriceCard, read_prices
from kit.data.readers import Reading, read_export, read_many
from kit.errors import HomeError, UsageError
from kit.i18n import Translator
from kit.quick.example import FILE, example_sizes, write_example
from kit.quick.finding import Finding, MachineFinding, Unread
from kit.quick.judge import (
    DEFAULT_VCPU,
    Sizes,
    check_names,
    judge_cpu,
    judge_inventory,
    judge_other,
    most_worth,
)
from kit.quick.words import (
    conditional,
    coverage_note,
    headline,
    metric_text,
    percentile_note,
    worded,
)

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE = "example"


@dataclass(frozen=True)
class Request:
    """What is asked for: files (or the word ``example``), sizes, a price card, a tool."""

    files: Sequence[Path]
    sizes: Sizes = field(default_factory=Sizes)
    prices: Path | None = None
    tool: str | None = None

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
    if len(request.files) == 1:
        return read_export(request.files[0], tool=request.tool)
    if request.tool is not None:
        raise UsageError(
            "--tool goes with one file.", where="--tool", fix="Give the files one at a time."
        )
    return read_many(request.files)


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
        notes=tuple(_notes(reading, machines, metric, card, tr, synthetic)),
        cannot=tuple(_cannot(reading, machines, metric, tr)),
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
    return judge_cpu(stats, reading.machines, memory, sizes, card)


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


def _notes(
    reading: Reading,
    machines: Sequence[MachineFinding],
    metric: str,
    card: PriceCard,
    tr: Translator,
    synthetic: bool,
) -> list[str]:
    notes = []
    if synthetic:
        notes.append(tr("SYNTHETIC: the machines are invented, their load comes from a generator."))
    if metric:
        notes.append(percentile_note(metric, tr))
    if metric.startswith("cpu_percent"):
        notes += _sizing_notes(machines, card, tr)
        notes.append(
            tr("Fourteen days can miss a month end, a closing, a season. Ask for the busiest day.")
        )
    if repeated := sum(m.stats.repeated for m in machines if m.stats):
        notes.append(tr("{n} samples repeat a time; the first of each was counted.", n=repeated))
    return [note for note in [*notes, *map(tr, reading.ledger.notes)] if note]


def _sizing_notes(machines: Sequence[MachineFinding], card: PriceCard, tr: Translator) -> list[str]:
    assumed = sum(m.vcpu_source == "assumed" for m in machines)
    notes = [coverage_note(machines, tr)]
    if assumed:
        notes.append(
            tr(
                "Assumed: {vcpu} vCPU today, where the export does not say "
                "({n} of {count} machines). Say it with --vcpu 16, or --vcpu NAME=16 for one.",
                vcpu=DEFAULT_VCPU,
                n=assumed,
                count=len(machines),
            )
        )
    unsized = [m for m in machines if not m.sized]
    if unsized:
        notes.append(
            tr(
                "The range covers {n} of {count} machines; saturated, bursting and hardly measured "
                "ones are not in it.",
                n=len(machines) - len(unsized),
                count=len(machines),
            )
        )
    more = [m for m in machines if m.sized and (m.cautious_vcpu or 0) > (m.vcpu or 0)]
    if more:
        notes.append(
            tr(
                "Where the cautious rule asks for more than today's size "
                "({n} of {count} machines), the size counts as staying.",
                n=len(more),
                count=len(machines),
            )
        )
    notes.append(
        tr(
            "Prices: {source}, {provider}, {dated}. Use your own contract: --prices YOUR.toml",
            source=tr(card.source),
            provider=tr(card.provider),
            dated=card.dated.isoformat(),
        )
    )
    return notes


def _cannot(
    reading: Reading, machines: Sequence[MachineFinding], metric: str, tr: Translator
) -> list[str]:
    """What the export cannot tell; said in the report, so that nobody reads it in."""
    if not metric:
        return [
            tr("There is no time series: how much of its vCPU a machine uses cannot be said."),
            tr("What is missing: CPU in percent, every 5 to 15 minutes, for 14 days or more."),
        ]
    if not metric.startswith("cpu_percent"):
        return [
            tr(
                "{metric} say when there is work, not how many vCPU it takes: no size and no won.",
                metric=metric_text(metric, tr),
            ),
            tr("What is missing: the CPU of the same machines over the same days."),
        ]
    found = [tr("CPU shows work, not worth: whether a machine is needed is for its owner to say.")]
    unknown = sum(m.memory_need_gib is None for m in machines)
    if unknown:
        found.append(
            tr(
                "Memory is unknown for {n} of {count} machines: their sizes hold for CPU only.",
                n=unknown,
                count=len(machines),
            )
        )
    silent = len(
        {str(m).casefold() for m in reading.machines["machine"]}
        - {m.machine.casefold() for m in machines}
    )
    if silent:
        found.append(tr("{n} machines of the inventory have no CPU measurement here.", n=silent))
    return found


def default_folder(root: Path, finding: Finding) -> Path:
    """``root/<name>-<hash>``: the same inputs lead to the same folder."""
    name = next(iter(finding.inputs), "finding")
    stem = re.sub(r"[^\w.-]+", "-", Path(name).stem).strip("-.")[:60] or "finding"
    text = "".join(finding.inputs.values())
    return root / f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def write_finding(finding: Finding, folder: Path, tr: Translator) -> tuple[Path, Path]:
    """Write ``report.html`` and ``finding.xlsx``; HomeError when the folder is not writable."""
    from kit.quick.report import render
    from kit.quick.workbook import write_finding_workbook

    provenance = Provenance(
        unit="upskill quick",
        version="",
        reality="SYNTHETIC" if finding.synthetic else "REAL",
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
