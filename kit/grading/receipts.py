"""A receipt: what was handed in, file by file, so that both sides can see that it is whole.

It proves nothing about who made it: anybody can write one. A wrong one costs nobody else
anything, and a right one gives no points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from kit.files import hash_file, write_json
from kit.i18n import mark, phrase

FILE = "receipt.json"
# nbgrader writes them into each submission, after everything else
STAMP, SECRET = "timestamp.txt", "submission_secret.txt"
_BESIDE = {FILE, STAMP, SECRET}
_LIMIT = 4 * 1024 * 1024
_Sum = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Receipt(BaseModel):
    """``files``: sha256 by name, "/" between folders. ``receipt``: ``total`` of them."""

    format: Literal[1]
    files: Annotated[dict[str, _Sum], Field(max_length=20_000)]
    receipt: _Sum


def total(files: Mapping[str, str]) -> str:
    """The sha256 over names and contents: of what ``sha256sum`` prints, sorted by name."""
    lines = (f"{files[name]}  {name}\n" for name in sorted(files) if name not in _BESIDE)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def sums(folder: Path) -> dict[str, str]:
    """The sha256 of each file that a receipt names; links are none."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink())
    named = {plain(path.relative_to(folder).as_posix()): path for path in found}
    return {name: hash_file(path) for name, path in named.items() if name not in _BESIDE}


def plain(name: str) -> str:
    """A file's name as text: bytes that are no UTF-8 come out as escapes, alike everywhere."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def write_receipt(folder: Path) -> str:
    """Put the receipt of all that lies in ``folder`` there; returns its ``receipt``."""
    files = sums(folder)
    value = Receipt(format=1, files=files, receipt=total(files))
    write_json(folder / FILE, value.model_dump())
    return value.receipt


def read_receipt(folder: Path) -> Receipt | None:
    """The receipt in ``folder`` as anybody may have written it; None without a readable one."""
    path = folder / FILE
    try:
        if path.is_symlink() or path.stat().st_size > _LIMIT:
            return None
        return Receipt.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def lacking(folder: Path, files: Mapping[str, str]) -> str:
    """What says that a submission is not whole, a phrase; "" for nothing.

    ``files`` are the sums of what really lies there. A receipt's names are only compared
    with theirs, never opened. Without a receipt the last file that nbgrader writes decides.
    """
    if not (folder / STAMP).is_file():
        return phrase(mark("{name} is missing"), name=STAMP)
    if not (folder / FILE).exists():
        return ""
    told = read_receipt(folder)
    if told is None:
        return phrase(mark("{name} cannot be read"), name=FILE)
    there = {name: value for name, value in files.items() if name not in _BESIDE}
    for name in sorted({*told.files, *there}):
        if name not in there:
            return phrase(mark("{name} is missing"), name=shown(name))
        if name not in told.files:
            return phrase(mark("{name} was added later"), name=shown(name))
        if told.files[name] != there[name]:
            return phrase(mark("{name} is not as it was sent"), name=shown(name))
    return "" if told.receipt == total(there) else phrase(mark("the receipt is a wrong sum"))


def shown(name: str) -> str:
    """A file name of somebody else's as a terminal may show it."""
    clean = "".join(sign if sign.isprintable() else "?" for sign in name)
    return clean if len(clean) <= 80 else f"{clean[:79]}…"
