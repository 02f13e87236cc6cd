from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit.data.utilisation import Kind, cpu_series
from kit.i18n import Translator
from kit.quick import Finding, Request, make_finding
from kit.quick.judge import parse_sizes

START = "2026-03-02"


@pytest.fixture
def series() -> Callable[..., pd.DataFrame]:
    """Rows of a fictional machine as an export has them."""

    def make(machine: str, kind: Kind, seed: int = 1, days: int = 14) -> pd.DataFrame:
        values = cpu_series(kind, np.random.default_rng(seed), days=days, start=START)
        times = pd.date_range(START, periods=len(values), freq="5min")
        return pd.DataFrame({"machine": machine, "timestamp": times, "cpu_percent": values})

    return make


@pytest.fixture
def find(tmp_path: Path) -> Callable[..., Finding]:
    """Make a finding of data frames or paths."""

    def make(
        *exports: pd.DataFrame | Path,
        vcpu: tuple[str, ...] = (),
        language: str = "en",
        prices: Path | None = None,
        unit: str | None = None,
    ) -> Finding:
        paths = []
        for number, export in enumerate(exports):
            if isinstance(export, pd.DataFrame):
                path = tmp_path / f"export-{number}.csv"
                export.to_csv(path, index=False)
                paths.append(path)
            else:
                paths.append(export)
        request = Request(paths, parse_sizes(vcpu), prices, unit=unit)
        return make_finding(request, Translator(language))

    return make
