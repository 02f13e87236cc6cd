"""Gradebooks that an earlier version of the kit made, and what they hold, live on."""

from __future__ import annotations

from pathlib import Path

import pytest
from earlier_helpers import live_on, made_by_an_earlier_version
from sqlalchemy import create_engine, event, inspect

from kit.grading.tables import HANDIN, OUTCOME, make_tables

pytestmark = pytest.mark.grading


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_a_gradebook_of_an_earlier_version_lives_on(url: str) -> None:
    made_by_an_earlier_version(url)
    live_on(url)


def test_a_gradebook_is_brought_up_to_date_once(url: str) -> None:
    made_by_an_earlier_version(url)
    engine = create_engine(url)
    make_tables(engine)
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    make_tables(engine)
    assert not [one for one in said if one.startswith(("ALTER", "CREATE", "DROP", "INSERT"))]
    for table in (OUTCOME, HANDIN):
        there = {column["name"] for column in inspect(engine).get_columns(table.name)}
        assert there == set(table.c.keys())


def test_a_change_that_was_broken_off_has_cost_nothing(url: str) -> None:
    made_by_an_earlier_version(url)
    engine = create_engine(url)

    def full(_connection: object, _cursor: object, said: str, *_more: object) -> None:
        if said.strip().startswith("INSERT INTO upskill_handin"):
            raise OSError("no space left")

    event.listen(engine, "before_cursor_execute", full)
    with pytest.raises(OSError, match="no space"):
        make_tables(engine)
    live_on(url)
