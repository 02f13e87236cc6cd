"""A report as files for other programs: completion.csv, a workbook, JSON.

``COLUMNS`` documents the CSV; ``SCHEMA`` the JSON. CSV and workbook are read by people too: in
another language than English their heads and words are of that language. JSON never changes:

    schema          1; a number that grows when a key changes its meaning
    course, title, taken_at, verifier, synthetic, notes
    programme       id, title, units: unit, title, version, practised_share, graded_share, applied
                    (no shares where programme.toml has no rule: nothing completes it)
    completion      the rows of completion.csv, with their types
    evidence        learner, unit, claim, share, source, verifier, date, version, verified, assisted
    statistics      funnel, difficulty, mistakes, gains, declared, helped, dates; null in a
                    group of fewer than five
    requests        learner, unit, exercise, because, asked_at, state, answer

Shares run from 0 to 1, times are UTC in ISO 8601, null is "nothing claimed".
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.files import write_bytes, write_text
from kit.i18n import mark
from kit.model import Programme
from kit.reports.evidence import Claim
from kit.reports.export_words import head, localised, meaning
from kit.reports.report import Report, Speaker
from kit.reports.tables import WANTS
from kit.reports.wording import moment, width

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
# of the text in a spreadsheet's column, in Latin letters; more of it is wrapped
WIDEST = 60
_DATE = "yyyy-mm-dd hh:mm"
# a spreadsheet takes a cell that begins so for a formula (OWASP, CSV Injection)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHEETS = {
    "Completion": mark("Completion"),
    "Evidence": mark("Evidence"),
    "Exercises": mark("Exercises"),
    "Mistakes": mark("Mistakes"),
    "About": mark("About"),
}
COLUMNS = {
    "learner": mark("id on the roster"),
    "name": mark("name on the roster, or the id"),
    "team": mark("team on the roster"),
    "enrolled": mark("on the roster, or the course has none; statistics count only these"),
    "unit": mark("id of the unit"),
    "state": mark("closed, nothing, practising, handed_in, failed, to_grade, graded, complete …"),
    "complete": mark("the rule is met, by verified evidence: the completion that counts"),
    "complete_self_reported": mark("the rule is met only with self-reported evidence"),
    "verified": mark("the rule is met by verified evidence alone"),
    "missing": mark("claims still short of the rule"),
    "practised": mark("share of practice exercises passed, 0 to 1"),
    "graded": mark("share of the graded points, 0 to 1; so far, while to_grade is not 0"),
    "applied": mark("1 if the unit was used on own data, self-reported"),
    "assisted": mark("hints or intermediate results were used in the practice"),
    "to_grade": mark("answers that wait for a person, and count nothing until then"),
    "failure": mark("why what was handed in could not be graded; empty when it could"),
    "practice_at": mark("practice handed in, {zone}"),
    "handed_in_at": mark("graded assignment handed in, {zone}"),
    "late_days": mark("days begun past the due date and extension, of the later part"),
    "penalty": mark("points taken off for lateness"),
    "use_of_ai": mark("none, explain, draft, most; empty when not declared"),
    "requests": mark("open requests to look at a grade again"),
    "verifier": mark("who keeps the gradebook"),
    "version": mark("content version of the last submission"),
    "taken_at": mark("when this was read, {zone}"),
}


def completion_rows(report: Report) -> pd.DataFrame:
    """One row for each learner × unit, in the order of names, with ``COLUMNS``."""
    table = report.standing.rename(columns={"late": "late_days", "use": "use_of_ai"})
    short = table["learner"].str.slice(0, 0)
    for claim in Claim:
        named = table[WANTS[claim]].map({True: f"{claim.value} ", False: ""})
        short = short + named
    # who imports this may read ``complete`` alone: it must not hold what nobody verified
    table = table.assign(
        complete=table["complete"] & table["verified"],
        complete_self_reported=table["complete"] & ~table["verified"],
        missing=short.str.strip(),
        verifier=report.cohort.verifier,
        taken_at=report.cohort.taken_at,
        **{name: table[name].astype(int) for name in ("to_grade", "requests", "late_days")},
    )
    return table[list(COLUMNS)]


def write_csv(report: Report, path: Path, language: str = "en") -> Path:
    """``completion.csv``: UTF-8 with BOM, so that Excel in any country reads the names.

    In English the heads are ``COLUMNS``; else heads, words and times are for people, the
    columns and their order the same; times are of the cohort's zone, which the heads name.
    Generated learners have one column more, ``synthetic``, in every row. Text that a
    spreadsheet would run as a formula is preceded by an apostrophe.
    """
    speaker = Speaker(report.units, language)
    table = _told(completion_rows(report), "Completion", report, speaker)
    # a spreadsheet takes a time without T and Z for one
    times = "%Y-%m-%dT%H:%M:%SZ" if language == "en" else "%Y-%m-%d %H:%M"
    for name in table.columns:
        if table[name].dtype.kind == "M":
            table[name] = table[name].dt.strftime(times)
        elif table[name].dtype.kind not in "bif":
            table[name] = table[name].where(~_dangerous(table[name]), "'" + table[name])
    text = table.to_csv(index=False, float_format="%.4g", lineterminator="\r\n")
    write_bytes(path, text.encode("utf-8-sig"))
    return path


def _told(table: pd.DataFrame, sheet: str, report: Report, speaker: Speaker) -> pd.DataFrame:
    """The table in the speaker's language; each row of generated learners says so."""
    if report.cohort.synthetic:
        table = table.assign(synthetic="SYNTHETIC")
    return localised(table, sheet, speaker, _zone(report, speaker))


