"""The words of the ledger, so that they can be said in another language.

Columns of text pass through pandas, which keeps plain strings only; so a reason is
recognised again by its template where it is shown. An unknown reason stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kit.i18n import mark

_TEMPLATES = (
    mark("(whole row)"),
    mark("(whole file)"),
    mark("an export of measurements"),
    mark("a date and time, such as 2024-03-04 14:05:00"),
    mark("a finite number"),
    mark("a number"),
    mark("a number with one decimal mark"),
    mark("a value; the cell says there is none"),
    mark("a value; the cell is empty"),
    mark("a number; the unit {unit} is not known"),
    mark("a number in {unit}, not in {base}"),
    mark("a data point with a time and a value"),
    mark("the name of a machine"),
    mark("a machine, not a template"),
    mark("a machine that is powered on"),
    mark("a whole number of virtual processors"),
    mark("a size in MiB"),
    mark("a size of memory, such as 16 GiB"),
    mark("{metric} between {low} and {high} {unit}"),
    mark("{metric} as a plain number, with a 24-hour time"),
    mark("{width} cells in the row, not {count}"),
    mark("a header line above that names hostname, interval and timestamp"),
    mark("Write the name into every row; merged cells name only the first."),
    mark("Nothing to do: a machine that is off has no load to measure."),
    mark("Nothing to do if the tool measured nothing then; else export again."),
    mark("Nothing to do: the tool had nothing to compute; or correct the query."),
    mark("Check this moment at its source; it is left out until corrected there."),
    mark("Write the number without a unit, or a unit such as %, KB, MB, GB."),
    mark("Correct the cell in the export, or go on without this record."),
    mark("Correct the cell in the export, or go on without this machine."),
    mark("Run sadf again, or go on without this line."),
    mark("Remove the line from the export, or go on without it."),
    mark("full-width digits read as plain ones"),
    mark("decimal comma read as a point"),
    mark("thousands separators removed"),
    mark("1.234,5 read as 1234.5"),
    mark("unit {unit} in the cell converted to {base}"),
    mark("{unit} multiplied by 100 to percent"),
    mark("read as a 12-hour clock"),
    mark("read as Excel's day number"),
)


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    found = []
    for template in _TEMPLATES:
        parts = re.split(r"\{(\w+)\}", template)
        pattern = "".join(
            f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
        )
        found.append((re.compile(pattern), str(template)))
    return found


def told(text: str, translate: Callable[..., str]) -> str:
    """A reason or an advice of the ledger in the language of ``translate``."""
    if type(text) is not str:
        return translate(text)
    whole = _told(text, translate)
    if whole is not None:
        return whole
    # several repairs of one cell are said one after the other
    return "; ".join(_told(part, translate) or part for part in text.split("; "))


def _told(text: str, translate: Callable[..., str]) -> str | None:
    for pattern, template in _patterns():
        if match := pattern.fullmatch(text):
            return translate(template, **match.groupdict())
    return None
