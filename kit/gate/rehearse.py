"""Runs a unit's notebook in plain Python, as one learner, with answers put in.

No kernel and no display: what is proved are answers and checks. The browser
tests prove the notebook as a learner opens it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.checking import unit_module
from kit.errors import ContentError
from kit.home import content_notebook
from kit.identity import Identity
from kit.model import Outcome, Part, Unit
from kit.notebooks import Cell, kit_metadata, read_notebook, source
from kit.workbook import Workbook


@dataclass
class Stage:
    """An exercise reached with every earlier one solved: its starter and the names so far."""

    exercise: str
    starter: str
    names: dict[str, Any]
    workbook: Workbook

    def outcome(self, answer: str) -> Outcome:
        """The outcome of an answer cell; an error while it runs is the learner's."""
        names = dict(self.names)
        self.workbook.bind(names)
        with contextlib.suppress(Exception), _quiet():
            exec(compile(answer, f"<cell {self.exercise}>", "exec"), names)
        return self.workbook.outcome(self.exercise)

    def outcome_with(self, **replaced: Any) -> Outcome:
        """The outcome after the answer with some names replaced by values."""
        names = {**self.names, **replaced}
        self.workbook.bind(names)
        return self.workbook.outcome(self.exercise)


def need_answers(unit: Unit, command: str) -> None:
    """ContentError where the model answers are not, as in an installed kit."""
    if not (unit.folder / "solution.py").is_file():
        raise ContentError(
            "The model answers of '{unit}' are not here: an installed kit has none.",
            where=str(unit.folder / "solution.py"),
            fix="Clone the repository, then there: pip install -e . && {command}",
            unit=unit.id,
            command=command,
        )


def answers_of(unit: Unit) -> Mapping[str, str]:
    """The unit's model answers by exercise; never on a learner's machine."""
    answers: Mapping[str, str] = unit_module(unit, "solution").ANSWERS
    return answers


def rehearse(
    unit: Unit, part: Part, learner: str, identity: Identity | None = None
) -> Iterator[Stage]:
    """Go through one part as ``learner``; yields each exercise before its answer is given.

    ``identity`` makes it that of a course, in its language.

    After the caller has looked at a stage, the model answer is run and it goes on.
    """
    answers = answers_of(unit)
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_a, **_k: None}
    who = identity or Identity("gate", learner, "en", None, None)
    workbook = Workbook(unit, part, names, who)
    for cell in read_notebook(content_notebook(unit, part))["cells"]:
        data = kit_metadata(cell)
        role, exercise = data.get("role"), data.get("id", "")
        if cell["cell_type"] != "code" or role == "check":
            continue
        if role == "setup":
            _run(source(cell), names, workbook, str(cell["id"]))
        elif exercise not in answers:
            # an open cell of no exercise, such as the reflection, stays as it is
            _run(source(cell), names, workbook, str(cell["id"]))
        elif role in ("answer", "manual"):
            workbook.bind(names)
            yield Stage(exercise, source(cell), dict(names), workbook)
            _run(answers[exercise], names, workbook, str(cell["id"]))


def _run(code: str, names: dict[str, Any], workbook: Workbook, cell: str) -> None:
    workbook.bind(names)
    # the notebook's first cell opens the workbook; here it is this one, bound to these names
    import kit

    opened = kit.open_workbook
    kit.open_workbook = lambda *_args, **_kwargs: workbook
    try:
        with _quiet():
            exec(compile(code, "<cell>", "exec"), names)
    except Exception as error:
        raise ContentError(
            f"A cell stops with every earlier answer right: {type(error).__name__}: {error}",
            where=f"cell {cell}",
        ) from error
    finally:
        kit.open_workbook = opened


def _quiet() -> contextlib.AbstractContextManager[object]:
    return contextlib.redirect_stdout(io.StringIO())


def answer_cells(unit: Unit, part: Part) -> list[Cell]:
    """The answer cells of one part as shipped."""
    cells = read_notebook(content_notebook(unit, part))["cells"]
    return [cell for cell in cells if kit_metadata(cell).get("role") == "answer"]
