"""Due dates as a learner reads them: what is left to hand in, in local days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.home import LearnerHome, make_home
from kit.i18n import Translator
from kit.model import Unit
from kit.server.dates import day_text, due_dates, due_text, step_due, together
from kit.server.page import render_home
from kit.server.results import read_result
from kit.server.standing import read_standing


def here(*moment: int) -> datetime:
    """A moment by the clock of whatever machine this is."""
    return datetime(*moment).astimezone(UTC)


FRIDAY = here(2026, 11, 27, 23, 59, 59).isoformat()
LATER = here(2026, 12, 4, 23, 59, 59).isoformat()
NOW = here(2026, 11, 22, 12)


@pytest.fixture
def joined(home: LearnerHome, tmp_path: Path) -> LearnerHome:
    made = replace(home, course="mig26", exchange=tmp_path / "exchange")
    make_home(made)
    return made


def set_due(home: LearnerHome, **due: str) -> None:
    told = {name.replace("_", "-"): moment for name, moment in due.items()}
    said = {"format": 1, "course": home.course, "due": told, "extensions": {}}
    (home.state / "due.json").write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize(
    ("now", "english", "korean"),
    [
        (NOW, "due Friday 27 November, in 5 days", "11월 27일 금요일까지, 5일 남았습니다"),
        # half an hour before midnight, and after
        (
            here(2026, 11, 26, 23, 30),
            "due Friday 27 November, tomorrow",
            "11월 27일 금요일까지, 내일입니다",
        ),
        (
            here(2026, 11, 27, 0, 30),
            "due Friday 27 November, today",
            "11월 27일 금요일까지, 오늘입니다",
        ),
        (
            here(2026, 11, 28, 9),
            "was due Friday 27 November; it can still be handed in",
            "11월 27일 금요일까지였습니다. 지금도 제출할 수 있습니다",
        ),
    ],
)
def test_a_date_says_the_day_here_and_how_far_it_is(
    joined: LearnerHome, unit: Unit, now: datetime, english: str, korean: str
) -> None:
    set_due(joined, tiny=FRIDAY)
    (date,) = due_dates(joined, unit, None, now)
    assert due_text(date, Translator("en")) == english
    assert due_text(date, Translator("ko")) == korean


def test_the_time_of_day_and_another_year_are_said_where_they_matter() -> None:
    noon = here(2026, 11, 27, 12).isoformat()
    assert day_text(noon, "en", NOW) == "Friday 27 November, 12:00"
    assert day_text(noon, "ko", NOW) == "11월 27일 금요일, 12:00"
    january = here(2027, 1, 8, 23, 59, 59).isoformat()
    assert day_text(january, "en", NOW) == "Friday 8 January 2027"
    assert day_text(january, "ko", NOW) == "2027년 1월 8일 금요일"


def test_what_is_handed_in_has_no_date_any_more(
    joined: LearnerHome, unit: Unit, put_result: Any
) -> None:
    set_due(joined, tiny=FRIDAY, tiny_practice=FRIDAY)
    put_result(assignments=[{"name": "tiny", "part": "graded", "state": "handed in"}])
    left = due_dates(joined, unit, read_result(joined, unit), NOW)
    assert [one.assignment for one in left] == ["tiny-practice"]
    put_result(complete=True)
    assert due_dates(joined, unit, read_result(joined, unit), NOW) == ()


def test_the_next_step_has_the_date_that_it_works_towards(joined: LearnerHome, unit: Unit) -> None:
    set_due(joined, tiny=LATER, tiny_practice=FRIDAY)
    dates = due_dates(joined, unit, None, NOW)
    found = {kind: step_due(kind, dates) for kind in ("practice", "graded", "live", "done")}
    assert [found["practice"].due, found["graded"].due] == [FRIDAY, LATER]
    assert found["live"] is found["done"] is None
    assert [names for names, _ in together(dates)] == [["tiny-practice"], ["tiny"]]


def test_parts_with_one_date_are_told_together(joined: LearnerHome, unit: Unit) -> None:
    set_due(joined, tiny=FRIDAY, tiny_practice=FRIDAY)
    ((names, _),) = together(due_dates(joined, unit, None, NOW))
    assert names == ["tiny-practice", "tiny"]


def test_the_page_shows_a_date_as_time_on_the_card_and_at_the_next_step(
    joined: LearnerHome,
) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=5)).replace(microsecond=0).isoformat()
    set_due(joined, tiny=ahead, tiny_practice=ahead)
    page = " ".join(render_home(joined, "/base/", "x").split())
    assert f'<p class="meta">Due <time datetime="{ahead}">' in page
    assert f'<p class="due">Practice, Graded assignment: due <time datetime="{ahead}">' in page
    assert page.count("in 5 days") == 2


def test_what_is_overdue_is_said_plainly(joined: LearnerHome) -> None:
    set_due(joined, tiny_practice=(datetime.now(UTC) - timedelta(days=2)).isoformat())
    page = " ".join(render_home(joined, "/base/", "x").split())
    assert '<p class="due over">Practice: was due <time' in page
    assert "it can still be handed in" in page


def test_without_a_date_nothing_is_shown(joined: LearnerHome) -> None:
    page = render_home(joined, "/base/", "x")
    assert 'class="due' not in page
    assert read_standing(joined).current.next_due is None
