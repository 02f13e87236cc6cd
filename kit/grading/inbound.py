"""The trainer's side of the exchange's inbound folder: what lies there, and whose it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.utils import parse_utc

from kit.grading.accounts import Arrivals, why_not
from kit.grading.cohort_file import roster, valid_id
from kit.grading.full import is_full
from kit.grading.receipts import STAMP, lacking, shown
from kit.grading.taken import Refused, account_of, open_folder, take
from kit.grading.whole import COMING
from kit.i18n import mark, phrase

# clocks of two machines differ, and nbgrader takes the time before it copies
TOLERANCE = timedelta(minutes=5)
BROKEN_OFF = timedelta(days=1)
NO_NAME = mark("Not collected: its folder has no proper name.")


@dataclass(frozen=True)
class Offer:
    """One folder in the exchange; ``claimed`` (UTC) is the time in its name."""

    learner: str
    folder: str
    claimed: datetime


@dataclass(frozen=True)
class Came:
    """A copy of what was offered. ``moment`` (UTC) is when it counts as handed in.

    ``fault`` says why it is not whole, "" when it is. ``account`` is where it came from.
    """

    offer: Offer
    folder: Path
    moment: datetime
    fault: str

    @property
    def later(self) -> bool:
        """Whether it arrived later than it says itself."""
        return self.moment > self.offer.claimed


class Inbound:
    """The folder, open; ``scratch`` is an empty one of the trainer's, ``most`` in bytes."""

    def __init__(self, folder: Path, course: Path, scratch: Path, most: int) -> None:
        self._folder, self._scratch, self._most = folder, scratch, most
        self._people, self.arrivals = roster(course), Arrivals.of(course)
        # the trainer's own process needs no proof of a name, nor does the machine's owner
        self._trusted = {0, scratch.stat().st_uid}
        self._number = 0
        self._opened = open_folder(folder)

    def close(self) -> None:
        """Close the folder."""
        os.close(self._opened)

    def sweep(self) -> None:
        """Remove what hand-ins left behind that broke off, as far as its owners allow."""
        for left in self._folder.glob(f"{COMING}*"):
            changed = datetime.fromtimestamp(left.lstat().st_mtime, UTC)
            if changed < datetime.now(UTC) - BROKEN_OFF:
                shutil.rmtree(left, ignore_errors=True)

    def offers(self, assignment: str, wanted: str) -> tuple[dict[str, list[Offer]], list[str]]:
        """By learner, newest first; and learners whose folder has a name that is none."""
        found: dict[str, list[Offer]] = {}
        nameless = []
        with os.scandir(self._opened) as listed:
            folders = sorted(entry.name for entry in listed)
        for folder in folders:
            # as nbgrader splits it: the time, and perhaps a random string, come last
            parts = folder.rsplit("+", 3)
            if len(parts) < 3 or parts[1] != assignment:
                continue
            try:
                claimed = parse_utc(parts[2]).replace(tzinfo=UTC)
                learner = valid_id(parts[0])
            except (ValueError, OverflowError, TypeError):
                nameless.append(shown(parts[0]))
                continue
            if wanted in ("*", learner):
                found.setdefault(learner, []).append(Offer(learner, folder, claimed))
        now = datetime.now(UTC)
        for offers in found.values():
            # a time to come would stand before all later work
            offers.sort(key=lambda one: min(one.claimed, now), reverse=True)
        return found, nameless

    def sorted_out(self, offers: list[Offer]) -> tuple[list[Offer], list[str], list[str]]:
        """One learner's offers that may be theirs; their accounts; why others may not, phrases."""
        first = self.arrivals.accounts.get(offers[0].learner)
        noted = {} if first is None else {offers[0].learner: first}
        theirs, accounts, refused = [], [], []
        # without a note, what arrived first says whose name it is
        for offer in sorted(offers, key=self._changed):
            try:
                with self._open(offer) as opened:
                    why, account = self._why_not(offer, opened, noted), account_of(opened)
                    uid = os.fstat(opened).st_uid
            except OSError as error:
                refused.append(_unreadable(error))
                continue
            if why:
                refused.append(why)
                continue
            if uid not in self._trusted:
                noted.setdefault(offer.learner, uid)
            theirs.append(offer)
            accounts.append(account)
        self.arrivals.accounts.update(noted)
        return [one for one in offers if one in theirs], sorted({*accounts}), refused

    def take(self, offer: Offer) -> Came:
        """Copy one; Refused when it is not as it was a moment ago, or holds what none should.

        OSError where this side's disk is full. Either way nothing of it is kept.
        """
        self._number += 1
        target = self._scratch / str(self._number)
        try:
            return self._copied(offer, target)
        except OSError as error:
            shutil.rmtree(target, ignore_errors=True)
            if is_full(error):
                raise
            raise Refused(_unreadable(error)) from None
        except Refused:
            shutil.rmtree(target, ignore_errors=True)
            raise

    def _copied(self, offer: Offer, target: Path) -> Came:
        with self._open(offer) as opened:
            if why := self._why_not(offer, opened, self.arrivals.accounts):
                raise Refused(why)
            trusted = os.fstat(opened).st_uid in self._trusted
            taken = take(opened, target, self._most)
        moment = offer.claimed if trusted else _counted(offer.claimed, taken.arrived)
        if (target / STAMP).is_file() and _stamp(target) != moment:
            (target / STAMP).write_text(time_text(moment), encoding="utf-8")
        return Came(offer, target, moment, lacking(target, taken.files))

    @contextmanager
    def _open(self, offer: Offer) -> Iterator[int]:
        opened = open_folder(offer.folder, self._opened)
        try:
            yield opened
        finally:
            os.close(opened)

    def _changed(self, offer: Offer) -> int:
        try:
            return os.stat(offer.folder, dir_fd=self._opened, follow_symlinks=False).st_ctime_ns
        except OSError:
            return 0

    def _why_not(self, offer: Offer, opened: int, noted: dict[str, int]) -> str:
        uid = os.fstat(opened).st_uid
        if uid in self._trusted:
            return ""
        return why_not(offer.learner, uid, account_of(opened), self._people, noted)


def time_text(moment: datetime) -> str:
    """A time as nbgrader writes it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _counted(claimed: datetime, arrived: datetime) -> datetime:
    """When work counts as handed in: a claim holds as long as the system's record agrees."""
    if arrived > claimed + TOLERANCE:
        return arrived
    return min(claimed, datetime.now(UTC) + TOLERANCE)


def _stamp(folder: Path) -> datetime | None:
    try:
        # as long as nbgrader's own; a learner may have written anything
        text = (folder / STAMP).read_bytes()[:100].decode("utf-8").strip()
        told: datetime = parse_utc(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return told


def _unreadable(error: OSError) -> str:
    return phrase(mark("it cannot be read: {reason}"), reason=error.strerror or str(error))
