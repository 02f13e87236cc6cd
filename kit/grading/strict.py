"""Points for a locked cell only when its pass is proved, beside those that nbgrader gives.

Before the cell runs as nbgrader runs it, a fork of the learner's kernel runs it rewritten
(``instrument``) and with the interpreter put back (``kit.runner.proving``). The fork ends
with its report, so nbgrader's own score is what it would be without.
"""

from __future__ import annotations

import json
import math
import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils

from kit.grading.instrument import NotProvable, Rewritten, Trainer, rewrite
from kit.grading.outcomes import is_check
from kit.grading.preprocessors import grade_id
from kit.i18n import mark, phrase
from kit.runner.isolate import Fence
from kit.runner.proving import ANSWERS
from kit.runner.wire import receive_text, send_text

# in the resources: what was proved, by nbgrader's id
PROOFS = "upskill_proofs"
# to begin and to put back the interpreter, beyond the cell's own time
_MORE_SECONDS = 20.0

NEVER = mark("no proof came: the run had ended, or took too long")
FAILED = mark("line {line} fails in the restored interpreter: {error}")
UNREACHED = mark("the assert in line {line} was never evaluated")
OWN = mark("line {line} rests on an object of '{name}', which decides itself what it equals")
REPLACED = mark("line {line} calls '{name}', which the notebook has replaced")
CHANGED = mark(
    "the notebook has changed your file '{file}'; with yours, line {line} fails: {error}"
)
TOUCHED = mark("while it runs, the notebook changes your file '{file}', or goes to another folder")
VALUE = mark("it ends in {value}, which is no number from 0 to {points}")
UNREADABLE = mark("it cannot be judged this way (a cell magic, or no Python): please look yourself")
ELSEWHERE = mark("kernels without fences cannot be asked for proof: please look yourself")
WARNED = mark("it passes; nbgrader takes all points for what was written to standard error")
PASSES = mark("it passes in the restored interpreter, though not in the learner's own")
NUMBER = mark("it ends in the number {value}, which nbgrader does not read as one")
REASONS = (
    NEVER, FAILED, UNREACHED, OWN, REPLACED, CHANGED, TOUCHED, VALUE, UNREADABLE,
    ELSEWHERE, WARNED, PASSES, NUMBER,
)  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """What a cell earns. ``points`` None: nbgrader's own; ``ask``: a person should look."""

    points: float | None
    why: str = ""
    ask: bool = False


@dataclass(frozen=True)
class Difference:
    """A cell whose strict score is not nbgrader's, or is in doubt. ``plain`` is nbgrader's.

    None stands for no score: nbgrader fails there.
    """

    notebook: str
    cell: str
    plain: float | None
    strict: float | None
    why: str


def is_locked_test(cell: Any) -> bool:
    """Whether a cell is a locked one with points, and no check of the kit's."""
    code = cell.cell_type == "code"
    return bool(code and grade_id(cell) and utils.is_grade(cell)) and not (
        utils.is_solution(cell) or is_check(cell)
    )


def read_trainer(cells: Iterable[Any], source: Path) -> Trainer:
    """What the trainer's version binds: the file ``source`` if it is there, and locked cells."""
    found = Trainer()
    known = nbformat.read(source, as_version=4).cells if source.is_file() else []
    for cell in (*known, *filter(utils.is_locked, cells)):
        if cell.cell_type == "code":
            found.add(str(cell.source), utils.is_locked(cell))
    return found


def trainers_files(source: Path, ignored: Iterable[str], kept: Iterable[str]) -> list[str]:
    """Names of files that nbgrader puts over a learner's; ``kept`` are those that it does not."""
    found = utils.find_all_files(str(source), [*ignored, "*.ipynb"]) if source.is_dir() else []
    return sorted({os.path.relpath(file, source) for file in found} - set(kept))


