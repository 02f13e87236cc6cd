"""The log loses nothing: several kernels, a torn line, a kill in the middle of a write."""

from __future__ import annotations

import random
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kit.errors import HomeError
from kit.model import Attempt
from kit.progress import ProgressLog, reduce_progress
from kit.progress.lines import encoded, new_id
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
    with tempfile.TemporaryDirectory() as folder:
        log = ProgressLog(Path(folder) / "progress.jsonl")
        written = [log.append(each) for each in written]
        assert log.read() == written
        assert len({each.id for each in written}) == len(written)


@given(before=st.integers(0, 4), cut=st.integers(0, 400), after=st.integers(1, 3))
def test_a_line_torn_anywhere_costs_that_line_only(before: int, cut: int, after: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = ProgressLog(Path(folder) / "progress.jsonl")
        kept = [log.append(attempt(n)) for n in range(before)]
        whole = log.path.stat().st_size if before else 0
        log.append(attempt(99))
        size = log.path.stat().st_size
        end = whole + min(cut, size - whole)
        with log.path.open("rb+") as file:
            file.truncate(end)
        later = [log.append(attempt(100 + n)) for n in range(after)]
        found = log.read()
        survived = [a for a in found if a.data["n"] == 99]
        assert [a for a in found if a not in survived] == [*kept, *later]
        # the torn line counts only if nothing but its line end was missing
        assert len(survived) == (end >= size - 1)


class SeveralWriters(RuleBasedStateMachine):
    """Kernels that append, are cut off in mid-write or get their line in late, and rubbish."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "progress.jsonl"
        # one reader follows all the time, as a kernel does
        self.reader = ProgressLog(self.path)
        self.confirmed: dict[str, list[int]] = {"a": [], "b": [], "c": []}
        self.number = 0

    def teardown(self) -> None:
        self.folder.cleanup()

    def next_attempt(self, who: str) -> Attempt:
        self.number += 1
        return Attempt(now(), "check", "tiny", who, data={"n": self.number, "text": "가\n{"})

    def frame(self, who: str) -> bytes:
        """What an append sends in one write, whatever the shared file ends with."""
        scratch = ProgressLog(self.path.with_name("scratch.jsonl"))
        scratch.path.unlink(missing_ok=True)
        scratch.append(self.next_attempt(who))
        return scratch.path.read_bytes()

    def send(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)

    @rule(who=st.sampled_from("abc"))
    def appends(self, who: str) -> None:
        ProgressLog(self.path).append(self.next_attempt(who))
        self.confirmed[who].append(self.number)

    @rule(who=st.sampled_from("abc"), other=st.sampled_from("abc"), share=st.floats(0, 1))
    def appends_while_another_is_cut_off(self, who: str, other: str, share: float) -> None:
        mine = self.frame(who)
        self.confirmed[who].append(self.number)
        torn = self.frame(other)
        self.send(torn[: int(share * (len(torn) - 2))])
        self.send(mine)

    @rule(junk=st.binary(max_size=20))
    def rubbish_arrives(self, junk: bytes) -> None:
        self.send(junk)

    @invariant()
    def every_confirmed_attempt_is_read_in_order(self) -> None:
        for log in (self.reader, ProgressLog(self.path)):
            found = log.read()
            for who, numbers in self.confirmed.items():
                assert [a.data["n"] for a in found if a.exercise == who] == numbers


TestSeveralWriters = SeveralWriters.TestCase
# every append waits for the disk
TestSeveralWriters.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


LIMITED = """
import resource, sys
from pathlib import Path
from kit.errors import HomeError
from kit.model import Attempt
from kit.progress import ProgressLog
path, room = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room,) * 2)
try:
    ProgressLog(path).append(Attempt("t", "check", "tiny", "lost"))
except HomeError as error:
    print(error)
