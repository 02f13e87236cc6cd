"""Files that were handed in or made: there, of the right kind, and what is in them."""

from __future__ import annotations

import io
import json as json_module
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kit.checking.expect.reading import read
from kit.checking.expect.words import listed, short
from kit.checking.mistakes import Mistake
from kit.i18n import mark

if TYPE_CHECKING:
    import openpyxl
    import pandas as pd

# what a small workbook may unpack to
MAX_UNPACKED_MB = 200
_MB = 1024 * 1024
T = TypeVar("T")


def file(
    path: object, name: str, *, suffix: str | Collection[str] = "", max_mb: float = 10
) -> Path:
    """A file that is there, is not empty, ends in ``suffix`` (or one of them) and is small."""
    found = read(name, lambda: Path(os.fspath(path)) if isinstance(path, str | Path) else None)
    if found is None:
        raise Mistake(
            "not_a_path",
            mark("`{name}` is {value}, not the path of a file."),
            required=mark("The path of a file, as text."),
            name=name,
            value=short(path),
        )
    size = read(name, lambda: found.stat().st_size if found.is_file() else None)
    if size is None:
        raise Mistake(
            "no_file",
            mark("There is no file {file}."),
            required=mark("A file where `{name}` says."),
            name=name,
            file=found.name,
        )
    allowed = [suffix] if isinstance(suffix, str) else list(suffix)
    if any(allowed) and found.suffix.lower() not in allowed:
        raise Mistake(
            "wrong_suffix",
            mark("{file} is of another kind."),
            required=mark("A file that ends in {allowed}."),
            file=found.name,
            allowed=", ".join(allowed),
        )
    if not 0 < size <= max_mb * _MB:
        raise Mistake(
            "empty_file" if not size else "large_file",
            mark("{file} has {size:,.1f} MB."),
            required=mark("More than nothing, at most {most:g} MB."),
            file=found.name,
            size=size / _MB,
            most=max_mb,
        )
    return found


def _opened(path: Path, kind: str, parse: Callable[[Path], T]) -> T:
    """What a library makes of a file; what it cannot open is the file's fault."""

    def look() -> T:
        try:
            return parse(path)
        except Exception as error:
            raise Mistake(
                "damaged_file",
                mark("{file} does not open as {kind}: {error}"),
                required=mark("A file that {kind} opens without a question."),
                file=path.name,
                kind=kind,
                error=str(error).partition("\n")[0][:160] or type(error).__name__,
            ) from None

    return read(path.name, look)


def xlsx(
    path: object, name: str, *, sheets: Collection[str] = (), formulas: int = 0
) -> openpyxl.Workbook:
    """An Excel workbook with these sheets, as openpyxl has it; formulas are texts with ``=``.

    ``formulas`` is how many cells must be computed by Excel, so that nobody hands in a model
    whose figures were typed.
    """
    book = _opened(file(path, name, suffix=".xlsx"), "Excel", _load_xlsx)
    _has_all(sheets, book.sheetnames, name, "missing_sheets")
    live = sum(
        cell.data_type == "f"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    )
    if live < formulas:
        raise Mistake(
            "typed_figures",
            mark("`{name}` computes {live} cells."),
            required=mark(
                "{least} cells or more with a formula: change an input, and they follow."
            ),
            name=name,
            live=live,
            least=formulas,
        )
    return book


def _load_xlsx(path: Path) -> openpyxl.Workbook:
    import zipfile

    import openpyxl

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_MB * _MB:
            raise ValueError(f"more than {MAX_UNPACKED_MB} MB when unpacked")
    return openpyxl.load_workbook(path)


def csv(path: object, name: str, *, columns: Collection[str] = ()) -> pd.DataFrame:
    """A table of text with at least these columns, in any usual encoding and delimiter."""
    found = _opened(file(path, name, suffix=(".csv", ".tsv", ".txt")), "CSV", _load_csv)
    _has_all(columns, [str(column) for column in found.columns], name, "missing_columns")
    return found


def _load_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    from kit.data.readers.source import decode
    from kit.data.readers.table import find_delimiter

    text, _encoding = decode(path.read_bytes())
    return pd.read_csv(io.StringIO(text), sep=find_delimiter(text))


@dataclass(frozen=True)
class Section:
    """A heading of Markdown, its level from 1, and the source below it up to the next."""

    level: int
    title: str
    text: str


def markdown(path: object, name: str, *, headings: Collection[str] = ()) -> list[Section]:
    """The sections of a Markdown file with at least these headings, in any case of letters."""
    sections = _opened(file(path, name, suffix=(".md", ".markdown")), "Markdown", _load_markdown)
    there = {section.title.casefold() for section in sections}
    _has_all(headings, there, name, "missing_headings", fold=True)
    return sections


def _load_markdown(path: Path) -> list[Section]:
    from markdown_it import MarkdownIt

    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    # only blocks matter here
    tokens = MarkdownIt().disable("inline").parse(text)
    # what a heading in a quote or a list heads is not a section of the document
    heads = [
        n for n, token in enumerate(tokens) if token.type == "heading_open" and not token.level
    ]
    starts = [tokens[n].map or [0, 0] for n in heads]
    ends = [start for start, _end in starts[1:]] + [len(lines)]
    return [
        Section(
            int(tokens[n].tag[1:]), tokens[n + 1].content, "\n".join(lines[start[1] : end]).strip()
        )
        for n, start, end in zip(heads, starts, ends, strict=True)
    ]


def yaml(path: object, name: str, *, keys: Collection[str] = ()) -> Any:
    """What a YAML file holds, with at least these keys at its top."""
    import yaml as library

    def load(found: Path) -> Any:
        return library.safe_load(found.read_text(encoding="utf-8-sig"))

    return _keyed(_opened(file(path, name, suffix=(".yaml", ".yml")), "YAML", load), name, keys)


def json(path: object, name: str, *, keys: Collection[str] = ()) -> Any:
    """What a JSON file holds, with at least these keys at its top."""

    def load(found: Path) -> Any:
        return json_module.loads(found.read_text(encoding="utf-8-sig"))

    return _keyed(_opened(file(path, name, suffix=".json"), "JSON", load), name, keys)


def _keyed(found: Any, name: str, keys: Collection[str]) -> Any:
    if keys:
        _has_all(keys, list(found) if isinstance(found, Mapping) else [], name, "missing_keys")
    return found


def _has_all(
    wanted: Collection[str], there: Collection[Any], name: str, label: str, *, fold: bool = False
) -> None:
    lacking = [one for one in wanted if (one.casefold() if fold else one) not in there]
    if lacking:
        raise Mistake(
            label,
            mark("`{name}` has no {lacking}."),
            required=mark("It has: {wanted}."),
            name=name,
            lacking=listed(lacking),
            wanted=listed(wanted),
        )
