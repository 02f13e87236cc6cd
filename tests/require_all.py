"""With ``UPSKILL_REQUIRE_ALL=1`` a skipped test fails the run: what is skipped proves nothing.

Load it with ``pytest -p tests.require_all``. There is no list of exceptions.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

_SKIPPED: list[str] = []


def _wanted() -> bool:
    return os.environ.get("UPSKILL_REQUIRE_ALL") == "1"


def _note(report: Any) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        _SKIPPED.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    # a module that a worker skipped as a whole never reaches the controller as a report
    for line in getattr(node, "workeroutput", {}).get("skipped_modules", []):
        if line not in _SKIPPED:
            _SKIPPED.append(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["skipped_modules"] = list(_SKIPPED)
    elif _wanted() and _SKIPPED and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _wanted() and _SKIPPED:
        terminalreporter.section("skipped, and nothing may be")
        for line in sorted(set(_SKIPPED)):
            terminalreporter.write_line(line)
