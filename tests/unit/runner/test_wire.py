"""Messages over a stream: whatever its pieces, they come back whole, and none too big."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.runner.wire import (
    LIMIT,
    TEXT_LIMIT,
    TooBig,
    Unpacker,
    pack,
    receive_text,
    send_text,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"content": JSON, "buffers": st.lists(st.binary(max_size=9), max_size=2)}
    ),
    max_size=4,
)


@given(MESSAGES, st.integers(1, 50))
def test_messages_come_back_whole_from_any_pieces(told: list[dict], size: int) -> None:
    stream, unpacker = b"".join(pack(one) for one in told), Unpacker()
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [one for piece in pieces for one in unpacker.feed(piece)] == told


def test_a_message_that_announces_too_much_is_refused_before_it_comes() -> None:
    with pytest.raises(TooBig, match=r"a cell or an output of \d+ MB"):
        list(Unpacker().feed(struct.pack("!I", LIMIT + 1)))


def test_a_message_too_big_is_not_sent() -> None:
    with pytest.raises(TooBig):
        pack({"content": "x" * LIMIT})


@pytest.mark.parametrize(
    "data", [b"[1]", b"nonsense", b"\xff", b"[" * 100_000, b'{"buffers": [5]}']
)
def test_what_is_no_message_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        list(Unpacker().feed(struct.pack("!I", len(data)) + data))


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.mark.parametrize("length", [0, 5, 3_000_000])
def test_a_text_of_any_length_comes_back_whole(
    ends: tuple[socket.socket, socket.socket], length: int
) -> None:
    one, other = ends
    sending = threading.Thread(target=send_text, args=(one, "한" * length))
    sending.start()
    assert receive_text(other, 30) == "한" * length
    sending.join()


def test_half_a_text_an_endless_one_and_none_at_all_are_errors(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    one, other = ends
    one.sendall(struct.pack("!I", 5) + b"ab")
    with pytest.raises(TimeoutError):
        receive_text(other, 0.05)
    one.sendall(struct.pack("!I", TEXT_LIMIT + 1))
    with pytest.raises(TooBig):
        receive_text(other, 5)
    one.close()
    with pytest.raises(ValueError, match="ended"):
        receive_text(other, 5)
