"""The log loses nothing: several kernels, a torn line, a kill in the middle of a write."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt
from kit.progress import ProgressLog
from kit.progress.log import now

APPENDER = """
import sys
from pathlib import Path
from kit.model import Attempt
from kit.progress import ProgressLog
path, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
log = ProgressLog(path)
number = 0
while number < count or count < 0:
    log.append(Attempt("t", "check", "tiny", who, data={"n": number, "pad": "가" * 700}))
    print(number, flush=True)
    number += 1
"""


def appender(path: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", APPENDER, str(path), who, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def attempt(number: int = 0) -> Attempt:
    return Attempt(now(), "check", "tiny", "count", "passed", data={"n": number})


plain = st.text(max_size=20)
attempts = st.builds(
    Attempt,
    time=plain,
    event=plain,
    unit=plain,
    exercise=plain,
    outcome=plain,
    label=plain,
    version=plain,
    data=st.dictionaries(plain, st.integers() | plain | st.booleans() | st.none(), max_size=3),
)


@given(st.lists(attempts, max_size=6))
def test_what_was_appended_is_read_in_order(written: list[Attempt]) -> None:
    # optional parts that are empty are left out of the file, so the required ones must be there
    written = [a for a in written if a.time and a.event and a.unit]
    with tempfile.TemporaryDirectory() as folder:
        log = ProgressLog(Path(folder) / "progress.jsonl")
        for each in written:
            log.append(each)
        assert log.read() == written


@given(before=st.integers(0, 4), cut=st.integers(0, 400), after=st.integers(1, 3))
def test_a_line_torn_anywhere_costs_that_line_only(before: int, cut: int, after: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = ProgressLog(Path(folder) / "progress.jsonl")
        kept = [attempt(n) for n in range(before)]
        for each in kept:
            log.append(each)
        whole = log.path.stat().st_size if before else 0
        log.append(attempt(99))
        size = log.path.stat().st_size
        end = whole + min(cut, size - whole)
        with log.path.open("rb+") as file:
            file.truncate(end)
        later = [attempt(100 + n) for n in range(after)]
        for each in later:
            log.append(each)
        found = log.read()
        survived = [a for a in found if a.data["n"] == 99]
        assert [a for a in found if a not in survived] == [*kept, *later]
        # the torn line counts only if nothing but its line end was missing
        assert len(survived) == (end >= size - 1)


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_rubbish_between_lines_hides_no_attempt(rubbish: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = ProgressLog(Path(folder) / "progress.jsonl")
        for number, junk in enumerate(rubbish):
            log.append(attempt(number))
            with log.path.open("ab") as file:
                file.write(junk)
        assert [a.data["n"] for a in log.read()] == list(range(len(rubbish)))


def test_attempts_of_several_kernels_are_all_there_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    kernels = [appender(path, f"k{n}", 60) for n in range(3)]
    assert [kernel.communicate(timeout=120)[0].count("\n") for kernel in kernels] == [60, 60, 60]
    found = ProgressLog(path).read()
    for name in ("k0", "k1", "k2"):
        mine = [a.data["n"] for a in found if a.exercise == name]
        assert mine == list(range(60))


def test_a_kill_in_mid_write_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    source = random.Random(seed)
    path = tmp_path / "progress.jsonl"
    confirmed: dict[str, int] = {}
    for round_number in range(6):
        who = f"r{round_number}"
        kernel = appender(path, who, -1)
        assert kernel.stdout is not None
        kernel.stdout.readline()
        time.sleep(source.uniform(0, 0.05))
        os.kill(kernel.pid, signal.SIGKILL)
        printed = [0, *(int(line) for line in kernel.stdout if line.endswith("\n"))]
        kernel.wait()
        confirmed[who] = printed[-1]
    ProgressLog(path).append(attempt(7))
    found = ProgressLog(path).read()
    for who, last in confirmed.items():
        mine = [a.data["n"] for a in found if a.exercise == who]
        assert mine[: last + 1] == list(range(last + 1)), f"seed {seed}"
    assert found[-1].data == {"n": 7}


def test_before_the_first_attempt_there_is_nothing(tmp_path: Path) -> None:
    assert ProgressLog(tmp_path / "none" / "progress.jsonl").read() == []


def test_only_the_learner_can_read_their_log(tmp_path: Path) -> None:
    log = ProgressLog(tmp_path / "progress.jsonl")
    log.append(attempt())
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_the_time_is_utc_and_sorts_as_text() -> None:
    first, second = now(), now()
    assert first.endswith("+00:00")
    assert first <= second