class Prover:
    """Asks one kernel for proof of one notebook's locked cells; ``proofs`` has the answers."""

    def __init__(
        self, trainer: Trainer, proofs: dict[str, Proof], source: Path, files: Sequence[str] = ()
    ) -> None:
        self._trainer, self._proofs = trainer, proofs
        self._source, self._files = source, files
        self._work = Path()
        self._asks: socket.socket | None = None

    def place(self, work: Path, fence: Fence) -> Fence:
        """What stands around a run in the folder ``work``, which the trainer's files go to."""
        self._work = work
        files = [self._source / name for name in self._files]
        return replace(
            fence,
            read=(*fence.read, *map(str, files)),
            # an import looks through the folder that a module lies in
            looked_into=(*fence.looked_into, *sorted({str(p) for p in self._folders()})),
            # room for a copy of all
            disk=2 * fence.disk,
            files=2 * fence.files,
        )

    def _folders(self) -> set[Path]:
        return {self._source / up for name in self._files for up in Path(name).parents}

    @contextmanager
    def beside(self) -> Iterator[dict[str, Any]]:
        """What the kernel is started with, so that it can be asked."""
        self._asks, theirs = socket.socketpair()
        with theirs:
            yield {"beside": theirs, "answers": ANSWERS}

    def close(self) -> None:
        """Ask no more."""
        if self._asks:
            self._asks.close()

    def prove(self, cell: Any, seconds: float | None) -> None:
        """Have a cell proved that is about to run, within its time."""
        points = float(cell.metadata["nbgrader"]["points"])
        self._proofs[grade_id(cell)] = self._proof(str(cell.source), points, seconds or 3600.0)

    def _proof(self, source: str, points: float, seconds: float) -> Proof:
        if self._asks is None:
            return Proof(None, str(phrase(ELSEWHERE)), ask=True)
        try:
            made = rewrite(source, self._trainer)
        except NotProvable:
            return Proof(None, str(phrase(UNREADABLE)), ask=True)
        try:
            send_text(
                self._asks, json.dumps({**made.told, **self._folder(source), "seconds": seconds})
            )
            told = json.loads(receive_text(self._asks, seconds + _MORE_SECONDS))
        except (OSError, ValueError):
            # half of a conversation is left behind
            self.close()
            return Proof(0.0, str(phrase(NEVER)))
        if not isinstance(told, dict) or told.get("nonce") != made.told["nonce"]:
            return Proof(0.0, str(phrase(NEVER)))
        return judged(made, told, points)

    def _folder(self, source: str) -> dict[str, Any]:
        return {
            "work": str(self._work),
            "source": str(self._source),
            "files": list(self._files),
            # a test of the trainer's may go elsewhere itself
            "moves": "chdir" in source or "%cd" in source,
        }


def judged(made: Rewritten, told: Mapping[str, Any], points: float) -> Proof:
    """What a report proves."""
    try:
        return _judged(made, told, points)
    except (LookupError, TypeError, ValueError):
        # whoever made that report was not we
        return Proof(0.0, str(phrase(NEVER)))


def _judged(made: Rewritten, told: Mapping[str, Any], points: float) -> Proof:
    reached, lines = int(told["reached"]), made.lines
    if told["failed"] or reached != len(lines) - 1 or told["false"]:
        line = told["false"][0] if told["false"] else lines[min(reached + 1, len(lines) - 1)]
        error = str(told["failed"] or "AssertionError")[:80]
        if file := str(told["changed"])[:80]:
            why = phrase(CHANGED, file=file, line=int(line), error=error)
            return Proof(0.0, str(why), ask=True)
        return Proof(0.0, str(phrase(FAILED, line=int(line), error=error)))
    unseen = [line for number, line in made.asserts.items() if number not in told["true"]]
    if unseen:
        return Proof(0.0, str(phrase(UNREACHED, line=unseen[0])))
    if file := str(told["touched"])[:80]:
        return Proof(0.0, str(phrase(TOUCHED, file=file)), ask=True)
    for doubt in told["doubts"]:
        template = REPLACED if doubt["what"] == "replaced" else OWN
        why = phrase(template, line=int(doubt["line"]), name=str(doubt["name"])[:80])
        return Proof(0.0, str(why), ask=True)
    return _valued(told["value"], points)


def _valued(value: Mapping[str, Any], points: float) -> Proof:
    if value["kind"] in ("none", "other") or value.get("number") is True:
        return Proof(points)
    number = value["number"]
    good = type(number) is float and math.isfinite(number) and 0 <= number <= points
    if good:
        return Proof(number)
    return Proof(0.0, str(phrase(VALUE, value=str(number)[:30], points=f"{points:g}")))


def settled(cell: Any, proof: Proof, plain: float | None) -> Proof:
    """A proof with its points and, where these are not nbgrader's, with its reason."""
    if proof.points is None:
        return Proof(plain, proof.why, proof.ask)
    if proof.why or proof.points == plain:
        return proof
    if proof.points and plain and proof.points < plain:
        return Proof(proof.points, str(phrase(NUMBER, value=f"{proof.points:g}")))
    warned = any(one.get("name") == "stderr" for one in cell.outputs)
    failed = any(one.output_type == "error" for one in cell.outputs)
    return Proof(proof.points, str(phrase(WARNED if warned and not failed else PASSES)))
