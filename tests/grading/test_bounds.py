"""How much a notebook may show, and for how long it may run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lifecycle_helpers import collected, submit

from kit.errors import GradingError
from kit.grading import bounds
from kit.grading.bounds import Clock, OutOfTime, Shown, size, too_much, weight
from kit.grading.course import Course, open_course
from kit.grading.exchange import exchange_root
from kit.home import LearnerHome
from kit.model import Unit


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


# as a trusted worker reads and writes a notebook; peak memory in megabytes
READ = """
import sys
from pathlib import Path
import nbformat
from nbformat.validator import normalize
_, nb = normalize(nbformat.read(sys.argv[1], as_version=4))
nbformat.validate(nb, relax_add_props=True)
nbformat.writes(nb, version=4)
print(int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024)
"""
BOOK = '{"cells": [], "metadata": {"x": [%s]}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.mark.parametrize("one", ["{}", "[]", '{"a":1.5,"b":2.5}', '""'])
def test_many_small_values_are_refused_before_they_take_a_gigabyte(
    one: str, tmp_path: Path
) -> None:
    path = tmp_path / "book.ipynb"
    path.write_text(BOOK % ",".join([one] * (30_000_000 // (len(one) + 1))), encoding="utf-8")
    assert "too many values" in too_much(path)
    most = (bounds.NOTEBOOK_WEIGHT - 100) // (weight(one.encode()) + 1)
    path.write_text(BOOK % ",".join([one] * most), encoding="utf-8")
    assert too_much(path) == ""
    command = [sys.executable, "-W", "ignore", "-c", READ, str(path)]
    assert int(subprocess.run(command, check=True, capture_output=True).stdout) < 700


def test_a_big_picture_is_as_light_as_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "book.ipynb"
    # what stands in a text weighs nothing, whatever it is
    path.write_text(BOOK % json.dumps('{[,\\"' * 5_000_000), encoding="utf-8")
    assert too_much(path).endswith(f"({path.stat().st_size // 2**20} MB)")
    path.write_text(BOOK % json.dumps('{[,\\"' * 3_000_000), encoding="utf-8")
    assert too_much(path) == ""
    assert weight(b'"' + b'\\"' * 5_000_000) == 0


def test_a_learner_hears_the_limit_before_handing_in(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    inbound = exchange_root(course) / "mig26" / "inbound"
    book = learner.root / "tiny" / "assignment.ipynb"
    whole, folder = book.read_text(encoding="utf-8"), book.parent
    told = json.loads(whole)
    told["metadata"]["x"] = [{}] * 400_000
    book.write_text(json.dumps(told), encoding="utf-8")
    before = sorted(inbound.glob(f"{learner.learner}+tiny+*"))
    with pytest.raises(GradingError, match="too many values") as caught:
        submit(learner, content)
    assert "Clear outputs" in caught.value.fix
    assert sorted(inbound.glob(f"{learner.learner}+tiny+*")) == before
    book.write_text(whole, encoding="utf-8")
    (folder / "many").mkdir()
    for number in range(bounds.MOST_FILES):
        (folder / "many" / str(number)).touch()
    with pytest.raises(GradingError, match=f"there are {bounds.MOST_FILES + 1} files"):
        submit(learner, content)
    # a course's own setting, as it was released
    note = exchange_root(course) / "mig26" / "outbound" / "tiny" / "course.json"
    said = json.loads(note.read_text(encoding="utf-8"))
    assert said["most_bytes"] == 100_000_000
    note.write_text(json.dumps(said | {"most_bytes": 1000}), encoding="utf-8")
    try:
        with pytest.raises(GradingError, match="it has 1 MB"):
            submit(learner, content)
    finally:
        note.write_text(json.dumps(said), encoding="utf-8")


def test_a_trainer_hears_it_at_the_door(
    course: Course, content: Unit, learner: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kit.grading.hand_in.prove_size", lambda *_told: None)
        book = learner.root / "tiny" / "assignment.ipynb"
        told = json.loads(book.read_text(encoding="utf-8"))
        told["metadata"]["x"] = [{}] * 400_000
        book.write_text(json.dumps(told), encoding="utf-8")
        submit(learner, content)
    rows = collected(course, content)
    (note,) = rows[learner.learner, "tiny"].notes
    assert str(note).startswith("Not taken: assignment.ipynb holds too many values")
    assert rows[learner.learner, "tiny"].state == "missing"
    assert rows[learner.learner, "tiny-practice"].state == "new"


def test_refused_copies_are_gone_before_the_next_one_comes(
    course: Course, content: Unit, learner: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(learner, content)
    inbound = exchange_root(course) / "mig26" / "inbound"
    (good,) = inbound.glob(f"{learner.learner}+tiny+*")
    for number in range(3):
        bad = inbound / f"{learner.learner}+tiny+2026-11-2{number} 10:00:00.000000 UTC+x"
        subprocess.run(["cp", "-r", good, bad], check=True)
        (bad / "a.bin").write_bytes(bytes(1000))
        (bad / "z").symlink_to("/dev/zero")
    from kit.grading.inbound import Inbound

    left: list[int] = []
    take = Inbound.take

    def seen(self: Inbound, offer: Any) -> Any:
        left.append(len(list(self._scratch.iterdir())))
        return take(self, offer)

    monkeypatch.setattr(Inbound, "take", seen)
    good.rename(inbound / good.name.replace("+tiny+20", "+tiny+19"))
    collected(open_course(course.root), content)
    assert len(left) >= 4
    assert max(left) == 0
