"""Courses of nbgrader's own notebooks, graded by its Execute and by our runner; what differs.

The two sides are copies of one course, so that everything before the run is the same to the
byte. Compared are the gradebook's tables, the autograded notebooks and the feedback pages,
all without what two runs of nbgrader itself do not share: ids made at random, addresses in
memory, numbers of processes, depth of the stack, and when a cell ran.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbgrader.tests
import sqlalchemy
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from kit.grading import batch
from kit.grading.course import any_course

COURSE, QUICK = "parity", "quick"
ON_TIME, LATE, DUE = "2026-11-01 10:00:00 UTC", "2026-11-03 10:00:00 UTC", "2026-11-02 00:00:00"
# endless loops prove no more in nbgrader's 30 seconds, all others shall have them
LOOPS, LOOP_SECONDS = re.compile(r"infinite-loop|timeout"), 2
SHIPPED, RELEASED = "shipped", "released"
# what nbgrader does not generate an assignment from is handed in for this one
STANDARD = "apps/files/submitted-unchanged.ipynb"
_NOISE = (
    (re.compile(r"0x[0-9a-f]{6,}"), "0xADDRESS"),
    (re.compile(r"ipykernel_\d+"), "ipykernel_N"),
    # a recursion ends at a depth that counts what lies below the cell
    (re.compile(r"(skipping similar frames: .*?)\d+( times)"), r"\1N\2"),
)


@dataclass(frozen=True)
class Side:
    """All that one runner left of one course, comparable with another's."""

    errors: dict[str, str]
    gradebook: dict[str, list[Any]]
    notebooks: dict[str, Any]
    pages: dict[str, str]
    files: dict[str, bytes]


def shipped() -> dict[str, Path]:
    """Every notebook among nbgrader's own tests, by its path there."""
    root = Path(str(files(nbgrader.tests)))
    return {str(path.relative_to(root)): path for path in sorted(root.rglob("files/*.ipynb"))}


def settings(root: Path) -> dict[str, Any]:
    """What a course's configuration says, by trait."""
    header = root / "source" / "header.ipynb"
    return {
        "CourseDirectory.root": str(root),
        "CourseDirectory.course_id": COURSE,
        "CourseDirectory.db_url": f"sqlite:///{root / 'gradebook.db'}",
        "Execute.timeout": LOOP_SECONDS if (root / QUICK).exists() else 30,
        "IncludeHeaderFooter.header": str(header) if header.is_file() else "",
        "LateSubmissionPlugin.penalty_method": "zero",
    }


def api(root: Path, runner: type[Execute] = Execute) -> NbGraderAPI:
    """nbgrader's own interface to the course in ``root``; only the runner is another."""
    config = Config()
    for name, value in settings(root).items():
        section, _, trait = name.partition(".")
        config[section][trait] = value
    (steps,) = Autograde.autograde_preprocessors.default_args
    config.Autograde.autograde_preprocessors = [runner if s is Execute else s for s in steps]
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    return NbGraderAPI(config=config)


def notebook_course(root: Path, name: str) -> str:
    """A course whose assignment ``a`` is a shipped notebook, handed in as it is and released.

    Returns why nbgrader refuses to make an assignment of it, or "": then it is handed in for
    another one's.
    """
    path = shipped()[name]
    own = root / "as-shipped"
    own.mkdir(parents=True)
    if LOOPS.search(name):
        (root / QUICK).touch()
    for file in (path, path.with_name("data.txt"), path.with_name("jupyter.png")):
        if file.is_file():
            shutil.copy(file, own / ("p.ipynb" if file == path else file.name))
    tests = shipped()[STANDARD].with_name("autotests.yml")
    shutil.copy(tests, root)
    shutil.copytree(own, root / "source" / "a")
    refused = _release(root, "a")
    if refused:
        shutil.copy(shipped()[STANDARD], root / "source" / "a" / "p.ipynb")
        assert not _release(root, "a")
    hand_in(root, "a", SHIPPED, LATE, own)
    hand_in(root, "a", RELEASED, ON_TIME, root / "release" / "a")
    shutil.rmtree(own)
    return refused


def quickstart_course(base: Path, *options: str) -> Path:
    """nbgrader's example course: handed in empty, solved, and in part and too late."""
    command = [sys.executable, "-m", "nbgrader", "quickstart", COURSE, *options]
    subprocess.run(command, check=True, cwd=base, capture_output=True)
    root = base / COURSE
    refused = _release(root, "ps1")
    assert not refused
    source, late = root / "source" / "ps1", base / "late"
    hand_in(root, "ps1", "empty", ON_TIME, root / "release" / "ps1")
    hand_in(root, "ps1", "solved", ON_TIME, source)
    late.mkdir()
    shutil.copy(source / "problem1.ipynb", late)
    hand_in(root, "ps1", "late", LATE, late)
    return root


