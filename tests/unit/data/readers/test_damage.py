"""Whatever happens to an export on its way, nothing gets lost and nothing crashes."""

from __future__ import annotations

import copy
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.data.readers import SAMPLE_COLUMNS, Reading, read_export
from kit.errors import DataError

FOLDER = Path(__file__).parents[3] / "fixtures" / "exports"
TEXTS = sorted(
    path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in {".xlsx", ".md"}
)
JSONS = [path for path in TEXTS if path.suffix == ".json" and path.stem != "error"]
JUNK = [
    "",
    "abc",
    "-1",
    "6553.5",
    "1e999",
    "nan",
    "+Inf",
    '"',
    ",",
    ";",
    "\x00",
    "\n",
    "12,5",
    "가",
]
FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_bytes(content: bytes, name: str) -> Reading | None:
    """Read content as a file; None where the readers refuse it in plain words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return read_export(path)
        except DataError as error:
            assert error.what
            assert error.where
            assert error.fix
            return None


def assert_accounted(reading: Reading | None) -> None:
    if reading is None:
        return
    ledger = reading.ledger
    assert ledger.read == ledger.kept + ledger.repaired + ledger.rejected
    assert ledger.kept + ledger.repaired == len(reading.samples) + len(reading.machines)
    assert tuple(reading.samples.columns) == SAMPLE_COLUMNS
    assert np.isfinite(reading.samples["value"]).all()
    assert reading.samples["time"].notna().all()
    assert all(note.expected and note.action for note in (*ledger.repairs, *ledger.rejects))


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Apply one to four accidents to a text file."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(content) + 1)
        piece = dice.choice(JUNK).encode()
        length = dice.choice([0, 1, 5, 40])
        content = dice.choice(
            [
                content[:at] + piece + content[at + length :],
                content[:at],
                content[:at] + content[max(0, at - 80) :],
                content[:at] + bytes(dice.randrange(256) for _ in range(6)) + content[at:],
            ]
        )
    return content


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
@FEW
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_are_accounted_for_or_refused(path: Path, seed: int) -> None:
    content = damaged(path.read_bytes(), random.Random(seed))
    assert_accounted(read_bytes(content, path.name))


def nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a JSON tree with each of its keys."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, child in list(pairs):
        yield tree, key
        if isinstance(child, (dict, list)):
            yield from nodes(child)


@pytest.mark.parametrize("path", JSONS, ids=lambda path: f"{path.parent.name}/{path.name}")
@FEW
@given(seed=st.integers(0, 2**32), other=st.sampled_from([None, 7, -1.5, "x", [], {}, True, [[]]]))
def test_json_of_another_shape_is_accounted_for_or_refused(
    path: Path, seed: int, other: object
) -> None:
    tree = json.loads(path.read_text(encoding="utf-8"))
    places = list(nodes(tree))
    container, key = random.Random(seed).choice(places)
    container[key] = copy.deepcopy(other)
    assert_accounted(read_bytes(json.dumps(tree).encode(), path.name))


cells = st.one_of(
    st.floats(allow_nan=True).map(str),
    st.sampled_from([*JUNK, "12 %", "1,234", "2024-03-04 09:00", "오후 3시", "9999999999"]),
    st.text(max_size=8),
)


@FEW
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=12))
def test_any_rows_below_a_header_are_accounted_for(rows: list[list[str]]) -> None:
    lines = ["timestamp,value", "2024-03-04 09:00:00,5", *(",".join(row) for row in rows)]
    content = "\n".join(lines).encode("utf-8", errors="replace")
    assert_accounted(read_bytes(content, "cpu_web.csv"))


@FEW
@given(content=st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_in_plain_words(content: bytes) -> None:
    assert_accounted(read_bytes(content, "cpu.csv"))


@FEW
@given(
    wrong=st.lists(st.sampled_from(["", "abc", "-1", "6553.5", "1e999", "nan", "+Inf"]), max_size=9)
)
def test_every_unusable_cell_is_rejected_and_every_usable_one_kept(wrong: list[str]) -> None:
    good = [f"2024-03-04 09:{minute:02d}:00,{minute}" for minute in range(60)]
    bad = [f"2024-03-04 10:{minute:02d}:00,{cell}" for minute, cell in enumerate(wrong)]
    content = "\n".join(["timestamp,value", *good, *bad]).encode()
    reading = read_bytes(content, "cpu_web.csv")
    assert reading is not None
    assert (reading.ledger.kept, reading.ledger.rejected) == (60, len(wrong))
    assert [note.row for note in reading.ledger.rejects] == list(range(62, 62 + len(wrong)))
    assert [note.read for note in reading.ledger.rejects] == wrong
