"""Read the clock of an export.

The one rule: a time is naive and shows the clock that the export prints, unshifted, so
that a sample can be found again in its file. A printed zone is stated in the notes, not
applied. Two cases print no single clock and are shown in UTC, with a note: seconds since
1970, and files that print more than one offset (a clock change, several sites).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kit.data.readers.notations import (
    COMPACT,
    DOTTED,
    EPOCH,
    EXCEL_DAY,
    JAVA_ZONE,
    MARKED,
    MONTH_NAME,
    YEAR_FIRST,
    YEAR_LAST,
)
from kit.i18n import phrase

# Other abbreviations mean different zones in different countries; they are not read.
_KNOWN_OFFSETS = {"Z": 0, "UTC": 0, "GMT": 0, "KST": 540}
_DAY_FIRST = phrase("Dates are read as day/month/year: some first numbers exceed 12.")
_MONTH_FIRST = phrase("Dates like 03/04/2024 are ambiguous here: read as month/day/year.")
_SINCE_1970 = phrase("Times are seconds since 1970, shown in UTC (Korea is 9 hours ahead).")
_SHIFTED = phrase("The file prints more than one time zone: all times are shown in UTC.")
_HALVED, _EXCEL = "read as a 12-hour clock", "read as Excel's day number"
_EARLIEST, _LATEST = pd.Timestamp("1970-01-01"), pd.Timestamp("2200-01-01")


@dataclass(frozen=True)
class Times:
    """Parsed clocks, aligned with the texts: NaT where nothing could be read.

    ``repair`` says what was converted, empty where the text was taken as it stands, and where
    most of the column is converted alike: that is its ``form``, said once in the notes.
    """

    clock: pd.Series
    repair: pd.Series
    notes: tuple[str, ...]
    form: str = ""


@dataclass(frozen=True)
class Habits:
    """How a whole file writes its times, for parsing it part by part; see ``TimeSurvey``."""

    day_first: bool = False
    # More than one offset in the file: all times are shown in UTC.
    utc: bool = False
    form: str = ""


@dataclass
class Forms:
    """How many times of a column were read, and how many by which conversion."""

    read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, draft: _Draft) -> None:
        """Count what has been read."""
        self.read += int(draft.clock.notna().sum())
        for name in (_HALVED, _EXCEL):
            texts = draft.text[draft.repair == name]
            if len(texts):
                self.counts[name] += len(texts)
                self.first.setdefault(name, texts.iloc[0])

    @property
    def usual(self) -> str:
        """The conversion of more than half of them: no repair of each, but their form."""
        name, count = next(iter(self.counts.most_common(1)), ("", 0))
        return name if 2 * count > self.read else ""

    def notes(self, day_first: bool) -> list[str]:
        """The usual form, by its first example."""
        if not self.usual:
            return []
        text = self.first[self.usual]
        clock = parse_times([text], habits=Habits(day_first)).clock.iloc[0]
        return [phrase("Dates such as {text} are read as {clock}.", text=text, clock=clock)]


@dataclass
class TimeSurvey:
    """What only a whole file can tell about its times, gathered part by part."""

    offsets: set[float] = field(default_factory=set)
    first: int = 0
    second: int = 0
    slashed: bool = False
    epoch: bool = False
    forms: Forms = field(default_factory=Forms)

    def add(self, raw: Sequence[object]) -> None:
        """Look at some of the file's time texts."""
        draft = _draft(raw, True, None)
        quick = _iso(draft.text)
        if quick is not None:
            self.forms.read += len(quick[0])
            self.offsets |= set(quick[1])
        else:
            self._look(draft)

    def _look(self, draft: _Draft) -> None:
        _year_first(draft)
        _dotted(draft)
        texts = draft.open_texts()
        parts = texts.str.extract(YEAR_LAST).dropna(subset=["year"]) if len(texts) else None
        if parts is not None and len(parts):
            self.slashed = True
            self.first += int((pd.to_numeric(parts["month"]) > 12).sum())
            self.second += int((pd.to_numeric(parts["day"]) > 12).sum())
            # Either order may turn out to be the file's; as times they count now.
            _assemble(draft, parts)
            _assemble(draft, _swapped(parts.loc[draft.clock[parts.index].isna()]))
        for step in _STEPS[1:]:
            step(draft)
        self.forms.add(draft)
        self.offsets |= set(draft.offset.dropna().unique())
        self.epoch |= any("since 1970" in note for note in draft.notes)

    def habits(self) -> Habits:
        """What holds for every part."""
        return Habits(self.first > self.second, len(self.offsets) > 1, self.forms.usual)

    def notes(self) -> list[str]:
        """The notes that parsing the whole file at once would give."""
        found: list[str] = []
        if self.slashed and (self.first > self.second or not self.second):
            found.append(_DAY_FIRST if self.first > self.second else _MONTH_FIRST)
        if self.epoch:
            found.append(_SINCE_1970)
        found += self.forms.notes(self.first > self.second)
        if len(self.offsets) > 1:
            found.append(_SHIFTED)
        elif self.offsets and not self.epoch:
            found.append(_zone_note(min(self.offsets)))
        return found


