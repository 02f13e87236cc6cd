"""The tiny unit, built, as the only content; and a learner's home made from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import kit.content
import kit.home
from kit.content import find_unit, load_units
from kit.gate.build import build_unit
from kit.home import LearnerHome, make_home, open_home
from kit.model import Unit

FIXTURES = Path(__file__).parents[1] / "fixtures" / "units"
STARTUP = """\
import pathlib
import kit.content
kit.content.content_root = lambda: pathlib.Path({root!r})
"""

# a slow machine is no reason to fail: hypothesis looks for wrong results, not for late ones
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Unit]:
    root = shutil.copytree(FIXTURES, tmp_path / "tiny-content")
    monkeypatch.setattr(kit.content, "content_root", lambda: root)
    monkeypatch.setattr(kit.home, "content_root", lambda: root)
    load_units.cache_clear()
    unit = find_unit("tiny")
    build_unit(unit)
    yield unit
    load_units.cache_clear()


@pytest.fixture
def tiny_home(tiny: Unit, own_home: Path) -> LearnerHome:
    home = open_home(own_home, "en")
    make_home(home)
    return home


@pytest.fixture
def kernels_see_tiny(tiny: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels started from here read the tiny unit as well."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    root = tiny.folder.parents[2]
    (startup / "00-content.py").write_text(STARTUP.format(root=str(root)), encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
