"""The summary for a trainer: what it counts, and that no log can break or bloat it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt, Exercise, ExerciseKind, Part, Reality, Unit
from kit.progress.handin import practice_summary

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
IDS = ("one", "two", "graded-memo")


def exercise(name: str) -> Exercise:
    part = Part.GRADED if name.startswith("graded") else Part.PRACTICE
    return Exercise(name, name, part, ExerciseKind.JUDGEMENT, Reality.REAL, 1, 1)


UNIT = Unit(
    id="u",
    track="t",
    version="7",
    title="",
    task="",
    minutes=1,
    abilities=(),
    review_by=date(2030, 1, 1),
    folder=Path(),
    exercises=tuple(exercise(name) for name in IDS),
)


def at(minutes: float, event: str, name: str = "", **more: Any) -> Attempt:
    time = (START + timedelta(minutes=minutes)).isoformat()
    return Attempt(time=time, event=event, unit=more.pop("unit", "u"), exercise=name, **more)


def summary(*attempts: Attempt) -> dict[str, Any]:
    return practice_summary(attempts, UNIT, "ko", "2026-11-03T00:00:00+00:00")


def test_first_outcome_labels_hints_and_minutes_are_told() -> None:
    told = summary(
        at(0, "check", "one", outcome="not_attempted", label="not_attempted"),
        at(4, "check", "one", outcome="incorrect", label="mean"),
        at(6, "hint", "one"),
        at(30, "check", "one", outcome="incorrect", label="mean"),
        at(31, "check", "one", outcome="passed"),
        at(32, "taken", "two"),
    )
    assert told["exercises"] == {
        "one": {
            "attempts": 3,
            "first": "incorrect",
            "passed": True,
            "hints": 1,
            "taken": False,
            "labels": ["mean"],
            # of the 24 minutes without an event 15 count
            "minutes": 22.0,
        },
        "two": {
            "attempts": 0,
            "first": "",
            "passed": False,
            "hints": 0,
            "taken": True,
            "labels": [],
            "minutes": 1.0,
        },
    }


def test_a_reset_takes_the_pass_back_but_not_the_first_attempt() -> None:
    told = summary(
        at(0, "check", "one", outcome="incorrect", label="mean"),
        at(1, "check", "one", outcome="passed"),
        at(2, "reset", "one"),
    )["exercises"]["one"]
    assert (told["passed"], told["first"], told["attempts"]) == (False, "incorrect", 2)


def test_a_result_looked_at_after_an_unaided_pass_is_not_reported_as_taken() -> None:
    told = summary(
        at(0, "check", "one", outcome="passed"),
        at(1, "taken", "one"),
        at(2, "taken", "two"),
        at(3, "check", "two", outcome="passed"),
    )["exercises"]
    assert (told["one"]["taken"], told["two"]["taken"]) == (False, True)


def test_only_pairs_answered_at_both_ends_count_and_the_first_answer_holds() -> None:
    def item(minute: float, stage: str, pair: str, right: bool) -> Attempt:
        return at(
            minute, "item", f"{stage}-{pair}", data={"stage": stage, "pair": pair, "right": right}
        )

    told = summary(
        item(0, "pre", "load", False),
        item(1, "pre", "money", True),
        item(2, "post", "load", True),
        item(3, "post", "load", False),
    )
    assert told["items"] == {"load": {"pre": False, "post": True}}


def test_use_on_own_data_is_a_time_and_a_count_and_nothing_else() -> None:
    told = summary(at(0, "applied", data={"rows": 40, "sha256": ["ab"], "path": "secret.csv"}))
    assert told["applied"] == {"at": START.isoformat(), "rows": 40}
    assert summary()["applied"] is None


def test_what_a_learner_wrote_stays_at_home() -> None:
    told = json.dumps(summary(at(0, "reflection", data={"context": "between us"})))
    assert "between us" not in told


EVENTS = st.sampled_from(
    ["check", "hint", "taken", "item", "reset", "undo", "applied", "submit", "reflection", "new"]
)
ATTEMPTS = st.lists(
    st.builds(
        Attempt,
        time=st.one_of(
            st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(datetime.isoformat),
            st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
                datetime.isoformat
            ),
            st.text(max_size=5),
        ),
        event=EVENTS,
        unit=st.sampled_from(["u", "other"]),
        exercise=st.sampled_from([*IDS, "", "unknown"]),
        outcome=st.sampled_from(["passed", "incorrect", "error", "not_attempted", "uncheckable"]),
        label=st.sampled_from(["", "mean", "maximum"]),
        data=st.dictionaries(
            st.sampled_from(["stage", "pair", "right", "rows", "states"]),
            st.one_of(st.sampled_from(["pre", "post"]), st.booleans(), st.integers(), st.none()),
        ),
    ),
    max_size=30,
)


@given(ATTEMPTS)
def test_any_log_gives_a_summary_that_json_holds_and_that_adds_up(log: list[Attempt]) -> None:
    told = practice_summary(log, UNIT, "en", "now")
    assert json.loads(json.dumps(told)) == told
    assert set(told["exercises"]) <= set(IDS)
    for name, row in told["exercises"].items():
        checks = [a for a in log if a.unit == "u" and a.exercise == name and a.event == "check"]
        assert 0 <= row["attempts"] <= len(checks)
        assert bool(row["first"]) == bool(row["attempts"])
        assert len(row["labels"]) == len(set(row["labels"]))
        # no more work than 15 minutes for each event
        assert 0 <= row["minutes"] <= 15 * len(log) + 0.1


@given(ATTEMPTS)
def test_other_units_change_nothing(log: list[Attempt]) -> None:
    mine = [a for a in log if a.unit == "u"]
    assert practice_summary(log, UNIT, "en", "now") == practice_summary(mine, UNIT, "en", "now")


def test_only_wrong_answers_are_common_mistakes() -> None:
    told = summary(
        at(0, "check", "one", outcome="error", label="exception"),
        at(1, "check", "one", outcome="incorrect", label="mean"),
    )
    assert told["exercises"]["one"]["labels"] == ["mean"]
    assert told["exercises"]["one"]["first"] == "error"
