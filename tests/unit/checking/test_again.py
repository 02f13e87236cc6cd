"""An answer run again from the saved notebook."""

from __future__ import annotations

from pathlib import Path

from kit.checking.again import names_saved
from kit.notebooks import write_notebook


def cell(exercise: str, role: str, code: str) -> dict[str, object]:
    kit = {"id": exercise, "role": role}
    return {
        "cell_type": "code",
        "id": f"{exercise}-{role}",
        "metadata": {"kit": kit},
        "source": code,
        "outputs": [],
        "execution_count": None,
    }


def test_cells_up_to_the_answer_are_run_whatever_one_of_them_does(tmp_path: Path) -> None:
    path = tmp_path / "workbook.ipynb"
    cells = [
        cell("other", "answer", "other = 1"),
        cell("mine", "setup", "base = given + 1"),
        cell("mine", "setup", "chart = 1 / 0"),
        cell("mine", "setup", "raise KeyboardInterrupt"),
        cell("mine", "setup", "exit()"),
        cell("mine", "setup", "raise SystemExit"),
        cell("mine", "answer", "answer = base * 2"),
        cell("mine", "setup", "later = answer"),
    ]
    write_notebook(path, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    names = {"given": 20}
    got = names_saved(path, "mine", names)
    assert (got["base"], got["answer"]) == (21, 42)
    assert not {"other", "chart", "later"} & got.keys()
    assert names == {"given": 20}


def test_without_a_notebook_the_names_stay(tmp_path: Path) -> None:
    assert names_saved(tmp_path / "gone.ipynb", "mine", {"given": 1}) == {"given": 1}
