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

from kit.data.readers.draft import (
    EXCEL,
    HALVED,
    Draft,
    Habits,
    assemble,
    draft_of,
    plausible,
    write,
)
from kit.data.readers.notations import (
    COMPACT,
    COMPACT_DAY,
    DOTTED,
    EPOCH,
    EXCEL_DAY,
    JAVA_ZONE,
    MARKED,
    MONTH_NAME,
    SHORT_YEAR,
    YEAR_FIRST,
    YEAR_LAST,
)
from kit.data.readers.years import ShortYears, short_parts
from kit.data.readers.zones import zone_note
from kit.i18n import phrase

_DAY_FIRST = phrase("Dates are read as day/month/year: some first numbers exceed 12.")
_MONTH_FIRST = phrase("Dates like 03/04/2024 are ambiguous here: read as month/day/year.")
_SINCE_1970 = phrase("Times are seconds since 1970, shown in UTC (Korea is 9 hours ahead).")
_SHIFTED = phrase("The file prints more than one time zone: all times are shown in UTC.")


@dataclass(frozen=True)
class Times:
    """Parsed clocks, aligned with the texts: NaT where nothing could be read.

    ``repair`` says what was converted, empty where the text was taken as it stands, and where
    most of the column is converted alike: that is its ``form``, said once in the notes.
    ``year_first`` says that dates such as 26.10.01 are year, month and day.
    """

    clock: pd.Series
    repair: pd.Series
    notes: tuple[str, ...]
    form: str = ""
    year_first: bool = False


@dataclass
class Forms:
    """How many times of a column were read, and how many by which conversion."""

    read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, draft: Draft) -> None:
        """Count what has been read."""
        self.read += int(draft.clock.notna().sum())
        for name in (HALVED, EXCEL):
            texts = draft.text[draft.repair == name]
            if len(texts):
                self.counts[name] += len(texts)
                self.first.setdefault(name, texts.iloc[0])

    @property
    def usual(self) -> str:
        """The conversion of more than half of them: no repair of each, but their form."""
        name, count = next(iter(self.counts.most_common(1)), ("", 0))
        return name if 2 * count > self.read else ""

    def with_more(self, more: Forms) -> Forms:
        """Both together."""
        return Forms(self.read + more.read, self.counts + more.counts, more.first | self.first)

    def notes(self, habits: Habits) -> list[str]:
        """The usual form, by its first example."""
        if not self.usual:
            return []
        text = self.first[self.usual]
        clock = parse_times([text], habits=habits).clock.iloc[0]
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
    short: ShortYears = field(default_factory=ShortYears)
    # Of dates such as 26.10.01: they count where the whole file says that they are read.
    short_forms: Forms = field(default_factory=Forms)
    short_offsets: set[float] = field(default_factory=set)

    def add(self, raw: Sequence[object]) -> None:
        """Look at some of the file's time texts."""
        draft = draft_of(raw, True, None)
        quick = _iso(draft.text)
        if quick is not None:
            self.forms.read += len(quick[0])
            self.offsets |= set(quick[1])
        else:
            self._look(draft)

    def _look(self, draft: Draft) -> None:
        _year_first(draft)
        _dotted(draft)
        texts = draft.open_texts()
        parts = texts.str.extract(YEAR_LAST).dropna(subset=["year"]) if len(texts) else None
        if parts is not None and len(parts):
            self.slashed = True
            self.first += int((pd.to_numeric(parts["month"]) > 12).sum())
            self.second += int((pd.to_numeric(parts["day"]) > 12).sum())
            # Either order may turn out to be the file's; as times they count now.
            assemble(draft, parts)
            assemble(draft, _swapped(parts.loc[draft.clock[parts.index].isna()]))
        self._look_short(draft.open_texts())
        draft.year_first = False
        for step in _STEPS[1:]:
            step(draft)
        self.forms.add(draft)
        self.offsets |= set(draft.offset.dropna().unique())
        self.epoch |= any("since 1970" in note for note in draft.notes)

    def _look_short(self, texts: pd.Series) -> None:
        parts = short_parts(texts)
        if parts.empty:
            return
        self.short.add(texts, parts)
        draft = draft_of(list(texts[parts.index]), True, None)
        assemble(draft, parts.reset_index(drop=True))
        self.short_forms.add(draft)
        self.short_offsets |= set(draft.offset.dropna().unique())

    def _all(self) -> tuple[Forms, set[float]]:
        """Forms and offsets of all that is read."""
        if not self.short.year_first:
            return self.forms, self.offsets
        return self.forms.with_more(self.short_forms), self.offsets | self.short_offsets

    def habits(self) -> Habits:
        """What holds for every part."""
        forms, offsets = self._all()
        usual, year_first = forms.usual, self.short.year_first
        return Habits(self.first > self.second, len(offsets) > 1, usual, year_first)

    def notes(self) -> list[str]:
        """The notes that parsing the whole file at once would give."""
        forms, offsets = self._all()
        found: list[str] = []
        if self.slashed and (self.first > self.second or not self.second):
            found.append(_DAY_FIRST if self.first > self.second else _MONTH_FIRST)
        found += self.short.notes()
        if self.epoch:
            found.append(_SINCE_1970)
        found += forms.notes(self.habits())
        if len(offsets) > 1:
            found.append(_SHIFTED)
        elif offsets and not self.epoch:
            found.append(zone_note(min(offsets)))
        return found