def _zone(report: Report, speaker: Speaker) -> str:
    # what programs read does not change with the place
    return "UTC" if speaker.tr.language == "en" else report.cohort.timezone


def _dangerous(column: pd.Series[str]) -> pd.Series[bool]:
    return column.str.startswith(_FORMULA)


def write_json(report: Report, path: Path) -> Path:
    """The whole report as one JSON object; see this module for its keys."""
    cohort, programme = report.cohort, report.programme
    value = {
        "schema": SCHEMA,
        "course": cohort.course,
        "title": cohort.title,
        "taken_at": _iso(cohort.taken_at),
        "verifier": cohort.verifier,
        "synthetic": cohort.synthetic,
        "notes": list(cohort.notes),
        "programme": {
            "id": programme.id,
            "title": programme.title,
            "units": [
                {
                    "unit": unit.id,
                    "title": unit.title,
                    "version": unit.version,
                    **_rule(programme, unit.id),
                }
                for unit in report.units.values()
            ],
        },
        "completion": _records(completion_rows(report)),
        "evidence": _records(report.evidence),
        "statistics": {name: _records(getattr(report, name)) for name in _STATISTICS},
        "requests": _records(cohort.requests),
    }
    write_text(path, json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    return path


def _rule(programme: Programme, unit: str) -> dict[str, object]:
    rule = programme.rules.get(unit)
    return vars(rule) if rule else {}


_STATISTICS = ("funnel", "difficulty", "mistakes", "gains", "declared", "helped", "dates")


def _iso(value: Any) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.copy()
    for name in plain.columns:
        if plain[name].dtype.kind == "M":
            plain[name] = plain[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    # NaN is no JSON; None is what a missing figure reads as
    plain = plain.astype(object).where(plain.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def write_xlsx(report: Report, path: Path, language: str) -> Path:
    """A workbook with the sheets Completion, Evidence, Exercises, Mistakes and About.

    Names of sheets, heads and words are in ``language``; in English heads are the columns'
    names, as in the CSV and the JSON. About explains them. Text stays text: nothing in a name
    becomes a formula.
    """
    from xlsxwriter import Workbook

    speaker = Speaker(report.units, language)
    buffer = io.BytesIO()
    # constant memory: rows are written as they come, 5,000 learners fit
    book = Workbook(
        buffer,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    for name, table, shares in (
        ("Completion", completion_rows(report), {"practised", "graded"}),
        ("Evidence", report.evidence, {"share"}),
        ("Exercises", _exercises(report, speaker), {"first", "graded"}),
        ("Mistakes", _mistakes(report, speaker), set()),
    ):
        told = _told(table, name, report, speaker)
        formats = ["0%" if column in shares else "" for column in table.columns]
        _sheet(book, speaker.tr(SHEETS[name]), told, formats + [""] * report.cohort.synthetic)
    _about(book, report, speaker)
    book.close()
    write_bytes(path, buffer.getvalue())
    return path


def _sheet(book: Any, name: str, table: pd.DataFrame, formats: list[str]) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks = []
    for column, (title, form) in enumerate(zip(table.columns, formats, strict=True)):
        form = _DATE if table[title].dtype.kind == "M" else form
        looks.append(book.add_format({**_WRAPPED, **({"num_format": form} if form else {})}))
        page.set_column(column, column, _widest(table[title]), looks[-1])
    page.freeze_panes(1, 1)
    if len(table):
        page.autofilter(0, 0, len(table), len(table.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for column, title in enumerate(table.columns):
        page.write_string(0, column, str(title), bold)
    for number, row in enumerate(_cells(table), 1):
        for column, value in enumerate(row):
            if value is not None and value != "":
                page.write(number, column, value, looks[column])


_WRAPPED = {"text_wrap": True, "valign": "top"}


def _widest(column: pd.Series[Any]) -> int:
    """How wide a column of a sheet must be for its head, with the filter's button, and texts."""
    texts = [] if column.dtype.kind in "Mbif" else column.dropna().unique().tolist()
    date = len(_DATE) if column.dtype.kind == "M" else 0
    most = max([date, width(str(column.name)) + 2, *(width(str(text)) for text in texts)])
    return min(WIDEST, max(9, most + 1))


def _cells(table: pd.DataFrame) -> Iterator[list[Any]]:
    columns: list[list[Any]] = []
    for name in table.columns:
        column = table[name]
        if column.dtype.kind == "M":
            # a spreadsheet knows no zones: the head names it
            plain = column.dt.tz_localize(None).dt.floor("s")
            columns.append([None if value != value else value for value in plain])
        else:
            columns.append([None if value != value else value for value in column.tolist()])
    return (list(row) for row in zip(*columns, strict=True))


def _exercises(report: Report, speaker: Speaker) -> pd.DataFrame:
    table = report.difficulty
    pairs = zip(table["unit"], table["exercise"], strict=True)
    titles = [speaker.exercise(unit, exercise) for unit, exercise in pairs]
    table = table.assign(title=titles)
    first = ["unit", "exercise", "title"]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def _mistakes(report: Report, speaker: Speaker) -> pd.DataFrame:
    table = report.mistakes[report.mistakes["unit"].isin(list(report.units))]
    keys = zip(table["unit"], table["exercise"], table["label"], strict=True)
    words = [speaker.mistake(*key) for key in keys]
    table = table.assign(title=[w.title for w in words], helps=[w.helps for w in words])
    return table[
        ["unit", "exercise", "label", "title", "n", "met", "solved", "stuck", "helps"]
    ]  # fmt: skip


def _about(book: Any, report: Report, speaker: Speaker) -> None:
    cohort, tr, zone = report.cohort, speaker.tr, _zone(report, speaker)
    table = completion_rows(report)
    rows = [
        (tr("Course"), f"{cohort.course}: {cohort.title}"),
        (tr("Read at ({zone})", zone=zone), moment(cohort.taken_at, zone)),
        (tr("Gradebook kept by"), cohort.verifier),
        *((tr("Note"), tr(note)) for note in cohort.notes),
        (tr("Small groups"), tr("No statistic is shown of a group of fewer than five.")),
        *(
            (head(name, "Completion", tr, zone), meaning(table[name], text, tr, zone))
            for name, text in COLUMNS.items()
        ),
    ]
    if cohort.synthetic:
        rows.insert(0, ("SYNTHETIC", tr("SYNTHETIC: generated learners, no real people")))
    page = book.add_worksheet(tr(SHEETS["About"]))
    bold, plain = book.add_format({**_WRAPPED, "bold": True}), book.add_format(_WRAPPED)
    page.set_column(0, 0, 36, bold)
    page.set_column(1, 1, 100, plain)
    for number, (what, text) in enumerate(rows):
        page.write_string(number, 0, what, bold)
        page.write_string(number, 1, text, plain)
