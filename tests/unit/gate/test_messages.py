"""What has to be translated is found in the code by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.errors import ContentError
from kit.gate.messages import code_messages, unit_messages
from kit.model import Asked, Field, Form, Unit


def test_errors_for_learners_are_found_and_those_for_authors_are_not(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(
        'raise DataError("{file} is empty.", where="a place", fix="Export again.", file=f)\n'
        'raise ContentError("A key is missing.", fix="Add it.")\n'
        'note = phrase("Encoding: {name}.", name=n)\n',
        encoding="utf-8",
    )
    found = [message.text for message in code_messages(path)]
    assert found == ["{file} is empty.", "Export again.", "Encoding: {name}."]


def test_what_a_check_tells_is_found_in_each_of_its_choices(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(
        'raise Mistake("few", "None." if n == 0 else "One." if n == 1 else few or "Few.")\n'
        'done = Remark("Enough.")\n',
        encoding="utf-8",
    )
    found = [message.text for message in code_messages(path)]
    assert found == ["None.", "One.", "Few.", "Enough."]


def test_a_file_that_is_no_python_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "checks.py"
    path.write_text("x = 1\ndef :\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"checks\.py:2"):
        code_messages(path)


def test_what_a_form_shows_is_translated(tiny: Unit) -> None:
    columns = (Field("size", "Size of it", "choice", "litres", options=("Small one", "Big one")),)
    asked = Asked(options=(("a", "The owner"),), unit="hours", columns=columns)
    form = replace(tiny.exercises[0], form=Form.TABLE, asked=asked)
    found = [message.text for message in unit_messages(replace(tiny, exercises=(form,)))]
    assert {"The owner", "hours", "Size of it", "litres", "Small one", "Big one"} <= set(found)
