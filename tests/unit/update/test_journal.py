"""Killed at any step, an update is finished by the next command, or never began."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.errors import HomeError
from kit.files import read_json
from kit.update.journal import DONE, PLANNED, REPLACING, Journal, Step, journals
from kit.update.run import apply_update, plan_update, resume, undo_update
from tests.unit.update.conftest import Learner


def closed(_path: Path) -> str:
    return ""


def in_child(work: Callable[[], object], before: Callable[[], object]) -> int:
    """Do ``before`` and then ``work`` in a process of its own; how that ended."""
    child = os.fork()
    if child == 0:
        try:
            before()
            work()
        except BaseException as error:
            os._exit(4 if isinstance(error, HomeError) else 1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int) -> Callable[[], None]:
    """Kill this process, as a power cut does, before its n-th change of a file's name."""
    seen = 0

    def hook(event: str, _arguments: object) -> None:
        nonlocal seen
        if event in ("os.rename", "os.mkdir", "os.remove"):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    return lambda: sys.addaudithook(hook)


def killed_every_step(work: Callable[[], object], clean: Callable[[], object]) -> Iterator[int]:
    """Kill ``work`` at its first step, its second, and so on until it comes to its end."""
    for step in range(1, 200):
        clean()
        if in_child(work, killed_at(step)) == 0:
            # fewer would mean that the hook sees nothing of the work
            assert step > 8
            return
        yield step


def restore(learner: Learner, files: dict[str, bytes]) -> None:
    for path in list(learner.home.root.rglob("*")):
        if path.is_file() and path.relative_to(learner.home.root).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        (learner.home.root / name).write_bytes(data)


def without_log(files: dict[str, bytes]) -> dict[str, bytes]:
    return {k: v for k, v in files.items() if not k.endswith("progress.jsonl")}


def test_an_update_killed_at_any_step_is_whole_or_never_began(behind: Learner) -> None:
    before = behind.files()
    plan = plan_update(behind.home, [behind.unit], closed)
    in_child(lambda: apply_update(plan, closed), lambda: None)
    updated = without_log(behind.files())
    ends = set()
    for step in killed_every_step(
        lambda: apply_update(plan, closed), lambda: restore(behind, before)
    ):
        resume(behind.home, closed)
        after = without_log(behind.files())
        after = {k: v for k, v in after.items() if not Path(k).name.startswith(".")}
        assert after in (without_log(before), updated), step
        assert {j.state for j in journals(behind.home.root)} <= {DONE}
        ends.add(after == updated)
    assert ends == {True, False}


def test_an_undo_killed_at_any_step_is_whole_or_never_began(behind: Learner) -> None:
    given = without_log(behind.files())
    in_child(
        lambda: apply_update(plan_update(behind.home, [behind.unit], closed), closed), lambda: None
    )
    updated = behind.files()
    kept = {p: p.read_bytes() for p in (behind.home.state / "update").rglob("*") if p.is_file()}

    def clean() -> None:
        restore(behind, updated)
        for path, data in kept.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    ends = set()
    for step in killed_every_step(lambda: undo_update(behind.home, closed), clean):
        resume(behind.home, closed)
        after = without_log(behind.files())
        after = {k: v for k, v in after.items() if not Path(k).name.startswith(".")}
        assert after in (given, without_log(updated)), step
        ends.add(after == given)
    assert ends == {True, False}


def test_an_update_killed_at_a_random_moment_is_whole_or_never_began(behind: Learner) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    moments = random.Random(seed)
    before = behind.files()
    plan = plan_update(behind.home, [behind.unit], closed)
    in_child(lambda: apply_update(plan, closed), lambda: None)
    updated = without_log(behind.files())
    for _ in range(10):
        restore(behind, before)
        child = os.fork()
        if child == 0:
            apply_update(plan, closed)
            os._exit(0)
        time.sleep(moments.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        resume(behind.home, closed)
        after = without_log(behind.files())
        after = {k: v for k, v in after.items() if not Path(k).name.startswith(".")}
        assert after in (without_log(before), updated)


def test_a_notebook_that_was_saved_after_the_kill_is_left_for_the_next_update(
    behind: Learner,
) -> None:
    plan = plan_update(behind.home, [behind.unit], closed)
    steps = [step for entry in plan.entries for step in entry.steps]
    told = {"what": "update", "version": {"tiny": ["1", "2"]}, "changed": {}}
    Journal.plan(behind.home.root, steps, told).enter(REPLACING)
    behind.write(total="total = 61")
    mine = behind.path.read_bytes()
    resume(behind.home, closed)
    assert behind.path.read_bytes() == mine
    apply_update(plan_update(behind.home, [behind.unit], closed), closed)
    assert (behind.answer("count"), behind.answer("total")) == ("count = 3", "total = 61")
    assert behind.notebook()["metadata"]["kit"]["version"] == "2"
    assert [c for c in behind.notebook()["cells"] if c["cell_type"] == "raw"] == []


def test_a_killed_update_is_not_finished_under_an_open_notebook(behind: Learner) -> None:
    plan = plan_update(behind.home, [behind.unit], closed)
    steps = [step for entry in plan.entries for step in entry.steps]
    told = {"what": "update", "version": {"tiny": ["1", "2"]}, "changed": {}}
    Journal.plan(behind.home.root, steps, told).enter(REPLACING)
    before = behind.files()
    with pytest.raises(HomeError, match="it is open"):
        resume(behind.home, lambda path: "it is open" if path == behind.path else "")
    assert behind.files() == before
    resume(behind.home, closed)
    assert behind.notebook()["metadata"]["kit"]["version"] == "2"


def test_a_full_disk_leaves_the_home_as_it_was(behind: Learner) -> None:
    before = behind.files()
    plan = plan_update(behind.home, [behind.unit], closed)

    def fill() -> None:
        # to a program it is the same: a write that does not fit is refused
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    assert in_child(lambda: apply_update(plan, closed), fill) == 4
    assert behind.files() == before
    assert list((behind.home.state / "update").iterdir()) == []


def test_what_was_staged_is_on_disk_before_anything_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"old")
    steps = [Step("a.ipynb", b"old", b"new"), Step("b.ipynb", None, b"base", "a.ipynb")]
    journal = Journal.plan(tmp_path, steps, {"what": "update"})
    assert (tmp_path / "a.ipynb").read_bytes() == b"old"
    assert (journal.folder / "after" / "a.ipynb").read_bytes() == b"new"
    assert (journal.folder / "before" / "a.ipynb").read_bytes() == b"old"
    assert read_json(journal.folder / "journal.json")["state"] == PLANNED
    journal.replace()
    assert (tmp_path / "b.ipynb").read_bytes() == b"base"


def test_a_journal_that_nobody_finished_writing_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / ".upskill" / "update" / "20261122T000000.000000"
    (folder / "before").mkdir(parents=True)
    assert list(journals(tmp_path)) == []
    assert not folder.exists()
