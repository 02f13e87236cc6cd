"""A gradebook as an earlier version of the kit made it, and what must be true of it later."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from kit.grading import store
from kit.grading.outcomes import APART, CellOutcome

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
# as they were: no word on where a check was run, and a sum of what was handed in
OLD = (
    "ALTER TABLE upskill_outcome DROP COLUMN trust",
    "INSERT INTO upskill_outcome VALUES"
    " ('a', 'kim', 'count', 'passed', '', '', '', 1.0, '2026-11-20', '1')",
    "DROP TABLE upskill_handin",
    "CREATE TABLE upskill_handin (assignment VARCHAR(128) NOT NULL, learner VARCHAR(128) NOT NULL,"
    " submitted_at TIMESTAMP, version VARCHAR(64) NOT NULL, language VARCHAR(16) NOT NULL,"
    " practice TEXT NOT NULL, declared TEXT NOT NULL, state VARCHAR(16) NOT NULL,"
    " reason TEXT NOT NULL, content VARCHAR(64) NOT NULL, PRIMARY KEY (assignment, learner))",
    "INSERT INTO upskill_handin VALUES"
    " ('a', 'kim', '2026-11-20 12:00:00.000000', '1', 'ko', '', '', 'failed', 'empty', 'abc')",
)


def made_by_an_earlier_version(url: str) -> None:
    store.prepare(url)
    with store.connected(url, make=False) as connection:
        for command in OLD:
            connection.execute(text(command))


def live_on(url: str) -> None:
    """What an old gradebook says is read, and new rows are taken."""
    assert store.outcomes(url, "a", "kim") == [CellOutcome("count", "passed", "", 1.0)]
    said = CellOutcome("count", "passed", "", 1.0, trust=APART)
    store.save_outcomes(url, "a", "kim", [said], NOON)
    assert store.outcomes(url, "a", "kim") == [said]
    old = store.handins(url, "a")["kim"]
    assert (old.submitted_at, old.language) == (NOON.replace(tzinfo=None), "ko")
    assert (old.state, old.reason) == ("failed", "empty")
    store.save_handin(url, "a", "lee", NOON)
    assert store.handins(url, "a").keys() == {"kim", "lee"}
