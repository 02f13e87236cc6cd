"""Expectations: each returns the plain value, or raises Mistake in learner-facing words.

Whatever a learner's value does while it is looked at is never a fault of the check, and no
message says a value that the check computed.
"""

from kit.checking.expect.calls import function
from kit.checking.expect.charts import chart
from kit.checking.expect.files import csv, file, json, markdown, xlsx, yaml
from kit.checking.expect.frames import frame
from kit.checking.expect.memo import memo_figures
from kit.checking.expect.sequences import sequence
from kit.checking.expect.texts import text
from kit.checking.expect.values import close, mapping, number, one_of
from kit.checking.expect.words import short

__all__ = [
    "chart",
    "close",
    "csv",
    "file",
    "frame",
    "function",
    "json",
    "mapping",
    "markdown",
    "memo_figures",
    "number",
    "one_of",
    "sequence",
    "short",
    "text",
    "xlsx",
    "yaml",
]
