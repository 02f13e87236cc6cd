"""The cohort file: what it means, and errors that name file, key and what is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.content import find_unit
from kit.errors import GradingError
from kit.grading.cohort_file import (
    LatePolicy,
    late_policy,
    read_cohort_file,
    roster,
    valid_id,
)
from kit.i18n import Translator
from kit.model import Part

EXAMPLE = Path(__file__).parents[2] / "assignments" / "cohorts" / "example.toml"


def write(folder: Path, text: str, name: str = "c.toml") -> Path:
    (folder / "cohorts").mkdir(exist_ok=True)
    path = folder / "cohorts" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_says_what_its_comments_say() -> None:
    cohort = read_cohort_file(EXAMPLE)
    unit = find_unit("rightsizing")
    # the end of the 20th, and six in the evening of the 27th, both in Seoul
    assert str(cohort.due(unit, Part.PRACTICE)) == "2026-11-20 14:59:59+00:00"
    assert str(cohort.due(unit, Part.GRADED)) == "2026-11-27 09:00:00+00:00"
    assert cohort.learners[0].first_and_last == ("", "홍길동")
    assert cohort.learners[1].first_and_last == ("Jane", "Doe")


def test_a_file_in_cp949_is_refused_with_its_line_and_the_way_out(tmp_path: Path) -> None:
    text = 'id = "c"\r\n\r\n[[learners]]\r\nid = "kim"\r\nname = "김하나"\r\n'
    path = tmp_path / "c.toml"
    path.write_bytes(text.encode("cp949"))
    with pytest.raises(GradingError, match="not UTF-8 text from line 5 on") as caught:
        read_cohort_file(path)
    assert "iconv -f CP949 -t UTF-8 c.toml" in caught.value.fix
    path.write_bytes(text.encode("utf-8-sig"))
    assert read_cohort_file(path).learners[0].name == "김하나"


def test_a_time_with_an_offset_counts_as_written(tmp_path: Path) -> None:
    text = 'id = "c"\ntimezone = "Asia/Seoul"\n[[units]]\nunit = "rightsizing"\n'
    path = write(tmp_path, text + "graded_due = 2026-11-27T18:00:00+01:00\n")
    cohort = read_cohort_file(path)
    assert str(cohort.due(find_unit("rightsizing"), Part.GRADED)) == "2026-11-27 17:00:00+00:00"
    assert cohort.due(find_unit("rightsizing"), Part.PRACTICE) is None


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("", "id", "The key is missing."),
        ('id = "a b"', "id", "without spaces"),
        ('id = "c"\nstart = 2026-01-01', "start", "not known"),
        ('id = "c"\ntimezone = "Mars/Olympus"', "timezone", "Asia/Seoul"),
        ('id = "c"\n[late]\nper_day = 10', "late.per_day", "less than or equal to 1"),
        ('id = "c"\n[[units]]\nunit = "nothing"', "units[0].unit", "rightsizing"),
        (
            'id = "c"\n[[units]]\nunit = "rightsizing"\ngraded_due = "soon"',
            "units[0].graded_due",
            "2026-11-27T18:00:00",
        ),
        ('id = "c"\n[[learners]]\nid = "a"\n[[learners]]\nid = "a+b"', "learners[1].id", "letters"),
        (
            'id = "c"\n[[learners]]\nid = "a"\n[[learners]]\nid = "a"',
            "c.toml",
            "Twice in learners: a",
        ),
        ('id = "c', "c.toml", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(
    tmp_path: Path, text: str, key: str, told: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(GradingError) as caught:
        read_cohort_file(path)
    assert caught.value.where.startswith(str(path))
    assert caught.value.where.endswith(key)
    assert told in caught.value.what
    assert caught.value.fix


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="cannot be read"):
        read_cohort_file(tmp_path / "none.toml")


def test_a_file_from_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.write_bytes('id = "c"\r\ntitle = "한국"\r\n'.encode("utf-8-sig"))
    assert read_cohort_file(path).title == "한국"


def test_roster_joins_all_cohorts_but_the_example_and_knows_the_language(tmp_path: Path) -> None:
    write(tmp_path, 'id = "a"\nlanguage = "ko"\n[[learners]]\nid = "kim"', "a.toml")
    lee = '[[learners]]\nid = "lee"\nteam = "T"\nlanguage = "ko"'
    write(tmp_path, f'id = "b"\nlanguage = "en"\n{lee}', "b.toml")
    write(tmp_path, EXAMPLE.read_text(encoding="utf-8"), "example.toml")
    people = roster(tmp_path)
    assert {k: (v.language, v.team) for k, v in people.items()} == {
        "kim": ("ko", ""),
        "lee": ("ko", "T"),
    }


def test_each_learner_meets_the_rule_of_their_cohort(tmp_path: Path) -> None:
    write(tmp_path, 'id = "a"\n[late]\nper_day = 0.2\n[[learners]]\nid = "kim"', "a.toml")
    write(tmp_path, 'id = "b"\n[[learners]]\nid = "lee"', "b.toml")
    assert late_policy(tmp_path, "kim") == LatePolicy(per_day=0.2)
    assert late_policy(tmp_path, "lee") is None
    # on no roster, and the cohorts differ
    assert late_policy(tmp_path, "stranger") is None


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 100), st.floats(-1e6, 1e8), st.floats(0, 1e6))
def test_penalty_is_zero_in_time_grows_with_lateness_and_keeps_its_ceiling(
    per_day: float, most: float, score: float, seconds: float, more: float
) -> None:
    rule = LatePolicy(per_day=per_day, most=most)
    penalty = rule.penalty(score, seconds)
    assert 0 <= penalty <= score * most
    assert rule.penalty(score, seconds + more) >= penalty
    if seconds <= 0:
        assert penalty == 0


def test_a_day_begun_is_a_day() -> None:
    rule = LatePolicy(per_day=0.1, most=0.5)
    assert [rule.penalty(10, s) for s in (1, 86400, 86401, 10 * 86400)] == [1.0, 1.0, 2.0, 5.0]


@given(st.text(max_size=120))
def test_an_id_that_is_taken_makes_one_plain_folder_name(text: str) -> None:
    try:
        name = valid_id(text)
    except ValueError:
        return
    assert not set(name) & set("/\\*?[]+ \n\t")
    assert not name.startswith(".")
    assert valid_id(name) == name


def test_errors_speak_the_trainers_language(tmp_path: Path) -> None:
    path = write(tmp_path, 'id = "c"\n[[units]]\nunit = "nothing"')
    with pytest.raises(GradingError) as caught:
        read_cohort_file(path)
    told = caught.value.as_dict(Translator("ko"))["what"]
    assert "rightsizing" in told
    assert "no such unit" not in told
