"""A torn or re-encoded file: what can be made out of it, and its whole text."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.notebooks import flaw
from kit.update import merge
from kit.update.cells import clean, text_of
from kit.update.run import with_rest
from kit.update.salvage import salvage
from tests.cells import damaged
from tests.unit.update.sequences import Notebook, as_file, broken, content, histories

BASE = content([("e1", "code", "old"), ("e2", "short", "old")], "1")


def worked() -> dict[str, Any]:
    mine = json.loads(as_file(BASE))
    for cell in mine["cells"]:
        if cell["id"].endswith("-answer"):
            cell["source"] = f"{cell['id']} = '답 \\\\ \"3\"'\n"
    return dict(mine)


def texts(notebook: dict[str, Any]) -> set[str]:
    return {text_of(cell) for cell in notebook["cells"]}


def test_a_whole_notebook_needs_no_rescue() -> None:
    assert salvage(as_file(worked())) == (worked(), "")


@settings(max_examples=200)
@given(st.integers(0, 10_000), st.binary(max_size=20))
def test_a_torn_file_loses_no_answer_that_was_whole_in_it(at: int, junk: bytes) -> None:
    data = broken(as_file(worked()), at, junk)
    notebook, rest = salvage(data)
    found = texts(merge(BASE, notebook, BASE).notebook)
    for cell in worked()["cells"]:
        # as JSON writes it, which is ASCII here: in the cells, or in the text as it stands
        written = json.dumps(cell["source"])
        if written.encode() in data:
            assert cell["source"] in found or written in rest


@settings(max_examples=300)
@given(histories(), st.integers(0, 100_000), st.binary(max_size=5))
def test_what_any_learner_wrote_outlives_a_torn_file_and_new_content(
    history: tuple[Notebook, Notebook, Notebook], at: int, junk: bytes
) -> None:
    base, mine, theirs = history
    data = broken(as_file(mine), at, junk)
    cells, rest = salvage(data)
    merged = with_rest(merge(base, cells, theirs), cells, rest)
    nbformat.validate(nbformat.from_dict(merged.notebook))
    found = texts(merged.notebook)
    for cell in cells["cells"]:
        text = text_of(clean(cell)) if isinstance(cell, dict) else ""
        assert not text or text in texts(base) or text in found
    # what could not be made out as a cell stands there as the file had it
    assert not rest or rest in found


@settings(max_examples=200)
@given(damaged(worked()))
def test_what_no_reader_takes_comes_back_as_a_notebook_that_all_take(value: Any) -> None:
    cells, rest = salvage(as_file(value))
    merged = with_rest(merge(BASE, cells, BASE), cells, rest)
    assert flaw(merged.notebook) is None
    taken = isinstance(value.get("cells"), list) and flaw(value) is None
    assert taken == (rest == "")


def test_the_answers_of_a_torn_file_are_answers_again() -> None:
    data = as_file(worked())
    notebook, rest = salvage(data[: len(data) - 40])
    result = merge(BASE, notebook, content([("e1", "code", "new"), ("e2", "short", "old")], "2"))
    assert set(result.kept) == {"e1", "e2"}
    assert rest


@pytest.mark.parametrize(
    "wrong",
    [
        ('"source": "mine', '" source": "mine'),
        ('"source": "mine', '"source": "other", "source": "mine'),
    ],
)
def test_json_in_which_a_text_has_no_place_is_kept_whole(wrong: tuple[str, str]) -> None:
    mine = worked()
    mine["cells"].append({"cell_type": "markdown", "id": "x", "metadata": {}, "source": "mine"})
    data = json.dumps(mine).replace(*wrong).encode()
    read, rest = salvage(data)
    assert rest == data.decode()
    merged = with_rest(merge(BASE, read, BASE), read, rest)
    assert any("mine" in text for text in texts(merged.notebook))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_file_saved_by_another_editor_is_read(encoding: str) -> None:
    text = json.dumps(worked(), ensure_ascii=False)
    assert salvage(text.encode(encoding)) == (worked(), "")


def test_a_file_torn_inside_a_letter_is_not_taken_for_another_encoding() -> None:
    mine = worked()
    # its bytes are letters in CP949 too
    mine["cells"][0]["source"] = "각" * 20
    data = json.dumps(mine, ensure_ascii=False).encode("utf-8")
    first = data.index("각".encode())
    for torn in range(first + 6, first + 60):
        assert "각각" in salvage(data[:torn])[1]


@pytest.mark.parametrize(
    "text", ["", "[]", "3", '{"worksheets": []}', '{"cells": 1}', "{" * 5000, "[" * 100_000]
)
def test_what_is_no_notebook_is_kept_as_text(text: str) -> None:
    assert salvage(text.encode()) == ({"cells": [], "metadata": {}}, text)


@pytest.mark.parametrize("depth", [200, 900, 5000])
def test_cells_beside_endless_brackets_are_found_and_merged(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    data = json.dumps(worked() | {"more": "HERE"}).replace('"HERE"', deep).encode()
    notebook, rest = salvage(data)
    assert notebook["cells"] == worked()["cells"]
    assert rest == data.decode()
    assert merge(BASE, notebook, BASE).notebook["cells"]


@given(st.binary(max_size=200))
def test_any_bytes_are_salvaged_and_merged(data: bytes) -> None:
    notebook, rest = salvage(data)
    assert merge(None, notebook, BASE).notebook["cells"]
    assert rest or not data or json.loads(data)
