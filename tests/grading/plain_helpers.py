"""Notebooks of a course that is not ours, and what people read of the pages made of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell


def cell(name: str, source: str, **told: Any) -> Any:
    """A cell that nbgrader knows; ``told`` is its metadata, by default nothing counts."""
    data = {"grade_id": name, "schema_version": 3, "grade": False, "solution": False}
    data |= {"locked": False, "task": False} | told
    return new_code_cell(source, metadata={"nbgrader": data})


def locked_test(name: str, source: str, points: float = 1) -> Any:
    """A locked cell that earns points."""
    return cell(name, source, grade=True, locked=True, points=points)


def text_of(page: Path) -> str:
    """A page as it is."""
    return page.read_text(encoding="utf-8")


def words(page: str) -> str:
    """What a person reads: without markup, which colours each word of code."""
    body = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", body).split())
