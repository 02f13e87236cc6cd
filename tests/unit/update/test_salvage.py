"""A torn or re-encoded file: what can be made out of it, and its whole text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.update import merge
from kit.update.cells import text_of
from kit.update.salvage import salvage
from tests.unit.update.sequences import as_file, broken, content

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


def test_the_answers_of_a_torn_file_are_answers_again() -> None:
    data = as_file(worked())
    notebook, rest = salvage(data[: len(data) - 40])
    result = merge(BASE, notebook, content([("e1", "code", "new"), ("e2", "short", "old")], "2"))
    assert set(result.kept) == {"e1", "e2"}
    assert rest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_file_saved_by_another_editor_is_read(encoding: str) -> None:
    text = json.dumps(worked(), ensure_ascii=False)
    assert salvage(text.encode(encoding)) == (worked(), "")


def test_a_file_torn_inside_a_letter_is_not_taken_for_another_encoding() -> None:
    data = json.dumps(worked(), ensure_ascii=False).encode("utf-8")
    notebook, rest = salvage(data[: data.rindex("답".encode()) + 1])
    assert "답" in rest
    assert any("답" in text for text in texts(notebook))


@pytest.mark.parametrize(
    "text", ["", "[]", "3", '{"worksheets": []}', '{"cells": 1}', "{" * 5000, "[" * 100_000]
)
def test_what_is_no_notebook_is_kept_as_text(text: str) -> None:
    assert salvage(text.encode()) == ({"cells": [], "metadata": {}}, text)


@given(st.binary(max_size=200))
def test_any_bytes_are_salvaged_and_merged(data: bytes) -> None:
    notebook, rest = salvage(data)
    assert merge(None, notebook, BASE).notebook["cells"]
    assert rest or not data or json.loads(data)
