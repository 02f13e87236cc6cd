"""The author's way to the digest of a right answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.cli.app import app
from kit.content import find_exercise
from kit.model import Unit
from tests.forms_unit import only_forms


@pytest.fixture
def forms(tmp_path: Path) -> Iterator[Unit]:
    with only_forms(tmp_path / "content") as unit:
        yield unit


def seal(*words: str) -> str:
    told = CliRunner().invoke(app, ["author", "seal", "forms", *words])
    assert told.exit_code == 0, told.exception
    return told.stdout.strip()


@pytest.mark.parametrize(
    "words",
    [("who", "b"), ("checks", "backup", "fill"), ("order", "ask", "copy", "test", "switch")],
)
def test_the_line_is_the_one_of_workbook_toml(forms: Unit, words: tuple[str, ...]) -> None:
    digest = find_exercise(forms, words[0]).asked.digest
    assert seal(*words) == f'digest = "{digest}"'
    assert seal(words[0], *reversed(words[1:])) == seal(*words) or words[0] == "order"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("who", "z"), "a, b, c"),
        (("who", "a", "b"), "one right option"),
        (("order", "ask", "copy"), "switch, copy, ask, test"),
        (("order", "switch", "copy", "ask", "test"), "another order"),
        (("size", "3"), "only choice, choices and ranking"),
        (("whom", "b"), "who, checks"),
    ],
)
def test_what_cannot_be_sealed_is_refused_with_the_way(
    forms: Unit, words: tuple[str, ...], told: str
) -> None:
    result = CliRunner().invoke(app, ["author", "seal", "forms", *words])
    assert result.exit_code != 0
    assert told in str(result.exception)
