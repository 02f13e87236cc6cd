"""From a path to text: what kind of file it is, and in which encoding it is written."""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.errors import DataError
from kit.i18n import mark, phrase

# First bytes of files that people save by mistake, and what to do with each.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", mark("a PDF document"), mark("Export the numbers as CSV, JSON or xlsx instead.")),
    (
        b"\x89PNG",
        mark("a picture (PNG)"),
        mark("Export the numbers behind the chart as CSV or xlsx."),
    ),
    (
        b"\xff\xd8\xff",
        mark("a picture (JPEG)"),
        mark("Export the numbers behind the chart as CSV or xlsx."),
    ),
    (b"GIF8", mark("a picture (GIF)"), mark("Export the numbers behind the chart as CSV or xlsx.")),
    (
        b"\x1f\x8b",
        mark("a gzip archive"),
        mark("Unpack it first (gunzip FILE) and read the file inside."),
    ),
    (b"7z\xbc\xaf", mark("a 7-Zip archive"), mark("Unpack it first and read the file inside.")),
    (b"Rar!", mark("a RAR archive"), mark("Unpack it first and read the file inside.")),
    (b"SQLite format 3", mark("a SQLite database"), mark("Export the table as CSV first.")),
    (
        b"\xd5\x96",
        mark("sar's own binary file"),
        mark("Convert it on the server: sadf -d FILE -- -u -r > sar.csv"),
    ),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_MARKUP = re.compile(r"^\s*<(!doctype html|html|head|body|script|meta|div|table)\b", re.I)


@dataclass(frozen=True)
class Source:
    """A file whose bytes were understood: text, or an xlsx workbook (then ``text`` is empty)."""

    path: Path
    name: str
    # A workbook is opened again by openpyxl, so only its path is needed.
    is_workbook: bool
    text: str
    notes: tuple[str, ...]

    @property
    def stem(self) -> str:
        """Return the file name without its last suffix."""
        return self.path.stem

    @cached_property
    def looks_json(self) -> bool:
        """Whether the text opens like JSON; a CSV never starts with a brace or bracket."""
        return self.text.lstrip()[:1] in {"{", "["}

    @cached_property
    def json(self) -> Any:
        """The parsed JSON; one object per line becomes a list. Raises DataError when damaged."""
        try:
            return json.loads(self.text)
        except RecursionError as error:
            raise DataError(
                "{file} is JSON nested too deeply for any monitoring export.",
                where=self.name,
                fix="Run the export again and save its output unchanged.",
                file=self.name,
            ) from error
        except ValueError as error:
            lines = _json_lines(self.text)
            if lines is None:
                raise _broken_json(self.name, self.text, error) from error
            return lines


# Bytes; above this plain tables are streamed (kit.data.stream, kit.data.own.stored), no others.
LARGE = 200_000_000


def is_large(path: Path) -> bool:
    """Whether a file is streamed, or refused, rather than read at once; see ``LARGE``."""
    return path.is_file() and path.stat().st_size > LARGE


def load(path: Path, name: str) -> Source:
    """Read a file and find out what it is.

    Raises DataError when it is missing, empty, a kind of file no reader understands, or
    larger than ``LARGE`` bytes.
    """
    if is_large(path):
        raise too_large(head_of(path, name))
    data = _bytes_of(path, name)
    # Both xlsx and plain archives start so; only the members tell.
    if data.startswith(b"PK\x03\x04"):
        _require_workbook(path, name)
        return Source(path, name, True, "", ())
    _refuse_foreign(data, name)
    text, notes = decode(data)
    _refuse_unreadable(text, name)
    return Source(path, name, False, text, notes)


# Enough for any preamble; the header line of esxtop alone may have megabytes.
_HEAD, _LONG_HEAD = 200_000, 8_000_000


