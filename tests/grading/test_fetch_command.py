"""``upskill fetch``: what it says of the newest hand-in and of those before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from feedback_helpers import given, graded, new_course, send, take_part
from grading_helpers import edit

from kit.cli.fetch import run_fetch
from kit.model import Part, Unit

pytestmark = pytest.mark.grading


def test_earlier_hand_ins_are_told_apart_from_the_newest(
    content: Unit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    kim = take_part(course, content, tmp_path / "kim", "kim", count="count = 99")
    graded(course, content)
    given(course, content)
    edit(kim, content, Part.PRACTICE, count="count = len(disks)")
    send(kim, content)
    graded(course, content)
    given(course, content)
    capfd.readouterr()
    run_fetch(kim.root, "en")
    said = [line for line in capfd.readouterr().out.splitlines() if line.startswith("Practice")]
    assert len(said) == 2
    assert said[0].startswith("Practice: graded by your trainer: ")
    assert said[1].startswith("Practice, handed in earlier (20")
