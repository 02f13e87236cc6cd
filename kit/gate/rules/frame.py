"""What a rule is, and a job: a piece of proof for a process of its own."""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from kit.checking import unit_module
from kit.content import find_exercise
from kit.errors import ContentError, KitError
from kit.gate.findings import Report
from kit.gate.rehearse import SlowCheck
from kit.imports import lean_imports
from kit.model import Unit

if TYPE_CHECKING:
    from kit.gate.cache import Reads

MAX_WORKERS = 8
# by part of the job: an exercise's id, or another word for a job that is one piece
Proved = Mapping[str, Report]


@dataclass(frozen=True)
class Scope:
    """What was asked of the gate. ``reads`` says what the proof of an exercise depends on."""

    reads: Reads
    seeds: int = 50
    links: bool = False


@dataclass(frozen=True)
class Job:
    """A proof that runs the unit's code.

    ``reads`` is part → digest of everything that the result for this part depends on; parts
    that are known to hold are left out when the job runs. ``prove(unit, parts)`` returns a
    report for each of these parts; it is called in a process that nothing else uses.
    ``name`` is unique in the unit; ``cost`` is in seconds, roughly. ``scores``: the report of each
    part has a score of mutants.
    """

    name: str
    prove: Callable[[Unit, tuple[str, ...]], Proved]
    reads: Mapping[str, str]
    cost: float = 1.0
    scores: bool = False


@dataclass(frozen=True)
class JobResult:
    """What a job proved of the parts that it was run for."""

    job: Job
    parts: tuple[str, ...]
    proved: Proved


@dataclass(frozen=True)
class Rule:
    """One thing that holds in every unit. ``says`` completes "In a good unit, …".

    ``prove`` reads files only; ``jobs`` are the proofs that run the unit. A proof may serve
    several rules: its findings name the rule.
    """

    id: str
    says: str
    prove: Callable[[Unit, Report], None] | None = None
    jobs: tuple[Callable[[Unit, Scope], Iterable[Job]], ...] = ()


def usual_workers() -> int:
    """One for each core, within reason."""
    return min(os.cpu_count() or 1, MAX_WORKERS)


def run_jobs(
    unit: Unit, wanted: Iterable[tuple[Job, tuple[str, ...]]], workers: int
) -> Iterator[JobResult]:
    """Run jobs for the parts named, the longest first; results come as they are ready.

    Each job has a process of its own, since learners' mistakes leave modules and settings
    behind. One that dies, or whose proof raises, is a finding of the rule ``load``. Once a check
    has run into its time limit, no job tries that exercise or one behind it, which may build on it.
    """
    waiting = sorted(wanted, key=lambda one: one[0].cost)
    if len(waiting) > 1:
        _warm(unit)
    left_out: set[str] = set()
    running: dict[Connection, tuple[Job, tuple[str, ...], Any]] = {}
    # a fork starts with everything imported; elsewhere than on Linux it is not safe
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                job, parts = waiting.pop()
                parts = tuple(part for part in parts if part not in left_out)
                if not parts:
                    continue
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(unit, job, parts, theirs))
                process.start()
                theirs.close()
                running[ours] = (job, parts, process)
            # waiting for none would never end
            for ready in wait(list(running)) if running else ():
                assert isinstance(ready, Connection)
                job, parts, process = running.pop(ready)
                result = JobResult(job, parts, _result(unit, job, parts, ready))
                process.join()
                yield result
                for slow in filter(None, (report.slow for report in result.proved.values())):
                    left_out |= _from(unit, slow)
                    # what comes before it was not told; a job that is no exercise's ends here
                    if left_out.intersection(parts):
                        waiting.append((job, parts))
    finally:
        for _, _, process in running.values():
            process.terminate()
            process.join()


def _from(unit: Unit, exercise: str) -> set[str]:
    """An exercise and those behind it in its notebook."""
    found = [e.id for e in unit.of(find_exercise(unit, exercise).part)]
    return set(found[found.index(exercise) :])


def _warm(unit: Unit) -> None:
    # what takes longest to import is there already in every fork
    with lean_imports():
        for name in ("pandas", "altair", "openpyxl"):
            importlib.import_module(name)
    # what does not load, or is not there, is told by the proof that needs it
    with contextlib.suppress(ContentError):
        unit_module(unit, "tools")


def _work(unit: Unit, job: Job, parts: tuple[str, ...], answer: Connection) -> None:
    # a wrong answer divides by zero; nobody reads the warnings of a process without a face
    warnings.simplefilter("ignore")
    # what was there before stays: to look for garbage among it would also copy its memory
    gc.freeze()
    answer.send(prove_here(unit, job, parts))
    answer.close()


def prove_here(unit: Unit, job: Job, parts: tuple[str, ...]) -> Proved:
    """Run a job in this process; what it raises is a finding."""
    try:
        return job.prove(unit, parts)
    except SlowCheck as error:
        report = Report(unit.id, slow=error.exercise)
        report.add_error("load", error, unit.folder)
    except KitError as error:
        report = Report(unit.id)
        report.add_error("load", error, unit.folder)
    except Exception as error:
        report = Report(unit.id)
        told = traceback.extract_tb(error.__traceback__)[-1]
        report.add("load", unit.folder, f"{job.name}: {type(error).__name__}: {error} "
                   f"({told.filename}:{told.lineno})")  # fmt: skip
    return {parts[0]: report}


def _result(unit: Unit, job: Job, parts: tuple[str, ...], answer: Connection) -> Proved:
    try:
        proved: Proved = answer.recv()
    except EOFError:
        report = Report(unit.id)
        report.add("load", unit.folder, f"{job.name}: the process that proved it died.")
        return {parts[0]: report}
    finally:
        answer.close()
    return proved