def _release(root: Path, assignment: str) -> str:
    made = api(root)
    with made.gradebook as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=DUE)
    return _reason(made.generate_assignment(assignment))


def hand_in(root: Path, assignment: str, learner: str, stamp: str, notebooks: Path) -> None:
    """Lay the files in the folder ``notebooks`` where a collected submission lies."""
    folder = root / "submitted" / learner / assignment
    shutil.copytree(notebooks, folder)
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")


def grade(root: Path, copy: Path, runner: type[Execute]) -> Side:
    """Grade all that lies in ``submitted/`` of a copy of the course by nbgrader's Autograde."""
    shutil.copytree(root, copy)
    made = api(copy, runner)
    handed_in = [folder.parts[-2:] for folder in sorted((copy / "submitted").glob("*/*"))]
    return _side(
        copy,
        {
            (assignment, learner): _reason(made.autograde(assignment, learner))
            for learner, assignment in handed_in
        },
    )


def grade_at_once(root: Path, copy: Path) -> Side:
    """The same by ``upskill grade``, for a course that knows nothing of the kit."""
    shutil.copytree(root, copy)
    told = ["c = get_config()"]
    told += [f"c.{name} = {value!r}" for name, value in settings(copy).items()]
    (copy / "nbgrader_config.py").write_text("\n".join(told) + "\n", encoding="utf-8")
    (assignment,) = {path.name for path in (copy / "submitted").glob("*/*")}
    done = batch.grade(any_course(copy), assignment, jobs=1)
    return _side(
        copy,
        {
            (one.assignment, one.learner): one.why if one.state == batch.FAILED else ""
            for one in done
        },
    )


def _side(copy: Path, reasons: Mapping[tuple[str, str], str]) -> Side:
    made, errors = api(copy), {}
    for (assignment, learner), why in reasons.items():
        errors[f"{learner}/{assignment}"] = why
        if not why:
            feedback = made.generate_feedback(assignment, learner)
            errors[f"{learner}/{assignment} feedback"] = _reason(feedback)
    return Side(
        errors,
        tables(copy / "gradebook.db"),
        {str(p): _notebook(copy / p) for p in _left(copy, "autograded", ".ipynb")},
        {str(p): _text(copy / p) for p in _left(copy, "feedback", ".html")},
        {str(p): (copy / p).read_bytes() for p in _left(copy, "autograded") if not _own(p)},
    )


def differences(plain: Side, ours: Side) -> dict[str, tuple[Any, Any]]:
    """What is not the same, by its place: nbgrader's and ours. Reasons may have other words."""
    found = {}
    failed = [{name for name, why in side.errors.items() if why} for side in (plain, ours)]
    if failed[0] != failed[1]:
        found["errors: "] = plain.errors, ours.errors
    for field in fields(Side)[1:]:
        theirs, our = getattr(plain, field.name), getattr(ours, field.name)
        for key in sorted(theirs.keys() | our.keys()):
            if theirs.get(key) != our.get(key):
                found[f"{field.name}: {key}"] = theirs.get(key), our.get(key)
    return found


def tables(path: Path) -> dict[str, list[Any]]:
    """Rows of all of nbgrader's tables; ids by what they name, where they are random."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    known = sqlalchemy.MetaData()
    # the kit's own tables lie beside
    known.reflect(engine, only=lambda name, _: not name.startswith("upskill"))
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in known.sorted_tables
        }
    engine.dispose()
    # parents come first, so that their ids have names when children are read
    names: dict[Any, str] = {}
    for table in known.sorted_tables:
        for row in rows[table.name]:
            for column in row:
                row[column] = names.get(row[column], row[column]) if column != "id" else row[column]
            if "id" in row:
                told = {key: value for key, value in row.items() if key in _NAMING | _links(table)}
                names[row["id"]] = row["id"] = f"{table.name} {sorted(told.items())}"
    return {name: sorted(found, key=repr) for name, found in rows.items()}


_NAMING = {"name", "type"}


def _links(table: sqlalchemy.Table) -> set[str]:
    return {column.name for column in table.columns if column.foreign_keys}


def _reason(result: Mapping[str, Any]) -> str:
    if result["success"]:
        return ""
    lines = str(result.get("error") or result.get("log") or "").strip().splitlines()
    return lines[-1] if lines else "no reason"


def _left(root: Path, folder: str, suffix: str = "") -> Iterator[Path]:
    for path in sorted((root / folder).rglob(f"*{suffix}")):
        if path.is_file():
            yield path.relative_to(root)


def _own(path: Path) -> bool:
    return path.suffix == ".ipynb"


def _notebook(path: Path) -> Any:
    notebook = json.loads(_text(path))
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
    return notebook


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    for noise, name in _NOISE:
        text = noise.sub(name, text)
    return text
