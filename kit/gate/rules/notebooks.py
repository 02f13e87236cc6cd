"""Built notebooks: in sync, without outputs, each exercise with its cells, check and answer."""

from __future__ import annotations

from pathlib import Path

from kit.checking import load_checks
from kit.errors import ContentError, KitError
from kit.gate.build import build_notebook, stale, targets
from kit.gate.findings import Report, line_of
from kit.gate.fingerprint import refuse_loss
from kit.gate.places import answer_place, check_place, exercise_place
from kit.gate.rehearse import answers_of
from kit.model import Form, Unit
from kit.notebooks import Notebook, dump_notebook, kit_metadata, read_notebook


def prove_sync(unit: Unit, report: Report) -> None:
    """Notebooks are what their Markdown says."""
    try:
        behind = stale(unit)
    except KitError as error:
        report.add_error("sync", error, unit.folder)
        return
    for path in behind:
        target = next((t for t in targets(unit) if path in t.outputs), None)
        wanted = target and build_notebook(unit, target.part, target.source)
        if wanted and _only_run(wanted, path):
            continue
        try:
            if wanted:
                refuse_loss(path, dump_notebook(wanted))
        except ContentError as error:
            # building would refuse it too
            report.add_error("sync", error, path)
            continue
        report.add("sync", path, "The notebook is not what its Markdown says.",
                   f"upskill author build {unit.id}")  # fmt: skip


def _only_run(wanted: Notebook, path: Path) -> bool:
    """Whether the notebook differs only in what the rules ``outputs`` and ``kernel`` tell."""
    return path.is_file() and _unrun(read_notebook(path)) == _unrun(wanted)


def _unrun(notebook: Notebook) -> str:
    metadata = {k: v for k, v in notebook["metadata"].items() if k != "kernelspec"}
    cells = [
        cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return dump_notebook({**notebook, "metadata": metadata, "cells": cells})


def _built(unit: Unit) -> list[Path]:
    return [path for t in targets(unit) for path in t.outputs if path.is_file()]


def prove_kernel(unit: Unit, report: Report) -> None:
    """Each notebook names its kernel."""
    for path in _built(unit):
        if not read_notebook(path)["metadata"].get("kernelspec"):
            report.add("kernel", path, "No kernelspec: JupyterLab would ask for a kernel.",
                       f"upskill author build {unit.id}")  # fmt: skip


def prove_outputs(unit: Unit, report: Report) -> None:
    """No notebook holds what somebody's run put out."""
    for path in _built(unit):
        for cell in read_notebook(path)["cells"]:
            if cell.get("outputs") or cell.get("execution_count"):
                report.add("outputs", path, f"The cell {cell.get('id')} has outputs.",
                           f"upskill author build {unit.id}",
                           line=line_of(path, f'"id": "{cell.get("id")}"'))  # fmt: skip


def prove_checks(unit: Unit, report: Report) -> None:
    """Each exercise that is not judged by hand alone has a check; no check is of nobody."""
    checks, known = load_checks(unit), {e.id for e in unit.exercises}
    for exercise in unit.exercises:
        if not exercise.manual and exercise.id not in checks:
            file, line = exercise_place(unit, exercise.id)
            report.add("check", file, f"'{exercise.id}' has no check.",
                       f'Write one in checks.py: @exercise_check("{exercise.id}")',
                       line=line)  # fmt: skip
    for name in checks.keys() - known:
        file, line = check_place(unit, name)
        report.add("check", file, f"No exercise has the id '{name}'.",
                   f"Exercises: {', '.join(sorted(known))}", line=line)  # fmt: skip


def prove_ids(unit: Unit, report: Report) -> None:
    """Exercises, answer cells and model answers are the same ones."""
    answers = answers_of(unit)
    cells = {
        (kit_metadata(cell).get("id"), kit_metadata(cell).get("role"))
        for path in _built(unit)
        for cell in read_notebook(path)["cells"]
    }
    for exercise in unit.exercises:
        file, line = exercise_place(unit, exercise.id)
        wanted = "manual" if exercise.manual else "answer" if exercise.form is Form.CODE else "ask"
        if (exercise.id, wanted) not in cells:
            report.add("ids", file, f"'{exercise.id}' has no {wanted} cell in the Markdown.",
                       f":kit: {exercise.id}.{wanted}", line=line)  # fmt: skip
        if exercise.id not in answers and exercise.id in load_checks(unit):
            report.add("ids", file, f"'{exercise.id}' has a check and no model answer.",
                       "Add it to ANSWERS in solution.py.", line=line)  # fmt: skip
    for name in answers.keys() - {e.id for e in unit.exercises}:
        file, line = answer_place(unit, name)
        report.add("ids", file, f"There is a model answer for '{name}' and no such exercise.",
                   line=line)  # fmt: skip
