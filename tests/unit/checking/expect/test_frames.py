"""A frame has the columns that were asked for, or the message names those it lacks."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from kit.checking import expect

Label = Callable[..., str]


def test_a_frame_may_have_more_columns_but_not_fewer(label: Label) -> None:
    frame = pd.DataFrame({"time": [1], "cpu": [2], "extra": [3]})
    assert expect.frame(frame, "x", ["time", "cpu"]) is frame
    assert label(lambda: expect.frame(frame, "x", ["memory"])) == "missing_columns"
    assert label(lambda: expect.frame({"time": [1]}, "x", ["time"])) == "not_a_frame"
