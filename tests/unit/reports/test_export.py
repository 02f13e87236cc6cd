"""Files for other programs: complete, documented, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kit.cohort import Cohort
from kit.i18n import Translator
from kit.reports.export import (
    COLUMNS,
    SCHEMA,
    completion_rows,
    write_csv,
    write_json,
    write_xlsx,
)
from kit.reports.export_words import head
from kit.reports.report import Report, make_report
from tests.unit.reports.cohorts import make_cohort, several_units

# the heads of completion.csv in Korean, in the order of COLUMNS
KOREAN = [head(name, "Completion", Translator("ko")) for name in [*COLUMNS, "synthetic"]]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]


def report(cohort: Cohort) -> Report:
    return make_report(cohort, *several_units(1))


def hostile(count: int = 5) -> Report:
    cohort = make_cohort(count)
    named = cohort.learners.assign(name=HOSTILE[:count])
    return report(replace(cohort, learners=named))


def body(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.mark.parametrize("count", [0, 1, 4, 12])
def test_csv_has_the_documented_columns_and_a_row_for_each(tmp_path: Path, count: int) -> None:
    path = write_csv(report(make_cohort(count)), tmp_path / "completion.csv")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert rows[0] == [*COLUMNS, "synthetic"]
    assert len(rows) == 1 + count


def test_csv_opens_in_excel_with_korean_names(tmp_path: Path) -> None:
    path = write_csv(report(make_cohort(3)), tmp_path / "completion.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert {row["name"] for row in read_csv(path)} >= {"김서연"}


def test_csv_names_what_is_missing_and_what_is_verified(tmp_path: Path) -> None:
    path = write_csv(report(make_cohort(6)), tmp_path / "completion.csv")
    rows = {row["learner"]: row for row in read_csv(path)}
    assert rows["learner-0000"]["missing"] == "practised graded"
    assert rows["learner-0004"]["missing"] == ""
    assert rows["learner-0004"]["verified"] == "True"
    assert rows["learner-0004"]["handed_in_at"].endswith("Z")
    assert float(rows["learner-0004"]["graded"]) >= 0.6


def self_reported() -> Report:
    """Six learners; what completes learner-0004 is verified by nobody."""
    made = report(make_cohort(6))
    unproved = made.standing["learner"] == "learner-0004"
    verified = made.standing["verified"] & ~unproved
    return replace(made, standing=made.standing.assign(verified=verified))


def test_complete_is_the_verified_completion_and_the_self_reported_one_apart() -> None:
    rows = completion_rows(self_reported()).set_index("learner")
    pairs = rows[["complete", "complete_self_reported"]].apply(tuple, axis=1)
    assert pairs["learner-0004"] == (False, True)
    assert pairs["learner-0005"] == (True, False)
    assert pairs["learner-0000"] == (False, False)


def test_each_kind_of_file_holds_the_same_completions(tmp_path: Path) -> None:
    made = self_reported()
    names = ["complete", "complete_self_reported"]
    rows = completion_rows(made)[names].to_dict("records")
    text = read_csv(write_csv(made, tmp_path / "completion.csv"))
    value = json.loads(write_json(made, tmp_path / "report.json").read_text("utf-8"))
    sheet = openpyxl.load_workbook(write_xlsx(made, tmp_path / "r.xlsx", "en"))["Completion"]
    head, *cells = sheet.iter_rows(values_only=True)
    assert [{n: row[n] == "True" for n in names} for row in text] == rows
    assert [{n: row[n] for n in names} for row in value["completion"]] == rows
    assert [{n: row[head.index(n)] for n in names} for row in cells] == rows


def test_the_guide_lists_the_columns_as_they_are() -> None:
    guide = Path(__file__).parents[3] / "docs" / "trainer.md"
    listed = "\n".join(
        f"| `{name}` | {text.format(zone='UTC')} |" for name, text in COLUMNS.items()
    )
    assert listed in guide.read_text("utf-8")


def test_no_name_becomes_a_formula_in_the_csv(tmp_path: Path) -> None:
    path = write_csv(hostile(), tmp_path / "completion.csv")
    assert {row["name"] for row in read_csv(path)} == {f"'{name}" for name in HOSTILE}


def test_no_name_becomes_a_formula_in_the_workbook(tmp_path: Path) -> None:
    path = write_xlsx(hostile(), tmp_path / "report.xlsx", "en")
    sheet = openpyxl.load_workbook(path)["Completion"]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert sorted(str(cell.value) for cell in cells) == sorted(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("count", [0, 1, 12])
def test_workbook_has_its_sheets_and_all_rows(tmp_path: Path, count: int) -> None:
    made = report(make_cohort(count))
    book = openpyxl.load_workbook(write_xlsx(made, tmp_path / "report.xlsx", "en"))
    assert book.sheetnames == ["Completion", "Evidence", "Exercises", "Mistakes", "About"]
    assert [c.value for c in book["Completion"][1]] == [*COLUMNS, "synthetic"]
    assert book["Completion"].max_row == 1 + count
    assert book["Evidence"].max_row == 1 + len(made.evidence)
    about = {str(row[0].value): str(row[1].value) for row in book["About"].iter_rows()}
    assert about["SYNTHETIC"].startswith("SYNTHETIC: ")
    assert about["handed_in_at"] == "graded assignment handed in, UTC"


def test_a_korean_workbook_has_korean_sheets_heads_and_words(tmp_path: Path) -> None:
    made = report(make_cohort(40))
    book = openpyxl.load_workbook(write_xlsx(made, tmp_path / "report.xlsx", "ko"))
    assert book.sheetnames == ["이수 현황", "근거", "문항", "흔한 실수", "설명"]
    for name in book.sheetnames[:4]:
        heads = [cell.value for cell in book[name][1]]
        assert [head for head in heads if not re.search("[가-힣]", str(head))] == []
        assert len(set(heads)) == len(heads)
    rows = [dict(zip(KOREAN, row, strict=True)) for row in body(book["이수 현황"])]
    assert len(rows) == 40
    assert {row["상태"] for row in rows} >= {"이수(강사 확인)", "아직 제출 없음", "직접 채점 대기"}
    assert {row["이수(강사 확인)"] for row in rows} == {"예", "아니요"}
    assert {row["단원"] for row in rows} == {"적정 규모 산정과 투자 타당성 검토"}
    assert {row[5] for row in body(book["근거"])} <= {"학습자 본인", "trainer-kim"}
    about = {str(row[0].value): str(row[1].value) for row in book["설명"].iter_rows()}
    assert about["평가 과제 제출(UTC)"] == "평가 과제 제출 시각(UTC)"
    titles = {row[2]: row[3] for row in body(book["흔한 실수"])}
    assert titles["clipped"] == "있을 수 없는 값을 한계값으로 잘라 냄"


def test_a_korean_csv_has_the_same_columns_with_korean_heads_and_words(tmp_path: Path) -> None:
    made = report(make_cohort(12))
    path = write_csv(made, tmp_path / "ko.csv", "ko")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    english = read_csv(write_csv(made, tmp_path / "en.csv"))
    korean = read_csv(path)
    assert list(korean[0]) == KOREAN
    for told, known in zip(korean, english, strict=True):
        assert told["학습자 아이디"] == known["learner"]
        assert told["평가 점수 비율"] == known["graded"]
        assert told["이수(강사 확인)"] == {"True": "예", "False": "아니요"}[known["complete"]]
        assert told["평가 과제 제출(UTC)"] == known["handed_in_at"][:16].replace("T", " ")
        assert told["내 데이터에 적용(자가 보고)"] == ("예" if known["applied"] else "")
    short = next(row for row in korean if row["모자란 것"])
    assert set(short["모자란 것"].split(", ")) <= {"실습", "점수"}


def test_json_says_the_same_in_every_language(tmp_path: Path) -> None:
    value = json.loads(write_json(report(make_cohort(3)), tmp_path / "r.json").read_text("utf-8"))
    assert list(value["completion"][0]) == list(COLUMNS)


def test_every_column_of_every_sheet_has_a_head_of_its_own(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_xlsx(report(make_cohort(5)), tmp_path / "r.xlsx", "en"))
    for name in book.sheetnames[:4]:
        for cell in book[name][1]:
            assert head(str(cell.value), name, Translator("ko")) != cell.value


@pytest.mark.parametrize("count", [0, 4, 12])
def test_json_is_versioned_and_strict(tmp_path: Path, count: int) -> None:
    path = write_json(report(make_cohort(count)), tmp_path / "report.json")
    value = json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)
    assert value["schema"] == SCHEMA == 1
    assert len(value["completion"]) == count
    assert value["synthetic"] is True
    assert value["programme"]["units"][0]["graded_share"] == 0.6
    assert set(value["statistics"]) == {
        "funnel", "difficulty", "mistakes", "gains", "declared", "helped", "dates",
    }  # fmt: skip


def test_json_leaves_small_groups_out(tmp_path: Path) -> None:
    path = write_json(report(make_cohort(4)), tmp_path / "report.json")
    value = json.loads(path.read_text("utf-8"))
    assert value["statistics"]["funnel"][0]["complete"] is None
    assert value["statistics"]["funnel"][0]["n"] == 4


def in_seoul(count: int = 12) -> Report:
    return report(replace(make_cohort(count), timezone="Asia/Seoul"))


def test_every_row_of_generated_learners_says_so_and_none_of_real_ones(tmp_path: Path) -> None:
    for language in ("en", "ko"):
        made = report(make_cohort(12))
        rows = read_csv(write_csv(made, tmp_path / "c.csv", language))
        assert {list(row.values())[-1] for row in rows} == {"SYNTHETIC"}
        book = openpyxl.load_workbook(write_xlsx(made, tmp_path / "r.xlsx", language))
        for name in book.sheetnames[:4]:
            assert {row[-1] for row in body(book[name])} == {"SYNTHETIC"}
        real = report(replace(make_cohort(12), synthetic=False))
        assert "SYNTHETIC" not in write_csv(real, tmp_path / "c.csv", language).read_text("utf-8")
        book = openpyxl.load_workbook(write_xlsx(real, tmp_path / "r.xlsx", language))
        assert len(book.worksheets[0][1]) == len(COLUMNS)


def test_english_times_are_utc_and_korean_ones_of_the_zone_that_their_heads_name(
    tmp_path: Path,
) -> None:
    made = in_seoul()
    english = read_csv(write_csv(made, tmp_path / "en.csv"))
    korean = read_csv(write_csv(made, tmp_path / "ko.csv", "ko"))
    assert {row["taken_at"] for row in english} == {"2026-11-20T09:00:00Z"}
    assert {row["조회 시각(Asia/Seoul)"] for row in korean} == {"2026-11-20 18:00"}
    assert not [name for name in korean[0] if "UTC" in name]


@pytest.mark.parametrize(("language", "hour"), [("en", 9), ("ko", 18)])
def test_times_in_a_workbook_are_dates_that_can_be_filtered(
    tmp_path: Path, language: str, hour: int
) -> None:
    book = openpyxl.load_workbook(write_xlsx(in_seoul(), tmp_path / "r.xlsx", language))
    place = list(COLUMNS).index("taken_at")
    cells = [row[place] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.value for cell in cells} == {datetime(2026, 11, 20, hour)}
    assert {cell.is_date for cell in cells} == {True}
    assert isinstance(body(book.worksheets[1])[0][6], datetime)


def test_late_days_are_whole_days_begun_in_every_file(tmp_path: Path) -> None:
    cohort = make_cohort(12)
    late = cohort.submissions.assign(late=86_401.0)
    made = report(replace(cohort, submissions=late))
    rows = read_csv(write_csv(made, tmp_path / "c.csv"))
    assert {row["late_days"] for row in rows} == {"0", "2"}
    book = openpyxl.load_workbook(write_xlsx(made, tmp_path / "r.xlsx", "en"))
    place = list(COLUMNS).index("late_days")
    assert {row[place] for row in body(book["Completion"])} == {0, 2}


def test_columns_are_as_wide_as_their_words_and_long_words_are_wrapped(tmp_path: Path) -> None:
    made = report(make_cohort(40))
    book = openpyxl.load_workbook(write_xlsx(made, tmp_path / "r.xlsx", "en"))
    sheet = book["Mistakes"]
    wide = {c.value: sheet.column_dimensions[c.column_letter].width for c in sheet[1]}
    longest = max(len(row[3]) for row in body(sheet))
    assert longest < wide["title"] < longest + 4
    assert 60 <= wide["helps"] < 62
    place = [c.value for c in sheet[1]].index("helps")
    assert {row[place].alignment.wrap_text for row in sheet.iter_rows(min_row=2)} == {True}


def test_the_korean_explanation_names_the_words_that_stand_in_the_cells(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_xlsx(in_seoul(40), tmp_path / "r.xlsx", "ko"))
    told = {str(row[0].value): str(row[1].value) for row in book["설명"].iter_rows()}
    sheet = book["이수 현황"]
    heads = [str(cell.value) for cell in sheet[1]]
    for name in ("enrolled", "state", "complete", "missing", "applied", "assisted", "use_of_ai"):
        place = list(COLUMNS).index(name)
        words = {w for row in body(sheet) for w in str(row[place] or "").split(", ") if w}
        assert [word for word in sorted(words) if word not in told[heads[place]]] == []
    assert "예" in told["내 데이터에 적용(자가 보고)"]
    assert "AI 사용 안 함" in told[heads[list(COLUMNS).index("use_of_ai")]]
    assert "Asia/Seoul" in told["평가 과제 제출(Asia/Seoul)"]
