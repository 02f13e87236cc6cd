"""A good unit, built once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.good_unit import INSIDE, copy_good


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("good") / "root"
    copy_good(root)
    return root


@pytest.fixture
def good(built: Path, tmp_path: Path) -> Path:
    """The folder of a built copy of the good unit; the test may spoil it."""
    return shutil.copytree(built, tmp_path / "root") / INSIDE
