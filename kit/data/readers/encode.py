"""The bytes of a large text: which encoding they are, and a UTF-8 copy where one is needed."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import DataError
from kit.i18n import mark, phrase

BLOCK = 4 << 20
_LONGEST = 16_000_000
# Never part of a line of text; DuckDB reads each line as the one column between them.
SEPARATOR = "\x1d\x1e"


@dataclass(frozen=True)
class Encoding:
    """How a text is written; ``even`` says that DuckDB reads it as it lies."""

    codec: str
    even: bool
    notes: tuple[str, ...]


def encoding_of(path: Path, step: Callable[[int], object] | None = None) -> Encoding:
    """Find the encoding as ``source.decode`` does, in blocks; never raises.

    ``step`` is called with the bytes that are done.
    """
    head = path.open("rb").read(400)
    for start, codec, label in _MARKS:
        if head.startswith(start):
            # The mark stands in the header line, which is read by Python.
            even = codec == "utf-8-sig" and _readable(path, "utf-8", step) and _even_lines(path)
            return Encoding(codec, even, (phrase("Encoding: {label}.", label=label),))
    guess = _utf16(head)
    if guess:
        return Encoding(guess, False, (phrase("Encoding: UTF-16, no byte order mark."),))
    if _readable(path, "utf-8", step):
        return Encoding("utf-8", _even_lines(path), (phrase("Encoding: UTF-8."),))
    if _readable(path, "cp949", None):
        return Encoding("cp949", False, (phrase("Encoding: CP949 (Korean Windows)."),))
    lost = {codec: _lost(path, codec) for codec in ("utf-8", "cp949")}
    codec = min(lost, key=lambda name: lost[name])
    told = "Encoding: {codec}; {lost} unreadable characters are shown as \ufffd."
    return Encoding(codec, False, (phrase(told, codec=codec.upper(), lost=lost[codec]),))


def copy_as_utf8(path: Path, target: Path, codec: str) -> None:
    """Write a copy in UTF-8 with \\n alone at line ends; damage is marked, never fatal."""
    with target.open("w", encoding="utf-8", newline="") as out:
        for text in _evened(path, codec):
            out.write(text.replace(SEPARATOR, "\ufffd"))


def whole_lines(
    path: Path, codec: str, step: Callable[[int], object] | None = None
) -> Iterator[tuple[int, str]]:
    """A text in pieces of whole lines, each with the number of its first line, from 1.

    Lines are parted by \\n, with none behind a piece's last. ``step`` is called with the bytes
    that are done. DataError for a line so long that no table has it.
    """
    row, rest, size = 1, "", path.stat().st_size
    for number, text in enumerate(_evened(path, codec), start=1):
        text = rest + text
        at = text.rfind("\n")
        rest = text[at + 1 :]
        if at >= 0:
            yield row, text[:at]
            row += text.count("\n")
        if len(rest) > _LONGEST:
            raise DataError(
                "A line of {file} is longer than {limit:,.0f} MB: it is no table.",
                where=phrase("{file}, row {row}", file=path.name, row=row),
                fix="Export it again as CSV, with one line for each record.",
                file=path.name,
                limit=_LONGEST / 1e6,
            )
        if step:
            step(min(number * BLOCK, size))
    if rest:
        yield row, rest


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", mark("UTF-8 with a byte order mark")),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def _utf16(head: bytes) -> str:
    from kit.data.readers.source import utf16_without_mark

    return utf16_without_mark(head)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(BLOCK), b"")


def _texts(path: Path, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    for block in _blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _evened(path: Path, codec: str) -> Iterator[str]:
    """The text, block by block, with \\n alone at line ends."""
    carried = ""
    for text in _texts(path, codec):
        text = carried + text
        # A pair may be cut by the end of a block.
        carried = "\r" if text.endswith("\r") else ""
        whole = text[: len(text) - len(carried)]
        yield whole.replace("\r\n", "\n").replace("\r", "\n")
    yield carried.replace("\r", "\n")


def _readable(path: Path, codec: str, step: Callable[[int], object] | None) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    done = 0
    try:
        for block in _blocks(path):
            decoder.decode(block)
            done += len(block)
            if step:
                step(done)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lost(path: Path, codec: str) -> int:
    return sum(text.count("\ufffd") for text in _texts(path, codec))


def _even_lines(path: Path) -> bool:
    """Whether all lines end alike and hold nothing that DuckDB would take for a separator."""
    pairs = returns = feeds = 0
    before = b""
    for block in _blocks(path):
        pairs += block.count(b"\r\n") + (before == b"\r" and block[:1] == b"\n")
        returns += block.count(b"\r")
        feeds += block.count(b"\n")
        if SEPARATOR.encode() in block or b"\x00" in block:
            return False
        before = block[-1:]
    return returns == pairs and pairs in (0, feeds)
