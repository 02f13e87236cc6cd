"""Shared by the readers of JSON exports: data points into aligned columns of text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.data.readers.settle import Block

_NO_POINT = "a data point with a time and a value"


def text_of(value: Any) -> str:
    """Return a JSON scalar as the text of a cell; nothing becomes an empty cell."""
    # null and an absent key are the same to people: no value.
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def name_in(value: Any) -> str:
    """Return a name, or an empty text where JSON holds anything but one."""
    return value if isinstance(value, str) else ""


def list_in(value: Any) -> list[Any]:
    """Return a list, or an empty one where JSON holds anything else."""
    return value if isinstance(value, list) else []


def dict_in(value: Any) -> dict[str, Any]:
    """Return an object, or an empty one where JSON holds anything else."""
    return value if isinstance(value, dict) else {}


@dataclass
class Numbering:
    """Numbers the data points of one file from 1, across its series."""

    last: int = 0

    def take(self, count: int) -> range:
        """Return the numbers of the next ``count`` points."""
        start = self.last + 1
        self.last += count
        return range(start, self.last + 1)


def point_block(
    points: Sequence[Any],
    rows: Sequence[int],
    *,
    metric: str,
    machine: str,
    time: str,
    value: str,
    unit: str = "",
) -> Block:
    """Make a block of objects that each hold a time and a value under the given keys."""
    # A damaged point keeps its number, so that it can be found and is counted.
    known = [isinstance(point, dict) for point in points]
    objects = [dict_in(point) for point in points]
    return Block(
        metric=metric,
        machine=machine,
        time=[text_of(point.get(time)) for point in objects],
        value=[text_of(point.get(value)) for point in objects],
        row=rows,
        column=value,
        time_column=time,
        unit=unit,
        fault=None if all(known) else ["" if ok else _NO_POINT for ok in known],
    )
