"""``upskill report`` reads a real course directory and writes each kind of file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.cli.report import NAMES, run_report
from kit.errors import GradingError, UsageError
from kit.grading.make_course import make_course

pytestmark = pytest.mark.grading
COHORT = """\
id = "mig26"
title = "Migration 2026"

[[learners]]
id = "kim"
name = "김서연"
team = "Platform"
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one learner on its roster, nothing released yet."""
    folder = tmp_path_factory.mktemp("report")
    roster = folder / "cohort.toml"
    roster.write_text(COHORT, encoding="utf-8")
    return make_course(folder / "course", "mig26", roster).root


@pytest.mark.parametrize("format", list(NAMES))
def test_each_kind_of_file_lies_in_the_course(
    course: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run_report(course, format, None, "ko")
    assert path == course / NAMES[format]
    assert path.stat().st_size > 100
    printed = capsys.readouterr().out.split("\n")
    assert "학습자 1명, 강사가 확인한 이수 0건입니다." in printed
    assert str(path) in printed


def test_the_page_names_who_is_on_the_roster(course: Path, tmp_path: Path) -> None:
    path = run_report(course, "html", tmp_path / "page.html", "en")
    assert path == tmp_path / "page.html"
    assert "김서연" in path.read_text("utf-8")


def test_the_language_is_that_of_the_option(course: Path, tmp_path: Path) -> None:
    told = []
    for language in ("en", "ko"):
        path = run_report(course, "html", tmp_path / f"{language}.html", language)
        told.append(path.read_text("utf-8"))
    assert ["Who is where" in text for text in told] == [True, False]
    assert ["학습자별 진도" in text for text in told] == [False, True]


def test_json_tells_course_and_roster(course: Path, tmp_path: Path) -> None:
    value = json.loads(run_report(course, "json", tmp_path / "r.json", "en").read_text("utf-8"))
    assert (value["course"], value["title"]) == ("mig26", "Migration 2026")
    assert [row["learner"] for row in value["completion"]] == ["kim"]


@pytest.mark.parametrize("format", list(NAMES))
def test_the_folder_of_the_file_is_made(course: Path, tmp_path: Path, format: str) -> None:
    path = run_report(course, format, tmp_path / "new" / "folder" / "report", "en")
    assert path.stat().st_size > 100


def test_another_format_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no report as 'pdf'") as caught:
        run_report(tmp_path, "pdf", None, "en")
    told = caught.value.text()
    assert "--format" in told
    assert "html, csv, xlsx, json" in told
    assert "upskill report --format html" in told


@pytest.mark.parametrize("format", list(NAMES))
def test_where_nothing_can_be_written_it_says_so(course: Path, tmp_path: Path, format: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for out in (tmp_path / "file" / "x.csv", tmp_path):
        with pytest.raises(GradingError, match="The report cannot be written") as caught:
            run_report(course, format, out, "en")
        assert caught.value.where == str(out)
        assert f"upskill report --format {format} --out FILE" in str(caught.value)


def test_without_a_course_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="upskill course DIR"):
        run_report(tmp_path, "html", None, "en")
