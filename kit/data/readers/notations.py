"""How times are written: the notations that are met in exports, as patterns."""

from __future__ import annotations

import re

# PostgreSQL writes hours alone; behind a bare date they would be a fourth part of it
_ZONE = r"(?P<zone>Z|UTC|GMT|KST|[+-]\d{2}:?\d{2}|(?(hour)[+-]\d{2}|(?!)))?"
_HALF = r"(?:오전|오후|AM|PM|am|pm|a\.m\.|p\.m\.)"
_CLOCK = (
    rf"(?:[T,]?\s*(?P<half1>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*[:시]\s*(?P<minute>\d{{1,2}})\s*분?"
    rf"(?:\s*:?\s*(?P<second>\d{{1,2}})\s*초?(?:[.,](?P<part>\d{{1,9}}))?)?\s*(?P<half2>{_HALF})?)?"
)
YEAR_FIRST = re.compile(
    r"^(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[.일]?\s*"
    rf"(?:\([월화수목금토일A-Za-z]{{1,3}}\))?\s*{_CLOCK}\s*{_ZONE}$",
    re.ASCII,
)
YEAR_LAST = re.compile(
    rf"^(?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})[-/](?P<year>\d{{4}})\s*{_CLOCK}\s*{_ZONE}$",
    re.ASCII,
)
# Year first as Korea writes it; what else it may be is for the whole column to say.
SHORT_YEAR = re.compile(
    r"^(?P<year>\d{1,2})\s*(?P<mark>[-./])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*"
    r"(?P<day>\d{1,2})(?!\d)\s*\.?\s*(?:\([월화수목금토일A-Za-z]{1,3}\))?\s*"
    rf"{_CLOCK}\s*{_ZONE}$",
    re.ASCII,
)
# with dots the day comes first wherever that is written
DOTTED = re.compile(
    rf"^(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}})\s*{_CLOCK}\s*{_ZONE}$",
    re.ASCII,
)
COMPACT = re.compile(
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[T ]?(?P<hour>\d{2})(?P<minute>\d{2})"
    r"(?P<second>\d{2})?(?P<part>(?!))?(?P<half1>(?!))?(?P<half2>(?!))?(?P<zone>Z)?$",
    re.ASCII,
)
# A day alone is a number like others: a time only where the column is known to hold times.
COMPACT_DAY = re.compile(
    rf"^(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?!\d)\s*{_CLOCK}\s*{_ZONE}$",
    re.ASCII,
)
_DAY = re.compile(r"(?:19[7-9]\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.ASCII)
# From 2001 on: shorter numbers are values, and so are those that start with 5 or more.
# Seconds, or thousandths, millionths, billionths of them.
EPOCH = re.compile(r"^[1-4]\d{9}(?:\.\d+)?$|^[1-4]\d{12}(?:\d{3}|\d{6})?$", re.ASCII)
EXCEL_DAY = re.compile(r"^[2-7]\d{4}(?:\.\d+)?$", re.ASCII)
MONTH_NAME = re.compile(
    r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\b\d{4}\b"
)
# Java prints GMT+0900 and KST; parsers take the first for POSIX, where the sign is inverted.
JAVA_ZONE = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d)|\bKST\b")
# What is converted, not only taken apart.
MARKED = re.compile(rf"{_HALF}|{EXCEL_DAY.pattern}")


def looks_like_time(text: str) -> bool:
    """Whether one text is written like a time; a bare number only as seconds since 1970."""
    stripped = text.strip()
    # Long texts are never times, and the patterns would be slow on them.
    if not 8 <= len(stripped) <= 40:
        return False
    patterns = (YEAR_FIRST, DOTTED, YEAR_LAST, COMPACT, EPOCH)
    known = any(pattern.match(stripped) for pattern in patterns)
    day = COMPACT_DAY.match(stripped)
    known = known or bool(day and day["hour"]) or _short_date(stripped)
    return known or MONTH_NAME.search(stripped) is not None


def looks_like_named_time(text: str) -> bool:
    """Whether one text is a time in a column whose name says so: a day such as 20261001 too."""
    return looks_like_time(text) or _DAY.fullmatch(text.strip()) is not None


def _short_date(text: str) -> bool:
    found = SHORT_YEAR.match(text)
    if not found or len(found["year"]) < 2:
        return False
    return 1 <= int(found["month"]) <= 12 and 1 <= int(found["day"]) <= 31
