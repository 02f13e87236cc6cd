"""Notebook files: prose changes with the language, answers belong to the learner."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import HomeError
from kit.i18n import Translator
from kit.notebooks import (
    Archived,
    archive,
    blocks,
    dump_notebook,
    find_cell,
    flaw,
    is_archived,
    kit_metadata,
    load_notebook,
    read_notebook,
    refresh_prose,
    source,
    translated,
    write_notebook,
)
from tests.cells import DAMAGES, cell, content, damaged, worked

CATALOGUE = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    'msgid "## Count"\nmsgstr "## 세기"\n\nmsgid "How many?"\nmsgstr "몇 개인가?"\n'
)
English = Translator("en")


@pytest.fixture
def korean(tmp_path: Path) -> Translator:
    (tmp_path / "ko.po").write_text(CATALOGUE, encoding="utf-8")
    return Translator("ko", tmp_path)


def ids(notebook: dict[str, Any]) -> list[str]:
    return [c["id"] for c in notebook["cells"]]


def test_prose_is_translated_paragraph_by_paragraph_and_code_is_not(korean: Translator) -> None:
    before = content()
    after = translated(before, korean)
    assert source(after["cells"][0]) == "## 세기\n\n몇 개인가?"
    assert after["cells"][1:] == before["cells"][1:]
    assert after["metadata"]["kit"]["language"] == "ko"
    assert before == content()


def test_refreshing_prose_keeps_every_other_cell_to_the_byte(korean: Translator) -> None:
    mine = worked()
    after = refresh_prose(mine, translated(content(), korean))
    assert source(after["cells"][0]) == "## 세기\n\n몇 개인가?"
    assert after["cells"][1:] == mine["cells"][1:]
    assert mine == worked()


def test_prose_there_and_back_is_what_it_was(korean: Translator) -> None:
    mine = refresh_prose(worked(), translated(content(), English))
    there = refresh_prose(mine, translated(content(), korean))
    assert refresh_prose(there, translated(content(), English)) == mine


TEXT = st.text(alphabet="ab `~#\n가", max_size=60)


@given(TEXT)
def test_blocks_lose_no_line_but_blank_ones(text: str) -> None:
    kept = [line for block in blocks(text) for line in block.split("\n") if line.strip()]
    assert kept == [line for line in text.split("\n") if line.strip()]


@given(TEXT)
def test_splitting_what_was_joined_gives_the_same_blocks(text: str) -> None:
    once = list(blocks(text))
    assert list(blocks("\n\n".join(once))) == once


def test_a_code_fence_is_one_block_however_many_blank_lines_it_holds() -> None:
    fence = "```python\na = 1\n\n\nb = 2\n```"
    assert list(blocks(f"Before.\n\n{fence}\n\nAfter.")) == ["Before.", fence, "After."]


@given(st.lists(TEXT, max_size=5))
def test_english_prose_survives_translation_into_english(texts: list[str]) -> None:
    cells = [cell("markdown", t, f"c{n}", id="x", role="prose") for n, t in enumerate(texts)]
    once = translated({"cells": cells, "metadata": {}}, English)
    assert translated(copy.deepcopy(once), English) == once
    assert [c["cell_type"] for c in once["cells"]] == ["markdown"] * len(texts)


@given(st.text(max_size=80))
def test_a_source_in_lines_is_the_same_source(text: str) -> None:
    assert source({"source": text.splitlines(keepends=True)}) == source({"source": text})


def test_a_notebook_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    write_notebook(path, worked())
    assert read_notebook(path) == worked()
    assert path.read_text(encoding="utf-8") == dump_notebook(worked())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 1}', '{"metadata": {}}'])
def test_a_damaged_file_is_left_alone_and_the_way_back_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HomeError, match="upskill update"):
        read_notebook(path)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("data", [b'{\n "cells": [', b'{\n "cells": "\xff"}'])
def test_damage_is_told_by_its_line_in_the_readers_language(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(data)
    with pytest.raises(HomeError, match="damaged from line 2 on") as caught:
        read_notebook(path)
    told = caught.value.text(Translator("ko")).replace(str(path), "")
    assert "2번째 줄부터 손상" in told
    # nothing of what a parser says, and the command that helps
    assert "upskill update" in told
    assert not re.search("Expecting|Unterminated|codec|char", told)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_no_reader_can_rely_on_is_damage_that_has_a_place(tmp_path: Path, damage: str) -> None:
    path, notebook = tmp_path / "n.ipynb", worked()
    DAMAGES[damage](notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(HomeError, match="upskill update") as caught:
        read_notebook(path)
    place = {"null": "in its cell 7", "format": "around its", "around": "around its"}
    assert place.get(damage, "in its cell 2") in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before


@given(damaged(worked()))
def test_what_is_read_can_be_translated_archived_and_written(notebook: dict[str, Any]) -> None:
    if not isinstance(notebook.get("cells"), list) or flaw(notebook) is not None:
        return
    fresh = refresh_prose(notebook, translated(content(), English))
    find_cell(fresh, "count", "answer")
    made = archive(translated(fresh, English), [Archived("count", "1.0", "code", "x = 1")])
    assert "x = 1" in held(json.loads(dump_notebook(made)))


@given(damaged(worked()))
def test_the_metadata_of_any_value_are_texts(notebook: dict[str, Any]) -> None:
    cells = notebook.get("cells")
    for value in [notebook, *(cells if isinstance(cells, list) else [])]:
        assert all(isinstance(text, str) for text in kit_metadata(value).values())


def test_a_folder_in_a_notebooks_place_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="There is a folder where") as caught:
        read_notebook(tmp_path)
    assert "upskill start" in caught.value.fix
    assert str(tmp_path) == caught.value.where


@pytest.mark.parametrize("depth", [101, 500, 5000, 100_000])
def test_brackets_without_end_are_damage_as_any_other(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "n.ipynb"
    deep = "[" * depth + "]" * depth
    path.write_text(f'{{"cells": [], "a": "[[[",\n "metadata": {deep}}}', encoding="utf-8")
    with pytest.raises(HomeError, match="damaged from line 2 on") as caught:
        read_notebook(path)
    assert "upskill update" in str(caught.value)


def test_what_jupyter_nests_is_read_and_can_be_copied_and_written() -> None:
    deep = json.loads("[" * 98 + "]" * 98)
    notebook = {**content(), "metadata": {"deep": deep}}
    assert load_notebook(dump_notebook(copy.deepcopy(notebook))) == notebook


@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_any_text_can_be_written_and_stays_what_it_became(text: str) -> None:
    notebook = {**content(), "cells": [cell("code", text, "own")]}
    data = dump_notebook(notebook).encode("utf-8")
    read = load_notebook(data.decode("utf-8"))
    kept = source(read["cells"][0])
    assert kept == text.encode("utf-8", "backslashreplace").decode("utf-8")
    assert dump_notebook(read).encode("utf-8") == data


def test_half_a_character_from_another_tool_runs_as_it_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "workbook.ipynb"
    notebook = {**content(), "cells": [cell("code", "x = '\ud83d'", "own")]}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    read = read_notebook(path)
    names: dict[str, Any] = {}
    exec(source(read["cells"][0]), names)
    assert names["x"] == "\ud83d"
    write_notebook(path, read)
    assert read_notebook(path) == read


def test_a_missing_file_is_put_back_by_start(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="upskill start"):
        read_notebook(tmp_path / "none.ipynb")


def test_a_learners_cell_with_odd_metadata_is_nobodys() -> None:
    notebook = {"cells": [{"cell_type": "code", "metadata": {"kit": "mine"}, "source": "x"}]}
    assert find_cell(notebook, "count", "answer") is None
    assert json.loads(dump_notebook(notebook)) == notebook


def put_by(*texts: str, exercise: str = "count") -> list[Archived]:
    return [Archived(exercise, "1.0", "code", text) for text in texts]


def held(notebook: dict[str, Any]) -> list[str]:
    return [c["source"] for c in notebook["cells"] if is_archived(c) and c["cell_type"] == "raw"]


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


@given(st.lists(ANY_TEXT, max_size=4), st.lists(ANY_TEXT, max_size=4))
def test_archived_texts_stay_to_the_byte_and_once(first: list[str], later: list[str]) -> None:
    once = archive(worked(), put_by(*first))
    twice = archive(archive(once, put_by(*later)), put_by(*first, *later))
    assert held(twice) == list(dict.fromkeys([*first, *later]))
    assert twice["cells"][: len(worked()["cells"])] == worked()["cells"]
    assert len(set(ids(twice))) == len(twice["cells"])
    heads = [c["cell_type"] for c in twice["cells"] if is_archived(c)].count("markdown")
    assert heads == bool(first or later)


def test_an_archive_cell_says_where_its_text_comes_from() -> None:
    head, kept = archive(content(), put_by("count = 3"))["cells"][-2:]
    assert (head["cell_type"], head["id"]) == ("markdown", "unit-archive")
    assert kept["cell_type"] == "raw"
    told = {"id": "count", "role": "archive", "from": "1.0", "was": "code"}
    assert kept["metadata"] == {"kit": told}


def test_one_text_of_two_exercises_is_kept_for_both() -> None:
    after = archive(content(), [*put_by("3"), *put_by("3", exercise="total")])
    assert held(after) == ["3", "3"]


def test_a_text_that_was_changed_in_the_archive_does_not_stand_for_the_first_one() -> None:
    before = archive(content(), put_by("count = 3"))
    before["cells"][-1]["source"] = "mine"
    after = archive(before, put_by("count = 3"))
    assert held(after) == ["mine", "count = 3"]
    assert len(set(ids(after))) == len(after["cells"])


def test_cells_behind_the_archive_stay_there() -> None:
    before = archive(content(), put_by("a"))
    before["cells"].append(cell("code", "print()", "mine-1"))
    after = archive(before, put_by("b"))
    assert held(after) == ["a", "b"]
    assert ids(after)[-1] == "mine-1"


def test_the_archives_heading_is_in_the_notebooks_language(korean: Translator) -> None:
    head = archive(translated(content(), korean), put_by("a"))["cells"][-2]
    assert re.search("[가-힣]", head["source"])


def test_a_notebook_with_an_archive_is_valid_and_its_texts_are_no_answers() -> None:
    import nbformat

    after = archive(worked(), put_by("count = 3"))
    nbformat.validate(after)
    assert find_cell(after, "count", "answer") == find_cell(worked(), "count", "answer")


def test_nothing_to_archive_leaves_the_notebook_as_it_is() -> None:
    assert archive(worked(), []) == worked()
