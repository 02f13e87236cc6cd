"""Jupyter messages over a stream socket: a length of four bytes, then JSON."""

from __future__ import annotations

import base64
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

Message = dict[str, Any]
# the channels of Jupyter's that are used here
IOPUB, SHELL = "iopub", "shell"
_HEAD = struct.Struct("!I")
# one message; a learner's code may try to fill the memory of who reads
LIMIT = 16 * 2**20
# the first message of a fork: its process id, or why it could not be fenced
BEGUN = "begun"
# of a text between two forks; who reads it may be what a learner tries to fill
TEXT_LIMIT = 96 * 2**20
_AT_ONCE = 1 << 20
# a message's part that JSON cannot hold
BUFFERS = "buffers"


class TooBig(ValueError):
    """A message longer than ``LIMIT``, of ``length`` bytes."""

    def __init__(self, length: int) -> None:
        super().__init__(f"a cell or an output of {length / 2**20:,.0f} MB")


def pack(message: Message, default: Callable[[Any], Any] | None = None) -> bytes:
    """The bytes of one message; ``default`` makes JSON of what is none. TooBig beyond ``LIMIT``."""
    told = dict(message)
    if told.get(BUFFERS):
        told[BUFFERS] = [base64.b64encode(bytes(b)).decode() for b in told[BUFFERS]]
    data = json.dumps(told, default=default).encode()
    if len(data) > LIMIT:
        raise TooBig(len(data))
    return _HEAD.pack(len(data)) + data


def send_text(pair: socket.socket, text: str) -> None:
    """Send one text of a conversation between two forks. TooBig, OSError."""
    data = text.encode()
    if len(data) > TEXT_LIMIT:
        raise TooBig(len(data))
    pair.sendall(_HEAD.pack(len(data)) + data)


def receive_text(pair: socket.socket, seconds: float) -> str:
    """The next text by ``send_text``. TimeoutError; ValueError: ended, or nothing of that kind."""
    end = time.monotonic() + seconds
    (length,) = _HEAD.unpack(_exactly(pair, _HEAD.size, end))
    if length > TEXT_LIMIT:
        raise TooBig(length)
    return _exactly(pair, length, end).decode()


def _exactly(pair: socket.socket, length: int, end: float) -> bytes:
    held = bytearray()
    while len(held) < length:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        pair.settimeout(left)
        data = pair.recv(min(length - len(held), _AT_ONCE))
        if not data:
            raise ValueError("ended")
        held += data
    return bytes(held)


class Unpacker:
    """Messages out of pieces of a stream."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that ``data`` completes. TooBig, ValueError: not what ``pack`` makes."""
        self._held += data
        while len(self._held) >= _HEAD.size:
            (length,) = _HEAD.unpack_from(self._held)
            if length > LIMIT:
                raise TooBig(length)
            end = _HEAD.size + length
            if len(self._held) < end:
                return
            data = bytes(self._held[_HEAD.size : end])
            del self._held[:end]
            try:
                told = json.loads(data)
            except RecursionError:
                raise ValueError("nested too deep") from None
            if not isinstance(told, dict):
                raise ValueError("not a message")
            try:
                told[BUFFERS] = [base64.b64decode(b) for b in told.get(BUFFERS) or ()]
            except TypeError:
                raise ValueError("no buffers") from None
            yield told