@dataclass
class _Draft:
    text: pd.Series
    clock: pd.Series
    offset: pd.Series
    repair: pd.Series
    notes: list[str]
    month_first: bool
    habits: Habits | None
    day_first: bool = False

    def open_texts(self) -> pd.Series:
        return self.text[self.clock.isna() & (self.text != "")]


def parse_times(
    raw: Sequence[object],
    *,
    month_first: bool = False,
    habits: Habits | None = None,
    form: str | None = None,
) -> Times:
    """Parse time texts in any notation that the readers know; never raises.

    ``month_first`` says that the tool always writes 03/04/2024 for March, 4th. With
    ``habits`` the texts are a part of a file, and what it decides as a whole is told;
    ``form`` tells the form of the column alone.
    """
    draft = _draft(raw, month_first, habits)
    # Mixed notations, gaps and damage take the slower way below, and so does a shift to UTC.
    quick = None if habits and habits.utc else _iso(draft.text)
    if quick is not None:
        plain = pd.Series("", index=quick[0].index, dtype=object)
        return Times(quick[0], plain, tuple(map(_zone_note, quick[1])))
    for step in _STEPS:
        step(draft)
    return _finish(draft, habits.form if habits else form)


def form_of(raw: Sequence[object]) -> Times | None:
    """A whole column parsed, for its form, where it may have one; None for plain times."""
    marked = any(MARKED.search(str(cell).strip()) for cell in raw)
    return parse_times(raw) if marked else None


def _draft(raw: Sequence[object], month_first: bool, habits: Habits | None) -> _Draft:
    text = pd.Series(list(raw), dtype=object).map(lambda cell: str(cell).strip())
    size = len(text)
    return _Draft(
        text,
        pd.Series(pd.NaT, index=range(size), dtype="datetime64[ns]"),
        pd.Series(float("nan"), index=range(size), dtype="float64"),
        pd.Series("", index=range(size), dtype=object),
        [],
        month_first,
        habits,
    )


def _iso(text: pd.Series) -> tuple[pd.Series, list[float]] | None:
    """Parse a whole column of ISO 8601 at once, as printed, with its offset in minutes, if any.

    None when any of it is something else. The vectorised parser is fifty times faster than
    the patterns, and nearly every export of a cloud is ISO 8601 throughout.
    """
    if not text.str.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}").all():
        return None
    try:
        clock = pd.to_datetime(text, format="ISO8601", errors="raise")
    except (ValueError, OverflowError):
        return None
    printed = clock.dt.tz_localize(None)
    if not printed.between(_EARLIEST, _LATEST).all():
        return None
    shifts = [stamp.utcoffset() for stamp in clock[:1]]
    return printed.dt.as_unit("ns"), [one.total_seconds() / 60 for one in shifts if one is not None]


def _year_first(draft: _Draft) -> None:
    _take(draft, YEAR_FIRST)


def _dotted(draft: _Draft) -> None:
    _take(draft, DOTTED)


def _compact(draft: _Draft) -> None:
    _take(draft, COMPACT)


def _year_last(draft: _Draft) -> None:
    """Read 03/04/2024 by the order that the whole column proves, month first if none does."""
    texts = draft.open_texts()
    if texts.empty:
        return
    parts = texts.str.extract(YEAR_LAST)
    if draft.habits:
        parts = _swapped(parts) if draft.habits.day_first and not draft.month_first else parts
    elif not draft.month_first and parts["year"].notna().any():
        parts = _ordered(draft, parts)
    _assemble(draft, parts)


def _swapped(parts: pd.DataFrame) -> pd.DataFrame:
    return parts.rename(columns={"month": "day", "day": "month"})


def _ordered(draft: _Draft, parts: pd.DataFrame) -> pd.DataFrame:
    """Swap month and day where the column proves that days come first; note what was assumed."""
    # Only one of the two orders can hold a number above 12.
    first, second = (pd.to_numeric(parts[name]) > 12 for name in ("month", "day"))
    if first.sum() > second.sum():
        draft.notes.append(_DAY_FIRST)
        draft.day_first = True
        return _swapped(parts)
    if not second.any():
        draft.notes.append(_MONTH_FIRST)
    return parts


def _take(draft: _Draft, pattern: re.Pattern[str]) -> None:
    texts = draft.open_texts()
    if not texts.empty:
        _assemble(draft, texts.str.extract(pattern))


