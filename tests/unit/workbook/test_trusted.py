"""The process that judges: told whose work it is, it asks for names and says what checks say."""

from __future__ import annotations

import json
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
from kit.runner.wire import Message, Unpacker, pack, pieces
from kit.workbook import Workbook, trusted

WORD = json.dumps({"course": "c", "learner": "kim", "language": "en", "hidden_seed": 5})


class Grader:
    """The other end of the socket; what it is asked it asks of ``names``."""

    def __init__(self, pair: socket.socket) -> None:
        self.pair, self._unpacker = pair, Unpacker()
        self.asked = 0

    def told(self) -> Message:
        while True:
            for message in self._unpacker.feed(self.pair.recv(1 << 16)):
                return message

    def outcome(self, exercise: str, names: dict[str, Any]) -> dict[str, Any]:
        self.pair.sendall(pack({"exercise": exercise}))
        while "ask" in (message := self.told()):
            self.asked += 1
            for piece in pieces(answer(names, message["ask"]["text"])):
                self.pair.sendall(pack(piece))
        found: dict[str, Any] = message["outcome"]
        return found


@pytest.fixture
def grader(unit: Unit) -> Iterator[Grader]:
    ours, theirs = socket.socketpair()
    ours.settimeout(30)
    judging = threading.Thread(target=trusted.serve, args=(theirs,), daemon=True)
    judging.start()
    with ours, theirs:
        ours.sendall(pack({"unit": unit.id, "part": "practice", "word": WORD}))
        yield Grader(ours)
        ours.shutdown(socket.SHUT_RDWR)
        judging.join(30)
    assert not judging.is_alive()


def test_it_says_what_the_workbook_says(grader: Grader, unit: Unit) -> None:
    names: dict[str, Any] = {"count": 3, "total": BLANK}
    book = Workbook(unit, Part.PRACTICE, names, identity_of(WORD))
    for exercise in ("count", "total"):
        assert grader.outcome(exercise, names) == book.outcome(exercise).as_data()
    assert grader.asked == 2


def test_each_check_looks_at_the_names_anew(grader: Grader, unit: Unit) -> None:
    seed = identity_of(WORD).case_seed(unit.id, "practice")
    disks = unit_module(unit, "case").build_case(seed, "practice")["disks"]
    kinds = [grader.outcome("count", {"count": count})["kind"] for count in (-1, len(disks))]
    assert kinds == ["incorrect", "passed"]
