"""Two ways to move the orders: as it is often done, and so that nothing is lost.

Models for tests and benchmarks: the first is what the unit's draft is made of, the second is
its solution. Both read the SQLite file alone and know nothing of its truth.
"""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from kit.data.legacy.shop import ENCODING, NO_DATE, ORDERS, SEOUL, Reject
from kit.data.migration.chunks import stored_rows
from kit.data.migration.table import Row
from kit.files import hash_file

FLAGS = {b"Y": True, b"N": False}


def careless(path: Path) -> pd.DataFrame:
    """What looks right: as many rows as there were, and no error message."""
    with closing(sqlite3.connect(path)) as file:
        # else it does not read at all: the usual advice
        file.text_factory = lambda data: data.decode("utf-8", errors="replace")
        frame = pd.read_sql("SELECT * FROM orders", file)
    frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce").fillna(0).astype("int64")
    for column in ("ordered_at", "updated_at"):
        frame[column] = pd.to_datetime(frame[column], errors="coerce", utc=True)
    frame["paid"] = frame["paid"] == "Y"
    frame["memo"] = frame["memo"].replace("", None)
    return frame


def careful(path: Path) -> Iterator[Row | Reject]:
    """Each source row as the target holds it, or why it cannot."""
    for stored in stored_rows(path, ORDERS):
        source = dict(zip(ORDERS.names, stored, strict=True))
        ordered = _moment(source["ordered_at"])
        if ordered is None:
            yield Reject("orders", source["order_no"], "ordered_at", NO_DATE)
            continue
        yield (
            source["order_no"],
            source["cust_no"],
            _text(source["receipt_no"]),
            _text(source["item"]),
            Decimal(source["amount"].decode().replace(",", "")),
            ordered,
            FLAGS[source["paid"]],
            _text(source["memo"]),
            _moment(source["updated_at"]),
        )


def rows_and_rejects(path: Path) -> tuple[list[Row], list[Reject]]:
    """The careful loader's rows, and its reject log."""
    found = list(careful(path))
    rejects = [one for one in found if isinstance(one, Reject)]
    return [one for one in found if not isinstance(one, Reject)], rejects


def export(path: Path, into: Path) -> tuple[str, list[Reject]]:
    """Write the careful rows as gzipped CSV; its SHA-256 is the manifest, rejects beside it."""
    rejects = []
    with gzip.open(into, "wt", encoding="utf-8", newline="", compresslevel=1) as stream:
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        for one in careful(path):
            if isinstance(one, Reject):
                rejects.append(one)
            else:
                writer.writerow([r"\N" if value is None else value for value in one])
    return hash_file(into), rejects


def load(connection: Any, into: Path) -> None:
    """COPY the gzipped CSV, with NULL told apart from ''."""
    statement = r"COPY orders FROM STDIN WITH (FORMAT csv, NULL '\N')"
    with gzip.open(into, "rb") as stream, connection.cursor().copy(statement) as copy:
        while block := stream.read(io.DEFAULT_BUFFER_SIZE * 16):
            copy.write(block)


def _text(value: bytes | None) -> str | None:
    return None if value is None else unicodedata.normalize("NFC", value.decode(ENCODING))


def _moment(value: bytes) -> datetime | None:
    if value.startswith(NO_DATE.encode()):
        return None
    return datetime.fromisoformat(value.decode()).replace(tzinfo=SEOUL).astimezone(UTC)
