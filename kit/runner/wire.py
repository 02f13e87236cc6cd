"""Jupyter messages over a stream socket: a length of four bytes, then JSON."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

Message = dict[str, Any]
_HEAD = struct.Struct("!I")
# one message; a learner's code may try to fill the memory of who reads
LIMIT = 16 * 2**20
# the first message of a fork: its process id, or why it could not be fenced
BEGUN = "begun"
# characters of a long text; as a part of JSON each may take six bytes
PIECE = 2 * 2**20
# a message's part that JSON cannot hold
BUFFERS = "buffers"


class TooBig(ValueError):
    """A message longer than ``LIMIT``."""


def pack(message: Message, default: Callable[[Any], Any] | None = None) -> bytes:
    """The bytes of one message; ``default`` makes JSON of what is none. TooBig beyond ``LIMIT``."""
    told = dict(message)
    if told.get(BUFFERS):
        told[BUFFERS] = [base64.b64encode(bytes(b)).decode() for b in told[BUFFERS]]
    data = json.dumps(told, default=default).encode()
    if len(data) > LIMIT:
        raise TooBig(len(data))
    return _HEAD.pack(len(data)) + data


def pieces(text: str) -> Iterator[Message]:
    """A text of any length as contents of messages; ``Joined`` makes one of them again."""
    for start in range(0, max(len(text), 1), PIECE):
        yield {"text": text[start : start + PIECE], "more": start + PIECE < len(text)}


class Joined:
    """One text out of its pieces, which may come from a process that nobody trusts."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._texts: list[str] = []
        self._length = 0

    def add(self, piece: Message) -> str | None:
        """The text when it is whole, None before. ValueError: no piece. TooBig."""
        text = piece.get("text")
        if not isinstance(text, str):
            raise ValueError("no text")
        self._texts.append(text)
        self._length += len(text)
        if self._length > self._limit:
            raise TooBig(self._length)
        if piece.get("more") is True:
            return None
        whole, self._texts, self._length = "".join(self._texts), [], 0
        return whole


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
