"""Messages over a stream: whatever its pieces, they come back whole, and none too big."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.runner.wire import LIMIT, PIECE, Joined, TooBig, Unpacker, pack, pieces

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
    with pytest.raises(TooBig):
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


@pytest.mark.parametrize("length", [0, 5, PIECE, 2 * PIECE + 1])
def test_a_long_text_travels_in_messages_that_are_small_enough(length: int) -> None:
    text, joined = "한" * length, Joined(3 * PIECE)
    told = [piece for piece in pieces(text) if pack(piece)]
    assert [joined.add(piece) for piece in told] == [None] * (len(told) - 1) + [text]


def test_a_text_without_end_and_what_is_no_piece_are_refused() -> None:
    joined = Joined(10)
    with pytest.raises(TooBig):
        for _ in range(3):
            joined.add({"text": "12345", "more": True})
    with pytest.raises(ValueError):
        Joined(10).add({"text": 5})
