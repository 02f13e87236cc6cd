"""What is left of a damaged notebook: its cells, and its text for the archive."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from kit.notebooks import Cell, Notebook, flaw, is_deep, load_notebook


def salvage(data: bytes) -> tuple[Notebook, str]:
    """A notebook, and the file's whole text if ``read_notebook`` would not take it.

    Total: a file that is no JSON, no UTF-8 or no notebook gives the cells that can be
    made out in it. What no text can hold is written as ``\\\\xff``.
    """
    text = _decoded(data)
    try:
        value = load_notebook(text)
    except ValueError:
        return {"cells": list(_cells_in(text)), "metadata": {}}, text
    if not isinstance(value, dict) or not isinstance(value.get("cells"), list):
        return {"cells": [], "metadata": {}}, text
    # a letter written into a name makes JSON of which a text is lost all the same
    whole = flaw(value) is None and not _says_twice(text)
    return value, "" if whole else text


def _says_twice(text: str) -> bool:
    """Whether any object names one of its keys twice: of the two texts one is read."""
    twice = False

    def pairs(found: list[tuple[str, Any]]) -> None:
        nonlocal twice
        twice = twice or len({name for name, _ in found}) < len(found)

    json.loads(text, object_pairs_hook=pairs)
    return twice


def _decoded(data: bytes) -> str:
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    if not _mostly_utf8(data):
        try:
            # what a Korean Windows editor may save
            return data.decode("cp949")
        except UnicodeDecodeError:
            pass
    return data.decode("utf-8", "backslashreplace")


def _mostly_utf8(data: bytes) -> bool:
    # a file torn inside one Hangul letter would read as CP949 too, as other letters
    text = data.decode("utf-8", "replace")
    strange = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - strange >= strange


def _cells_in(text: str) -> Iterator[Cell]:
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            # torn inside: what is nested in it may still be whole
            end = at + 1
        else:
            if not _is_cell(value):
                # a whole notebook that nests too deeply still has its cells in it
                end = at + 1
            elif not is_deep(value):
                yield value
        at = text.find("{", end)


def _is_cell(value: Any) -> bool:
    return isinstance(value, dict) and "cell_type" in value and "source" in value
