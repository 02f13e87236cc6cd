"""docs/trainer.md as a trainer follows it: its commands in their order, and what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest

from kit.answers import ANSWERS
from kit.content import find_unit
from kit.gate.rehearse import GIVEN, answers_of, rehearse
from kit.grading.course import open_course
from kit.grading.rate import rate
from kit.home import LearnerHome, notebook_name, open_home
from kit.identity import Identity
from kit.model import Part
from kit.notebooks import find_cell, read_notebook, write_notebook
from tests.conftest import clean_environment, serve
from tests.fenced import blocks

pytestmark = pytest.mark.grading

DOC = Path(__file__).parents[2] / "docs" / "trainer.md"
# the day on which the guide's dates were written: they move with the day of the test
WRITTEN = date(2026, 11, 22)
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"DATE[ T]\d\d:\d\d(:\d\d)?(\.\d+)?( [A-Z]{3,4}|Z)?")
HOME = "/home/trainer"
UNIT = find_unit("rightsizing")
LEE_GETS_TO = 3


class Said(NamedTuple):
    """What a block of commands printed, and what the guide says that it prints."""

    commands: str
    output: str
    promised: list[str]


def shifted(text: str) -> str:
    """The same dates as seen from today where the cohort is: so many days late at any hour."""
    days = datetime.now(ZoneInfo("Asia/Seoul")).date() - WRITTEN
    return DATE.sub(lambda found: str(date.fromisoformat(found[0]) + days), text)


def plain(line: str, home: Path) -> str:
    """A line without frames, times and this machine's home."""
    line = re.sub(r"[│┃━─┏┓┡┩└┘┳╇┴┬]", " ", line).replace(str(home), HOME)
    line = MOMENT.sub("DATE", DATE.sub("DATE", line))
    return " ".join(re.sub(r"\b[0-9a-f]{12,}\b", "HASH", line).split())


class Desk:
    """One shell of one user; a block begins where the block before it ended."""

    def __init__(self, home: Path) -> None:
        self.home, self.state = home, home / ".state"
        home.mkdir()
        self.state.write_text(f"cd '{home}'\n", encoding="utf-8")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = clean_environment(
            HOME=str(home), PATH=path, UPSKILL_LANG="en", COLUMNS="100", BROWSER="true", TZ="UTC"
        )
        # learners' work comes from the trainer's own account
        self.environment["LOGNAME"] = home.owner()

    def run(self, commands: str) -> str:
        script = f". '{self.state}'\nset -e\n{commands}\n{{ export -p; echo \"cd '$PWD'\"; }}"
        done = subprocess.run(
            ["bash", "-c", f"{script} > '{self.state}'"],
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def serve(self, command: str) -> str:
        """Start what runs until Ctrl+C, visit the address that it prints, stop it."""
        server = serve(["bash", "-c", f". '{self.state}'\nexec {command}"], self.environment)
        try:
            with urlopen(server.address, timeout=60) as page:
                assert page.status == 200
        finally:
            code = server.stop()
        told = "".join(server.printed)
        assert code == 0, told
        return told


def play(home: Path) -> Iterator[Said]:
    """Do what the guide says, and what it leaves to people: the work and the judging."""
    desk, found = Desk(home), blocks(DOC)
    for number, block in enumerate(found):
        if block.file:
            (home / block.file).write_text(shifted(block.text), encoding="utf-8")
        if block.language != "sh":
            continue
        commands, after = block.text.strip(), found[number + 1 : number + 2]
        served = commands == "upskill formgrader"
        output = desk.serve(commands) if served else desk.run(shifted(commands))
        if commands.startswith("upskill join"):
            work(home / "kim", len(UNIT.exercises))
            work(home / "lee", LEE_GETS_TO)
        if commands == "upskill formgrader":
            rate(open_course(home / "migration-2026"), UNIT, "kim", 2)
        promised = [b.text for b in after if b.language == "text" and not b.file]
        yield Said(commands, output, "".join(promised).splitlines())


def work(home: Path, exercises: int) -> None:
    """Model answers, in each part as far as somebody gets; who gets to the end does both."""
    answers = answers_of(UNIT)
    for part in Part if exercises >= len(UNIT.exercises) else (Part.PRACTICE,):
        path = home / UNIT.assignment(part) / notebook_name(part)
        notebook = read_notebook(path)
        for exercise in [e.id for e in UNIT.of(part) if e.id in answers][:exercises]:
            cell = find_cell(notebook, exercise, "answer") or find_cell(
                notebook, exercise, "manual"
            )
            if cell is None:
                give(open_home(home), part, exercise)
                continue
            cell["source"] = answers[exercise].strip()
        write_notebook(path, notebook)


def give(home: LearnerHome, part: Part, exercise: str) -> None:
    """Answer a form as the model does; it writes beside the notebook what a widget would."""
    who = Identity(home.course, home.learner, home.language, None, None)
    stages = rehearse(UNIT, part, home.learner, who, displays=False)
    stage = next(stage for stage in stages if stage.exercise == exercise)
    given = stage.run(answers_of(UNIT)[exercise])[GIVEN]
    (home.assignment_folder(UNIT, part) / ANSWERS).write_bytes(given)


def test_every_command_runs_and_says_what_the_guide_says(tmp_path: Path) -> None:
    home = tmp_path / "trainer"
    missing, ran = [], 0
    for said in play(home):
        ran += 1
        lines = {plain(line, home) for line in said.output.splitlines()}
        wanted = (plain(line, home) for line in said.promised)
        missing += [(said.commands, line) for line in wanted if line not in {*lines, "…"}]
    assert ran > 10
    assert missing == []
