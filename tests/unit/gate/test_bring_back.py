"""Edits in a notebook come back into its Markdown: all of them, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.content import load_unit
from kit.errors import ContentError
from kit.gate.bring_back import import_notebook
from kit.gate.build import build_notebook, build_unit
from kit.gate.fingerprint import plain
from kit.i18n import Translator
from kit.model import Part, Unit
from kit.notebooks import (
    Cell,
    Notebook,
    read_notebook,
    source,
    translated,
    write_notebook,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"
LOCKED = ("unit-prose", "unit-setup", "count-prose", "count-prose-2", "total-prose")


def new_unit(folder: Path) -> Unit:
    root = shutil.copytree(FIXTURES, folder / "content")
    unit = load_unit(root / "workbooks" / "demo" / "01_tiny")
    build_unit(unit)
    return unit


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return new_unit(tmp_path)


def markdown(unit: Unit) -> Path:
    return unit.folder / "workbook.md"


def edit(unit: Unit, **texts: str) -> Path:
    """Write other texts into cells of the built workbook; ``_`` in a name stands for ``-``."""

    def change(notebook: Notebook) -> None:
        for name, text in texts.items():
            cell_of(notebook, name.replace("_", "-"))["source"] = text

    return rework(unit, change)


def rework(unit: Unit, change: Callable[[Notebook], Any]) -> Path:
    path = unit.folder / "workbook.ipynb"
    notebook = read_notebook(path)
    change(notebook)
    write_notebook(path, notebook)
    return path


def cell_of(notebook: Notebook, cell_id: str) -> Cell:
    return next(cell for cell in notebook["cells"] if cell["id"] == cell_id)


def bring(unit: Unit, into: Path | None = None) -> list[str]:
    return import_notebook(unit, Part.PRACTICE, unit.folder / "workbook.ipynb", into)


def rebuilt(unit: Unit) -> Notebook:
    return build_notebook(unit, Part.PRACTICE, markdown(unit))


def refused(unit: Unit, into: Path | None = None) -> ContentError:
    """The refusal, which has written nothing."""
    before = markdown(unit).read_bytes()
    with pytest.raises(ContentError) as caught:
        bring(unit, into)
    assert markdown(unit).read_bytes() == before
    return caught.value


def test_prose_and_setup_come_back_and_no_other_line_changes(unit: Unit) -> None:
    before = markdown(unit).read_bytes()
    edit(unit, count_prose="## Count\n\nHow many disks?", unit_setup="import kit\n\nwb = None")
    assert bring(unit) == ["unit-setup", "count-prose"]
    after = markdown(unit).read_bytes()
    head = before[: before.index(b"import kit")]
    tail = before[before.index(b"```{code-cell} ipython3\n:kit: count.answer") :]
    assert after.startswith(head)
    assert after.endswith(tail)
    assert b"How many disks?" in after[len(head) : -len(tail)]


def test_what_is_built_afterwards_is_the_edited_notebook(unit: Unit) -> None:
    edit(unit, total_prose="## Other\n\nText.")
    bring(unit)
    build_unit(unit)
    notebook = read_notebook(unit.folder / "workbook.ipynb")
    assert source(cell_of(notebook, "total-prose")) == "## Other\n\nText."
    assert bring(unit) == []


def test_windows_line_ends_stay(unit: Unit) -> None:
    path = markdown(unit)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    edit(unit, count_prose="## Count\n\nHow many?")
    assert bring(unit) == ["count-prose"]
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_an_unedited_notebook_brings_nothing_even_when_it_is_stale(unit: Unit) -> None:
    assert bring(unit) == []
    text = markdown(unit).read_text(encoding="utf-8")
    markdown(unit).write_text(text.replace("How many are there?", "How many?"), encoding="utf-8")
    assert bring(unit) == []


def test_both_changed_is_refused_with_the_cells_that_differ(unit: Unit) -> None:
    edit(unit, total_prose="## Total\n\nMine.")
    text = markdown(unit).read_text(encoding="utf-8")
    markdown(unit).write_text(text.replace("How many are there?", "How many?"), encoding="utf-8")
    error = refused(unit)
    assert "both changed" in error.what
    assert "count-prose, total-prose" in error.what
    assert "count-answer" not in error.what


def test_the_same_change_on_both_sides_is_no_conflict(unit: Unit) -> None:
    text = markdown(unit).read_text(encoding="utf-8")
    new = text.replace("How many are there?", "How many?")
    markdown(unit).write_text(new, encoding="utf-8")
    prose = source(cell_of(rebuilt(unit), "count-prose"))
    edit(unit, count_prose=prose)
    assert bring(unit) == []


def test_an_answer_that_is_not_the_starter_is_refused_by_name(unit: Unit) -> None:
    edit(unit, count_answer="number = 8", count_prose="## Count\n\nOther.")
    error = refused(unit)
    assert "starter" in error.what
    assert "count-answer" in error.what
    assert "count-prose" not in error.what


def test_outputs_are_refused_by_name(unit: Unit) -> None:
    shown = {"output_type": "stream", "name": "stdout", "text": ["8\n"]}
    rework(unit, lambda notebook: cell_of(notebook, "count-check").update(outputs=[shown]))
    assert "count-check" in refused(unit).what


def test_a_pasted_picture_is_refused_by_name(unit: Unit) -> None:
    picture = {"a.png": {"image/png": "AAAA"}}
    rework(unit, lambda notebook: cell_of(notebook, "count-prose").update(attachments=picture))
    assert "count-prose" in refused(unit).what


def test_a_cell_of_ones_own_is_refused_by_name(unit: Unit) -> None:
    mine = {"cell_type": "markdown", "id": "abc123", "metadata": {}, "source": "Mine."}
    rework(unit, lambda notebook: notebook["cells"].insert(2, mine))
    error = refused(unit)
    assert "no such cell" in error.what
    assert "abc123" in error.what


def test_a_deleted_and_a_moved_cell_are_refused_by_name(unit: Unit) -> None:
    rework(unit, lambda notebook: notebook["cells"].append(notebook["cells"].pop(6)))
    assert "total-prose" in refused(unit).what
    rework(unit, lambda notebook: notebook["cells"].pop())
    assert "lacks a cell: total-prose" in refused(unit).what


@pytest.mark.parametrize(
    "text",
    [
        '## Count\n\n+++ {"kit": "count.prose"}\n\nMore.',
        "## Count\n\n```\nno end",
        "## Count\n\n<!-- no end",
        "",
    ],
)
def test_what_markdown_would_read_otherwise_is_refused_by_name(unit: Unit, text: str) -> None:
    edit(unit, count_prose=text, total_prose="## Total\n\nHarmless.")
    error = refused(unit)
    assert "count-prose" in error.what
    assert "total-prose" not in error.what


def test_code_that_holds_a_fence_gets_a_longer_one(unit: Unit) -> None:
    code = 'text = """\n```\na fence\n````\n"""'
    edit(unit, unit_setup=code)
    assert bring(unit) == ["unit-setup"]
    assert source(cell_of(rebuilt(unit), "unit-setup")) == code


def test_a_translated_notebook_is_refused(unit: Unit) -> None:
    path = unit.folder / "workbook.ipynb"
    write_notebook(path, translated(read_notebook(path), Translator("ko", unit.folder / "locale")))
    assert "translation" in refused(unit).what


def test_a_learners_english_notebook_of_a_preview_can_be_brought_back(unit: Unit) -> None:
    path = unit.folder / "workbook.ipynb"
    write_notebook(path, translated(read_notebook(path), Translator("en")))
    assert bring(unit) == []
    edit(unit, count_prose="## Count\n\nAnother.")
    assert bring(unit) == ["count-prose"]


def test_another_file_takes_the_result_and_the_source_stays(unit: Unit, tmp_path: Path) -> None:
    before = markdown(unit).read_bytes()
    edit(unit, count_prose="## Count\n\nAnother.")
    other = tmp_path / "other.md"
    assert bring(unit, other) == ["count-prose"]
    assert markdown(unit).read_bytes() == before
    assert b"Another." in other.read_bytes()


def test_a_build_does_not_overwrite_what_was_not_brought_back(unit: Unit) -> None:
    path = edit(unit, count_prose="## Count\n\nAnother.")
    markdown(unit).write_text(
        markdown(unit).read_text(encoding="utf-8").replace("## Add the sizes", "## Add"),
        encoding="utf-8",
    )
    before = path.read_bytes()
    with pytest.raises(ContentError, match="edited by hand") as caught:
        build_unit(unit)
    assert f"upskill author import {path}" in caught.value.fix
    assert path.read_bytes() == before
    path.unlink()
    assert path in build_unit(unit)


def test_a_build_clears_outputs_and_replaces_what_is_no_notebook(unit: Unit) -> None:
    shown = {"output_type": "stream", "name": "stdout", "text": ["8\n"]}
    path = rework(unit, lambda notebook: cell_of(notebook, "count-check").update(outputs=[shown]))
    assert build_unit(unit) == [path]
    path.write_text("<<<<<<< ours\n", encoding="utf-8")
    assert build_unit(unit) == [path]


# letters of both languages, marks of Markdown, blanks: what people type
TEXTS = st.text(alphabet="aB1가나 \n#*_`>-:+|()[]{}!~\"'\\=%$.\u3000", max_size=60)
PLAIN = st.lists(
    st.text(alphabet="abc 가나다,.*", min_size=1).map(lambda text: f"x{text}"), min_size=1
).map("\n\n".join)


