"""The programme at a glance: every unit in order, where it stands, which one is next."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from kit.home import LearnerHome, make_home, open_home
from kit.model import Attempt
from kit.progress import ProgressLog
from kit.server.page import render_home
from tests.tiny_unit import many_tiny

TITLES = ["Size <servers>", "Build the case", *(f"Unit {n}" for n in range(3, 13))]


def drawn(home: LearnerHome) -> BeautifulSoup:
    return BeautifulSoup(render_home(home, "/base/", "x"), "html.parser")


def rows(page: BeautifulSoup) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.select("nav.map li")]


def test_one_unit_is_begun_complete_and_applied_in_turn(home, diary, put_result) -> None:
    assert rows(drawn(home)) == ["A tiny unit next not begun Demo 10 min"]
    diary("check", "count", "passed")
    assert rows(drawn(home)) == ["A tiny unit next begun: 1 of 2 Demo 10 min"]
    diary("check", "total", "passed")
    put_result(complete=True, missing=[])
    assert rows(drawn(home)) == ["A tiny unit next complete Demo 10 min"]
    diary("applied")
    # nothing is left to do
    assert rows(drawn(home)) == ["A tiny unit complete, applied Demo 10 min"]


@pytest.fixture
def twelve(own_home: Path, tmp_path: Path):
    with many_tiny(tmp_path / "many", TITLES) as units:
        home = open_home(own_home, "en")
        make_home(home)
        yield home, units


def test_twelve_units_stand_in_order_and_lead_to_their_cards(twelve) -> None:
    home, units = twelve
    page = drawn(home)
    links = [link["href"] for link in page.select("nav.map a")]
    assert links == [f"#unit-{unit.id}" for unit in units]
    assert all(page.select_one(link) for link in links)
    assert rows(page)[0].startswith("Size <servers> next")
    assert [row.split(" not begun")[0] for row in rows(page)[1:]] == TITLES[1:]


def test_the_next_unit_is_marked_once_the_one_before_is_done(twelve) -> None:
    home, units = twelve
    log = ProgressLog(home.progress_file)
    for number, (event, exercise) in enumerate(
        [("check", "count"), ("check", "total"), ("applied", "")]
    ):
        time, outcome = f"2026-11-02T09:0{number}:00.000+00:00", "passed" if exercise else ""
        log.append(Attempt(time, event, units[0].id, exercise, outcome, data={}))
    folder = home.state / "results"
    folder.mkdir(parents=True, exist_ok=True)
    done = {"complete": True, "verified": True, "missing": [], "not_ready": [], "assignments": []}
    told = {"unit": units[0].id, "practised_share": 1, "graded_share": 1, **done}
    (folder / f"{units[0].id}.json").write_text(json.dumps(told), encoding="utf-8")
    page = drawn(home)
    (marked,) = page.select("nav.map [aria-current=step]")
    assert marked["href"] == f"#unit-{units[1].id}"
    assert rows(page)[0] == "Size <servers> complete, applied Demo 10 min"


def test_sections_of_several_units_have_names_of_their_own(twelve) -> None:
    page = drawn(twelve[0])
    names = [re.sub(r"\s", " ", s["aria-labelledby"]) for s in page.select("section.handin")]
    assert len(set(names)) == len(TITLES)
    for label in names:
        assert all(page.find(id=part) for part in label.split())
