"""The lab's process: one for a home, found again, replaced after a crash, never left behind."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kit.home import LearnerHome, open_home
from kit.lab.lab import Lab
from kit.lab.process import running, start, stop
from kit.lab.state import places, read_state, write_state

OPEN = "import kit; lab = kit.open_lab({!r}); print(lab.started.state.pid)"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[LearnerHome]:
    home = open_home(tmp_path / "home")
    yield home
    stop(home)


def gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def upskill(*arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "kit", "lab", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_two_programs_that_start_it_at_once_share_one_process(home: LearnerHome) -> None:
    command = [sys.executable, "-c", OPEN.format(str(home.root))]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    pids = {each.communicate(timeout=60)[0].strip() for each in both}
    # and it outlives both of them, as it does a kernel
    state = running(places(home))
    assert state is not None and pids == {str(state.pid)}


def test_a_killed_lab_is_told_and_started_anew(home: LearnerHome) -> None:
    first = start(home).state
    psutil.Process(first.pid).kill()
    assert gone(first.pid)
    again = start(home)
    assert again.crashed and not again.joined and again.state.pid != first.pid


def test_a_state_file_that_names_another_program_harms_nobody(home: LearnerHome) -> None:
    where = places(home)
    where.make()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        told = start(home).state
        stop(home)
        write_state(where, type(told)(other.pid, 1.0, "nonce", told.door))
        assert running(where) is None
        assert start(home).crashed
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_no_process_is_left_when_its_home_is_deleted(home: LearnerHome) -> None:
    pid = start(home).state.pid
    shutil.rmtree(home.root)
    assert gone(pid)


def test_homes_have_labs_of_their_own(home: LearnerHome, tmp_path: Path) -> None:
    other = open_home(tmp_path / "other")
    try:
        mine, theirs = Lab(home), Lab(other)
        mine.client("s3").create_bucket(
            Bucket="mine", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
        )
        assert theirs.client("s3").list_buckets()["Buckets"] == []
    finally:
        stop(other)


def test_ids_follow_the_learner(tmp_path: Path) -> None:
    """Twice the same for one learner, others for another."""

    def first_vpc(learner: str) -> str:
        home = open_home(tmp_path / "one")
        home = LearnerHome(home.root, learner, "self-tests", "en")
        try:
            vpc = Lab(home).client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
            return str(vpc["Vpc"]["VpcId"])
        finally:
            stop(home)

    assert first_vpc("kim") == first_vpc("kim") != first_vpc("lee")


def test_the_command_starts_says_and_stops(home: LearnerHome) -> None:
    where = ("--home", str(home.root))
    assert upskill("status", *where)["running"] is False
    assert upskill("start", *where)["joined"] is False
    told = upskill("start", *where)
    assert told["joined"] is True and told["running"] is True
    state = read_state(places(home))
    assert state is not None and state.door.token not in json.dumps(told)
    assert upskill("stop", *where)["stopped"] is True
    assert gone(state.pid)
    assert upskill("status", *where)["running"] is False
