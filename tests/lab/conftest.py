"""A real lab for a module's tests, in a home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.home import open_home
from kit.lab.lab import Lab
from kit.lab.process import stop

TEMPLATE = Path(__file__).parent / "scenario" / "network.yaml"


@pytest.fixture(scope="module")
def home_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("lab-home")
    yield folder
    stop(open_home(folder))


@pytest.fixture(scope="module")
def shared(home_folder: Path) -> Lab:
    """One lab for all tests of the module."""
    return Lab(open_home(home_folder))


@pytest.fixture
def lab(shared: Lab) -> Lab:
    """The module's lab, empty."""
    shared.reset()
    return shared