def _assemble(draft: _Draft, parts: pd.DataFrame) -> None:
    """Build clocks from extracted parts and write them into the draft."""
    parts = parts[parts["year"].notna()]
    if parts.empty:
        return
    numbers = parts[["year", "month", "day", "hour", "minute", "second"]]
    numbers = numbers.apply(pd.to_numeric).fillna(0)
    # Korean writes the half of the day before the hour, English after it.
    half = parts["half1"].fillna(parts["half2"]).fillna("").str.lower().str.replace(".", "")
    hour, named = numbers["hour"], half != ""
    wrong_half = named & ~hour.between(1, 12)
    numbers["hour"] = hour.mask(named, hour % 12 + 12 * half.isin(["pm", "오후"]))
    # pandas carries 25 hours over into the next day; a clock does not.
    wrong = wrong_half | (hour > 23) | (numbers[["minute", "second"]] > 59).any(axis=1)
    clock = _plausible(pd.to_datetime(numbers, errors="coerce").mask(wrong))
    part = pd.to_numeric("0." + parts["part"].fillna("0").astype(str))
    clock = clock + pd.to_timedelta(part * 1e9, unit="ns")
    _write(draft, clock, parts["zone"].fillna("").map(_offset))
    draft.repair.loc[clock[clock.notna() & named].index] = _HALVED


def _offset(zone: str) -> float:
    """Minutes east of UTC for a printed zone; NaN when none was printed."""
    if not zone:
        return float("nan")
    if zone in _KNOWN_OFFSETS:
        return float(_KNOWN_OFFSETS[zone])
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return float(-minutes if zone[0] == "-" else minutes)


def _epoch(draft: _Draft) -> None:
    texts = draft.open_texts()
    texts = texts[texts.str.match(EPOCH)]
    if texts.empty:
        return
    number = pd.to_numeric(texts)
    seconds = number
    for _ in range(3):
        seconds = seconds.where(seconds < 1e11, seconds / 1000)
    # Microseconds are all that a float of this size still holds; round away its noise.
    clock = pd.to_datetime((seconds * 1e6).round().astype("int64"), unit="us")
    _write(draft, clock, pd.Series(0.0, index=texts.index))
    draft.notes.append(_SINCE_1970)


def _excel_days(draft: _Draft) -> None:
    texts = draft.open_texts()
    texts = texts[texts.str.match(EXCEL_DAY)]
    if texts.empty:
        return
    seconds = (pd.to_numeric(texts) * 86400).round()
    clock = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
    _write(draft, clock, pd.Series(float("nan"), index=texts.index))
    draft.repair.loc[texts.index] = _EXCEL


def _month_names(draft: _Draft) -> None:
    texts = draft.open_texts()
    texts = texts[texts.str.contains(MONTH_NAME)]
    for index, text in texts.items():
        try:
            stamp = pd.Timestamp(JAVA_ZONE.sub(lambda zone: "+0900" * (zone[0] == "KST"), text))
        except (ValueError, OverflowError, TypeError):
            continue
        offset = stamp.utcoffset()
        minutes = float("nan") if offset is None else offset.total_seconds() / 60
        clock = pd.Series([stamp.tz_localize(None)], index=[index])
        _write(draft, clock, pd.Series([minutes], index=[index]))


def _plausible(clock: pd.Series) -> pd.Series:
    """Empty what lies outside the years of computing; nanoseconds could not hold it."""
    return clock.where(clock.between(_EARLIEST, _LATEST)).astype("datetime64[ns]")


def _write(draft: _Draft, clock: pd.Series, offset: pd.Series) -> None:
    found = _plausible(clock).dropna()
    draft.clock.loc[found.index] = found
    draft.offset.loc[found.index] = offset.loc[found.index]


def _finish(draft: _Draft, form: str | None) -> Times:
    """Apply the rules on zones and on the column's form, and state them."""
    if form is None:
        forms = Forms()
        forms.add(draft)
        form = forms.usual
        draft.notes += forms.notes(draft.day_first)
    repair = draft.repair.mask(draft.repair == form, "") if form else draft.repair
    offsets = sorted(draft.offset.dropna().unique())
    clock = draft.clock
    # Two offsets print the same clock twice; only a common zone keeps the order.
    if draft.habits.utc if draft.habits else len(offsets) > 1:
        shift = pd.to_timedelta(draft.offset.fillna(0), unit="m")
        clock = clock - shift
        draft.notes.append(_SHIFTED)
    elif offsets and not any("since 1970" in note for note in draft.notes):
        draft.notes.append(_zone_note(offsets[0]))
    return Times(clock, repair, tuple(draft.notes), form)


def _zone_note(minutes: float) -> str:
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(int(minutes)), 60)
    zone = "UTC" if minutes == 0 else f"UTC{sign}{hours:02d}:{rest:02d}"
    return phrase("The export prints its times in {zone}; they are kept as printed.", zone=zone)


# From the least to the most ambiguous; each step sees only what is still open.
_STEPS: tuple[Callable[[_Draft], None], ...] = (
    _year_first,
    _dotted,
    _year_last,
    _compact,
    _epoch,
    _excel_days,
    _month_names,
)
