"""From files to an export of one's own: by the tool that wrote them, or by confirmed columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.data.own.asking import Asked, Proposal
from kit.data.own.columns import read_columns
from kit.data.own.contract import Contract, TableRule
from kit.data.own.export import ENGLISH, Own
from kit.data.own.gather import Files
from kit.data.own.large import read_large, read_large_rows, streams
from kit.data.own.masks import masker_of
from kit.data.own.remember import header_key, remember, remembered
from kit.data.own.rows import RowsTogether
from kit.data.own.samples import Rowwise, Samples
from kit.data.own.stored import Step
from kit.data.own.suggest import (
    SURE,
    column_names,
    fits,
    missing,
    roles_of,
    suggest,
    told,
)
from kit.data.own.tables import head_in, read_mapped, table_in, table_with
from kit.data.own.words import known_to_readers
from kit.data.readers import PLAIN, Reading
from kit.data.readers.dispatch import lost_of, read_one
from kit.data.readers.record import add_ledgers
from kit.data.readers.settle import empty_machines
from kit.data.readers.source import is_large
from kit.data.readers.table import Table
from kit.data.readers.values import is_number
from kit.data.stream import Stored
from kit.errors import DataError, UsageError
from kit.files import hash_files, labels_of
from kit.home import LearnerHome
from kit.model import Reality


@dataclass(frozen=True)
class _Job:
    """What was asked for, what is known of columns, and what came of each file so far."""

    unit: str
    rule: TableRule
    roles: Mapping[str, str]
    tool: str | None
    home: LearnerHome | None
    confirmed: Mapping[str, Mapping[str, str]]
    files: Files
    step: Step | None = None
    rows: list[Rowwise] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    mapped: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def known(self, table: Table) -> dict[str, str]:
        """Roles confirmed for this very header, now or earlier, if its cells still agree."""
        header = column_names(table)
        now = self.confirmed.get(header_key(header))
        if now or not self.home:
            return dict(now or {})
        # another export may have the same header, or none, and other things in its columns
        before = remembered(self.home, header)
        return before if fits(table, self.rule, before) else {}


def read_own(
    files: Sequence[Path],
    *,
    contract: Contract,
    table: str = "",
    roles: Mapping[str, str] | None = None,
    tool: str | None = None,
    unit: str | None = None,
    home: LearnerHome | None = None,
    say: Callable[..., str] = ENGLISH,
    confirmed: Mapping[str, Mapping[str, str]] | None = None,
    step: Step | None = None,
) -> Own | Proposal:
    """Read ``files`` as one table of the contract ("" is its first).

    ``roles`` says what columns of one file are (column to id); the rest is suggested. Where
    a column is known by its content only, nothing is read: a Proposal shows what was found
    and reads once it is confirmed. Roles told or confirmed are remembered in ``home`` for
    this header. ``tool`` and ``unit`` are those of ``kit.data.readers.read_export``. Tables
    above 200 MB are streamed; ``step`` is called with what is done of how much of each.

    DataError when nothing can be read, UsageError for roles that do not fit the file.
    """
    if roles and len(files) != 1:
        raise UsageError("Columns are told for one file at a time.", where="columns")
    rule, before = contract.table(table), dict(confirmed or {})
    given = (contract.unit, rule, dict(roles or {}), tool, home, before)
    job = _Job(*given, Files(len(files) == 1, unit), step)
    for path, label in zip(files, labels_of(list(files)), strict=True):
        try:
            _take(job, path, label)
        except DataError as error:
            # one bad file among ten must not cost the other nine
            job.files.failures.append((label, error))
    if job.asked:

        def again(answers: Mapping[str, Mapping[str, str]]) -> Own | Proposal:
            return read_own(
                files,
                contract=contract,
                table=table,
                unit=unit,
                home=home,
                say=say,
                confirmed=before | dict(answers),
                step=step,
            )

        return Proposal(tuple(job.asked), rule, say, again, home)
    return _made(contract, job, hash_files(files), say)


def _take(job: _Job, path: Path, label: str) -> None:
    """Read one file into the job, or note what must be asked about it."""
    if job.roles:
        _by_told(job, path, label)
    elif job.tool and not (job.tool in PLAIN and streams(path)):
        job.files.readings.append(_plain(job, path, label))
    elif job.rule.reader == "columns":
        _by_names(job, path, label, head_in(path) or table_in(path))
    else:
        _by_tool(job, path, label)


def _by_tool(job: _Job, path: Path, label: str) -> None:
    head, reading, failure = head_in(path), None, None
    if head is not None and streams(path):
        _by_names(job, path, label, head)
        return
    if head is None or not job.known(head):
        try:
            reading = _plain(job, path, label)
        except DataError as error:
            # other roles make no large file smaller
            if is_large(path):
                raise
            failure = error
    listed = reading is not None and len(reading.machines) and not len(reading.samples)
    if reading is not None and (listed or head is None or reading.tool not in PLAIN):
        job.files.readings.append(reading)
    elif head is None and failure:
        raise failure
    elif head is not None:
        _by_names(job, path, label, head, reading, failure)


def _plain(job: _Job, path: Path, label: str) -> Reading:
    return job.files.in_unit(lambda unit: read_one(path, label, tool=job.tool, unit=unit))


def _by_names(
    job: _Job,
    path: Path,
    label: str,
    head: Table,
    reading: Reading | None = None,
    failure: DataError | None = None,
) -> None:
    """Map the columns by suggestion: at once where names say it all, else ask."""
    known = job.known(head)
    if known:
        _map(job, path, label, known)
        return
    guesses = suggest(head, job.rule)
    roles = roles_of(guesses)
    lacking = missing(job.rule, roles.values())
    unsure = any(guess.role and guess.sure < SURE for guess in guesses)
    # a column of numbers that nobody named may be the one that is lacking
    open_ones = any(not guess.role and is_number(guess.example) for guess in guesses)
    if unsure or (lacking and open_ones and reading is None):
        job.asked.append(Asked(label, tuple(column_names(head)), guesses))
    elif reading is not None and (lacking or _as_read(roles)):
        job.files.readings.append(reading)
    elif lacking and not streams(path):
        raise failure or _lacks(label, lacking)
    else:
        _map(job, path, label, roles)


def _as_read(roles: Mapping[str, str]) -> bool:
    return all(known_to_readers(column, role) for column, role in roles.items())


def _by_told(job: _Job, path: Path, label: str) -> None:
    _, head = table_with(path, job.roles, head=True)
    guesses = told(suggest(head, job.rule), job.roles)
    roles = roles_of(guesses)
    if any(guess.role and guess.sure < SURE for guess in guesses):
        job.asked.append(Asked(label, tuple(column_names(head)), guesses))
        return
    _map(job, path, label, roles)
    if job.home:
        remember(job.home, column_names(head), roles)


def _map(job: _Job, path: Path, label: str, roles: Mapping[str, str]) -> None:
    if job.rule.reader == "columns":
        if lacking := missing(job.rule, roles.values()):
            raise _lacks(label, lacking)
        job.rows.append(_rows(job, path, label, roles))
    elif streams(path):

        def stream(unit: str | None) -> Stored:
            return read_large(path, roles, job.home, label=label, unit=unit, step=job.step)

        job.files.stored.append(job.files.in_unit(stream))
    else:

        def map_columns(unit: str | None) -> Reading:
            return read_mapped(path, roles, job.rule, label=label, tool=job.tool, unit=unit)

        job.files.readings.append(job.files.in_unit(map_columns))
    job.mapped[label] = dict(roles)


def _rows(job: _Job, path: Path, label: str, roles: Mapping[str, str]) -> Rowwise:
    if is_large(path):
        return read_large_rows(
            path, roles, job.rule, job.home, label=label, unit=job.unit, step=job.step
        )
    masker = masker_of(job.home) if job.home else None
    return read_columns(path, job.rule, roles, masker, label=label)


def _lacks(label: str, lacking: Sequence[str]) -> DataError:
    return DataError(
        "{file} has no column for: {lacking}.",
        where=label,
        fix="Export it with these columns, or say which ones they are: columns={{...}}",
        file=label,
        lacking=", ".join(lacking),
    )


def _made(contract: Contract, job: _Job, hashes: Mapping[str, str], say: Callable[..., str]) -> Own:
    samples: Samples
    if not job.rows:
        found = job.files.gathered()
        samples, inventory, unclear = found.samples, found.inventory, found.unit_unclear
    else:
        samples, inventory, unclear = _together(job), empty_machines(), ()
    return Own(
        contract=contract,
        table=job.rule,
        samples=samples,
        hashes=hashes,
        reality=Reality.REAL,
        roles=job.mapped,
        inventory=inventory,
        unit_unclear=unclear,
        say=say,
    )


def _together(job: _Job) -> Rowwise:
    if len(job.rows) == 1 and not job.files.failures:
        return job.rows[0]
    lost = [lost_of(failure) for failure in job.files.failures]
    return RowsTogether(job.rows, add_ledgers([*(one.ledger for one in job.rows), *lost]))
