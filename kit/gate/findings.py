"""What the gate finds, and how it says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import KitError

# what an error says of its place: FILE, FILE:LINE or FILE: KEY
_PLACE = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+))?(?:: (?P<key>.+))?")
# letters of a message that tell which it is
_SHOWN = 90
_ROW = re.compile(r"(?P<table>\w+)\[(?P<number>\d+)\]")


def _place(file: Path, line: int) -> str:
    """As an editor opens it from here."""
    here = Path.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    return f"{shown}:{line}" if line else str(shown)


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the rule that was broken, where, what, and what to do.

    ``line`` counts from 1; 0 stands for the whole file.
    """

    rule: str
    file: Path
    line: int
    what: str
    fix: str = ""

    def __str__(self) -> str:
        told = f"{_place(self.file, self.line)}  {self.rule}\n    {self.what}"
        return told + (f"\n    Next: {self.fix}" if self.fix else "")

    def as_dict(self) -> dict[str, str | int]:
        """Plain values for ``--json``."""
        return {**vars(self), "file": str(self.file)}


@dataclass(frozen=True)
class Survivor:
    """A mutant that passes: ``fate`` is equivalent, other_answer or alive.

    ``line`` counts in the model answer; ``was`` and ``now`` are the lines that differ, ``now``
    empty where they are deleted. ``because`` is the reason that is given for it.
    """

    exercise: str
    kind: str
    line: int
    was: str
    now: str
    fate: str
    because: str = ""

    def __str__(self) -> str:
        was, now = (" ".join(text.split()) for text in (self.was, self.now))
        change = f"{self.exercise}:{self.line} {self.kind}: {was} → {now or '(deleted)'}"
        return f"{change}  [{self.fate}] {self.because}".rstrip()


@dataclass(frozen=True)
class Untold:
    """A message that no answer tried was told, so that nobody heard what it tells."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        text = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return f"{_place(self.file, self.line)}  [untold] {text}"

    def as_dict(self) -> dict[str, str | int]:
        """Plain values for ``--json``."""
        return {**vars(self), "file": str(self.file)}


@dataclass
class MutantScore:
    """How many small changes of model answers the checks noticed.

    ``equivalent`` and ``other_answers`` are survivors with a reason in ``mutants.toml``.
    """

    made: int = 0
    killed: int = 0
    equivalent: int = 0
    other_answers: int = 0

    @property
    def alive(self) -> int:
        """Survivors that nobody explained."""
        return self.made - self.killed - self.equivalent - self.other_answers

    @property
    def raw(self) -> float:
        """Share of all mutants that were noticed, 0 to 1; 1 without any."""
        return self.killed / self.made if self.made else 1.0

    @property
    def score(self) -> float:
        """Share of those that a check has to notice, 0 to 1; 1 without any."""
        wanted = self.made - self.equivalent - self.other_answers
        return self.killed / wanted if wanted else 1.0

    def add(self, other: MutantScore) -> None:
        """Count another exercise's mutants in."""
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)

    def as_dict(self) -> dict[str, float]:
        """Plain values for ``--json``."""
        return {**asdict(self), "alive": self.alive, "raw": self.raw, "score": self.score}


@dataclass
class Report:
    """The gate's result for one unit. ``counts`` says how much was proved.

    ``survivors`` are mutants that pass, each with the reason that is given for it, if any.
    ``told`` holds the templates of messages that wrong answers were told, ``untold`` the others.
    ``slow`` names an exercise whose check ran into its time limit, ``unscored`` those whose
    mutants were not tried to the end: then there is no score.
    ``cached`` counts proofs that were taken from an earlier run. ``stopped``: the exercises
    were not run, since what was found would stop them.
    """

    unit: str
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    mutants: MutantScore | None = None
    survivors: list[Survivor] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    untold: list[Untold] = field(default_factory=list)
    seconds: float = 0.0
    cached: int = 0
    proved: int = 0
    stopped: bool = False
    slow: str = ""
    unscored: list[str] = field(default_factory=list)

    def add(self, rule: str, file: Path, what: str, fix: str = "", *, line: int = 0) -> None:
        """Note a finding once."""
        finding = Finding(rule, file, line, what, fix)
        if finding not in self.findings:
            self.findings.append(finding)

    def add_error(self, rule: str, error: KitError, otherwise: Path) -> None:
        """Note what stopped a proof, at its file and line; ``otherwise`` where it names none."""
        told = _PLACE.fullmatch(error.where)
        if told is None or not Path(told["file"]).is_absolute():
            what = f"{error.what} ({error.where})" if error.where else error.what
            self.add(rule, otherwise, what, error.fix)
            return
        file, key = Path(told["file"]), told["key"] or ""
        what = f"{key}: {error.what}" if key else error.what
        line = line_of_key(file, key) if key else int(told["line"] or 0)
        self.add(rule, file, what, error.fix, line=line)

    def take(self, part: Report) -> None:
        """Add what one of several proofs of the same unit found."""
        for finding in part.findings:
            if finding not in self.findings:
                self.findings.append(finding)
        for name, count in part.counts.items():
            self.count(name, count)
        self.survivors += part.survivors
        self.told |= part.told
        if part.mutants is not None:
            self.mutants = self.mutants or MutantScore()
            self.mutants.add(part.mutants)

    def count(self, name: str, number: int = 1) -> None:
        """Say that so many more of ``name`` were proved."""
        self.counts[name] = self.counts.get(name, 0) + number

    def to_keep(self) -> dict[str, Any]:
        """What a later run needs of a proof that found nothing."""
        mutants = asdict(self.mutants) if self.mutants is not None else None
        passed = [asdict(survivor) for survivor in self.survivors]
        return {
            "counts": self.counts,
            "mutants": mutants,
            "survivors": passed,
            "told": sorted(self.told),
        }

    @classmethod
    def from_kept(cls, unit: str, kept: Mapping[str, Any]) -> Report:
        """The report that ``to_keep`` told."""
        mutants = MutantScore(**kept["mutants"]) if kept["mutants"] is not None else None
        passed = [Survivor(**survivor) for survivor in kept["survivors"]]
        return cls(unit, [], dict(kept["counts"]), mutants, passed, set(kept["told"]))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "unit": self.unit,
            "seconds": round(self.seconds, 1),
            "proved": self.proved,
            "cached": self.cached,
            "stopped": self.stopped,
            "counts": self.counts,
            "mutants": self.mutants.as_dict() if self.mutants is not None else None,
            "unscored": self.unscored,
            "untold": [message.as_dict() for message in self.untold],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def line_of(file: Path, text: str) -> int:
    """The first line of ``file`` that holds ``text``, 0 where none does."""
    return _line(_lines(file), re.compile(re.escape(text)))


def line_of_key(file: Path, key: str) -> int:
    """Where a TOML key such as ``exercises[2].title`` stands, or else the table it lacks in."""
    lines, start = _lines(file), 0
    if row := _ROW.match(key):
        head = f"[[{row['table']}]]"
        heads = [at for at, line in enumerate(lines, 1) if line.lstrip().startswith(head)]
        number = int(row["number"])
        if number >= len(heads):
            return 0
        start = heads[number]
        lines = lines[: heads[number + 1] - 1] if number + 1 < len(heads) else lines
    name = re.escape(key.rpartition(".")[2])
    return _line(lines, re.compile(rf"(^|[{{,\s]){name}\s*="), start) or start


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.suffix and file.is_file() else []


def _line(lines: list[str], wanted: re.Pattern[str], after: int = 0) -> int:
    found = (at for at, line in enumerate(lines, 1) if at > after and wanted.search(line))
    return next(found, 0)
