"""A hand-in that is killed at any moment: the exchange holds the work before, or all of the new."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from grading_helpers import edit
from lifecycle_helpers import collected, submit

from kit.errors import GradingError
from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.grading.fetch_feedback import fetch_feedback
from kit.grading.hand_in import hand_in_part
from kit.grading.receipts import lacking, read_receipt, sums
from kit.home import LearnerHome
from kit.model import Part, Unit

pytestmark = [pytest.mark.grading]
KILLS = 30


def killed_at(home: LearnerHome, unit: Unit, exchange: Path, number: int) -> int:
    """Hand in, in a child that dies before its ``number``-th touch of a file.

    Returns how many touches there were when it lived.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        seen = 0
        places = (str(home.root), str(exchange), os.environ["HOME"])

        def watch(event: str, args: tuple[object, ...]) -> None:
            nonlocal seen
            if event == "open" or event.startswith(("os.", "shutil.")):
                if any(isinstance(a, (str, Path)) and str(a).startswith(places) for a in args):
                    seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(watch)
            hand_in_part(home, unit, Part.GRADED)
            os.write(writing, str(seen).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    os.waitpid(child, 0)
    return int(told or 0)


def arrived(course: Course, home: LearnerHome) -> list[Path]:
    inbound = exchange_root(course) / "mig26" / "inbound"
    return sorted(inbound.glob(f"{home.learner}+tiny+*"), key=lambda p: p.name.split("+")[2])


def memo(folder: Path) -> str:
    cells = json.loads((folder / "assignment.ipynb").read_text(encoding="utf-8"))["cells"]
    return next("".join(c["source"]) for c in cells if "Version" in "".join(c["source"]))


def points(last: int) -> Iterator[int]:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    # the end is where it appears and what remembers it is written
    yield from sorted(
        {*random.Random(seed).choices(range(1, last), k=KILLS), *range(last - 9, last)}
    )


def test_a_kill_at_any_moment_leaves_whole_submissions_and_the_next_clears_up(
    course: Course, content: Unit, learner: LearnerHome, own_user: Path
) -> None:
    edit(learner, content, Part.GRADED, memo="Version 0")
    submit(learner, content)
    exchange = exchange_root(course)
    last = killed_at(learner, content, exchange, 0)
    assert last > 40
    died = 0
    for number, point in enumerate(points(last), start=1):
        before = arrived(course, learner)
        edit(learner, content, Part.GRADED, memo=f"Version {number}")
        died += not killed_at(learner, content, exchange, point)
        now = arrived(course, learner)
        new = [folder for folder in now if folder not in before]
        assert [memo(folder) for folder in new] in ([], [f"Version {number}"])
        assert [lacking(folder, sums(folder)) for folder in now] == [""] * len(now)
    assert died > KILLS // 2
    # what trainer and learner do next finds nothing half-way
    assert collected(course, content)[learner.learner, "tiny"].notes == ()
    fetch_feedback(learner)
    edit(learner, content, Part.GRADED, memo="Version last")
    submit(learner, content)
    assert memo(arrived(course, learner)[-1]) == "Version last"
    assert not list((exchange / "mig26" / "inbound").glob(".*"))
    cache = own_user / ".local" / "share" / "jupyter" / "nbgrader_cache" / "mig26"
    secrets = {f.name: (f / "submission_secret.txt").read_bytes() for f in cache.glob("*+tiny+*")}
    for folder in arrived(course, learner):
        kept = secrets[folder.name.rsplit("+", 1)[0]]
        assert kept == (folder / "submission_secret.txt").read_bytes()
    assert not list(cache.glob(".*"))


def test_a_copy_that_came_out_wrong_never_appears(
    course: Course, content: Unit, learner: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(learner, content)
    before, real = arrived(course, learner), shutil.copyfile

    def full(source: str, target: str, **more: object) -> str:
        # as a disk that is full cuts a file off, without a word
        made = real(source, target)
        if "inbound" in str(target) and str(target).endswith("assignment.ipynb"):
            os.truncate(target, 100)
        return str(made)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(GradingError, match=r"not what was sent: assignment\.ipynb"):
            hand_in_part(learner, content, Part.GRADED)
    assert arrived(course, learner) == before
    assert not list((exchange_root(course) / "mig26" / "inbound").glob(".*"))


def cut(folder: Path) -> None:
    (folder / "assignment.ipynb").write_text("{", encoding="utf-8")


def lose(folder: Path) -> None:
    (folder / "practice.json").unlink()


def add(folder: Path) -> None:
    (folder / "more.txt").touch()


def forge(folder: Path) -> None:
    told = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    told["files"]["../../../../private/secret"] = "0" * 64
    (folder / "receipt.json").write_text(json.dumps(told), encoding="utf-8")


def missum(folder: Path) -> None:
    told = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    (folder / "receipt.json").write_text(json.dumps(told | {"receipt": "0" * 64}), encoding="utf-8")


def garble(folder: Path) -> None:
    (folder / "receipt.json").write_bytes(b'{"format": 1, "files": [[[' + b"[" * 100_000)


def inflate(folder: Path) -> None:
    (folder / "receipt.json").write_bytes(b" " * (5 * 1024 * 1024))


def terminal(folder: Path) -> None:
    (folder / "\x1b]0;x\x07.txt").touch()


def unstamp(folder: Path) -> None:
    (folder / "timestamp.txt").unlink()


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (cut, "assignment.ipynb is not as it was sent"),
        (lose, "practice.json is missing"),
        (add, "more.txt was added later"),
        (forge, "../../../../private/secret is missing"),
        (missum, "the receipt is a wrong sum"),
        (garble, "receipt.json cannot be read"),
        (inflate, "receipt.json cannot be read"),
        (terminal, "?]0;x?.txt was added later"),
        (unstamp, "timestamp.txt is missing"),
    ],
)
def test_what_is_not_whole_is_named_and_the_whole_one_before_counts(
    course: Course, content: Unit, learner: LearnerHome, harm, what: str
) -> None:
    submit(learner, content)
    (first,) = arrived(course, learner)
    edit(learner, content, Part.GRADED, memo="Version two")
    submit(learner, content)
    harm(arrived(course, learner)[-1])
    row = collected(course, content)[learner.learner, "tiny"]
    assert (row.state, row.notes) == ("new", (f"Incomplete: {what}.",))
    told = read_receipt(first)
    assert told is not None
    assert row.receipt == told.receipt
    # a third is whole again, and the next collection takes it
    submit(learner, content)
    row = collected(course, content)[learner.learner, "tiny"]
    assert (row.state, row.notes) == ("newer", ())


@pytest.mark.parametrize(("harm", "state"), [(cut, "new"), (unstamp, "missing")])
def test_the_only_one_is_taken_as_far_as_it_can_be_dated(
    course: Course, content: Unit, learner: LearnerHome, harm, state: str
) -> None:
    submit(learner, content)
    harm(arrived(course, learner)[0])
    row = collected(course, content)[learner.learner, "tiny"]
    assert row.state == state
    assert row.notes[0].startswith("Incomplete: ")
