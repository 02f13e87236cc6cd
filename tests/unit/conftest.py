"""The tiny unit, built, as the only content; and a learner's home made from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kit.home import LearnerHome, make_home, open_home
from kit.model import Unit
from tests.tiny_unit import only_tiny, write_startup

# a slow machine is no reason to fail: hypothesis looks for wrong results, not for late ones
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Unit]:
    with only_tiny(tmp_path / "tiny-content") as unit:
        yield unit


@pytest.fixture
def tiny_home(tiny: Unit, own_home: Path) -> LearnerHome:
    home = open_home(own_home, "en")
    make_home(home)
    return home


@pytest.fixture
def kernels_see_tiny(tiny: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels started from here read the tiny unit as well."""
    write_startup(tmp_path / "ipython", tiny.folder.parents[2])
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
