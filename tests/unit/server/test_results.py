from __future__ import annotations

import json
from datetime import datetime

import pytest

from kit.server.results import new_finding_folder, read_finding, read_result


def test_a_result_tells_points_and_what_the_learner_must_rate(home, unit, put_result):
    put_result(score=6, rated=None)
    result = read_result(home, unit)
    assert result is not None
    assert result.assignments[0].score == 6
    assert [cell.exercise for cell in result.to_rate] == ["memo"]
    assert result.submitted("graded")
    assert not result.submitted("practice")
    assert not result.verified


def test_a_rating_of_zero_counts_as_rated(home, unit, put_result):
    put_result(rated=0)
    result = read_result(home, unit)
    assert result is not None
    assert result.to_rate == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"assignments": [{}]}', '{"unit": "tiny"}'])
def test_a_damaged_result_reads_as_none_yet(home, unit, text):
    folder = home.state / "results"
    folder.mkdir(parents=True)
    (folder / "tiny.json").write_text(text, encoding="utf-8")
    assert read_result(home, unit) is None


def test_a_finding_whose_report_was_deleted_is_not_offered(home):
    folder = home.state / "results"
    folder.mkdir(parents=True)
    value = {"headline": "H", "report": "artefacts/quick/1/report.html", "range_won": None}
    (folder / "quick.json").write_text(json.dumps(value), encoding="utf-8")
    assert read_finding(home) is None
    report = home.root / "artefacts" / "quick" / "1" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>", encoding="utf-8")
    finding = read_finding(home)
    assert finding is not None
    assert (finding.headline, finding.low_won) == ("H", None)


def test_findings_of_one_second_have_folders_of_their_own(home):
    folders = []
    for _ in range(3):
        folders.append(new_finding_folder(home, datetime(2026, 11, 2, 9, 0, 0)))
        folders[-1].mkdir(parents=True)
    assert folders[0].name == "2026-11-02-090000"
    assert len(set(folders)) == 3
