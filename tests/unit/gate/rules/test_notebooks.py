"""A notebook that its Markdown does not make: what to do depends on who changed it."""

from __future__ import annotations

from pathlib import Path

from tests.good_unit import edit, lint, of_the_unit


def test_a_notebook_edited_by_hand_is_to_be_brought_back(good: Path) -> None:
    notebook = good / "workbook.ipynb"
    edit(notebook, "Some disks, two questions.", "Some disks, three questions.")
    (found,) = of_the_unit(lint(good, only=("sync",)), good)
    assert (found.rule, found.file) == ("sync", notebook)
    assert f"upskill author import {notebook}" in found.fix


def test_a_notebook_behind_its_markdown_is_to_be_built(good: Path) -> None:
    edit(good / "live.md", "mine = []", "mine = [1]")
    (found,) = of_the_unit(lint(good, only=("sync",)), good)
    assert (found.file, found.fix) == (good / "live.ipynb", "upskill author build disks")


def test_a_notebook_that_is_not_there_is_to_be_built(good: Path) -> None:
    (good / "live.ipynb").unlink()
    (found,) = of_the_unit(lint(good, only=("sync",)), good)
    assert found.fix == "upskill author build disks"
