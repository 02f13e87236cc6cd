"""The process that judges a graded notebook: no learner's code in it, their values alone.

It is forked as a kernel is (``kit.runner``). Who grades tells it over one socket whose work it
is, then the name of an exercise each time; the answer is what its check says. Over the other
socket it asks the learner's kernel in between (``kit.checking.apart``).
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

from kit.checking.apart import GONE, STUCK, FarNames
from kit.content import find_unit
from kit.identity import identity_of
from kit.model import Part
from kit.runner.wire import Message, Unpacker, pack, receive_text, send_text
from kit.workbook.work import Workbook

_PIECE = 1 << 16


def serve(pair: socket.socket, beside: socket.socket) -> None:
    """Judge exercises until the other end of ``pair`` is closed."""
    messages = _messages(pair)
    told = next(messages)
    kernel = _Kernel(beside, told["seconds"])
    # one for all exercises: making a case takes time
    workbook = Workbook(find_unit(told["unit"]), Part(told["part"]), {}, identity_of(told["word"]))
    for asked in messages:
        # anew, since each name is asked for once
        names: Any = FarNames(kernel.ask)
        workbook.bind(names)
        outcome = workbook.outcome(asked["exercise"])
        pair.sendall(pack({"outcome": outcome.as_data(), "lost": kernel.lost}))


class _Kernel:
    """The learner's kernel; ``lost`` once it has given no answer in ``seconds``, or none at all."""

    def __init__(self, beside: socket.socket, seconds: float) -> None:
        self._beside, self._seconds = beside, seconds
        self.lost = False

    def ask(self, text: str) -> str:
        """The answer to a question; that the kernel is gone where there is none."""
        if self.lost:
            return GONE
        try:
            self._beside.settimeout(self._seconds)
            send_text(self._beside, text)
            return receive_text(self._beside, self._seconds)
        except (OSError, ValueError) as error:
            # a late answer would be taken for the next question's
            self.lost = True
            return STUCK if isinstance(error, TimeoutError) else GONE


def _messages(pair: socket.socket) -> Iterator[Message]:
    unpacker = Unpacker()
    while data := pair.recv(_PIECE):
        yield from unpacker.feed(data)
