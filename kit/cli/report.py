"""``upskill report``: the cohort as a page or as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from kit.content import load_programme, load_units
from kit.errors import GradingError, UsageError
from kit.i18n import Translator, mark, resolve_language

if TYPE_CHECKING:
    from kit.reports.report import Report

# the tables under the name that HR knows them by, everything else as report
NAMES = {
    "html": "report.html",
    "csv": "completion.csv",
    "xlsx": "report.xlsx",
    "json": "report.json",
}


def run_report(course_dir: Path | None, format: str, out: Path | None, lang: str | None) -> Path:
    """Read the gradebook, write the report, say where it is; returns the file.

    ``format`` is html, csv, xlsx or json; ``out`` defaults to a file in the course, and
    its folder is made where there is none. UsageError for another format, GradingError when
    it cannot be written.
    """
    if format not in NAMES:
        raise UsageError(
            "There is no report as '{format}'.",
            where="--format",
            fix="Choose one of {formats}: upskill report --format html. "
            "For a PDF, print that page in a browser.",
            format=format,
            formats=", ".join(NAMES),
        )
    from kit.grading.course import open_course
    from kit.grading.read import read_cohort
    from kit.grading.removed import forget_removed
    from kit.reports.report import make_report

    language = resolve_language(lang)
    tr, console = Translator(language), Console(highlight=False)
    course = open_course(course_dir)
    with console.status(tr("Reading the gradebook …")):
        forget_removed(course)
        cohort = read_cohort(course, settled=True)
        path = (out or course.root / NAMES[format]).expanduser().resolve()
        report = make_report(cohort, load_units(), load_programme())
        try:
            _write(report, format, path, language)
        except OSError as error:
            raise GradingError(
                "The report cannot be written: {reason}",
                where=str(path),
                fix="Name a file in a folder of yours: upskill report --format {format} --out FILE",
                reason=error.strerror or error,
                format=format,
            ) from None
    for note in cohort.notes:
        console.print(Text(f"! {tr(note)}"), soft_wrap=True)
    roster = report.standing[report.standing["enrolled"]]
    done = int((roster["complete"] & roster["verified"]).sum())
    n = len(report.counted.learners)
    told = mark("{n} learners, {done} verified completions.")
    if done == 1:
        told = mark("{n} learners, 1 verified completion.")
    console.print(Text(tr(told, n=n, done=done)))
    guests = len(cohort.learners) - n
    if guests:
        console.print(Text(tr("Not on the roster, and not counted: {n}", n=guests)))
    console.print(Text(str(path)), soft_wrap=True)
    return path


def _write(report: Report, format: str, path: Path, language: str) -> None:
    from kit.files import write_text
    from kit.reports import export, page

    if format == "csv":
        export.write_csv(report, path, language)
    elif format == "xlsx":
        export.write_xlsx(report, path, language)
    elif format == "json":
        export.write_json(report, path)
    else:
        write_text(path, page.render(report, language))
