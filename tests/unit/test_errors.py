"""Every error of the kit says what, where and what to do next."""

from __future__ import annotations

import subprocess
import sys

import pytest

import kit.errors
from kit.errors import KitError, UsageError

KINDS = [
    value
    for value in vars(kit.errors).values()
    if isinstance(value, type) and issubclass(value, KitError)
]


def test_text_has_what_where_and_next_in_this_order() -> None:
    error = UsageError("It is wrong.", where="line 3", fix="upskill start")
    assert str(error) == "It is wrong.\nWhere: line 3\nNext: upskill start"


def test_parts_that_are_not_known_are_left_out() -> None:
    assert str(KitError("It is wrong.")) == "It is wrong."


def test_each_kind_has_an_exit_code_of_its_own_below_that_of_findings() -> None:
    codes = [kind.exit_code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 8 for code in codes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_tree_in_the_docstring_names_each_kind(kind: type[KitError]) -> None:
    assert kind.__name__ in (kit.errors.__doc__ or "")


def test_a_notebook_shows_the_three_facts_and_no_traceback() -> None:
    script = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('from kit.errors import DataError\\n"
        'raise DataError("No date.", where="row 7", fix="Export again.")\')\n'
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "No date.\nWhere: row 7\nNext: Export again." in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
