"""An update of a home: planned without writing, done through the journal, undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.errors import HomeError, UsageError
from kit.home import LearnerHome, starter
from kit.model import Attempt, Part, Unit
from kit.notebooks import (
    Archived,
    IsOpen,
    Notebook,
    archive,
    dump_notebook,
    refresh_prose,
    refuse_open,
    told,
    unreadable,
)
from kit.progress import ProgressLog
from kit.progress.log import now
from kit.update.base import read_base
from kit.update.journal import DONE, PLANNED, REPLACING, UNDONE, Journal, Step, journals, read_bytes
from kit.update.merge import Merged, merge
from kit.update.salvage import salvage

UPDATE, UNDO = "update", "undo"


@dataclass(frozen=True)
class Entry:
    """What becomes of one notebook. ``damaged``: it could not be read as it was."""

    unit: Unit
    part: Part | None
    path: Path
    version_from: str
    version_to: str
    merged: Merged
    damaged: bool
    steps: tuple[Step, ...]

    @property
    def shown(self) -> bool:
        """Whether the notebook itself changes."""
        return any(not step.of for step in self.steps)

    @property
    def same_version(self) -> bool:
        """Whether this is content of the version that the learner has, built anew."""
        return self.version_from == self.version_to


@dataclass(frozen=True)
class Plan:
    """What an update of ``home`` would do; nothing is written yet."""

    home: LearnerHome
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Done:
    """What was replaced: paths below the home; ``kept`` counts undone notebooks with newer work."""

    paths: tuple[str, ...]
    units: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def plan_update(home: LearnerHome, units: Iterable[Unit], is_open: IsOpen) -> Plan:
    """What is new for these units; notebooks that the home does not have are left to start.

    An update that was killed is finished first: HomeError when its notebooks are open now.
    """
    resume(home, is_open)
    found = []
    for unit in units:
        for part in (*Part, None):
            entry = _entry(home, unit, part)
            if entry is not None:
                found.append(entry)
    return Plan(home, tuple(found))


def _entry(home: LearnerHome, unit: Unit, part: Part | None) -> Entry | None:
    path = home.notebook(unit, part) if part else home.live_notebook(unit)
    data = _read(path)
    if data is None or not home.content_notebook(unit, part).is_file():
        return None
    base, theirs = read_base(home, unit, part), starter(home, unit, part)
    mine, rest = salvage(data)
    known = base or (theirs if told(mine, "version") == told(theirs, "version") else None)
    if known == theirs and not rest:
        return None
    merged = with_rest(_merged(home, unit, part, (known, mine, theirs)), mine, rest)
    steps = []
    here = path.relative_to(home.root).as_posix()
    if rest or merged.notebook != mine:
        steps.append(Step(here, data, _bytes(merged.notebook)))
    if base != theirs:
        given = home.base_notebook(unit, part)
        name = given.relative_to(home.root).as_posix()
        steps.append(Step(name, _read(given), _bytes(theirs), of=here))
    # a damaged file may not say any more what it was
    was = told(mine, "version") or told(base or {}, "version")
    return Entry(unit, part, path, was, told(theirs, "version"), merged, bool(rest), tuple(steps))


def _merged(
    home: LearnerHome,
    unit: Unit,
    part: Part | None,
    three: tuple[Notebook | None, Notebook, Notebook],
) -> Merged:
    """Base, mine and theirs merged, whatever language the learner was given the unit in."""
    base, mine, theirs = three
    say, language = home.translator(unit), told(base, "language")
    if language in ("", home.language):
        return merge(base, mine, theirs, say)
    # the new content in the old language first: there a paragraph that differs has changed
    same = starter(replace(home, language=language), unit, part)
    first = merge(base, mine, same, say)
    return replace(first, notebook=merge(same, first.notebook, theirs, say).notebook)


def with_rest(merged: Merged, mine: Notebook, rest: str) -> Merged:
    """With the text of a damaged file, whose cells may not all have been found."""
    if not rest:
        return merged
    whole = Archived("unit", told(mine, "version"), "raw", rest)
    return replace(merged, notebook=archive(merged.notebook, [whole]))


def apply_update(plan: Plan, is_open: IsOpen) -> Done:
    """Replace what was planned, all or nothing, and note it in the progress log.

    HomeError when a notebook is open, was saved since it was planned, or cannot be
    written; the home is as it was then.
    """
    entries = plan.entries
    refuse_open([e.path for e in entries if e.shown], is_open)
    if not entries:
        return Done(())
    told = {
        "what": UPDATE,
        "time": now(),
        "version": {e.unit.id: [e.version_from, e.version_to] for e in entries},
        "changed": _changed(entries),
    }
    steps = [step for entry in entries for step in entry.steps]
    _carry_out(plan.home, steps, told)
    paths = tuple(step.path for step in steps if not step.of)
    return Done(paths, tuple(dict.fromkeys(e.unit.id for e in entries)))


def _changed(entries: Iterable[Entry]) -> dict[str, list[str]]:
    changed: dict[str, list[str]] = {}
    for entry in entries:
        changed.setdefault(entry.unit.id, []).extend(sorted(entry.merged.changes))
    return changed


def undo_update(home: LearnerHome, is_open: IsOpen) -> Done:
    """Take the last update back; what was typed since stays. UsageError when there is none."""
    resume(home, is_open)
    last = next((j for j in journals(home.root) if _can_be_undone(j)), None)
    if last is None:
        raise UsageError(
            "There is no update to undo.",
            where=str(home.root),
            fix="Update first: upskill update",
        )
    steps, kept = [], []
    # the notebooks first: what was given goes with them, and not without them
    for file in last.record["files"]:
        path = home.root / file["path"]
        data = _read(path)
        before = last.staged(file, "before")
        if not file["of"] and data is not None and last.now(file) != file["after"]:
            kept.append(file["path"])
            before = _back(home, last, file, data)
        if before != data:
            steps.append(Step(file["path"], data, before, file["of"]))
    refuse_open([home.root / step.path for step in steps if not step.of], is_open)
    versions = {u: [to, was] for u, (was, to) in last.record["version"].items()}
    told = {"what": UNDO, "time": now(), "version": versions, "undoes": last.folder.name}
    _carry_out(home, steps, {**told, "undone": last.record["changed"]})
    paths = tuple(step.path for step in steps if not step.of)
    return Done(paths, tuple(versions), tuple(kept))


def _can_be_undone(journal: Journal) -> bool:
    return journal.record.get("what") == UPDATE and journal.state == DONE


def _back(home: LearnerHome, last: Journal, file: dict[str, str], data: bytes) -> bytes:
    """The same merge the other way: what was typed since the update stays."""
    given, _ = salvage(last.staged(file, "after") or b"")
    # the home may speak another language since then; what it says is no learner's text
    for other in last.record["files"]:
        if other["of"] == file["path"] and (base := _read(home.root / other["path"])):
            given = refresh_prose(given, salvage(base)[0])
    target, _ = salvage(last.staged(file, "before") or b"")
    mine, rest = salvage(data)
    return _bytes(with_rest(merge(given, mine, target), mine, rest).notebook)


def resume(home: LearnerHome, is_open: IsOpen) -> None:
    """Finish what a kill interrupted, and forget what had not begun."""
    for journal in journals(home.root):
        if journal.state == PLANNED:
            journal.drop()
        elif journal.state == REPLACING:
            # half of it is done, but Lab may hold the other half by now
            refuse_open([home.root / name for name in journal.left()], is_open)
            journal.finish()
            _close(home, journal)


def _carry_out(home: LearnerHome, steps: list[Step], told: dict[str, Any]) -> None:
    try:
        journal = Journal.plan(home.root, steps, told)
        journal.replace()
        _close(home, journal)
    except OSError as error:
        raise HomeError(
            "The home cannot be written: {reason}",
            where=str(error.filename or home.root),
            fix="Nothing was changed. Make room or ask for the right to write, then again.",
            reason=error.strerror or error,
        ) from None


def _close(home: LearnerHome, journal: Journal) -> None:
    record = journal.record
    log = ProgressLog(home.progress_file)
    for unit, (was, to) in record["version"].items():
        data: dict[str, object] = {"from": was, "to": to}
        # what an undo takes back has not changed: its list has another name
        data |= {k: record[k].get(unit, []) for k in ("changed", "undone") if k in record}
        log.append(Attempt(now(), UPDATE, unit, version=to, data=data))
    for other in journals(home.root):
        if other.folder.name == record.get("undoes"):
            other.enter(UNDONE)
    journal.enter(DONE)


def _read(path: Path) -> bytes | None:
    try:
        return read_bytes(path)
    except OSError as error:
        raise unreadable(path, error) from None


def _bytes(notebook: Notebook) -> bytes:
    return dump_notebook(notebook).encode("utf-8")
