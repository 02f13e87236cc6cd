"""A tiny unit, a learner's home made from it, and the real nbgrader on both."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The fixture unit, built, as this process and every kernel see it."""
    root = shutil.copytree(FIXTURES, tmp_path_factory.mktemp("content") / "root")
    ipython = tmp_path_factory.mktemp("ipython")
    startup = ipython / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-content.py").write_text(STARTUP.format(root=str(root)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.content, "content_root", lambda: root)
        patch.setattr(kit.home, "content_root", lambda: root)
        patch.setenv("IPYTHONDIR", str(ipython))
        patch.setenv("JPY_PARENT_PID", "")
        patch.delenv("UPSKILL_LANG", raising=False)
        load_units.cache_clear()
        unit = find_unit("tiny")
        build_unit(unit)
        yield unit
        load_units.cache_clear()


MakeHome = Callable[..., LearnerHome]


@pytest.fixture(scope="module")
def new_home(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> MakeHome:
    def make(language: str = "en") -> LearnerHome:
        home = open_home(tmp_path_factory.mktemp("learner") / "home", language)
        make_home(home)
        return home

    return make
