"""Each check of a kit exercise is judged a second time, where no code of the learner's is.

What a check says in the learner's own kernel can be forged there. So after its cell has run,
another fork runs the same check: with the hidden seed, which the learner's kernel never has, on
the values that this kernel gives as plain data, and on what its functions return when they are
called, one at a time. That outcome takes the place of the other in the cell.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from kit.checking.work import CALL_SECONDS
from kit.content import load_units
from kit.grading.identity import unit_of
from kit.grading.outcomes import APART, MIME, OTHER, TRUST, is_said, read_outcome
from kit.grading.preprocessors import grade_id
from kit.grading.room import room
from kit.model import OutcomeKind, Part, Unit
from kit.notebooks import kit_metadata
from kit.runner.spawn import WARM, Fork, kept_environment
from kit.runner.wire import Message, Unpacker, pack

ANSWERS = "kit.checking.apart:answer"
SERVE = "kit.workbook.trusted:serve"
# a call and the look at its result have a limit of their own inside; this one ends the kernel
ANSWER_SECONDS = 2 * CALL_SECONDS + 5
# a check, its diagnoses, and the kernel's answers to all of them
CHECK_SECONDS = 180.0
# another user than the learner's: what they use up is theirs
_OTHER_USER = 1 << 23
_PIECE = 1 << 16


def part_of(assignment: str) -> tuple[Unit, Part] | None:
    """The unit and part that an assignment is of; None for somebody else's."""
    unit = load_units().get(unit_of(assignment))
    parts = [part for part in Part if unit and unit.assignment(part) == assignment]
    return (unit, parts[0]) if unit and parts else None


class Judge:
    """Judges the checks of one notebook.

    ``word`` is the grader's with the hidden seed, ``folder`` what was handed in. The process
    begins with the first check and ends with ``ends``.
    """

    def __init__(self, unit: Unit, part: Part, word: str, folder: Path, ends: ExitStack) -> None:
        self._told = {
            "unit": unit.id,
            "part": part.value,
            "word": word,
            "seconds": ANSWER_SECONDS,
        }
        self._known = {exercise.id for exercise in unit.of(part)}
        self._folder, self._ends = folder, ends
        self._process: _Process | None = None
        self._asks: socket.socket | None = None

    def judges(self, cell: Any) -> bool:
        """Whether this cell is a check of an exercise of this part."""
        return bool(grade_id(cell)) and is_said(cell) and kit_metadata(cell)["id"] in self._known

    @contextmanager
    def beside(self) -> Iterator[dict[str, Any]]:
        """What the learner's kernel is started with, so that it can be asked."""
        ours, theirs = socket.socketpair()
        self._asks = self._ends.enter_context(ours)
        # in no other hand than the kernel's, so that its end is seen
        with theirs:
            yield {"beside": theirs, "answers": ANSWERS}

    async def settle(self, cell: Any, end: Callable[[], Awaitable[Any]]) -> None:
        """Put the outcome into a check's cell, in place of what the cell said.

        ``end`` ends the kernel; it is called when that gave no answer.
        """
        exercise, before = str(kit_metadata(cell)["id"]), read_outcome(cell)
        told, lost = await self._outcome(exercise)
        forget(cell)
        bundle = {**told, "exercise": exercise, TRUST: APART}
        shown = {MIME: bundle, "text/plain": f"{exercise}: {told['kind']}"}
        cell.outputs.append(nbformat.v4.new_output("display_data", shown))
        if read_outcome(cell).share != before.share:
            cell.outputs[-1]["data"][MIME][OTHER] = before.kind
        if lost:
            await end()

    async def _outcome(self, exercise: str) -> tuple[dict[str, Any], bool]:
        """What the check says, and whether the kernel gave no answer."""
        try:
            self._process = self._process or self._started()
            told = await asyncio.wait_for(self._process.outcome(exercise), CHECK_SECONDS)
            return told["outcome"], bool(told["lost"])
        except (OSError, ValueError, TimeoutError):
            # half of a conversation is left behind: a person looks at this one and the rest
            if self._process:
                self._process.fork.kill()
            return {"kind": OutcomeKind.UNCHECKABLE.value, "score": None}, False

    def _started(self) -> _Process:
        made = self._ends.enter_context(room(self._folder))
        fence = replace(made.fence, user=made.fence.user + _OTHER_USER)
        environment = {**kept_environment(), **made.environment}
        fork = WARM.fork(
            made.folder, environment, made.log.fileno(), fence, serve=SERVE, beside=self._asks
        )
        self._ends.callback(fork.close)
        self._ends.callback(fork.kill)
        return _Process(fork, self._told)


class _Process:
    """The process that judges; what it is told, asks and says."""

    def __init__(self, fork: Fork, told: Message) -> None:
        self.fork = fork
        self._told: Message | None = told
        self._unpacker = Unpacker()
        fork.pair.setblocking(False)

    async def outcome(self, exercise: str) -> Message:
        """What it says of an exercise's check. ValueError when the process has ended."""
        if self._told:
            told, self._told = self._told, None
            await self._send(told)
        await self._send({"exercise": exercise})
        while True:
            data = await asyncio.get_running_loop().sock_recv(self.fork.pair, _PIECE)
            if not data:
                raise ValueError("ended")
            for message in self._unpacker.feed(data):
                return message

    async def _send(self, message: Message) -> None:
        await asyncio.get_running_loop().sock_sendall(self.fork.pair, pack(message))


def forget(cell: Any) -> None:
    """Take out of a cell's outputs all that claims to be an outcome."""
    cell.outputs = [output for output in cell.outputs if MIME not in output.get("data", {})]


def distrust(cell: Any) -> None:
    """Take out of a cell's outputs the claim that an outcome was judged apart."""
    for output in cell.get("outputs", []):
        bundle = output.get("data", {}).get(MIME)
        if isinstance(bundle, dict):
            bundle.pop(TRUST, None)