@settings(max_examples=60, deadline=None)
@given(edits=st.dictionaries(st.sampled_from(LOCKED), TEXTS, min_size=1))
def test_any_edit_comes_back_whole_or_is_refused(edits: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        unit = new_unit(Path(folder))
        before = markdown(unit).read_bytes()
        path = edit(unit, **{name.replace("-", "_"): text for name, text in edits.items()})
        wanted = [(cell["id"], plain(cell)) for cell in read_notebook(path)["cells"]]
        try:
            brought = bring(unit)
        except ContentError as error:
            assert any(name in error.what for name in edits)
            assert markdown(unit).read_bytes() == before
            return
        assert [(cell["id"], plain(cell)) for cell in rebuilt(unit)["cells"]] == wanted
        assert set(brought) <= edits.keys()


@settings(max_examples=40, deadline=None)
@given(edits=st.dictionaries(st.sampled_from(LOCKED), PLAIN, min_size=1))
def test_plain_text_is_never_refused_and_changes_only_its_own_lines(edits: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        unit = new_unit(Path(folder))
        old = markdown(unit).read_bytes()
        path = edit(unit, **{name.replace("-", "_"): text for name, text in edits.items()})
        mine = read_notebook(path)
        assert set(bring(unit)) == edits.keys()
        assert [plain(cell) for cell in rebuilt(unit)["cells"]] == [
            plain(cell) for cell in mine["cells"]
        ]
        # the way back: the old texts into the new Markdown give the old bytes
        build_unit(unit)
        first = {cell["id"]: source(cell) for cell in built_from(unit, old)["cells"]}
        edit(unit, **{name.replace("-", "_"): first[name] for name in edits})
        bring(unit)
        assert markdown(unit).read_bytes() == old


def built_from(unit: Unit, data: bytes) -> Notebook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.md"
        path.write_bytes(data)
        return build_notebook(unit, Part.PRACTICE, path)
