"""nbgrader's collect on a copy of the exchange in which nothing can do harm.

``nbgrader collect``, Formgrader's button and ``upskill collect`` all take this way. What
may come in is copied out of the exchange first; then nbgrader's own class chooses and
collects from the copy, by its own rules.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from kit.grading.full import is_full
from kit.grading.inbound import BROKEN_OFF, NO_NAME, Came, Inbound, Offer, time_text
from kit.grading.receipts import STAMP
from kit.grading.taken import Refused
from kit.i18n import mark, phrase

# older ones are looked at only as long as none is whole
MOST_TRIED = 20
NO_ROOM = mark("Not taken: the disk is full.")


@dataclass
class Seen:
    """What a collection saw of one learner: what to tell, phrases, and the accounts.

    ``waits``: the newest is in the exchange still, since there was no room for it.
    """

    notes: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    waits: bool = False

    def tell(self, note: str) -> None:
        """Note it once."""
        if note not in self.notes:
            self.notes.append(note)


class CarefulCollect(ExchangeCollect):  # type: ignore[misc]
    """``seen`` has a row for each learner whom the exchange names."""

    root: str

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.seen: dict[str, Seen] = {}

    def start(self) -> None:
        """Called by nbgrader's command, and by the kit's."""
        base = Path(self.coursedir.root)
        for left in base.glob(".arriving-*"):
            # a kill left it
            if datetime.fromtimestamp(left.stat().st_mtime, UTC) < datetime.now(UTC) - BROKEN_OFF:
                shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=base, prefix=".arriving-") as copy:
            self._copy = Path(copy)
            super().start()

    def init_src(self) -> None:
        """Copy what may come in; nbgrader then finds it in the copy, and nothing else."""
        course, given = self.coursedir.course_id, self.root
        inbound = Path(given, course, "inbound")
        self._taken: list[Came] = []
        # without a course nbgrader's own words are right
        if course and inbound.is_dir() and os.access(inbound, os.R_OK | os.X_OK):
            self._gather(inbound)
            self.root, self.check_owner = str(self._copy), False
        super().init_src()
        self.root = given

    def do_copy(self, src: str, dest: str, **_log: Any) -> None:
        """Called by nbgrader once what was there is gone: a copy could break off half-way."""
        shutil.move(src, dest)

    def copy_files(self) -> None:
        """Let nbgrader collect; then note what was taken, so that it is not copied again."""
        super().copy_files()
        if not self._taken:
            return
        of_assignment = self._inbound.arrivals.taken.setdefault(self.coursedir.assignment_id, {})
        for came in self._taken:
            place = self._submitted(came.offer)
            # nbgrader may have kept what was there
            if self.coursedir.get_existing_timestamp(str(place)) == came.moment.replace(
                tzinfo=None
            ):
                of_assignment[came.offer.learner] = came.offer.folder
        self._inbound.arrivals.write()

    def _gather(self, inbound: Path) -> None:
        scratch = self._copy / "scratch"
        target = self._copy / self.coursedir.course_id / "inbound"
        for folder in (scratch, target):
            folder.mkdir(parents=True)
        most = 1000 * self.coursedir.max_dir_size
        self._inbound = Inbound(inbound, Path(self.coursedir.root), scratch, most)
        try:
            self._inbound.sweep()
            found, nameless = self._inbound.offers(
                self.coursedir.assignment_id, self.coursedir.student_id or "*"
            )
            for learner in nameless:
                self._of(learner).tell(NO_NAME)
            for offers in found.values():
                self._choose(offers, target)
        finally:
            self._inbound.close()

    def _of(self, learner: str) -> Seen:
        return self.seen.setdefault(learner, Seen())

    def _choose(self, offers: list[Offer], target: Path) -> None:
        """Copy the newest whole one that may come in, or all of them where nbgrader chooses."""
        seen = self._of(offers[0].learner)
        try:
            self._choose_of(seen, offers, target)
        except OSError as error:
            if not is_full(error):
                raise
            # what is smaller may still come in, and an older one is no better
            seen.waits = True
            seen.tell(phrase(NO_ROOM))
            self.log.error("No room for what %s handed in", offers[0].learner)

    def _choose_of(self, seen: Seen, offers: list[Offer], target: Path) -> None:
        theirs, seen.accounts, refused = self._inbound.sorted_out(offers)
        for why in refused:
            seen.tell(phrase("Not taken: {why}.", why=why))
        spare: Came | None = None
        try:
            for offer in theirs[:MOST_TRIED]:
                if not self.before_duedate and self._has(offer):
                    return
                try:
                    came = self._inbound.take(offer)
                except Refused as error:
                    seen.tell(phrase("Not taken: {why}.", why=error.why))
                    continue
                if not came.fault:
                    self._offer(came, target)
                    if not self.before_duedate:
                        return
                    continue
                seen.tell(phrase("Incomplete: {what}.", what=came.fault))
                if spare is None and (came.folder / STAMP).is_file():
                    spare = came
                else:
                    _drop(came)
            # nothing newer is whole: the newest that nbgrader can date is better than nothing
            if spare and not any(came.offer in offers for came in self._taken):
                self._offer(spare, target)
        finally:
            _drop(spare)

    def _has(self, offer: Offer) -> bool:
        taken = self._inbound.arrivals.taken.get(self.coursedir.assignment_id, {})
        return taken.get(offer.learner) == offer.folder and self._submitted(offer).is_dir()

    def _submitted(self, offer: Offer) -> Path:
        return Path(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, offer.learner, self.coursedir.assignment_id
            )
        )

    def _offer(self, came: Came, target: Path) -> None:
        offer, when = came.offer, time_text(came.moment)
        # the name carries the time that counts, so that all rules of nbgrader's follow it
        place = target / f"{offer.learner}+{self.coursedir.assignment_id}+{when}+0"
        try:
            # nbgrader's own copying leaves out what its settings say
            super().do_copy(str(came.folder), str(place))
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        finally:
            _drop(came)
        self._taken.append(came)
        if came.later:
            told = phrase(
                "It says {claimed} and arrived at {arrived} (UTC), which counts.",
                claimed=f"{offer.claimed:%Y-%m-%d %H:%M}",
                arrived=f"{came.moment:%Y-%m-%d %H:%M}",
            )
            self._of(offer.learner).tell(told)


def _drop(came: Came | None) -> None:
    """Remove a copy as soon as nothing needs it: the next one may need the room."""
    if came:
        shutil.rmtree(came.folder, ignore_errors=True)
