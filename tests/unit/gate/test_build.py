"""Markdown becomes notebooks that learners, nbgrader and diffs can rely on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.content import load_unit
from kit.errors import ContentError
from kit.gate.build import build_notebook, build_unit, stale, targets
from kit.gate.fingerprint import fingerprint
from kit.model import Part, Unit
from kit.notebooks import find_cell, source

FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    root = shutil.copytree(FIXTURES, tmp_path / "content")
    return load_unit(root / "workbooks" / "demo" / "01_tiny")


def practice(unit: Unit) -> dict:
    return build_notebook(unit, Part.PRACTICE, unit.folder / "workbook.md")


def graded(unit: Unit) -> dict:
    return build_notebook(unit, Part.GRADED, unit.folder / "assignment.md")


def rewrite(unit: Unit, old: str, new: str, name: str = "workbook.md") -> None:
    path = unit.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_cell_ids_say_exercise_and_role_and_number_repetitions(unit: Unit) -> None:
    assert [cell["id"] for cell in practice(unit)["cells"]] == [
        "unit-prose",
        "unit-setup",
        "count-prose",
        "count-answer",
        "count-check",
        "count-prose-2",
        "total-prose",
        "total-answer",
        "total-check",
    ]


def test_source_keeps_every_line_of_a_cell(unit: Unit) -> None:
    cell = find_cell(practice(unit), "unit", "setup")
    assert cell is not None
    assert source(cell).split("\n") == [
        "import kit",
        "from kit import ____",
        "",
        'wb = kit.open_workbook("tiny")',
        'disks = wb.case()["disks"]',
    ]


def test_only_answers_and_manual_cells_can_be_edited_and_nothing_can_be_deleted(
    unit: Unit,
) -> None:
    for cell in practice(unit)["cells"] + graded(unit)["cells"]:
        assert cell["metadata"]["deletable"] is False
        mine = cell["metadata"]["kit"]["role"] in ("answer", "manual")
        assert cell["metadata"].get("editable", True) is mine


def test_check_cells_carry_the_points_of_an_exercise(unit: Unit) -> None:
    check = find_cell(graded(unit), "case", "check")
    assert check is not None
    assert check["metadata"]["nbgrader"] == {
        "schema_version": 3,
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "grade_id": "case",
        "cell_type": "code",
        "points": 4,
    }


def test_manual_cells_carry_the_points_when_a_person_judges(unit: Unit) -> None:
    manual = find_cell(graded(unit), "memo", "manual")
    assert manual is not None
    data = manual["metadata"]["nbgrader"]
    assert (data["grade"], data["solution"], data["points"]) == (True, True, 6)
    assert (data["grade_id"], data["cell_type"]) == ("memo", "markdown")


def test_check_of_a_manual_exercise_answers_but_earns_nothing(unit: Unit) -> None:
    path = unit.folder / "assignment.md"
    extra = '\n\n```{code-cell} ipython3\n:kit: memo.check\n\nwb.check("memo")\n```\n'
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    check = find_cell(graded(unit), "memo", "check")
    assert check is not None
    data = check["metadata"]["nbgrader"]
    assert (data["grade"], data["locked"], data["grade_id"]) == (False, True, "memo-check")
    assert "points" not in data


ASK = '\n\n```{code-cell} ipython3\n:kit: case.ask\n\nwb.ask("case")\n```\n'


def with_form(unit: Unit, cell: str, form: str = 'form = "text"') -> Unit:
    """The unit with ``form`` for the exercise ``case`` and ``cell`` behind the graded part."""
    path = unit.folder / "assignment.md"
    path.write_text(path.read_text(encoding="utf-8") + cell, encoding="utf-8")
    rewrite(unit, 'id = "case"', f'id = "case"\n{form}', "workbook.toml")
    return load_unit(unit.folder)


def test_a_form_is_a_locked_cell_that_earns_nothing_itself(unit: Unit) -> None:
    ask = find_cell(graded(with_form(unit, ASK)), "case", "ask")
    assert ask is not None
    assert (ask["id"], ask["metadata"]["editable"]) == ("case-ask", False)
    data = ask["metadata"]["nbgrader"]
    assert (data["grade"], data["solution"], data["locked"]) == (False, False, True)


@pytest.mark.parametrize(
    ("cell", "form", "told"),
    [
        (ASK.replace('"case"', '"memo"'), 'form = "text"', r'wb\.ask\("case"\)'),
        (ASK.replace("wb.ask", "wb.check"), 'form = "text"', r'wb\.ask\("case"\)'),
        (ASK.replace('wb.ask("case")', "wb.ask("), 'form = "text"', "not valid Python"),
        ("", 'form = "text"', r"case\.ask"),
        (ASK, 'form = "code"', "in its cell"),
    ],
)
def test_a_form_and_its_cell_come_together(unit: Unit, cell: str, form: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        graded(with_form(unit, cell, form))


def test_a_text_that_a_person_judges_stands_in_its_cell(unit: Unit) -> None:
    rewrite(unit, 'id = "memo"', 'id = "memo"\nform = "text"', "workbook.toml")
    assert find_cell(graded(load_unit(unit.folder)), "memo", "manual")


@pytest.mark.parametrize("role", ["notice", "archive"])
def test_what_an_update_adds_is_not_for_authors_to_write(unit: Unit, role: str) -> None:
    path = unit.folder / "assignment.md"
    extra = f'\n\n+++ {{"kit": "case.{role}"}}\n\nText.\n'
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with pytest.raises(ContentError, match=rf"case\.{role}"):
        graded(unit)


def test_prose_is_unknown_to_nbgrader_and_setup_is_read_only(unit: Unit) -> None:
    cells = practice(unit)["cells"]
    assert not [
        cell
        for cell in cells
        if cell["metadata"]["kit"]["role"] == "prose" and "nbgrader" in cell["metadata"]
    ]
    setup = find_cell(practice(unit), "unit", "setup")
    assert setup is not None
    data = setup["metadata"]["nbgrader"]
    assert (data["grade"], data["solution"], data["locked"]) == (False, False, True)


def test_nbgrader_and_jupyter_accept_both_assignments(unit: Unit) -> None:
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    for notebook in (practice(unit), graded(unit)):
        node = nbformat.from_dict(notebook)
        nbformat.validate(node)
        MetadataValidator().validate_nb(node)


def test_live_notebook_has_ids_of_its_own_and_nothing_of_nbgrader(unit: Unit) -> None:
    live = build_notebook(unit, None, unit.folder / "live.md")
    assert find_cell(live, "own-list", "answer")
    assert "nbgrader" not in json.dumps(live)
    assert live["metadata"]["kit"]["part"] == "live"


def test_notebook_names_its_kernel_unit_and_language(unit: Unit) -> None:
    metadata = practice(unit)["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["kit"] == {
        "unit": "tiny",
        "part": "practice",
        "version": "1",
        "language": "en",
        "source": fingerprint(practice(unit)["cells"]),
    }


def test_notebooks_ship_without_outputs(unit: Unit) -> None:
    for cell in practice(unit)["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_tags_stay(unit: Unit) -> None:
    cell = find_cell(practice(unit), "total", "answer")
    assert cell is not None
    assert cell["metadata"]["tags"] == ["long"]


def test_build_writes_the_practice_twice_alike_and_then_nothing_more(unit: Unit) -> None:
    first, second = targets(unit)[0].outputs
    assert set(build_unit(unit)) == {path for t in targets(unit) for path in t.outputs}
    assert first.read_bytes() == second.read_bytes()
    assert build_unit(unit) == []


def test_the_same_source_gives_the_same_bytes_anywhere(unit: Unit, tmp_path: Path) -> None:
    build_unit(unit)
    elsewhere = shutil.copytree(unit.folder.parents[2], tmp_path / "other place")
    again = load_unit(elsewhere / "workbooks" / "demo" / "01_tiny")
    for target in targets(again):
        for path in target.outputs:
            path.unlink()
    build_unit(again)
    for old, new in zip(targets(unit), targets(again), strict=True):
        assert [p.read_bytes() for p in old.outputs] == [p.read_bytes() for p in new.outputs]


def test_stale_names_what_a_change_left_behind(unit: Unit) -> None:
    build_unit(unit)
    assert stale(unit) == []
    rewrite(unit, "How many are there?", "How many do you see?")
    assert stale(unit) == list(targets(unit)[0].outputs)


def test_stale_names_a_source_that_is_missing(unit: Unit) -> None:
    build_unit(unit)
    (unit.folder / "assignment.md").unlink()
    assert stale(unit) == [unit.folder / "assignment.md"]


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ('"kit": "count.prose"}', '"kit": "cuont.prose"}', "no exercise 'cuont'", 19),
        ('wb.check("count")', 'wb.check("total")', "does not end in its check", 30),
        ('wb.check("count")', "count", "does not end in its check", 30),
        (":kit: count.answer\n", "", "does not say what it is", 25),
        ("count.answer", "count.anwser", "not ID.ROLE", 24),
        ("count.answer", "count.prose", "prose cell is markdown", 24),
        ("total.answer", "count.answer", "two cells 'count-answer'", 44),
        ("count.answer", "count.manual", "not graded by hand", 24),
        ("count.answer", "case.answer", "no exercise 'case'", 24),
        (":tags: [long]", ":tasg: [long]", "tasg", 44),
    ],
)
def test_a_mistake_is_named_with_its_line(
    unit: Unit, old: str, new: str, said: str, line: int
) -> None:
    rewrite(unit, old, new)
    with pytest.raises(ContentError, match=said) as caught:
        practice(unit)
    where, _, number = caught.value.where.rpartition(":")
    assert where.endswith("workbook.md")
    assert int(number) == line


def test_an_exercise_without_a_check_is_named(unit: Unit) -> None:
    rewrite(unit, '```{code-cell} ipython3\n:kit: total.check\n\nwb.check("total")\n```\n', "")
    with pytest.raises(ContentError, match="'total' has no check cell"):
        practice(unit)


def test_a_manual_exercise_without_its_cell_is_named(unit: Unit) -> None:
    rewrite(unit, '+++ {"kit": "memo.manual"}', '+++ {"kit": "memo.prose"}', "assignment.md")
    with pytest.raises(ContentError, match="'memo' has no manual cell"):
        graded(unit)


def test_broken_json_in_a_cell_line_is_an_error_of_that_file(unit: Unit) -> None:
    rewrite(unit, '{"kit": "count.prose"}', "{kit: count.prose}")
    with pytest.raises(ContentError, match="MyST") as caught:
        practice(unit)
    assert caught.value.where.endswith("workbook.md")


def test_an_error_writes_nothing(unit: Unit) -> None:
    rewrite(unit, "case.answer", "cse.answer", "assignment.md")
    with pytest.raises(ContentError):
        build_unit(unit)
    assert not [path for t in targets(unit) for path in t.outputs if path.exists()]


def test_building_loads_no_grammar_that_takes_seconds(unit: Unit) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom kit.content import load_unit\n"
        "from kit.gate.build import stale\nstale(load_unit(Path(sys.argv[1])))\n"
        "assert 'jupytext' in sys.modules and 'rfc3987_syntax' not in sys.modules, 'loaded'\n"
    )
    command = [sys.executable, "-c", code, str(unit.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
