"""The documents against the product: commands, options, files and pictures that they name."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from cli_reference import commands, flags

from kit.cli.app import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "assignments/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
COMMANDS: dict[str, Any] = dict(commands(app, "upskill"))
CALL = re.compile(r"\bupskill ((?:author |lab )?[a-z]+)([^\n`#]*)")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")
CODE = re.compile(r"```\w*[^\n]*\n.*?```|`[^`\n]+`|^    .*$", re.DOTALL | re.MULTILINE)


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Each call of the command in code: its name and what follows."""
    for code in CODE.findall(path.read_text(encoding="utf-8")):
        yield from CALL.findall(code)


def options(function: Any) -> set[str]:
    hints = typing.get_type_hints(function, include_extras=True)
    found = {"--help"}
    for name, hint in hints.items():
        for info in getattr(hint, "__metadata__", ()):
            if isinstance(info, typer.models.OptionInfo):
                found |= set(flags(info, name))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_and_options_that_a_document_names_exist(path: Path) -> None:
    unknown = []
    for name, rest in calls(path):
        function = COMMANDS.get(f"upskill {name}")
        given = set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest.split('"')[0]))
        if function is None or given - options(function):
            unknown.append(f"upskill {name}{rest}")
    assert unknown == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_that_a_document_links_to_exist(path: Path) -> None:
    links = [a or b for a, b in LINK.findall(path.read_text(encoding="utf-8"))]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_names_every_command_of_a_trainers_first_course() -> None:
    named = {name for name, _ in calls(ROOT / "README.md")}
    assert {"demo", "course", "release", "collect", "grade", "feedback", "report"} <= named
