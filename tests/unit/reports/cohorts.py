"""Generated cohorts of any size: everybody somewhere between untouched and complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from kit.cohort import Cohort, table
from kit.content import load_programme, load_units
from kit.model import CompletionRule, Part, Programme, Unit

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FAMILY = ("김", "이", "박", "최", "정", "강", "조", "윤")
GIVEN = ("서연", "민준", "지우", "도윤", "하은", "시우", "수아", "예준")
TEAMS = ("Platform", "Data", "Finance", "Operations")
STAGES = ("untouched", "practising", "to_grade", "failed", "complete", "complete")
LABELS = (
    ("repair", "span_coverage"),
    ("repair", "clipped"),
    ("rule", "mean_rule"),
    ("npv", "sunk_cost_counted"),
    ("memo", "point_estimate"),
)


def several_units(count: int) -> tuple[dict[str, Unit], Programme]:
    """The first unit under ``count`` ids, with a programme that wants them all."""
    programme = load_programme()
    first = load_units()[programme.units[0]]
    ids = [first.id, *(f"{first.id}-{i}" for i in range(2, count + 1))]
    units = {id: replace(first, id=id, title=first.title) for id in ids}
    rules = {id: CompletionRule(0.75, 0.6) for id in ids}
    return units, Programme(programme.id, programme.title, tuple(ids), rules)


def make_cohort(
    count: int,
    units: Mapping[str, Unit] | None = None,
    *,
    seed: int = 1,
    verifier: str = "trainer-kim",
    notes: tuple[str, ...] = (),
    teams: tuple[str, ...] = TEAMS,
) -> Cohort:
    """``count`` synthetic learners of the units (default: the programme's own)."""
    known = units or {u: load_units()[u] for u in load_programme().units}
    rng = np.random.default_rng(seed)
    ids = [f"learner-{i:04d}" for i in range(count)]
    name = [FAMILY[i % 8] + GIVEN[(i // 8 + i) % 8] for i in range(count)]
    team = [teams[i % len(teams)] if teams else "" for i in range(count)]
    rows: dict[str, list[Any]] = {}
    for unit in known.values():
        stages = np.array([STAGES[i % len(STAGES)] for i in range(count)], dtype=object)
        for key, frame in _unit_tables(unit, np.array(ids, dtype=object), stages, rng).items():
            rows.setdefault(key, []).append(frame)
    filled = {key: table(key, pd.concat(frames)) for key, frames in rows.items()}
    return Cohort(
        course="mig26",
        title="Migration 2026",
        taken_at=NOW,
        verifier=verifier,
        learners=table(
            "learners",
            {
                "learner": ids,
                "name": name,
                "team": team,
                "language": ["ko"] * count,
                "enrolled": [True] * count,
            },
        ),
        extensions=table("extensions"),
        **filled,
        synthetic=True,
        notes=notes,
    )


def _unit_tables(
    unit: Unit, ids: Any, stages: Any, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    practised, handed_in = ids[stages != "untouched"], ids[np.isin(stages, STAGES[2:])]
    stage = dict(zip(ids, stages, strict=True))
    due = pd.DataFrame(
        {
            "assignment": [unit.assignment(part) for part in Part],
            "unit": unit.id,
            "part": [part.value for part in Part],
            "due": [NOW - timedelta(days=3), NOW + timedelta(days=4)],
            "released": True,
            "max_score": [6.0, 24.0],
        }
    )
    submissions = pd.concat(
        [
            _submissions(unit, Part.PRACTICE, practised, stage, rng),
            _submissions(unit, Part.GRADED, handed_in, stage, rng),
        ]
    )
    return {
        "assignments": due,
        "submissions": submissions,
        "exercises": _exercises(unit, len(practised), len(handed_in), rng),
        "mistakes": _mistakes(unit, practised, rng),
        "practice": _practice(unit, practised, stage, rng),
        "items": _items(unit, practised, rng),
        "applied": pd.DataFrame(
            {"learner": practised[::3], "unit": unit.id, "at": NOW, "rows": 120}
        ),
        "declarations": _declarations(unit, handed_in, rng),
        "requests": _requests(unit, handed_in[:2]),
    }


def _submissions(
    unit: Unit, part: Part, ids: Any, stage: Mapping[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    n = len(ids)
    waiting = np.array([stage[i] == "to_grade" for i in ids], dtype=bool)
    good = np.array([stage[i] == "complete" for i in ids], dtype=bool)
    practice = part is Part.PRACTICE
    late = np.where(rng.random(n) < 0.15, 86_400.0 * rng.integers(1, 4, n), 0.0)
    best = 6.0 if practice else 24.0
    share = np.where(good, rng.uniform(0.84, 1, n), rng.uniform(0.2, 0.55, n))
    return pd.DataFrame(
        {
            "learner": ids,
            "assignment": unit.assignment(part),
            "submitted_at": [NOW - timedelta(hours=int(h)) for h in rng.integers(1, 200, n)],
            "late": late,
            "penalty": np.where(late > 0, 1.0, 0.0),
            "score": np.round(share * best, 1),
            "max_score": best,
            "to_grade": 0 if practice else np.where(waiting, 2, 0),
            "passed": np.round(share * (6 if practice else 8)).astype(int),
            "checks": 6 if practice else 8,
            "version": unit.version,
            "failure": "",
        }
    )


def _exercises(unit: Unit, practised: int, graded: int, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for exercise in unit.exercises:
        n = practised if exercise.part is Part.PRACTICE else graded
        share = float(rng.uniform(0.3, 0.95))
        waiting = n // 4 if exercise.manual else 0
        name, points = unit.assignment(exercise.part), float(exercise.points)
        rows.append((name, exercise.id, points, n, round(share * n), waiting, share))
    columns = ["assignment", "exercise", "max_score", "n", "passed", "to_grade", "share"]
    return pd.DataFrame(rows, columns=columns)


def _mistakes(unit: Unit, ids: Any, rng: np.random.Generator) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "learner": (met := ids[rng.random(len(ids)) < 0.6 - 0.1 * i]),
                "unit": unit.id,
                "exercise": exercise,
                "label": label,
                "solved": rng.random(len(met)) < 0.7,
                "verified": i % 2 == 0,
            }
        )
        for i, (exercise, label) in enumerate(LABELS)
    ]
    return pd.concat(frames)


def _practice(
    unit: Unit, ids: Any, stage: Mapping[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    frames = []
    for exercise in unit.of(Part.PRACTICE):
        n = len(ids)
        sure = np.array([stage[i] == "complete" for i in ids], dtype=bool)
        passed = sure | (rng.random(n) < 0.5)
        attempts = rng.integers(1, 7, n)
        frames.append(
            pd.DataFrame(
                {
                    "learner": ids,
                    "unit": unit.id,
                    "exercise": exercise.id,
                    "attempts": attempts,
                    "first": np.where(passed & (attempts == 1), "passed", "incorrect"),
                    "passed": passed,
                    "hints": rng.integers(0, 3, n) * (rng.random(n) < 0.3),
                    "taken": rng.random(n) < 0.05,
                    "minutes": np.round(rng.gamma(4, exercise.minutes / 5, n), 1),
                }
            )
        )
    return pd.concat(frames)


def _items(unit: Unit, ids: Any, rng: np.random.Generator) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "learner": ids,
                "unit": unit.id,
                "pair": pair,
                "pre": rng.random(len(ids)) < 0.35,
                "post": rng.random(len(ids)) < 0.7,
            }
        )
        for pair in sorted({item.pair for item in unit.items})
    ]
    return pd.concat(frames)


def _declarations(unit: Unit, ids: Any, rng: np.random.Generator) -> pd.DataFrame:
    some = ids[rng.random(len(ids)) < 0.9]
    use = rng.choice(["none", "explain", "draft", "most"], len(some), p=[0.4, 0.3, 0.2, 0.1])
    return pd.DataFrame(
        {"learner": some, "unit": unit.id, "use": use.astype(object), "note": "asked about NPV"}
    )


def _requests(unit: Unit, ids: Any) -> pd.DataFrame:
    states = ["open", "answered"][: len(ids)]
    return pd.DataFrame(
        {
            "learner": ids,
            "unit": unit.id,
            "exercise": "graded-memo",
            "because": "My range stands in the last sentence.",
            "asked_at": NOW - timedelta(days=1),
            "state": states,
            "answer": ["", "You are right, one level more."][: len(ids)],
        }
    )