def head_of(path: Path, name: str) -> Source:
    """The first lines of a file that is too large to hold, as ``load`` gives a whole one.

    Raises DataError for a kind of file that no reader understands.
    """
    with path.open("rb") as stream:
        data = stream.read(_HEAD)
        if data.count(b"\n") < 2:
            data += stream.read(_LONG_HEAD)
    if data.startswith(b"PK\x03\x04"):
        _require_workbook(path, name)
        return Source(path, name, True, "", ())
    _refuse_foreign(data, name)
    text, notes = decode(data[: data.rfind(b"\n") + 1] or data)
    _refuse_unreadable(text, name)
    return Source(path, name, False, text, notes)


def too_large(head: Source, kind: str = "", fix: str = "") -> DataError:
    """The error of a large file that cannot be read piece by piece, by its first lines.

    ``kind`` is what it is, where a reader knows it, and ``fix`` how to export less.
    """
    if head.is_workbook or head.looks_json:
        kind = mark("an xlsx workbook") if head.is_workbook else "JSON"
        fix = mark("Export the same data as CSV, or one month at a time.")
    sizes = {"size": head.path.stat().st_size / 1e6, "limit": LARGE / 1e6}
    if not kind:
        return DataError(
            "{name} has {size:,.0f} MB; at most {limit:,.0f} MB are read at once.",
            where=head.name,
            fix="Read it with upskill quick FILE or wb.tools.own(FILE), which take a large plain "
            "table piece by piece; or export a shorter period.",
            name=head.name,
            **sizes,
        )
    return DataError(
        "{name} is {kind} of {size:,.0f} MB; above {limit:,.0f} MB only plain tables (CSV) are "
        "read, piece by piece.",
        where=head.name,
        fix=fix,
        name=head.name,
        kind=kind,
        **sizes,
    )


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode by byte order mark, then UTF-8, then CP949; damage is marked, never fatal."""
    for start, codec, label in (
        (codecs.BOM_UTF8, "utf-8-sig", mark("UTF-8 with a byte order mark")),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    ):
        if data.startswith(start):
            return data.decode(codec, errors="replace"), (
                phrase("Encoding: {label}.", label=label),
            )
    # PowerShell and some agents of Windows write UTF-16 without a mark.
    guess = utf16_without_mark(data)
    if guess:
        return data.decode(guess, errors="replace"), (
            phrase("Encoding: UTF-16, no byte order mark."),
        )
    return _decode_unmarked(data)


def _decode_unmarked(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decide between UTF-8 and CP949 for bytes that carry no mark."""
    try:
        return data.decode("utf-8"), (phrase("Encoding: UTF-8."),)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp949"), (phrase("Encoding: CP949 (Korean Windows)."),)
    except UnicodeDecodeError:
        pass
    # A damaged file decodes in neither; the codec that loses fewer characters is the likelier.
    tries = [(data.decode(codec, errors="replace"), codec) for codec in ("utf-8", "cp949")]
    text, codec = min(tries, key=lambda pair: pair[0].count("\ufffd"))
    lost = text.count("\ufffd")
    return text, (
        phrase(
            "Encoding: {codec}; {lost} unreadable characters are shown as \ufffd.",
            codec=codec.upper(),
            lost=lost,
        ),
    )


