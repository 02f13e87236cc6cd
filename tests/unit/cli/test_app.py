"""The command line as a newcomer and a script meet it: help, errors, exit codes."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest
from cli_reference import commands, examples, reference

from kit.cli.app import app

COMMANDS = dict(commands(app, "upskill"))


def upskill(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        timeout=120,
    )


def test_every_command_of_the_first_unit_is_there() -> None:
    wanted = ["start", "status", "check", "submit", "reset", "quick", "doctor"]
    wanted += ["author new", "author build", "author lint"]
    assert {f"upskill {name}" for name in wanted} <= set(COMMANDS)


def test_help_names_every_command_and_where_to_start() -> None:
    run = upskill("--help")
    assert run.returncode == 0
    assert "upskill start" in run.stdout
    for name in COMMANDS:
        assert name.split()[1] in run.stdout


def test_version_is_said_alone() -> None:
    run = upskill("--version")
    assert run.returncode == 0
    assert re.fullmatch(r"upskill-kit \d+\.\d+\S*\n", run.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_option_is_explained(name: str) -> None:
    function = COMMANDS[name]
    assert inspect.getdoc(function)
    for parameter, hint in typing.get_type_hints(function, include_extras=True).items():
        if parameter != "return":
            assert typing.get_args(hint)[1].help, parameter


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_an_example_of_itself(name: str) -> None:
    assert f"Example: {name}" in examples(app)[COMMANDS[name]]


def test_the_rating_in_the_help_names_an_exercise_that_exists() -> None:
    from kit.content import find_exercise, find_unit

    words = examples(app)[COMMANDS["upskill submit"]].split()
    exercise, _, level = words[words.index("--rate") + 1].partition("=")
    assert find_exercise(find_unit("rightsizing"), exercise).manual
    assert int(level) <= 3


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["start", "--port", "99999"], "65535"),
        (["start", "--port", "0"], "to 1"),
        (["status", "--lang", "fr"], "ko"),
        (["reset", "rightsizing", "--lang", "fr"], "ko"),
        (["doctor", "--lang", "fr"], "ko"),
    ],
)
def test_a_value_out_of_range_is_refused_with_those_that_work(
    arguments: list[str], word: str
) -> None:
    run = upskill(*arguments)
    assert run.returncode == 2
    assert word in run.stderr


def test_the_reference_in_docs_is_current() -> None:
    path = Path(__file__).parents[3] / "docs" / "cli.md"
    assert path.read_text(encoding="utf-8") == reference(), "Next: make docs"


def test_the_documented_exit_codes_are_the_errors_own() -> None:
    from kit.errors import DataError, GradingError, HomeError, UsageError

    text = app.info.epilog
    assert isinstance(text, str)
    for error, word in [
        (UsageError, "wrong usage"),
        (HomeError, "home"),
        (DataError, "export"),
        (GradingError, "grading"),
    ]:
        assert f"{error.exit_code} {word}" in text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "nonsense"),
        (["reset", "huge"], 2, "There is no unit 'huge'."),
        (["check", "rightsizing", "--home", "HOME"], 4, "upskill start"),
        (["status", "--home", "HOME"], 4, "upskill start"),
        (["quick", "HOME/none.csv"], 5, "none.csv"),
    ],
)
def test_errors_say_what_to_do_on_stderr_and_set_the_code(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    run = upskill(*(a.replace("HOME", str(tmp_path / "home")) for a in arguments), cwd=tmp_path)
    assert run.returncode == code
    assert words in run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr


def test_without_a_command_the_help_is_shown() -> None:
    run = upskill()
    assert "start" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_the_installed_command_is_this_one() -> None:
    script = Path(sys.executable).parent / "upskill"
    assert script.is_file()
    run = subprocess.run([script, "--help"], capture_output=True, text=True, timeout=120)
    assert run.stdout == upskill("--help").stdout


def test_an_error_is_said_in_the_language_asked_for(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    run = upskill("status", "--home", home, "--lang", "ko")
    assert run.returncode == 4
    assert "학습자 홈이 없습니다" in run.stderr
    assert f"위치: {home}" in run.stderr and "다음 단계: upskill start" in run.stderr
    english = upskill("status", "--home", home, "--lang=en")
    assert f"Where: {home}" in english.stderr


def test_a_program_gets_an_error_as_one_object_in_its_language(tmp_path: Path) -> None:
    run = upskill("check", "nothing", "--json", "--lang", "ko", "--home", str(tmp_path / "home"))
    assert run.returncode == 2
    told = json.loads(run.stdout)["error"]
    assert told["what"] == "없는 단원입니다: 'nothing'"
    assert "rightsizing" in told["fix"]
