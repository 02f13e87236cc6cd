"""A finding says file, line, what and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.errors import ContentError
from kit.gate.findings import Finding, Report, line_of, line_of_key

TOML = """\
id = "u"
title = "A unit"

[[exercises]]  # the first
id = "count"
asked.low = 1

[[exercises]]
id = "total"
title = "Add"
[exercises.asked]
columns = [{id = "size", kind = 3}]

[[items]]
title = "An item"
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "workbook.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def test_a_finding_is_printed_as_a_place_that_an_editor_opens(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding("hints", toml, 5, "No hints.", "Write hints.")
    assert str(finding) == f"{toml}:5  hints\n    No hints.\n    Next: Write hints."
    monkeypatch.chdir(toml.parent)
    assert str(Finding("hints", toml, 0, "No hints.")) == "workbook.toml  hints\n    No hints."


def test_a_finding_as_data_is_plain(toml: Path) -> None:
    report = Report("u")
    report.add("hints", toml, "No hints.", "Write hints.", line=5)
    told = json.loads(json.dumps(report.as_dict()))
    assert told["findings"] == [
        {
            "rule": "hints",
            "file": str(toml),
            "line": 5,
            "what": "No hints.",
            "fix": "Write hints.",
        }
    ]


def test_what_several_proofs_find_is_said_once_and_counted_together(toml: Path) -> None:
    whole = Report("u", counts={"answers": 2})
    for seed in range(2):
        part = Report("u", counts={"answers": 3})
        part.add("solution", toml, "Does not pass.")
        part.add("solution", toml, f"Seed {seed}.")
        whole.take(part)
    assert [f.what for f in whole.findings] == ["Does not pass.", "Seed 0.", "Seed 1."]
    assert whole.counts == {"answers": 8}


@pytest.mark.parametrize(
    ("where", "line", "what"),
    [
        ("{toml}", 0, "Wrong."),
        ("{toml}:7", 7, "Wrong."),
        ("{toml}: exercises[1].title", 10, "exercises[1].title: Wrong."),
    ],
)
def test_an_error_keeps_its_file_line_and_key(toml: Path, where: str, line: int, what: str) -> None:
    report = Report("u")
    report.add_error("load", ContentError("Wrong.", where=where.format(toml=toml), fix="Mend."),
                     toml.parent)  # fmt: skip
    assert report.findings == [Finding("load", toml, line, what, "Mend.")]


@pytest.mark.parametrize(
    ("where", "what"), [("cell x-setup", "Wrong. (cell x-setup)"), ("", "Wrong.")]
)
def test_an_error_without_a_file_is_told_of_the_unit(tmp_path: Path, where: str, what: str) -> None:
    report = Report("u")
    report.add_error("run", ContentError("Wrong.", where=where), tmp_path)
    assert report.findings == [Finding("run", tmp_path, 0, what)]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 2),
        ("exercises[0].id", 5),
        # a key that is missing: the table that lacks it, and not the next one
        ("exercises[0].title", 4),
        ("exercises[1].title", 10),
        ("exercises[1].asked.columns[0].kind", 12),
        ("items[0].title", 15),
        ("items[4].title", 0),
        ("nothing", 0),
    ],
)
def test_a_key_of_a_table_has_a_line(toml: Path, key: str, line: int) -> None:
    assert line_of_key(toml, key) == line


def test_a_text_has_its_first_line(toml: Path) -> None:
    assert line_of(toml, 'id = "total"') == 9
    assert line_of(toml, "nowhere") == 0
    assert line_of(toml.with_name("none.toml"), "id") == 0
