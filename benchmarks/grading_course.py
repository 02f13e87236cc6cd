"""A plain nbgrader course: one assignment of six pandas exercises, and what was handed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

ASSIGNMENT, LEARNERS = "bench", 40
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
STAMP = "2026-11-01 10:00:00 UTC"
DATA = """\
import pandas as pd
sales = pd.DataFrame({
    "day": pd.date_range("2026-01-01", periods=200, freq="D"),
    "shop": ["north", "south", "east", "west"] * 50,
    "units": [(7 * i) % 23 for i in range(200)],
    "price": [2.0 + (i % 5) / 2 for i in range(200)],
})"""
# what is asked, a right answer, a wrong one, and the test
EXERCISES = (
    (
        "revenue",
        "(sales.units * sales.price).sum()",
        "sales.units.sum()",
        "round(revenue, 1) == 6622.5",
    ),
    (
        "by_shop",
        "sales.groupby('shop').units.sum()",
        "sales.groupby('shop').units.count()",
        "by_shop.sum() == sales.units.sum()",
    ),
    (
        "best",
        "sales.groupby('shop').units.mean().idxmax()",
        "'nowhere'",
        "best in set(sales.shop)",
    ),
    (
        "monthly",
        "sales.set_index('day').units.resample('MS').sum()",
        "sales.units",
        "len(monthly) == 7 and monthly.sum() == sales.units.sum()",
    ),
    (
        "wide",
        "sales.pivot_table(index='day', columns='shop', values='units')",
        "sales.head()",
        "sorted(wide.columns) == ['east', 'north', 'south', 'west']",
    ),
    (
        "ranked",
        "sales.assign(rank=sales.units.rank(method='first')).sort_values('rank')",
        "sales.assign(rank=0)",
        "ranked['rank'].is_monotonic_increasing and ranked['rank'].iloc[-1] == 200",
    ),
)


def write_course(root: Path, learners: int) -> None:
    """A released course with a submission of each learner; every seventh answer is wrong."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    _write(root / "source" / ASSIGNMENT / "work.ipynb", answers())
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "bench"
    made = NbGraderAPI(config=config).generate_assignment(ASSIGNMENT)
    if not made["success"]:
        raise RuntimeError(str(made))
    released = json.loads((root / "release" / ASSIGNMENT / "work.ipynb").read_text("utf-8"))
    for number in range(learners):
        folder = root / "submitted" / f"learner{number:03}" / ASSIGNMENT
        given = answers(wrong=number % (len(EXERCISES) + 1))
        for cell in released["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if name in given:
                cell["source"] = given[name]
        (folder / "work.ipynb").parent.mkdir(parents=True)
        (folder / "work.ipynb").write_text(json.dumps(released), encoding="utf-8")
        (folder / "timestamp.txt").write_text(STAMP, encoding="utf-8")


def answers(wrong: int = len(EXERCISES)) -> dict[str, str]:
    """Source of each answer cell by its id; ``wrong`` is the number of a wrong one, if any."""
    return {
        name: f"{name} = {bad if number == wrong else good}"
        for number, (name, good, bad, _) in enumerate(EXERCISES)
    }


def sources() -> Sequence[str]:
    """All cells of the solved notebook, as a kernel runs them."""
    given = answers()
    told = [DATA]
    for name, _, _, proof in EXERCISES:
        told += [given[name], f"assert {proof}"]
    return told


def _write(path: Path, given: dict[str, str]) -> None:
    cells = [_cell("data", DATA)]
    for name, _, _, proof in EXERCISES:
        solved = f"### BEGIN SOLUTION\n{given[name]}\n### END SOLUTION"
        cells.append(_cell(name, solved, solution=True, locked=False))
        cells.append(_cell(f"{name}-test", f"assert {proof}", grade=True, points=2))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(book), encoding="utf-8")


def _cell(name: str, source: str, **changes: object) -> dict[str, object]:
    told = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"nbgrader": {**told, "grade_id": name, **changes}},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
