"""A report from a fork: what it says, what it leaves behind, and that it comes in time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.runner.proving import prove

ROOT = Path(__file__).parents[3]
TOLD: dict[str, Any] = {"work": "none", "source": "", "files": [], "moves": False}
# in a process of its own: an interpreter is pictured before the learner's code and put back after
SCRIPT = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell
from kit.runner.pristine import keep
from kit.runner.proving import prove
from kit.grading.instrument import Trainer, rewrite
shell = InteractiveShell.instance()
keep()
names = shell.user_ns
exec(compile('''
calls = []
def f(x):
    calls.append(x)
    return x * x
async def later(x):
    return x
import builtins, statistics
builtins.abs = statistics.mean = lambda x: 9
''', "learner", "exec"), names)
trainer = Trainer()
trainer.add("import math", locked=True)
found = {}
for name, (cell, seconds) in json.loads(sys.argv[1]).items():
    told = rewrite(cell, trainer).told
    place = {"work": sys.argv[2], "source": "", "files": [], "moves": False}
    report = prove(names, json.dumps({**told, **place, "seconds": seconds}))
    found[name] = json.loads(report) if report else None
    if report:
        found[name]["mine"] = found[name].pop("nonce") == told["nonce"]
found["left"] = [names["calls"], abs(1)]
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    found["children"] = 0
print(json.dumps(found))
"""
CELLS = {
    "passes": ("assert f(3) == 9\nf(2)", 20),
    "fails": ("assert f(3) == 9\nassert f(3) == 10\nf(1)", 20),
    "raises": ("f(1)\nraise ValueError('x')", 20),
    "exits": ("import os\nos._exit(0)", 20),
    "never ends": ("while f(0) == 0:\n    pass", 0.5),
    "awaits": ("assert await later(3) == 3", 20),
    "has builtins of its own": ("assert abs(-1) == 1", 20),
    "has the trainer's imports": ("assert math.sqrt(f(3)) == 3", 20),
    "has modules as they were": ("import statistics\nassert statistics.mean([1, 3]) == 2", 20),
    "prints": ("print('x' * 100)", 20),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    work = tmp_path_factory.mktemp("room") / "work"
    work.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(CELLS), str(work)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == 1
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    "name",
    [
        "passes",
        "awaits",
        "has builtins of its own",
        "has modules as they were",
        "has the trainer's imports",
        "prints",
    ],
)
def test_a_cell_that_passes_is_proved_under_its_own_word(name: str, found: Any) -> None:
    report = found[name]
    assert (report["mine"], report["failed"], report["false"]) == (True, "", [])
    assert report["reached"] == len(CELLS[name][0].splitlines()) - 1


def test_the_value_that_it_ends_in_is_told(found: Any) -> None:
    assert found["passes"]["value"] == {"kind": "number", "number": 4.0}


def test_a_cell_that_fails_says_where(found: Any) -> None:
    report = found["fails"]
    assert (report["failed"], report["false"], report["reached"]) == ("AssertionError", [2], 0)
    assert (found["raises"]["failed"], found["raises"]["reached"]) == ("ValueError", 0)


@pytest.mark.parametrize("name", ["exits", "never ends"])
def test_no_report_is_no_report(name: str, found: Any) -> None:
    assert found[name] is None


def test_nothing_of_it_stays_in_the_learners_process(found: Any) -> None:
    assert found["left"] == [[], 9]
    assert found["children"] == 0


def test_a_run_that_can_start_nothing_more_is_answered_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    before = {path.name for path in Path("/proc/self/fd").iterdir()}
    monkeypatch.setattr(os, "fork", full)
    assert prove({}, json.dumps(TOLD | {"seconds": 3600})) == ""
    assert {path.name for path in Path("/proc/self/fd").iterdir()} == before


def test_without_a_picture_nothing_is_proved() -> None:
    told = TOLD | {"nonce": "n", "seconds": 20}
    assert json.loads(prove({}, json.dumps(told))) == {"nonce": "n", "failed": "nothing was kept"}
