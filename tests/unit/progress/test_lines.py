"""A line of the log: to bytes and back, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt
from kit.progress.lines import LineParser, encoded, new_id

ATTEMPT = Attempt("t", "check", "tiny", "count", "passed", data={"n": 1}, id="x")


def parsed(line: bytes) -> Attempt | None:
    record = LineParser().record(line)
    return record.attempt if record else None


@given(st.text(st.characters(), max_size=20))
def test_any_text_survives_even_half_a_surrogate(text):
    attempt = replace(ATTEMPT, label=text, data={"text": text})
    line = encoded(attempt)
    assert b"\n" not in line
    assert parsed(line) == attempt


def test_a_line_says_its_schema_and_its_name():
    assert json.loads(encoded(ATTEMPT)) == {
        "schema": 2,
        "id": "x",
        "time": "t",
        "event": "check",
        "unit": "tiny",
        "exercise": "count",
        "outcome": "passed",
        "data": {"n": 1},
    }


def test_a_field_that_this_version_does_not_know_hides_nothing():
    line = json.dumps({**json.loads(encoded(ATTEMPT)), "mood": "good"}).encode()
    assert parsed(line) == ATTEMPT


@pytest.mark.parametrize(
    "change",
    [{"time": 1}, {"unit": None}, {"data": []}, {"schema": 3}, {"schema": []}, {"exercise": {}}],
)
def test_a_line_of_other_types_or_of_a_later_schema_tells_nothing_here(change):
    line = json.dumps({**json.loads(encoded(ATTEMPT)), **change}).encode()
    assert parsed(line) is None


@pytest.mark.parametrize("line", [b"", b"  ", b"[1]", b"3", b'{"a"', b"\xff\xfe{}", b"[" * 5000])
def test_what_is_no_object_is_no_record(line):
    assert LineParser().record(line) is None


def test_names_of_one_process_are_unlike_and_sort_as_they_were_made():
    names = [new_id() for _ in range(2000)]
    assert len(set(names)) == 2000
    assert names == sorted(names)
