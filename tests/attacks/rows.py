"""Attacks on a plain nbgrader course that were measured on nbgrader itself, each as a hand-in.

Two exercises, each with a locked test worth five points: what was earned before a death shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from kit.grading.course import Course, any_course
from tests.attacks.spoiling import NAMES
from tests.attacks.world import PYTHON, SECRET

ASSIGNMENT, BOOK, POINTS = "a", "book", 5.0
TIMEOUT = 3
SQUARE, DOUBLE = "def square(x):\n    return x * x\n", "def double(x):\n    return x + x\n"
WRONG = "def square(x):\n    return -1\n"
WRONG_DOUBLE = "def double(x):\n    return -1\n"
TESTS = {
    "square": f"assert square(3) == 9\n### BEGIN HIDDEN TESTS\n# {SECRET}\n"
    "assert square(5) == 25\n### END HIDDEN TESTS",
    "double": "from judge import check\ncheck(double)\n"
    "assert double(4) == int(open('data/eight.txt').read())",
}
# what the trainer gives along, and the test asks
FILES = {"judge.py": "def check(double):\n    assert double(3) == 6\n", "data/eight.txt": "8"}
# a name of Korean, of Arabic written from the right, of two code points for one letter
UNICODE = ("가 나", "\u202eevil", "e\u0301")
Change = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Row:
    """One hand-in, and the points of both tests by default and with proof.

    By default they are nbgrader's, but where nbgrader loses all that was earned. ``cells``
    changes cells by their names, before they are handed in.
    """

    plain: tuple[float, float]
    strict: tuple[float, float]
    square: str = SQUARE
    double: str = DOUBLE
    cells: Change | None = None
    files: dict[str, str] = field(default_factory=dict)


def told(cell: Any, **more: object) -> None:
    cell.metadata["nbgrader"].update(more)


ALL, HALF, SECOND, NOTHING = (5.0, 5.0), (5.0, 0.0), (0.0, 5.0), (0.0, 0.0)
LEARNERS = {
    "right": Row(ALL, ALL),
    "wrong": Row(SECOND, SECOND, WRONG),
    "transformer-of-trees": Row(
        ALL,
        SECOND,
        WRONG + "import ast\nclass Gone(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)\n"
        "get_ipython().ast_transformers.append(Gone())",
    ),
    "transformer-of-input": Row(
        ALL,
        SECOND,
        WRONG + "def gone(lines): return [x for x in lines if not x.startswith('assert')]\n"
        "get_ipython().input_transformers_cleanup.append(gone)",
    ),
    "equals-everything": Row(
        ALL,
        SECOND,
        "class Same:\n    def __eq__(self, other): return True\ndef square(x):\n    return Same()",
    ),
    "equals-everything-by-a-package": Row(
        ALL, SECOND, "import unittest.mock\ndef square(x):\n    return unittest.mock.ANY"
    ),
    "says-it-is-the-kits": Row(
        ALL,
        SECOND,
        "import unittest.mock\ndef square(x):\n    return unittest.mock.ANY",
        cells=lambda c: c["square-test"].metadata.update(kit={"id": "x", "role": "check"}),
    ),
    "says-it-is-archived": Row(
        ALL,
        SECOND,
        "import unittest.mock\ndef square(x):\n    return unittest.mock.ANY",
        cells=lambda c: c["square-test"].metadata.update(kit={"id": "x", "role": "archive"}),
    ),
    "hands-in-the-trainers-files": Row(
        HALF,
        HALF,
        double=WRONG_DOUBLE,
        files={"judge.py": "def check(double): pass", "data/eight.txt": "-1"},
    ),
    "writes-the-trainers-files": Row(
        ALL,
        HALF,
        double=WRONG_DOUBLE + "open('judge.py', 'w').write('def check(double): pass')\n"
        "open('data/eight.txt', 'w').write('-1')",
    ),
    "goes-to-another-folder": Row(
        ALL,
        HALF,
        double=WRONG_DOUBLE + "import os\nos.makedirs('mine/data')\nos.chdir('mine')\n"
        "open('judge.py', 'w').write('def check(double): pass')\n"
        "open('data/eight.txt', 'w').write('-1')",
    ),
    "writes-the-gradebook": Row(
        SECOND,
        SECOND,
        WRONG + "import subprocess\nsubprocess.Popen(['sh', '-c', 'exec 2>/dev/null; while true;"
        " do for f in <COURSE>/gradebook.db*; do echo 198 > $f; done; sleep 0.01; done'])",
    ),
    "sets-its-score": Row(
        SECOND,
        SECOND,
        WRONG + "import sqlite3\ntry:\n    book = sqlite3.connect('<COURSE>/gradebook.db')\n"
        "    book.execute('update grade set manual_score = 198')\n    book.commit()\n"
        "except sqlite3.Error: pass",
    ),
    "reads": Row(
        SECOND,
        SECOND,
        WRONG + "import os\nprint(dict(os.environ))\nfor name in ('gradebook.db',"
        " 'source/a/book.ipynb', 'nbgrader_config.py', 'submitted/right/a/book.ipynb'):\n"
        "    try:\n        print(open('<COURSE>/' + name, errors='replace').read())\n"
        "    except OSError: pass",
    ),
    "ships-modules": Row(
        SECOND, SECOND, WRONG, files=dict.fromkeys(NAMES, "raise SystemExit('poisoned')")
    ),
    "exits": Row(HALF, HALF, double="import os\nos._exit(0)"),
    "swallows-interrupts": Row(
        HALF,
        HALF,
        double="import time\nwhile True:\n    try:\n        time.sleep(60)\n"
        "    except KeyboardInterrupt: pass",
    ),
    # what nbgrader does to honest work: its points by default, its due with proof
    "warns": Row(
        SECOND,
        ALL,
        "import warnings\ndef square(x):\n    warnings.warn('old')\n    return x * x",
    ),
    "edits-a-test": Row(
        SECOND, SECOND, WRONG, cells=lambda c: c["square-test"].update(source="assert True")
    ),
    "changes-points": Row(
        SECOND, SECOND, WRONG, cells=lambda c: told(c["double-test"], points=50, locked=False)
    ),
    "deletes-a-test": Row(SECOND, SECOND, WRONG, cells=lambda c: c.pop("square-test")),
    "overrides-showtraceback": Row(
        SECOND,
        SECOND,
        WRONG + "ip = get_ipython()\nip.showtraceback = ip._showtraceback = lambda *a, **k: None",
    ),
    **{name: Row(SECOND, SECOND, WRONG) for name in UNICODE},
}


def _cell(name: str, source: str) -> Any:
    test = name.endswith("-test")
    made = nbformat.v4.new_code_cell(source, id=name)
    made.metadata["nbgrader"] = {
        "schema_version": 3, "grade_id": name, "solution": not test, "grade": test,
        "locked": test, "task": False, **({"points": POINTS} if test else {}),
    }  # fmt: skip
    return made


def _book(square: str, double: str, change: Change | None = None) -> Any:
    sources = {"square": square, "square-test": TESTS["square"], "double": double}
    sources["double-test"] = TESTS["double"]
    cells = {name: _cell(name, text) for name, text in sources.items()}
    if change:
        change(cells)
    return nbformat.v4.new_notebook(cells=list(cells.values()), metadata={"kernelspec": PYTHON})


def make_course(root: Path) -> Course:
    """A released assignment, and every row of ``LEARNERS`` as a learner's submission."""
    _write(root / "source" / ASSIGNMENT, _book(SQUARE, DOUBLE), FILES)
    config = f"c = get_config()\nc.Execute.timeout = {TIMEOUT}\n# {SECRET}\n"
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    course = any_course(root)
    with course.at_work("Releasing"):
        names = course.directory(ASSIGNMENT, "*")
        GenerateAssignment(coursedir=names, config=Config(course.config)).start()
    for name, row in LEARNERS.items():
        folder = root / "submitted" / name / ASSIGNMENT
        square, double = (one.replace("<COURSE>", str(root)) for one in (row.square, row.double))
        _write(folder, _book(square, double, row.cells), FILES | row.files)
    return course


def _write(folder: Path, book: Any, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    nbformat.write(book, folder / f"{BOOK}.ipynb")


def points(course: Course) -> dict[str, tuple[float, float]]:
    """What stands in the gradebook, by learner: the points of both tests."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        found = {}
        for one in gradebook.assignment_submissions(ASSIGNMENT):
            (book,) = one.notebooks
            score = {grade.name: float(grade.score) for grade in book.grades}
            found[str(one.student_id)] = score["square-test"], score["double-test"]
    return found
