"""Forgetting says what goes, asks, and then does it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from kit.cli.app import app
from kit.cli.forget import run_forget
from kit.errors import HomeError, UsageError
from kit.home import make_home
from kit.model import Part


@pytest.fixture
def workbook(tiny, tiny_home):
    return tiny_home.notebook(tiny, Part.PRACTICE)


@pytest.mark.parametrize(("answer", "there"), [("n", True), ("y", False)])
def test_it_lists_and_asks_and_does_what_was_said(tiny_home, workbook, answer, there):
    command = ["forget", "tiny", "--home", str(tiny_home.root), "--lang", "en"]
    result = CliRunner().invoke(app, command, input=f"{answer}\n")
    assert "tiny-practice" in result.output and "no way back" in result.output
    assert workbook.exists() is there


def test_everything_goes_without_asking_when_told_so(tiny_home, workbook, capsys):
    run_forget(None, tiny_home.root, "en", everything=True, yes=True)
    assert not workbook.exists()
    assert not tiny_home.state.exists()


def test_what_a_trainer_holds_is_said(tiny_home, tmp_path, capsys):
    make_home(replace(tiny_home, exchange=tmp_path))
    run_forget("tiny", tiny_home.root, "en", everything=False, yes=True)
    assert "Your trainer keeps what you handed in" in capsys.readouterr().out


@pytest.mark.parametrize(("unit", "everything"), [(None, False), ("tiny", True), ("none", False)])
def test_what_to_forget_is_said_once_and_exists(tiny_home, workbook, unit, everything):
    with pytest.raises(UsageError):
        run_forget(unit, tiny_home.root, "en", everything=everything, yes=True)
    assert workbook.exists()


def test_a_folder_that_is_no_home_is_left_alone(tmp_path):
    (tmp_path / "live").mkdir()
    with pytest.raises(HomeError):
        run_forget(None, tmp_path, "en", everything=True, yes=True)
    assert (tmp_path / "live").is_dir()
