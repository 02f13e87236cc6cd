"""``--help`` and refusals in Korean; English as it was."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.cli.app import app
from kit.cli.helped import texts

HANGUL = re.compile(r"[가-힣]")
LEARNERS = ("start", "status", "check", "submit", "reset", "quick", "doctor")


def upskill(home: Path, *arguments: str, locale: str = "ko_KR.UTF-8") -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "UPSKILL_"))}
    done = subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**kept, "LANG": locale, "UPSKILL_HOME": str(home), "COLUMNS": "200"},
    )
    return done.stdout + done.stderr


def words_of(help_page: str) -> list[str]:
    """The lines that say something, without examples, usage and names of options."""
    lines = (re.sub(r"[│╭╮╰╯─*]", " ", line).strip() for line in help_page.splitlines())
    return [line for line in lines if line and not line.startswith("Usage:")]


@pytest.mark.parametrize("command", LEARNERS)
def test_every_line_of_a_learners_help_is_korean(own_home: Path, command: str) -> None:
    lines = words_of(upskill(own_home, command, "--help"))
    assert len(lines) > 4
    assert [line for line in lines if not HANGUL.search(line)] == []


def test_the_list_of_commands_is_korean(own_home: Path) -> None:
    shown = upskill(own_home, "--help")
    told = [line for line in words_of(shown) if line.split()[0] in LEARNERS]
    assert len(told) == len(LEARNERS) and all(HANGUL.search(line) for line in told)


def test_a_refused_call_has_a_korean_heading_and_next_step(own_home: Path) -> None:
    shown = upskill(own_home, "status", "--nope")
    assert "이렇게는 명령을 실행할 수 없습니다" in shown
    assert "사용법: upskill status --help" in shown and "--nope" in shown


def test_an_error_is_headed_in_korean(own_home: Path) -> None:
    shown = upskill(own_home, "check", "nothing")
    assert shown.startswith("사용법 오류") and "UsageError" not in shown


def test_english_help_stays_as_it_is_written(own_home: Path) -> None:
    shown = upskill(own_home, "status", "--help", locale="C.UTF-8")
    assert "Say where you stand in each unit" in shown and not HANGUL.search(shown)


def test_every_text_of_the_command_tree_is_found() -> None:
    import typer

    found = [text for _, _, text in texts(typer.main.get_command(app))]
    assert "Your own price card (TOML)." in found
    assert "Data seeds that a solution must pass." in found


TRAINERS = "join ask fetch course release collect extend grade formgrader feedback report guide"


@pytest.mark.parametrize("command", [*TRAINERS.split(), "similar", "regrade", "demo"])
def test_every_text_of_a_trainers_command_is_translated(command: str) -> None:
    import typer

    from kit.i18n import Translator

    tree: Any = typer.main.get_command(app)
    told = [text for _, _, text in texts(tree.commands[command])]
    korean = Translator("ko")
    assert len(told) > 2
    # an example may stand as it is but for its first word
    assert [text for text in told if not HANGUL.search(korean(text))] == []


def test_the_trainers_commands_stand_under_a_korean_heading(own_home: Path) -> None:
    assert "─ 강사 ─" in upskill(own_home, "--help")
