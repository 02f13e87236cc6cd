from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def exports() -> Path:
    return Path(__file__).parents[3] / "fixtures" / "exports"


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write an export under a name and return its path."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write
