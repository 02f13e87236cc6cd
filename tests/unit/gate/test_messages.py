"""What has to be translated is found in the code by itself."""

from __future__ import annotations

from pathlib import Path

from kit.gate.messages import code_messages


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
