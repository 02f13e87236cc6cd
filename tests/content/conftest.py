"""What tests of the live run share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kit
from kit.checking import unit_module
from kit.data.utilisation import Kind, cpu_series
from kit.home import LearnerHome, make_home, open_home
from tests.content.live_home import UNIT, fill


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LearnerHome:
    """A home whose practice holds the model answers of the sizing half."""
    monkeypatch.setenv("UPSKILL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    made = open_home(language="en")
    make_home(made)
    fill(made, unit_module(UNIT, "sizing.solution").ANSWERS)
    return made


@pytest.fixture
def wb(home: LearnerHome) -> Any:
    names: dict[str, Any] = {"np": np, "pd": pd, "kit": kit}
    book = kit.open_workbook("rightsizing", names=names)
    names |= {"wb": book, "case": book.case()}
    return book


@pytest.fixture
def drop(home: LearnerHome) -> Callable[..., Path]:
    """Put an export of fictional machines into the inbox."""

    def put(name: str = "cpu.csv", *, kinds: tuple[Kind, ...] = ("steady", "bursty")) -> Path:
        parts = []
        for number, kind in enumerate(kinds):
            values = cpu_series(kind, np.random.default_rng(number))
            times = pd.date_range("2026-03-02", periods=len(values), freq="5min")
            row = {"machine": f"srv-{number}", "timestamp": times, "cpu_percent": values}
            parts.append(pd.DataFrame(row))
        path = home.root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.concat(parts).to_csv(path, index=False)
        return path

    return put
