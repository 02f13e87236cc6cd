from __future__ import annotations

import time
from pathlib import Path

import pytest

from kit.i18n import Translator
from kit.server.jobs import Job, JobBoard

EN = Translator("en")


def wait(job: Job) -> Job:
    deadline = time.monotonic() + 120
    while job.state == "running" and time.monotonic() < deadline:
        time.sleep(0.02)
    return job


@pytest.fixture
def board():
    board = JobBoard()
    yield board
    board.close()


def test_a_job_hands_the_commands_json_on(board, tmp_path: Path):
    kept = []
    job = board.start("probe", ["doctor", "--json", "--home", str(tmp_path)], EN, kept.append)
    wait(job)
    assert job.state == "done", job.error
    assert kept and kept[0]["probes"]


def test_an_error_of_the_kit_keeps_its_three_parts(board, tmp_path: Path):
    missing = tmp_path / "nothing.csv"
    job = wait(board.start("quick", ["quick", str(missing), "--json"], EN))
    assert job.state == "failed"
    assert set(job.error) == {"what", "where", "fix"}
    assert "nothing.csv" in job.error["where"] + job.error["what"]


def test_a_command_without_json_shows_its_last_words(board):
    job = wait(board.start("odd", ["no-such-command"], EN))
    assert job.state == "failed"
    assert job.error["what"] == "The command stopped without a result."
    assert job.error["where"]
    assert "doctor" in job.error["fix"]


def test_a_failure_after_the_command_reaches_the_page(board, tmp_path: Path):
    def refuse(_value: dict[str, object]) -> None:
        raise OSError("disk full")

    job = wait(board.start("probe", ["doctor", "--json", "--home", str(tmp_path)], EN, refuse))
    assert (job.state, job.error["what"]) == ("failed", "disk full")


def test_closing_the_board_ends_a_command_that_still_runs(board, tmp_path: Path):
    arguments = ["doctor", "--json", "--home", str(tmp_path)]
    job = board.start("probe", arguments, EN)
    deadline = time.monotonic() + 60
    while not board._children and job.state == "running" and time.monotonic() < deadline:
        time.sleep(0.005)
    board.close()
    assert wait(job).state == "failed"


def test_jobs_are_found_by_id(board, tmp_path: Path):
    jobs = [board.start("odd", ["--help"], EN) for _ in range(3)]
    assert all(board.get(job.id) is job for job in jobs)
    assert board.get("0" * 12) is None
    assert board.running("quick") is None
