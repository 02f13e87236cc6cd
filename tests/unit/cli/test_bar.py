"""A progress bar stands on standard error only, and says what is being done."""

from __future__ import annotations

import pytest

from kit.cli.bar import progress_bar


def test_results_alone_go_to_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar("Starting", counted=True) as step:
        step("kim", 1, 3)
        step("", 2, 3)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Starting" in shown.err
    assert "2/3" in shown.err


def test_a_quiet_bar_shows_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar("Starting", quiet=True) as step:
        step("kim", 1, 3)
    assert capsys.readouterr() == ("", "")
