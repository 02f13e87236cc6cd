"""The process that judges: told whose work it is, it asks for names and says what checks say."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kit.blank import BLANK
from kit.checking import unit_module
from kit.checking.apart import answer
from kit.identity import identity_of
from kit.model import Part, Unit
from kit.runner.wire import Message, Unpacker, pack, receive_text, send_text
from kit.workbook import Workbook, trusted

WORD = json.dumps({"course": "c", "learner": "kim", "language": "en", "hidden_seed": 5})


class Grader:
    """Who grades, and the learner's kernel with ``names``; None is one that says nothing."""

    def __init__(self, pair: socket.socket, beside: socket.socket) -> None:
        self.pair, self.beside, self._unpacker = pair, beside, Unpacker()
        self.asked = 0

    def told(self) -> Message:
        while True:
            for message in self._unpacker.feed(self.pair.recv(1 << 16)):
                return message

    def check(self, exercise: str, names: dict[str, Any] | None) -> Message:
        self.pair.sendall(pack({"exercise": exercise}))
        while True:
            ready, _, _ = select.select([self.pair, self.beside], [], [], 30)
            if self.pair in ready:
                return self.told()
            text = receive_text(self.beside, 30)
            self.asked += 1
            if names is not None:
                send_text(self.beside, answer(names, text))


@pytest.fixture
def grader(unit: Unit) -> Iterator[Grader]:
    (ours, theirs), (beside, asking) = socket.socketpair(), socket.socketpair()
    ours.settimeout(30)
    judging = threading.Thread(target=trusted.serve, args=(theirs, asking), daemon=True)
    judging.start()
    with ours, theirs, beside, asking:
        told = {"unit": unit.id, "part": "practice", "word": WORD, "seconds": 0.5}
        ours.sendall(pack(told))
        yield Grader(ours, beside)
        ours.shutdown(socket.SHUT_RDWR)
        judging.join(30)
    assert not judging.is_alive()


def test_it_says_what_the_workbook_says(grader: Grader, unit: Unit) -> None:
    names: dict[str, Any] = {"count": 3, "total": BLANK}
    book = Workbook(unit, Part.PRACTICE, names, identity_of(WORD))
    for exercise in ("count", "total"):
        told = grader.check(exercise, names)
        assert told["outcome"] == book.outcome(exercise).as_data()
        assert not told["lost"]
    assert grader.asked == 2


def test_each_check_looks_at_the_names_anew(grader: Grader, unit: Unit) -> None:
    seed = identity_of(WORD).case_seed(unit.id, "practice")
    disks = unit_module(unit, "case").build_case(seed, "practice")["disks"]
    kinds = [
        grader.check("count", {"count": count})["outcome"]["kind"] for count in (-1, len(disks))
    ]
    assert kinds == ["incorrect", "passed"]


def test_a_kernel_that_says_nothing_is_lost_and_asked_no_more(grader: Grader) -> None:
    for asked in (1, 1):
        told = grader.check("count", None)
        assert (told["outcome"]["kind"], told["lost"]) == ("not_attempted", True)
        assert grader.asked == asked
