"""The process that judges a graded notebook: no learner's code in it, their values alone.

It is forked as a kernel is (``kit.runner``) and speaks over one socket with who grades. It is
told once whose work it is, then the name of an exercise each time: the answer is what its check
says. What it asks in between goes to the learner's kernel (``kit.checking.apart``).
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

from kit.checking.apart import FarNames
from kit.content import find_unit
from kit.identity import identity_of
from kit.model import Part
from kit.runner.inside import CALL_LIMIT
from kit.runner.wire import Joined, Message, Unpacker, pack, pieces
from kit.workbook.work import Workbook

_PIECE = 1 << 16


def serve(pair: socket.socket) -> None:
    """Judge exercises until the other end of ``pair`` is closed."""
    messages = _messages(pair)

    def ask(text: str) -> str:
        for piece in pieces(text):
            pair.sendall(pack({"ask": piece}))
        answer = Joined(CALL_LIMIT)
        for message in messages:
            whole = answer.add(message)
            if whole is not None:
                return whole
        raise SystemExit

    told = next(messages)
    unit, part = find_unit(told["unit"]), Part(told["part"])
    # one for all exercises: making a case takes time
    workbook = Workbook(unit, part, {}, identity_of(told["word"]))
    for asked in messages:
        # anew, since each name is asked for once
        names: Any = FarNames(ask)
        workbook.bind(names)
        pair.sendall(pack({"outcome": workbook.outcome(asked["exercise"]).as_data()}))


def _messages(pair: socket.socket) -> Iterator[Message]:
    unpacker: Any = Unpacker()
    while data := pair.recv(_PIECE):
        yield from unpacker.feed(data)
