"""Dates of a trainer's course in a learner's home: kept, extended, and nobody else's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.home import LearnerHome, make_home
from kit.model import Unit
from kit.progress.due import keep_due, read_due, released_due

DUE = "2026-11-27T14:59:59+00:00"
MOMENT = datetime(2026, 11, 27, 14, 59, 59, tzinfo=UTC)


@pytest.fixture
def joined(tiny_home: LearnerHome, tmp_path: Path) -> LearnerHome:
    home = replace(tiny_home, course="mig26", exchange=tmp_path / "exchange")
    make_home(home)
    return home


def release(home: LearnerHome, due: object, assignment: str = "tiny") -> None:
    folder = home.exchange / home.course / "outbound" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    said = {"format": 1, "course": home.course, "due": due}
    (folder / "course.json").write_text(json.dumps(said), encoding="utf-8")


def test_a_date_is_kept_and_a_later_one_replaces_it(joined: LearnerHome, tiny: Unit) -> None:
    release(joined, DUE)
    assert keep_due(joined, [tiny])
    assert read_due(joined, "tiny") == MOMENT
    assert read_due(joined, "tiny-practice") is None
    assert not keep_due(joined, [tiny])
    release(joined, "2026-12-04T14:59:59+00:00")
    assert keep_due(joined, [tiny])
    assert read_due(joined, "tiny") == MOMENT.replace(month=12, day=4)
    release(joined, None)
    assert keep_due(joined, [tiny])
    assert read_due(joined, "tiny") is None


def test_an_extension_moves_the_date_until_it_is_taken_back(
    joined: LearnerHome, tiny: Unit
) -> None:
    release(joined, DUE)
    keep_due(joined, [tiny], {"tiny": 2 * 86400})
    assert read_due(joined, "tiny") == MOMENT.replace(day=29)
    # a fetch that hears nothing of it leaves it
    keep_due(joined, [tiny])
    assert read_due(joined, "tiny") == MOMENT.replace(day=29)
    assert keep_due(joined, [tiny], {"tiny": 0.0})
    assert read_due(joined, "tiny") == MOMENT


def test_dates_of_a_course_that_was_left_are_nobodys(joined: LearnerHome, tiny: Unit) -> None:
    release(joined, DUE)
    keep_due(joined, [tiny])
    assert read_due(replace(joined, course="other"), "tiny") is None
    assert read_due(replace(joined, exchange=None), "tiny") is None


def test_an_exchange_that_is_away_takes_no_date_away(joined: LearnerHome, tiny: Unit) -> None:
    release(joined, DUE)
    keep_due(joined, [tiny])
    away = joined.exchange.rename(joined.exchange.with_name("away"))
    assert away.is_dir()
    assert not keep_due(joined, [tiny])
    assert read_due(joined, "tiny") == MOMENT


def test_where_no_date_was_ever_set_nothing_is_written(joined: LearnerHome, tiny: Unit) -> None:
    release(joined, None)
    assert not keep_due(joined, [tiny])
    assert not (joined.state / "due.json").exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"due": 5}', '{"due": "soon"}', "{}"])
def test_what_anybody_wrote_into_the_exchange_is_no_date(
    joined: LearnerHome, tiny: Unit, text: str
) -> None:
    release(joined, DUE)
    place = joined.exchange / "mig26" / "outbound" / "tiny" / "course.json"
    place.write_text(text, encoding="utf-8")
    assert released_due(joined.exchange, "mig26", "tiny") is None
    assert not keep_due(joined, [tiny])


@pytest.mark.parametrize("text", ["{", "[]", '{"course": "mig26", "due": {"tiny": "x"}}'])
def test_a_damaged_file_of_dates_is_made_again(joined: LearnerHome, tiny: Unit, text: str) -> None:
    (joined.state / "due.json").write_text(text, encoding="utf-8")
    assert read_due(joined, "tiny") is None
    release(joined, DUE)
    assert keep_due(joined, [tiny])
    assert read_due(joined, "tiny") == MOMENT
