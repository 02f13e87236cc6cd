"""Files for other programs: complete, documented, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
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
KOREAN = [head(name, "Completion", Translator("ko")) for name in COLUMNS]
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
    assert rows[0] == list(COLUMNS)
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
    listed = "\n".join(f"| `{name}` | {text} |" for name, text in COLUMNS.items())
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
    assert [c.value for c in book["Completion"][1]] == list(COLUMNS)
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
    assert len(KOREAN) == len(COLUMNS)
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
