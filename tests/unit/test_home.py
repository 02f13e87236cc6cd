"""The learner's home: made once, never overwritten, found from anywhere inside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kit.errors import HomeError
from kit.home import (
    LearnerHome,
    damaged_notebooks,
    default_learner,
    default_root,
    find_root,
    make_home,
    open_home,
    unit_from_folder,
)
from kit.model import Part, Unit
from kit.notebooks import find_cell, kit_metadata, read_notebook, source, write_notebook


def snapshot(home: LearnerHome) -> dict[str, tuple[bytes, int]]:
    files = [p for p in home.root.rglob("*.ipynb") if p.is_file()]
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def test_a_new_home_holds_the_three_notebooks_of_each_unit(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    paths = [
        tiny_home.notebook(tiny, Part.PRACTICE),
        tiny_home.notebook(tiny, Part.GRADED),
        tiny_home.live_notebook(tiny),
    ]
    relative = [str(path.relative_to(tiny_home.root)) for path in paths]
    assert relative == ["tiny-practice/workbook.ipynb", "tiny/assignment.ipynb", "live/tiny.ipynb"]
    assert all(path.is_file() for path in paths)


def test_making_it_again_writes_no_notebook(tiny: Unit, tiny_home: LearnerHome) -> None:
    before = snapshot(tiny_home)
    assert make_home(tiny_home) == []
    assert snapshot(tiny_home) == before


def test_a_change_of_language_changes_prose_and_keeps_the_learners_work(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path = tiny_home.notebook(tiny, Part.PRACTICE)
    mine = read_notebook(path)
    answer = find_cell(mine, "count", "answer")
    assert answer is not None
    answer["source"], answer["execution_count"] = "count = 7", 4
    own = {"cell_type": "code", "id": "own", "metadata": {}, "source": "print(1)"}
    mine["cells"].insert(3, {**own, "outputs": [], "execution_count": None})
    write_notebook(path, mine)
    written = make_home(open_home(tiny_home.root, "ko"))
    assert path in written
    after = read_notebook(path)
    changed = [
        kit_metadata(b).get("role")
        for a, b in zip(mine["cells"], after["cells"], strict=True)
        if a != b
    ]
    assert changed == ["prose"]
    prose = find_cell(after, "count", "prose")
    assert prose is not None
    assert source(prose).startswith("## 디스크 세기")


def test_back_in_english_the_notebooks_are_the_first_ones(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    before = {name: data for name, (data, _) in snapshot(tiny_home).items()}
    make_home(open_home(tiny_home.root, "ko"))
    make_home(open_home(tiny_home.root, "en"))
    assert {name: data for name, (data, _) in snapshot(tiny_home).items()} == before


def test_a_deleted_notebook_comes_back_alone(tiny: Unit, tiny_home: LearnerHome) -> None:
    graded = tiny_home.notebook(tiny, Part.GRADED)
    graded.unlink()
    assert make_home(tiny_home) == [graded]


def test_a_damaged_notebook_is_named_and_left_and_the_others_are_made(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path, other = (tiny_home.notebook(tiny, part) for part in Part)
    path.write_text('{"cells": [', encoding="utf-8")
    other.unlink()
    assert make_home(tiny_home) == [other]
    assert path.read_text(encoding="utf-8") == '{"cells": ['
    (error,) = damaged_notebooks(tiny_home)
    assert "damaged" in str(error)
    assert str(path) in str(error)
    assert "upskill update" in str(error)


def test_the_home_remembers_its_language_and_who_learns(
    tiny: Unit, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "kim.minji")
    make_home(open_home(own_home, "ko"))
    monkeypatch.setenv("JUPYTERHUB_USER", "somebody-else")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    again = open_home(own_home)
    assert (again.language, again.learner, again.course) == ("ko", "kim.minji", "self-tests")


def test_it_is_found_from_any_folder_inside_it(
    tiny: Unit, tiny_home: LearnerHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSKILL_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tiny_home.assignment_folder(tiny, Part.PRACTICE))
    assert find_root() == tiny_home.root
    monkeypatch.chdir(tmp_path)
    assert find_root() == tmp_path / "elsewhere"


def test_without_a_word_it_is_upskill_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("UPSKILL_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert default_root() == tmp_path / "upskill"


def test_damaged_settings_are_named_with_the_way_out(tiny: Unit, tiny_home: LearnerHome) -> None:
    settings = tiny_home.state / "home.json"
    settings.write_text("{", encoding="utf-8")
    with pytest.raises(HomeError) as raised:
        open_home(tiny_home.root)
    assert raised.value.where == str(settings)


def test_a_place_that_cannot_be_a_home_is_refused(tiny: Unit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(HomeError, match="--home"):
        make_home(open_home(tmp_path / "file" / "home", "en"))


@pytest.mark.parametrize("name", ["kim minji", "DOMAIN\\kim", "../kim", "김민지/x"])
def test_a_users_name_becomes_one_that_nbgrader_accepts(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", name)
    learner = default_learner()
    assert learner
    assert not set(learner) & set(" \\/+")


def test_a_user_id_without_a_name_is_a_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("JUPYTERHUB_USER", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    # a container may run under a number that no list of users has
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7, raising=False)
    assert default_learner() == "learner"


def test_an_assignment_folder_names_unit_and_part(tiny: Unit, tmp_path: Path) -> None:
    assert unit_from_folder(tmp_path / "tiny-practice") == (tiny, Part.PRACTICE)
    assert unit_from_folder(tmp_path / "tiny") == (tiny, Part.GRADED)
    assert unit_from_folder(tmp_path / "live") is None


def test_settings_are_plain_json_for_other_tools(tiny: Unit, tiny_home: LearnerHome) -> None:
    settings = json.loads((tiny_home.state / "home.json").read_text(encoding="utf-8"))
    assert settings["format"] == 1
    assert settings["language"] == "en"


def test_two_homes_of_one_login_draw_different_cases(
    tiny: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPSKILL_COURSE")
    courses = []
    for name in ("one", "two"):
        make_home(open_home(tmp_path / name, "en"))
        courses.append(open_home(tmp_path / name).course)
        make_home(open_home(tmp_path / name))
        assert open_home(tmp_path / name).course == courses[-1]
    assert courses[0] != courses[1]
    assert all(course.startswith("self-") for course in courses)


def test_a_joined_home_remembers_exchange_course_and_learner(tmp_path: Path) -> None:
    from dataclasses import replace

    home = replace(open_home(tmp_path / "h", "en"), course="mig26", learner="kim")
    joined = replace(home, exchange=tmp_path / "exchange")
    make_home(joined)
    found = open_home(tmp_path / "h")
    assert found == joined
    assert found.joined
    assert not home.joined


def test_what_was_given_is_kept_beside_the_notebooks(tiny: Unit, tiny_home: LearnerHome) -> None:
    for part in (Part.PRACTICE, Part.GRADED, None):
        path = tiny_home.notebook(tiny, part) if part else tiny_home.live_notebook(tiny)
        assert tiny_home.base_notebook(tiny, part).read_bytes() == path.read_bytes()


def test_what_was_given_stays_when_the_learner_writes_and_when_content_changes(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path = tiny_home.notebook(tiny, Part.PRACTICE)
    given = path.read_bytes()
    mine = read_notebook(path)
    mine["cells"][0]["source"] = "mine"
    write_notebook(path, mine)
    shipped = tiny.folder / "workbook.ipynb"
    newer = read_notebook(shipped)
    newer["metadata"]["kit"]["version"] = "2"
    newer["cells"][0]["source"] = "newer"
    write_notebook(shipped, newer)
    make_home(tiny_home)
    assert tiny_home.base_notebook(tiny, Part.PRACTICE).read_bytes() == given


def test_a_home_from_before_gets_what_it_was_given_only_in_the_same_version(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    bases = [tiny_home.base_notebook(tiny, part) for part in Part]
    given = bases[0].read_bytes()
    for path in bases:
        path.unlink()
    graded = tiny_home.notebook(tiny, Part.GRADED)
    mine = read_notebook(graded)
    mine["metadata"]["kit"]["version"] = "0"
    write_notebook(graded, mine)
    make_home(tiny_home)
    assert bases[0].read_bytes() == given
    assert not bases[1].exists()
