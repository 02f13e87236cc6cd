"""The kit's own tables: what is kept, what is refused, and nbgrader beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from kit.grading import store, tables
from kit.grading.handed import LINES, Practice, digest, read_handed
from kit.grading.handed_tables import HANDIN, SEEN, handed_tables
from kit.grading.outcomes import CellOutcome

pytestmark = pytest.mark.grading
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHOLE = {
    "schema": 1,
    "unit": "tiny",
    "version": "2026.11.1",
    "language": "ko",
    "made_at": "2026-11-20T12:00:00Z",
    "exercises": {
        "count": {"attempts": 3, "first": "incorrect", "passed": True, "labels": ["miscounted"]},
        "total": {"attempts": 1, "first": "passed", "passed": True, "minutes": 2.5},
    },
    "items": {"q1": {"pre": False, "post": True}},
    "applied": {"at": "2026-11-21T08:00:00Z", "rows": 900},
}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def wrong(label: str) -> CellOutcome:
    return CellOutcome("count", "incorrect", "You count 9.", 0.0, label)


def test_outcomes_are_replaced_as_a_whole(url: str) -> None:
    store.save_outcomes(url, "a", "kim", [wrong("x"), CellOutcome("t", "passed", "", 1.0)], NOON)
    store.save_outcomes(url, "a", "lee", [wrong("x")], NOON)
    store.save_outcomes(url, "a", "kim", [CellOutcome("count", "passed", "", 1.0)], NOON)
    assert [(o.exercise, o.kind) for o in store.outcomes(url, "a", "kim")] == [("count", "passed")]
    assert store.outcomes(url, "a", "lee") == [wrong("x")]


def test_mistakes_of_earlier_submissions_are_remembered(url: str) -> None:
    for outcome in (wrong("x"), wrong("y"), wrong("y"), CellOutcome("count", "passed", "", 1.0)):
        store.save_outcomes(url, "a", "kim", [outcome], NOON)
    with store.connected(url) as connection:
        row = connection.execute(tables.OUTCOME.select()).one()
    assert (row.label, row.earlier) == ("", "x y")


def test_a_hand_in_comes_back_as_it_was_saved(url: str) -> None:
    practice = Practice.model_validate(WHOLE)
    store.save_handin(url, "a", "kim", NOON, "2026.11.1", "ko", practice)
    row = store.handins(url, "a")["kim"]
    assert row.practice == practice
    assert (row.submitted_at, row.state) == (NOON.replace(tzinfo=None), "graded")


@pytest.mark.parametrize(
    "stored",
    [
        '{"unit": "tiny", "exercises": {"count": {"attempts": 3, "passed": true}}}',
        '{"unit": "tiny", "attempts": 3}',
        "[1]",
        "{",
        # the lines of a newer shape, as many as ours
        "\n".join(["practice/3", *[""] * (len(LINES) - 1)]),
    ],
)
def test_practice_that_another_kit_stored_counts_as_none(url: str, stored: str) -> None:
    practice = Practice.model_validate(WHOLE)
    for learner in ("kim", "lee"):
        store.save_handin(url, "a", learner, NOON, "2026.11.1", "ko", practice)
    with store.connected(url) as connection:
        old = tables.HANDIN.update().where(tables.HANDIN.c.learner == "kim")
        connection.execute(old.values(practice=stored))
        rows = pd.read_sql(tables.HANDIN.select(), connection)[list(HANDIN)]
    found = store.handins(url, "a")
    assert (found["kim"].practice, found["lee"].practice) == (None, practice)
    seen = pd.DataFrame({name: pd.Series([], dtype="str") for name in SEEN})
    known = handed_tables(rows, seen, {"a": ("tiny", "practice")})
    assert set(known.practice["learner"]) == {"lee"}


def test_requests_are_asked_once_answered_and_asked_again(url: str) -> None:
    later = NOON.replace(hour=13)
    assert store.save_request(url, "tiny", "kim", "memo", "Look at line 2.", NOON)
    assert not store.save_request(url, "tiny", "kim", "memo", "Look at line 2.", NOON)
    assert store.answer_request(url, "tiny", "kim", "memo", "Right, changed.", later)
    assert not store.answer_request(url, "tiny", "lee", "memo", "?", later)
    (row,) = store.requests(url, "tiny")
    assert (row["state"], row["answer"]) == ("answered", "Right, changed.")
    # the same request, collected once more, does not open it again
    assert not store.save_request(url, "tiny", "kim", "memo", "Look at line 2.", NOON)
    assert store.save_request(url, "tiny", "kim", "memo", "And line 3?", later.replace(hour=14))
    assert [r["state"] for r in store.requests(url)] == ["open"]
    assert store.requests(url, "other") == []


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ("\ufeff[]", "impossible"),
        ("[" * 100_000, "damaged"),
        ("[]", "impossible"),
        ('{"schema": 2, "unit": "tiny"}', "impossible"),
        ('{"schema": 1, "unit": "<script>"}', "impossible"),
        (json.dumps(WHOLE | {"exercises": {"count": {"attempts": -1}}}), "impossible"),
        (json.dumps(WHOLE | {"exercises": {"count": {"minutes": float("inf")}}}), "impossible"),
        (json.dumps(WHOLE | {"exercises": {f"e{n}": {} for n in range(500)}}), "impossible"),
        (json.dumps(WHOLE | {"version": "x" * 300_000}), "too big"),
    ],
)
def test_a_damaged_practice_becomes_a_note(tmp_path: Path, text: str, note: str) -> None:
    (tmp_path / "practice.json").write_text(text, encoding="utf-8")
    practice, _, notes = read_handed(tmp_path)
    assert practice is None
    assert len(notes) == 1
    assert note in notes[0]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(WHOLE), encoding="utf-8")
    folder = tmp_path / "submitted"
    folder.mkdir()
    (folder / "practice.json").symlink_to(secret)
    assert read_handed(folder) == (None, None, [])
    assert digest(folder) == digest(tmp_path / "nowhere")


def test_what_was_handed_in_has_a_digest_by_name_and_content(tmp_path: Path) -> None:
    path = tmp_path / "workbook.ipynb"
    path.write_text("a", encoding="utf-8")
    first = digest(tmp_path)
    assert digest(tmp_path) == first
    path.write_text("b", encoding="utf-8")
    second = digest(tmp_path)
    path.rename(tmp_path / "other.ipynb")
    third = digest(tmp_path)
    # as a browser of another encoding leaves it, and as no text can be
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb0\xe1\xb0\xfa.csv")).touch()
    assert len({first, second, third, digest(tmp_path)}) == 4


def test_nbgraders_own_upgrade_leaves_them_alone(tmp_path: Path) -> None:
    tools = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    # ours come first here: a database with tables gets no version number from nbgrader
    store.save_outcomes(url, "a", "kim", [wrong("x")], NOON)
    command = [tools / "nbgrader", "db", "upgrade", "--CourseDirectory.root=."]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert store.outcomes(url, "a", "kim") == [wrong("x")]
