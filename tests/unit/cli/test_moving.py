"""The commands that move a learner's work, as a person types them."""

from __future__ import annotations

import json

import pytest

from kit.cli.moving import run_export, run_import
from kit.errors import HomeError
from kit.home import open_home
from kit.model import Attempt
from kit.progress import ProgressLog
from kit.progress.log import now


@pytest.fixture
def home(tiny_home):
    ProgressLog(tiny_home.progress_file).append(Attempt(now(), "check", "tiny", "count", "passed"))
    return tiny_home


def export(home, file=None, **changes):
    options = {"with_inbox": False, "show": False, "as_json": False} | changes
    run_export(file, home.root, None, **options)


def take_in(file, root, **changes):
    options = {"preview": False, "progress_only": False, "as_json": False} | changes
    run_import(file, root, "en", **options)


def test_a_file_goes_out_of_one_home_and_into_another(home, tmp_path, capsys):
    export(home, tmp_path / "e.zip")
    take_in(tmp_path / "e.zip", tmp_path / "hub")
    printed = capsys.readouterr().out
    assert "upskill import e.zip" in printed
    assert "Events of your progress that are new here: 1" in printed
    assert ProgressLog(open_home(tmp_path / "hub").progress_file).progress("tiny").exercises


def test_the_file_is_named_by_learner_and_day_and_never_overwritten(
    home, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        export(home, as_json=True)
    assert len(list(tmp_path.glob(f"upskill-{home.learner}-*.zip"))) == 2


def test_looking_writes_nothing(home, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    export(home, show=True)
    assert "units/tiny/practice/workbook.ipynb" in capsys.readouterr().out
    assert not list(tmp_path.glob("*.zip"))
    export(home, tmp_path / "e.zip")
    take_in(tmp_path / "e.zip", tmp_path / "hub", preview=True)
    assert "new here" in capsys.readouterr().out
    assert not (tmp_path / "hub").exists()


def test_programs_get_what_became_of_each_file(home, tmp_path, capsys):
    export(home, tmp_path / "e.zip", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["written"] == str(tmp_path / "e.zip")
    take_in(tmp_path / "e.zip", tmp_path / "hub", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["attempts"]) == (True, 1)
    assert told["files"]["units/tiny/live.ipynb"] == "new"


def test_without_a_home_there_is_nothing_to_export(tmp_path):
    with pytest.raises(HomeError) as error:
        run_export(None, tmp_path / "none", "en", with_inbox=False, show=True, as_json=False)
    assert error.value.fix == "upskill start"
