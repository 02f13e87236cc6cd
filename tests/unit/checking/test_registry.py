"""From a unit's files to its checks; two units never see each other's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kit.checking import load_checks, unit_module
from kit.errors import ContentError
from kit.model import Unit


def write(unit: Unit, name: str, text: str) -> None:
    (unit.folder / f"{name}.py").write_text(text, encoding="utf-8")


def test_every_check_of_a_unit_is_found_by_its_exercise(tiny: Unit) -> None:
    assert set(load_checks(tiny)) == {"count", "total", "case"}


def test_one_check_may_serve_two_exercises(tiny: Unit) -> None:
    write(
        tiny,
        "checks",
        "from kit.checking import exercise_check\n\n"
        "@exercise_check('count', 'case')\ndef both(work):\n    pass\n",
    )
    checks = load_checks(tiny)
    assert checks["count"] is checks["case"]


def test_two_checks_for_one_exercise_are_refused(tiny: Unit) -> None:
    write(
        tiny,
        "checks",
        "from kit.checking import exercise_check\n\n"
        "@exercise_check('count')\ndef one(work):\n    pass\n\n"
        "@exercise_check('count')\ndef two(work):\n    pass\n",
    )
    with pytest.raises(ContentError, match="count"):
        load_checks(tiny)


def test_files_of_a_unit_import_each_other(tiny: Unit) -> None:
    write(tiny, "parts", "NUMBER = 42\n")
    write(tiny, "whole", "from . import parts\nANSWER = parts.NUMBER\n")
    assert unit_module(tiny, "whole").ANSWER == 42


def test_a_unit_of_the_same_id_in_another_folder_is_another_unit(
    tiny: Unit, tmp_path: Path
) -> None:
    write(tiny, "extra", "PLACE = 'first'\n")
    assert unit_module(tiny, "extra").PLACE == "first"
    other = replace(tiny, folder=shutil.copytree(tiny.folder, tmp_path / "other"))
    write(other, "extra", "PLACE = 'second'\n")
    assert unit_module(other, "extra").PLACE == "second"


def test_a_missing_file_is_named(tiny: Unit) -> None:
    with pytest.raises(ContentError, match=r"nothing\.py"):
        unit_module(tiny, "nothing")


def test_a_file_that_failed_to_load_is_read_again(tiny: Unit) -> None:
    write(tiny, "extra", "1 / 0\n")
    with pytest.raises(ContentError, match="ZeroDivisionError"):
        unit_module(tiny, "extra")
    write(tiny, "extra", "FINE = True\n")
    assert unit_module(tiny, "extra").FINE
