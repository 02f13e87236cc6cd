"""A confirmed mapping comes back for the same header, and for no other."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.data.own.remember import FILE, header_key, remember, remembered
from kit.home import LearnerHome

HEADERS = st.lists(st.text(max_size=5), min_size=1, max_size=4).map(tuple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=HEADERS, other=HEADERS)
def test_only_the_very_same_header_is_remembered(
    home: LearnerHome, one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    (home.state / FILE).unlink(missing_ok=True)
    remember(home, one, {"a": "machine"})
    assert remembered(home, one) == {"a": "machine"}
    assert (remembered(home, other) == {}) == (one != other)


def test_order_and_cut_of_names_are_part_of_a_header() -> None:
    keys = {header_key(names) for names in (["a", "b"], ["b", "a"], ["ab"], ["a", "b", ""])}
    assert len(keys) == 4


def test_later_answer_replaces_the_earlier_and_others_stay(home: LearnerHome) -> None:
    remember(home, ["a"], {"a": "machine"})
    remember(home, ["b"], {"b": "cpu"})
    remember(home, ["a"], {"a": "time"})
    assert remembered(home, ["a"]) == {"a": "time"}
    assert remembered(home, ["b"]) == {"b": "cpu"}


def test_damaged_file_costs_a_question_and_nothing_else(home: LearnerHome) -> None:
    for text in ("{", "[]", '{"format": 7, "mappings": {}}', '{"format": 1, "mappings": []}'):
        (home.state / FILE).write_text(text, encoding="utf-8")
        assert remembered(home, ["a"]) == {}
    remember(home, ["a"], {"a": "machine"})
    assert remembered(home, ["a"]) == {"a": "machine"}
