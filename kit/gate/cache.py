"""What was proved of a unit and still holds: ``.lint/UNIT.json`` beside ``workbooks/``.

A proof is kept with a digest of everything that it read. It is taken again only while that
is the same to the byte, and only when it found nothing: what is to be mended is proved anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import kit
from kit.files import read_json, write_json
from kit.gate.findings import Report
from kit.gate.rehearse import answers_of, notebook_of
from kit.model import Exercise, Part, Unit
from kit.notebooks import kit_metadata, read_notebook, source

FOLDER = ".lint"
FORMAT = 3
# what a check cannot see of an exercise: a changed hint proves nothing anew
_WORDS = ("title", "minutes", "points", "hints", "no_hints_because", "at_work")
_TEXTS = ("workbook.toml", "mistakes.toml", "mutants.toml")


class Reads:
    """Digests of what the proofs of a unit's exercises depend on."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    @cached_property
    def base(self) -> str:
        """The kit, what it stands on, and the unit's own code and figures; no answer."""
        digest, folder = hashlib.sha256(), self.unit.folder
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
            told = path.relative_to(folder).as_posix()
            private = path.stem.endswith("solution") or "misconceptions" in path.parts
            if not private and path.name not in _TEXTS:
                digest.update(told.encode() + path.read_bytes())
        return digested(digest.hexdigest(), _kit(), self.unit.id)

    @cached_property
    def _chains(self) -> dict[str, str]:
        found: dict[str, str] = {}
        answers = answers_of(self.unit)
        exercises = {e.id: e for e in self.unit.exercises}
        for part in Part:
            chain = digested(self.base, part.value)
            for cell in read_notebook(notebook_of(self.unit, part))["cells"]:
                name = kit_metadata(cell).get("id", "")
                if cell["cell_type"] == "code":
                    chain = digested(chain, source(cell), answers.get(name, ""))
                if exercise := exercises.get(name):
                    chain = found[name] = digested(chain, _seen_by_checks(exercise))
        return found

    def upto(self, exercise: str, *more: str) -> str:
        """All that an outcome of ``exercise`` depends on: cells and model answers up to it.

        ``more`` is what else a proof reads, such as the text of a common mistake.
        """
        return digested(self._chains.get(exercise, self.base), *more)


def digested(*texts: str) -> str:
    """One digest of several texts, in order."""
    return hashlib.sha256(json.dumps(texts).encode("utf-8")).hexdigest()


def _seen_by_checks(exercise: Exercise) -> str:
    told = {name: value for name, value in vars(exercise).items() if name not in _WORDS}
    return repr(sorted(told.items()))


@lru_cache(maxsize=1)
def _kit() -> str:
    """The kit that this process runs, and what it stands on."""
    digest = hashlib.sha256()
    for path in sorted(Path(kit.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    found = sorted(f"{one.name}=={one.version}" for one in distributions())
    return digested(digest.hexdigest(), sys.version, *found)


class Cache:
    """Proofs of one unit that held. Read once, written at the end."""

    def __init__(self, unit: Unit, fresh: bool = False) -> None:
        self.unit = unit.id
        self.path = unit.folder.parents[2] / FOLDER / f"{unit.id}.json"
        self._kept: dict[str, Any] = {} if fresh else self._read()
        self._used: dict[str, Any] = {}

    def _read(self) -> dict[str, Any]:
        # a cache that cannot be read is none
        with contextlib.suppress(ValueError, OSError, AttributeError, KeyError, TypeError):
            told = read_json(self.path, {})
            if told.get("format") == FORMAT:
                return dict(told["proved"])
        return {}

    def get(self, job: str, part: str, reads: str) -> Report | None:
        """What was proved from the same input; None where it has to be proved."""
        entry = self._kept.get(f"{job}/{part}")
        if not isinstance(entry, Mapping) or entry.get("reads") != reads:
            return None
        self._used[f"{job}/{part}"] = entry
        return Report.from_kept(self.unit, entry)

    def put(self, job: str, part: str, reads: str, report: Report) -> None:
        """Keep a proof that found nothing."""
        if not report.findings:
            self._used[f"{job}/{part}"] = {"reads": reads, **report.to_keep()}

    def save(self, whole: bool) -> None:
        """Write what holds; a run that was not ``whole`` keeps what it did not ask for."""
        kept = self._used if whole else {**self._kept, **self._used}
        # a folder that cannot be written costs time only
        with contextlib.suppress(OSError):
            write_json(self.path, {"format": FORMAT, "proved": kept})
