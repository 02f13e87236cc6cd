"""How much a notebook may show, and for how long it may run."""

from __future__ import annotations

from typing import Any

import pytest

from kit.grading import bounds
from kit.grading.bounds import Clock, OutOfTime, Shown, size


def message(kind: str, length: int, name: str = "stdout") -> dict[str, Any]:
    text = "x" * length
    content = {"name": name, "text": text} if kind == "stream" else {"data": {"text/plain": text}}
    return {"msg_type": kind, "content": content}


def test_a_loud_cell_is_cut_and_the_next_one_is_heard() -> None:
    shown = Shown()
    loud = message("stream", bounds.STREAM_LIMIT)
    assert shown.takes(loud, 0, False)
    assert not shown.takes(message("stream", 1), 0, False)
    assert shown.takes(message("stream", 1, "stderr"), 0, False)
    assert shown.takes(message("stream", 1), 1, False)
    assert shown.cut == {0}


@pytest.mark.parametrize("kind", ["display_data", "update_display_data", "comm_msg"])
def test_all_that_is_shown_counts(kind: str) -> None:
    shown = Shown()
    big = message(kind, bounds.CELL_LIMIT // 2)
    assert [shown.takes(big, 0, False) for _ in range(2)] == [True, False]


def test_other_cells_do_not_silence_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "NOTEBOOK_LIMIT", 1000)
    shown = Shown()
    assert not shown.takes(message("display_data", 2000), 0, False)
    assert not shown.takes(message("display_data", 10), 1, False)
    assert shown.takes(message("display_data", 10), 2, True)


def test_an_animation_may_be_long() -> None:
    shown, big = Shown(), message("display_data", bounds.CELL_LIMIT // 2)
    for _ in range(5):
        assert shown.takes(big, 0, False)
        assert shown.takes({"msg_type": "clear_output", "content": {}}, 0, False)


def test_what_is_cleared_again_and_again_has_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "EVER_LIMIT", 3 * bounds.CELL_LIMIT)
    shown, big, kept = Shown(), message("display_data", bounds.CELL_LIMIT // 2), 0
    for _ in range(20):
        kept += shown.takes(big, 0, False)
        shown.takes({"msg_type": "clear_output", "content": {}}, 0, False)
    assert kept <= 6
    assert shown.cut == {0}
    assert shown.takes(message("display_data", 10), 1, True)


def test_a_size_is_that_of_all_texts() -> None:
    assert 300 < size({"a" * 100: ["b" * 100, (b"c" * 100,)]}) < 400


def test_a_cell_has_its_own_time_and_no_more_than_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(bounds.time, "monotonic", lambda: now[0])
    clock = Clock(60)
    assert clock.for_cell(30) == 30
    now[0] = 150.0
    assert clock.for_cell(30) == clock.for_cell(None) == 10
    assert not clock.over()
    now[0] = 160.0
    assert clock.over()
    with pytest.raises(OutOfTime):
        clock.for_cell(30)


def test_without_a_limit_only_the_cells_own_counts() -> None:
    assert Clock(0).for_cell(None) is None
    assert Clock(0).for_cell(5) == 5
