"""A generated cohort shows every stage and nobody real."""

from __future__ import annotations

import re

from kit.demo.people import Stage, cast


def test_twelve_learners_show_every_stage():
    assert {p.stage for p in cast(12)} == set(Stage)


def test_the_same_learners_take_part_each_time_each_with_an_id_of_their_own():
    people = cast(40)
    assert people == cast(40)
    assert len({p.id for p in people}) == 40


def test_both_languages_and_all_teams_are_there():
    people = cast(4, "en")
    assert {p.language for p in people} == {"en", "ko"}
    assert len({p.team for p in people}) == 2


def test_a_korean_demonstration_has_nothing_english_to_read():
    people = cast(12, "ko")
    assert {p.language for p in people} == {"ko"}
    assert not [p for p in people if re.search("[A-Za-z]", p.name + p.team)]
    assert [p.stage for p in people] == [p.stage for p in cast(12, "en")]


def test_what_is_handed_in_follows_the_stage():
    stages = {p.stage: p for p in cast(12)}
    assert not stages[Stage.STARTED].hands_in_practice
    assert stages[Stage.STUCK].hands_in_practice
    assert not stages[Stage.PRACTISED].hands_in_graded
    assert stages[Stage.LATE].hands_in_graded
