"""A pytest plugin for nbgrader's own tests: our runner in Execute's place, and what ran counted.

    python -m pytest -p tests.nbgrader_suite.plugin --pyargs nbgrader.tests

UPSKILL_RUNNER=nbgrader leaves nbgrader's Execute where it is: what fails then, fails without
us. UPSKILL_EXECUTED=FILE takes one line a case: its name, how often it ran a notebook, and
how it ended.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbgrader.api
import pytest
from nbgrader.converters import Autograde, GenerateSolution
from nbgrader.preprocessors import Execute
from nbgrader.validator import Validator

from kit.grading.execute import ExecuteAs

# whose lists of steps name Execute: all of nbgrader that runs a notebook with it
PLACES = (
    (Autograde, "autograde_preprocessors"),
    (GenerateSolution, "preprocessors"),
    (Validator, "preprocessors"),
)
_ran: list[str] = []


def replace_execute() -> None:
    """Put ``ExecuteAs`` where ``Execute`` is by default; a configuration still overrules it."""
    for owner, name in PLACES:
        trait = getattr(owner, name)
        (steps,) = trait.default_args
        assert Execute in steps, f"{owner.__name__}.{name} runs nothing"
        trait.default_args = ([ExecuteAs if step is Execute else step for step in steps],)


def count_runs(runner: Any) -> None:
    """Note each call of ``runner.preprocess`` in ``_ran``."""
    before = runner.preprocess

    def preprocess(self: Any, *args: Any, **named: Any) -> Any:
        _ran.append(type(self).__name__)
        return before(self, *args, **named)

    runner.preprocess = preprocess


def pytest_configure() -> None:
    # some cases look for files from where nbgrader lies, some ask who the user is
    os.chdir(Path(nbgrader.api.__file__).parents[1])
    os.environ.setdefault("USER", getpass.getuser())
    # asked at each new gradebook, of a command that takes seconds; the answer is one file's name
    nbgrader.api.get_alembic_version = cache(nbgrader.api.get_alembic_version)
    if os.environ.get("UPSKILL_RUNNER") == "nbgrader":
        count_runs(Execute)
    else:
        replace_execute()
        count_runs(ExecuteAs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _ran.clear()
    result = yield
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    report = yield
    if report.when == "call" or report.outcome != "passed":
        report.user_properties.append(("executed", len(_ran)))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    told = os.environ.get("UPSKILL_EXECUTED")
    executed = dict(report.user_properties).get("executed")
    # a worker's reports come again in the process that leads
    if told and executed is not None and "PYTEST_XDIST_WORKER" not in os.environ:
        name = report.nodeid.rpartition("nbgrader/tests/")[2]
        with Path(told).open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, executed, report.outcome]) + "\n")
