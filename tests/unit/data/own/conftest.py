"""A contract, a home, and files to read by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit.data.own import Contract, load_contract
from kit.home import LearnerHome, make_home, open_home

CPU = """
format_version = 1

[[tables]]
id = "cpu"
title = "CPU of your servers"
reader = "metrics"
key = ["machine", "time"]

[[tables.columns]]
id = "machine"
type = "text"
optional = true
anonymise = true

[[tables.columns]]
id = "time"
type = "time"

[[tables.columns]]
id = "cpu"
type = "number"
unit = "%"
low = 0
high = 100
"""
COSTS = """
format_version = 1

[[tables]]
id = "costs"
title = "What the servers cost"
reader = "columns"
key = ["server"]

[[tables.columns]]
id = "server"
type = "text"
names = ["host", "서버명", "Rechner"]
anonymise = true

[[tables.columns]]
id = "owner"
type = "text"
names = ["담당자", "Besitzer"]
person = true
optional = true

[[tables.columns]]
id = "since"
type = "time"
names = ["도입일", "Anschaffung"]

[[tables.columns]]
id = "memory"
type = "number"
unit = "GB"
low = 0
high = 4096
names = ["ram"]

[[tables.columns]]
id = "note"
type = "text"
names = ["비고", "Bemerkung"]
optional = true
"""


@pytest.fixture
def contract_of(tmp_path: Path) -> Callable[[str], Contract]:
    """A contract from the text of its file."""

    def load(text: str) -> Contract:
        folder = tmp_path / "unit"
        folder.mkdir(exist_ok=True)
        (folder / "workbook.toml").write_text('id = "sizing"\n', encoding="utf-8")
        (folder / "data.toml").write_text(text, encoding="utf-8")
        found = load_contract(folder)
        assert found is not None
        return found

    return load


@pytest.fixture
def cpu(contract_of: Callable[[str], Contract]) -> Contract:
    return contract_of(CPU)


@pytest.fixture
def costs(contract_of: Callable[[str], Contract]) -> Contract:
    return contract_of(COSTS)


@pytest.fixture
def home(tmp_path: Path) -> LearnerHome:
    made = open_home(tmp_path / "home", "en")
    make_home(made)
    return made


def samples(rows: int = 60) -> pd.DataFrame:
    """Two fictional machines, under headers that say nothing."""
    times = pd.date_range("2026-03-02", periods=rows // 2, freq="5min")
    return pd.DataFrame(
        {
            "box": ["srv-1", "srv-2"] * (rows // 2),
            "moment": times.repeat(2),
            "figure": np.linspace(1, 60, rows).round(2),
        }
    )


def written(path: Path, frame: pd.DataFrame, *, header: bool = True) -> Path:
    """The frame as a file of the kind that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False, header=header)
    else:
        frame.to_csv(path, index=False, header=header)
    return path