"""


def test_a_write_that_the_disk_cuts_short_is_an_error_and_costs_no_neighbour(tmp_path):
    log = ProgressLog(tmp_path / "progress.jsonl")
    first = log.append(attempt(1))
    command = [sys.executable, "-c", LIMITED, str(log.path), "20"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "Your progress could not be saved" in said and str(log.path) in said
    assert log.path.read_bytes().endswith(b'\n{"schema": 2, "id":')
    assert log.read() == [first]
    second = log.append(attempt(2))
    assert log.read() == ProgressLog(log.path).read() == [first, second]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeError) as error:
        ProgressLog(tmp_path / "file" / "progress.jsonl").append(attempt())
    assert "progress.jsonl" in error.value.where


def test_lines_of_schema_1_are_read_as_before_and_named_alike_everywhere(tmp_path):
    line = b'{"schema": 1, "time": "t", "event": "hint", "unit": "tiny", "exercise": "count"}\n'
    logs = [ProgressLog(tmp_path / name) for name in ("one", "two")]
    for log in logs:
        # the same hint twice in the same moment is two hints
        log.path.write_bytes(line + line)
    first, second = logs[0].read()
    assert (first.event, first.exercise, first.id) != (second.event, second.exercise, second.id)
    assert logs[1].read() == [first, second]
    assert logs[0].progress("tiny").state("count").hints == 2


def test_a_line_of_a_later_version_is_kept_and_says_nothing_here(tmp_path):
    log = ProgressLog(tmp_path / "progress.jsonl")
    line = b'{"schema": 9, "id": "x", "time": "t", "event": "check", "unit": "tiny", "mood": 1}\n'
    log.path.write_bytes(line)
    log.append(attempt(1))
    assert [a.data for a in log.read()] == [{"n": 1}]
    assert line in log.path.read_bytes()
    assert [r.row.get("mood") for r in log.records()] == [1, None]


def test_what_another_log_holds_is_taken_in_once_and_in_the_order_of_time(tmp_path):
    mine, theirs = (ProgressLog(tmp_path / name) for name in ("mine", "theirs"))
    for log, times in ((mine, "1 3"), (theirs, "0 4")):
        for moment in times.split():
            log.append(Attempt(moment, "check", "tiny", log.path.name, "incorrect"))
    with theirs.path.open("ab") as file:
        file.write(b'\n{"schema": 9, "id": "x", "later": true}\n')
    # what was folded before must not count twice
    assert mine.progress("tiny").state("mine").attempts == 2
    assert mine.take_in(theirs.records(), source="laptop") == 3
    assert mine.take_in(theirs.records()) == 0
    checks = [a.time for a in mine.read() if a.event == "check"]
    assert checks == ["0", "1", "3", "4"]
    states = mine.progress("tiny").exercises
    assert {name: state.attempts for name, state in states.items()} == {"mine": 2, "theirs": 2}
    assert mine.read() == ProgressLog(mine.path).read()
    # and on to a third place, the line of a later version with it
    assert {r.id for r in mine.records()} >= {r.id for r in theirs.records()}
    assert theirs.take_in(mine.records()) == 2
    assert [a.time for a in theirs.read() if a.event == "check"] == ["0", "1", "3", "4"]


def test_a_log_that_was_put_back_from_a_copy_is_read_anew(tmp_path):
    log = ProgressLog(tmp_path / "progress.jsonl")
    log.append(attempt(1))
    before = log.path.read_bytes()
    log.append(attempt(2))
    assert len(log.read()) == 2
    # in place, so that the file is the same one
    log.path.write_bytes(before)
    assert [a.data["n"] for a in log.read()] == [1]
    log.path.unlink()
    assert log.read() == []


def test_progress_that_is_folded_bit_by_bit_is_that_of_the_whole_log(tmp_path):
    log = ProgressLog(tmp_path / "progress.jsonl")
    for outcome in ("incorrect", "passed", "not_attempted", "incorrect"):
        log.append(Attempt(now(), "check", "tiny", "count", outcome))
        assert log.progress("tiny") == reduce_progress(log.read(), "tiny")
    assert log.progress("tiny").state("count").attempts == 3


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
    print(f"seed {seed}")
    path = tmp_path / "progress.jsonl"
    confirmed: dict[str, int] = {}
    alive = {name: appender(path, name, -1) for name in ("k0", "k1")}
    for number in range(2, 8):
        alive[f"k{number}"] = appender(path, f"k{number}", -1)
        for kernel in alive.values():
            assert kernel.stdout is not None and kernel.stdout.readline()
        time.sleep(source.uniform(0, 0.05))
        # two go on writing while one dies
        victim = source.choice(sorted(alive))
        confirmed[victim] = killed(alive.pop(victim))
    for name, kernel in alive.items():
        confirmed[name] = killed(kernel)
    ProgressLog(path).append(attempt(7))
    found = ProgressLog(path).read()
    for who, last in confirmed.items():
        mine = [a.data["n"] for a in found if a.exercise == who]
        assert mine[: last + 1] == list(range(last + 1)), f"seed {seed}"
    assert found[-1].data == {"n": 7}


def killed(kernel: subprocess.Popen[str]) -> int:
    """Kill without warning; the last number that it confirmed, 0 having been read."""
    kernel.kill()
    assert kernel.stdout is not None
    printed = [0, *(int(line) for line in kernel.stdout if line.endswith("\n"))]
    kernel.wait()
    return printed[-1]


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


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["check", "hint", "taken", "reset", "applied", "coach"]),
        st.sampled_from(["count", "total", ""]),
        st.sampled_from(["passed", "incorrect", "not_attempted"]),
        # moments repeat, and clocks are set back
        st.integers(0, 3).map(str),
    ),
    max_size=12,
)


@given(EVENTS)
def test_a_log_taken_into_an_empty_one_is_the_same_progress(events):
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = (ProgressLog(Path(folder) / name) for name in ("mine", "theirs"))
        log = [Attempt(t, e, "tiny", x, o, id=new_id()) for e, x, o, t in events]
        theirs.path.write_bytes(b"\n".join(encoded(each) for each in log))
        mine.take_in(theirs.records())
        assert mine.progress("tiny") == theirs.progress("tiny")
        assert mine.take_in(theirs.records()) == 0
