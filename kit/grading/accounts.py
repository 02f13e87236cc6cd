"""Who may hand in as whom: the accounts of the system that learners' submissions came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.files import read_json, write_json
from kit.grading.cohort_file import Learner
from kit.i18n import mark, phrase

FILE = "arrivals.json"


@dataclass
class Arrivals:
    """COURSE/arrivals.json: each learner's account, by number, and what was taken last.

    ``taken`` is the name of a folder in the exchange by assignment and learner.
    """

    path: Path
    accounts: dict[str, int] = field(default_factory=dict)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Path) -> Arrivals:
        """What a course has noted; GradingError when the note is damaged."""
        path = course / FILE
        try:
            said: dict[str, Any] = read_json(path, {})
            accounts = {str(name): int(uid) for name, uid in said.get("accounts", {}).items()}
            taken = {str(name): dict(rows) for name, rows in said.get("taken", {}).items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise GradingError(
                "The course's note of who handed in from which account is damaged: {error}",
                where=str(path),
                fix="Put a copy of it back; or delete it: each learner's next account is noted.",
                error=error,
            ) from None
        return cls(path, accounts, taken)

    def write(self) -> None:
        """Keep it, atomically."""
        write_json(self.path, {"format": 1, "accounts": self.accounts, "taken": self.taken})


def why_not(
    learner: str, uid: int, account: str, people: dict[str, Learner], noted: dict[str, int]
) -> str:
    """Why work from an account is not taken as a learner's, a phrase; "" when it is.

    In this order: the account that the cohort file names; an account of the learner's own
    name; the account that the learner's work came from first, unless that is another
    learner's name.
    """
    from kit.runner.accounts import has_account

    told = people[learner].account if learner in people else ""
    if told:
        return "" if account == told else _other(account, told)
    if account == learner:
        return ""
    if has_account(learner):
        return _other(account, learner)
    if account in people:
        return phrase(mark("it came from another learner's account, '{account}'"), account=account)
    if noted.get(learner, uid) == uid:
        return ""
    return phrase(
        mark("it came from the account '{account}', and earlier work from another one"),
        account=account,
    )


def _other(account: str, wanted: str) -> str:
    return phrase(
        mark("it came from the account '{account}', not from '{wanted}'"),
        account=account,
        wanted=wanted,
    )