def parse_times(
    raw: Sequence[object],
    *,
    month_first: bool = False,
    habits: Habits | None = None,
    whole: Times | None = None,
) -> Times:
    """Parse time texts in any notation that the readers know; never raises.

    ``month_first`` says that the tool always writes 03/04/2024 for March, 4th. With
    ``habits`` the texts are a part of a file, and what it decides as a whole is told;
    ``whole`` is the column of which these are some, and tells its form alone.
    """
    draft = draft_of(raw, month_first, habits)
    # Mixed notations, gaps and damage take the slower way below, and so does a shift to UTC.
    quick = None if habits and habits.utc else _iso(draft.text)
    if quick is not None:
        plain = pd.Series("", index=quick[0].index, dtype=object)
        return Times(quick[0], plain, tuple(map(zone_note, quick[1])))
    told = habits or whole
    draft.year_first = told.year_first if told else None
    for step in _STEPS:
        step(draft)
    return _finish(draft, told.form if told else None)


def form_of(raw: Sequence[object]) -> Times | None:
    """A whole column parsed, for its form, where it may have one; None for plain times."""
    texts = (str(cell).strip() for cell in raw)
    marked = any(MARKED.search(text) or SHORT_YEAR.match(text) for text in texts)
    return parse_times(raw) if marked else None


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
    if not plausible(printed).notna().all():
        return None
    shifts = [stamp.utcoffset() for stamp in clock[:1]]
    return printed.dt.as_unit("ns"), [one.total_seconds() / 60 for one in shifts if one is not None]


def _year_first(draft: Draft) -> None:
    _take(draft, YEAR_FIRST)


def _dotted(draft: Draft) -> None:
    _take(draft, DOTTED)


def _compact(draft: Draft) -> None:
    _take(draft, COMPACT)
    _take(draft, COMPACT_DAY)


def _short_years(draft: Draft) -> None:
    """Read 26.10.01 where the whole column says that the year comes first, else not at all."""
    texts = draft.open_texts()
    parts = short_parts(texts)
    # A tool that always writes the month first has no such dates.
    if parts.empty or draft.month_first:
        return
    if draft.year_first is None:
        short = ShortYears()
        short.add(texts, parts)
        draft.year_first = short.year_first
        draft.notes += short.notes()
    if draft.year_first:
        assemble(draft, parts)


def _year_last(draft: Draft) -> None:
    """Read 03/04/2024 by the order that the whole column proves, month first if none does."""
    texts = draft.open_texts()
    if texts.empty:
        return
    parts = texts.str.extract(YEAR_LAST)
    if draft.habits:
        parts = _swapped(parts) if draft.habits.day_first and not draft.month_first else parts
    elif not draft.month_first and parts["year"].notna().any():
        parts = _ordered(draft, parts)
    assemble(draft, parts)


def _swapped(parts: pd.DataFrame) -> pd.DataFrame:
    return parts.rename(columns={"month": "day", "day": "month"})


def _ordered(draft: Draft, parts: pd.DataFrame) -> pd.DataFrame:
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


def _take(draft: Draft, pattern: re.Pattern[str]) -> None:
    texts = draft.open_texts()
    if not texts.empty:
        assemble(draft, texts.str.extract(pattern))


def _epoch(draft: Draft) -> None:
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
    write(draft, clock, pd.Series(0.0, index=texts.index))
    draft.notes.append(_SINCE_1970)


def _excel_days(draft: Draft) -> None:
    texts = draft.open_texts()
    texts = texts[texts.str.match(EXCEL_DAY)]
    if texts.empty:
        return
    seconds = (pd.to_numeric(texts) * 86400).round()
    clock = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
    write(draft, clock, pd.Series(float("nan"), index=texts.index))
    draft.repair.loc[texts.index] = EXCEL


def _month_names(draft: Draft) -> None:
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
        write(draft, clock, pd.Series([minutes], index=[index]))


def _finish(draft: Draft, form: str | None) -> Times:
    """Apply the rules on zones and on the column's form, and state them."""
    if form is None:
        forms = Forms()
        forms.add(draft)
        form = forms.usual
        order = Habits(draft.day_first, year_first=bool(draft.year_first))
        draft.notes += forms.notes(order)
    repair = draft.repair.mask(draft.repair == form, "") if form else draft.repair
    offsets = sorted(draft.offset.dropna().unique())
    clock = draft.clock
    # Two offsets print the same clock twice; only a common zone keeps the order.
    if draft.habits.utc if draft.habits else len(offsets) > 1:
        shift = pd.to_timedelta(draft.offset.fillna(0), unit="m")
        clock = clock - shift
        draft.notes.append(_SHIFTED)
    elif offsets and not any("since 1970" in note for note in draft.notes):
        draft.notes.append(zone_note(offsets[0]))
    return Times(clock, repair, tuple(draft.notes), form, bool(draft.year_first))


# From the least to the most ambiguous; each step sees only what is still open.
_STEPS: tuple[Callable[[Draft], None], ...] = (
    _year_first,
    _dotted,
    _year_last,
    _short_years,
    _compact,
    _epoch,
    _excel_days,
    _month_names,
)