def utf16_without_mark(data: bytes) -> str:
    """Name the UTF-16 byte order when every other byte of the start is zero."""
    head = data[:400]
    if len(head) < 8 or head.count(0) < len(head) // 3:
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _bytes_of(path: Path, name: str) -> bytes:
    if path.is_dir():
        # "." has no name of its own
        name = name or path.resolve().name
        raise DataError(
            "{name} is a folder, not a file.",
            where=str(path),
            fix="Choose the export file inside it, or pass all its files together.",
            name=name,
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(
            "{name} cannot be opened: {reason}.",
            where=str(path),
            fix="Check the path, and close the file in Excel if it is open there.",
            name=name,
            reason=error.strerror or error,
        ) from error
    # A mark and blank lines are all that some tools write for a period without data.
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise DataError(
            "{name} is empty: {size} bytes and no measurement among them.",
            where=name,
            fix="Run the export again and check that the chosen period has data.",
            name=name,
            size=len(data),
        )
    return data


def _require_workbook(path: Path, name: str) -> None:
    """Tell an xlsx workbook, which is a zip archive inside, from any other archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(
            "{name} starts like an xlsx or zip file but is cut off or damaged.",
            where=name,
            fix="Copy or download it again, then read it once more.",
            name=name,
        ) from error
    if "xl/workbook.xml" not in members:
        raise DataError(
            "{name} is a zip archive with {count} files inside, not an export.",
            where=name,
            fix="Unpack the archive first and read the files inside.",
            name=name,
            count=len(members),
        )


def _refuse_foreign(data: bytes, name: str) -> None:
    """Raise a plain explanation for kinds of files that hold no readable table."""
    if data.startswith(_OLE):
        raise _office_error(data, name)
    for start, kind, fix in _FOREIGN:
        if data.startswith(start):
            raise DataError(
                "{name} is {kind}; expected an export as CSV, JSON or xlsx.",
                where=name,
                fix=fix,
                name=name,
                kind=kind,
            )


def _office_error(data: bytes, name: str) -> DataError:
    # Excel wraps a password-protected xlsx in the old container under this stream's name.
    if "EncryptedPackage".encode("utf-16-le") in data:
        return DataError(
            "{name} is protected with a password, so its sheets cannot be read.",
            where=name,
            fix="Open it in Excel, remove the password (File, Info), save, read again.",
            name=name,
        )
    return DataError(
        "{name} is an old Office file (.xls); expected .xlsx, CSV or JSON.",
        where=name,
        fix="Open it in Excel and save it as .xlsx.",
        name=name,
    )


def _refuse_unreadable(text: str, name: str) -> None:
    # The start decides: a damaged byte deep in a good file must not refuse it.
    head = text[:65536]
    if _MARKUP.match(head):
        raise DataError(
            "{name} is a web page, probably a sign-in or error page saved as an export.",
            where=phrase("{name}, row 1: {head!r}", name=name, head=head.strip()[:60]),
            fix="Sign in to the monitoring tool again and repeat the download.",
            name=name,
        )
    # RRDtool exports XML of its own, which a reader knows.
    if head.lstrip().startswith("<?xml") and "<xport>" not in head[:400]:
        raise DataError(
            "{name} is XML; expected CSV, JSON or xlsx.",
            where=phrase("{name}, row 1", name=name),
            fix="Export as CSV, or save it as .xlsx in Excel; for sar use: sadf -j FILE",
            name=name,
        )
    # A few control characters are damage and cost their cells only.
    if len(_CONTROL.findall(head)) > max(2, len(head) // 20):
        raise DataError(
            "{name} is a binary file, not text; expected CSV, JSON or xlsx.",
            where=name,
            fix="Export as CSV. A PerfMon .blg file: relog FILE.blg -f CSV -o FILE.csv",
            name=name,
        )


def _json_lines(text: str) -> list[Any] | None:
    """Parse one JSON value per line; None when any line is not JSON."""
    # One line alone is ordinary JSON, and its error is the better message.
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None


def _broken_json(name: str, text: str, error: ValueError) -> DataError:
    row = getattr(error, "lineno", 1)
    column = getattr(error, "colno", 1)
    position = getattr(error, "pos", 0)
    cut = position >= len(text.rstrip()) - 1 or "Unterminated" in str(error)
    state = mark("ends in the middle (cut off)") if cut else mark("is damaged")
    return DataError(
        "{name} is JSON that {state}: read {read!r}, expected valid JSON ({expected}).",
        where=phrase("{name}, row {row}, column {column}", name=name, row=row, column=column),
        fix="Run the export again and save its whole output, without editing it.",
        name=name,
        state=state,
        read=text[max(0, position - 20) : position + 10],
        expected=getattr(error, "msg", error),
    )
