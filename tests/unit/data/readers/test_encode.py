"""A text in pieces of whole lines is the text, however its bytes are cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.data.readers import encode
from kit.data.readers.encode import copy_as_utf8, encoding_of, whole_lines
from kit.errors import DataError

lines = st.lists(st.text("ab,가\x0b\x1e", max_size=6), min_size=1, max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=lines,
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    codec=st.sampled_from(["utf-8", "cp949", "utf-16"]),
    block=st.integers(1, 9),
)
def test_pieces_are_the_lines_with_their_numbers(
    tmp_path: Path, lines: list[str], end: str, codec: str, block: int
) -> None:
    path, copy = tmp_path / "a.csv", tmp_path / "copy.csv"
    path.write_bytes(end.join(lines).encode(codec))
    done: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "BLOCK", block)
        pieces = list(whole_lines(path, codec, done.append))
        copy_as_utf8(path, copy, codec)
    found = {first + at: line for first, text in pieces for at, line in enumerate(text.split("\n"))}
    # a last line without a character is none
    assert found == dict(enumerate(lines if lines[-1] else lines[:-1], start=1))
    assert copy.read_bytes().decode() == "\n".join(lines)
    assert done == sorted(done) and done[-1] == path.stat().st_size


def test_line_without_an_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encode, "_LONGEST", 50)
    monkeypatch.setattr(encode, "BLOCK", 10)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n" + "x" * 60 + "\n3,4\n", encoding="utf-8")
    pieces = whole_lines(path, encoding_of(path).codec)
    assert next(pieces) == (1, "a,b\n1,2")
    with pytest.raises(DataError, match=r"A line of a\.csv is longer") as refused:
        list(pieces)
    assert refused.value.where == "a.csv, row 3"
