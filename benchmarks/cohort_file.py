"""A real gradebook file of a big cohort, written once by bulk inserts and then kept."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kit.content import load_units
from kit.model import CompletionRule, Part, Programme, Unit

LEARNERS, UNITS = 5_000, 10
# grade cells of a unit: checks of the practice; checks and manual cells of the graded part
PRACTICE, CHECKS, MANUAL = 8, 8, 2
FORMAT = 7
DUE = datetime(2026, 9, 1, 18, 0)
LABELS = ("mean-of-percentiles", "unit-slip", "sign-of-flow", "window-too-short")


def gradebook_file() -> Path:
    """A course directory with its ``gradebook.db``; made at first call, about a minute."""
    root = Path(tempfile.gettempdir()) / f"upskill-bench-{LEARNERS}x{UNITS}-{FORMAT}"
    if not (root / "made").is_file():
        root.mkdir(exist_ok=True)
        (root / "gradebook.db").unlink(missing_ok=True)
        _write(f"sqlite:///{root / 'gradebook.db'}")
        config = "from kit.grading import configure\n\nconfigure(get_config(), course='bench')\n"
        (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
        (root / "made").touch()
    return root


def _write(url: str) -> None:
    from nbgrader.api import Gradebook

    from kit.grading.store import prepare

    with Gradebook(url, "bench") as gradebook:
        connection = gradebook.engine.raw_connection()
        for statement, rows in _nbgrader_rows(random.Random(0)):
            connection.cursor().executemany(statement, rows)
        connection.commit()
        prepare(url)
        for statement, rows in _own_rows(random.Random(1)):
            connection.cursor().executemany(statement, rows)
        connection.commit()
        connection.close()


Statements = Iterator[tuple[str, Any]]


def _id(chance: random.Random) -> str:
    # as nbgrader's: a random UUID, so that no index lies in the order of insertion
    return f"{chance.getrandbits(128):032x}"


def _at(moment: datetime) -> str:
    # as SQLAlchemy writes times into SQLite
    return moment.isoformat(sep=" ", timespec="microseconds")


def assignments() -> list[tuple[str, int, int]]:
    """Name, check cells and manual cells of each assignment."""
    pairs = [[(f"unit{u:02}-practice", PRACTICE, 0), (f"unit{u:02}", CHECKS, MANUAL)]
             for u in range(UNITS)]  # fmt: skip
    return [row for pair in pairs for row in pair]


def programme() -> tuple[dict[str, Unit], Programme]:
    """Units and programme of this cohort, made like the kit's first unit."""
    base = next(iter(load_units().values()))
    units = {}
    for number in range(UNITS):
        parts = ((Part.PRACTICE, PRACTICE, 0), (Part.GRADED, CHECKS, MANUAL))
        exercises = tuple(
            replace(base.exercises[0], id=f"e{n:02}", part=part, manual=n >= checks, needs=())
            for part, checks, manual in parts
            for n in range(checks + manual)
        )
        name = f"unit{number:02}"
        units[name] = replace(base, id=name, title=name, exercises=exercises)
    rules = {name: CompletionRule(0.75, 0.6) for name in units}
    return units, Programme("bench", "Benchmark", tuple(units), rules)


def learners() -> list[str]:
    """Ids of all learners."""
    return [f"learner{number:05}" for number in range(LEARNERS)]


def _nbgrader_rows(chance: random.Random) -> Statements:
    yield (
        "insert into student(id, first_name, last_name) values (?,?,?)",
        [(name, "Learner", name.removeprefix("learner")) for name in learners()],
    )
    for week, (name, checks, manual) in enumerate(assignments()):
        assignment, notebook = _id(chance), _id(chance)
        due = DUE + timedelta(weeks=week)
        yield "insert into assignment values (?,?,?,?)", [(assignment, name, _at(due), "bench")]
        yield (
            "insert into notebook(id, name, assignment_id) values (?,?,?)",
            [(notebook, "notebook", assignment)],
        )
        cells = [(_id(chance), f"e{n:02}", n >= checks) for n in range(checks + manual)]
        base = [(c, e, notebook, "GradeCell") for c, e, _ in cells]
        base += [(_id(chance), e, notebook, "SolutionCell") for _, e, judged in cells if judged]
        yield "insert into base_cell(id, name, notebook_id, type) values (?,?,?,?)", base
        graded = [(c, 4.0 if m else 1.0, "markdown" if m else "code") for c, _, m in cells]
        yield "insert into grade_cells(id, max_score, cell_type) values (?,?,?)", graded
        solution = [(row[0],) for row in base if row[3] == "SolutionCell"]
        yield "insert into solution_cells(id) values (?)", solution
        submitted = [(_id(chance), _id(chance), learner) for learner in learners()]
        yield (
            "insert into submitted_assignment(id, assignment_id, student_id, timestamp)"
            " values (?,?,?,?)",
            [
                (s, assignment, learner, _at(due + timedelta(minutes=chance.randint(-9000, 900))))
                for s, _, learner in submitted
            ],
        )
        yield (
            "insert into submitted_notebook values (?,?,?,0,?)",
            [(n, s, notebook, 0.5 if chance.random() < 0.05 else None) for s, n, _ in submitted],
        )
        yield "insert into grade values (?,?,?,?,?,?,?)", _grades(submitted, cells, chance)


def _grades(submitted: Any, cells: Any, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for _, notebook, _ in submitted:
        for cell, _, judged in cells:
            done = chance.random() < 0.8
            auto = None if judged else float(done)
            manual = float(chance.randint(0, 4)) if judged and done else None
            yield _id(chance), notebook, cell, auto, manual, None, judged and not done


def _own_rows(chance: random.Random) -> Statements:
    """What the kit keeps beside nbgrader's grades, in the same number."""
    for name, checks, _ in assignments():
        unit = name.removesuffix("-practice")
        rows = []
        for learner in learners():
            for n in range(checks):
                wrong = chance.random() < 0.1
                kind, label = ("incorrect", chance.choice(LABELS)) if wrong else ("passed", "")
                fine = 0.0 if wrong else 1.0
                rows.append((name, learner, f"e{n:02}", kind, label, "", "said", fine, _at(DUE)))
        yield "insert into upskill_outcome values (?,?,?,?,?,?,?,?,?,'2026.11.1',null)", rows
        yield (
            "insert into upskill_handin values (?,?,?,'2026.11.1','en',?,?,'graded','','')",
            [
                (name, learner, _at(DUE), _practice(unit, chance) if name != unit else "",
                 '{"use":"explain","note":""}' if name == unit else "")
                for learner in learners()
            ],
        )  # fmt: skip


def _practice(unit: str, chance: random.Random) -> str:
    from kit.grading.handed import Practice

    told = {
        f"e{n:02}": {
            "attempts": chance.randint(1, 6),
            "first": chance.choice(["passed", "incorrect", "error"]),
            "passed": True,
            "minutes": chance.randint(2, 20),
            "labels": [chance.choice(LABELS)] if chance.random() < 0.2 else [],
        }
        for n in range(PRACTICE)
    }
    pairs = {f"q{n}": {"pre": chance.random() < 0.4, "post": chance.random() < 0.8} for n in (1, 2)}
    whole = {"schema": 1, "unit": unit, "exercises": told, "items": pairs}
    return Practice.model_validate(json.loads(json.dumps(whole))).stored()
