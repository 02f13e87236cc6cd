"""Steps before Formgrader's page, on notebooks as nbconvert hands them over."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html

from kit.grading.outcomes import MIME
from kit.grading.rubric import OfflineMaths, RubricBeside, ShieldTrainer, clean_markdown, shielded
from kit.model import Unit

pytestmark = pytest.mark.grading


def resources(folder: Path, assignment: str = "tiny") -> dict[str, Any]:
    return {"submission_id": "s", "assignment_id": assignment, "metadata": {"path": str(folder)}}


def work(kind: str = "passed", message: str = "") -> Any:
    """A graded notebook: one check, then the manual cell that needs it."""
    said = {"exercise": "case", "kind": kind, "score": 1.0, "label": "", "message": message}
    check = nbformat.v4.new_code_cell(
        'wb.check("case")',
        outputs=[nbformat.v4.new_output("display_data", {MIME: said, "text/plain": "case"})],
        metadata={"kit": {"id": "case", "role": "check"}},
    )
    check.metadata["nbgrader"] = {"grade": True, "grade_id": "case", "points": 4}
    manual = nbformat.v4.new_markdown_cell(
        "mine", metadata={"kit": {"id": "memo", "role": "manual"}}
    )
    manual.metadata["nbgrader"] = {"grade": True, "solution": True, "grade_id": "memo", "points": 6}
    return nbformat.v4.new_notebook(cells=[check, manual])


def page(folder: Path, nb: Any, assignment: str = "tiny") -> list[Any]:
    told = resources(folder, assignment)
    for step in (ShieldTrainer, OfflineMaths, RubricBeside):
        nb, told = step().preprocess(nb, told)
    return list(nb.cells)


def table(cells: list[Any]) -> BeautifulSoup:
    return BeautifulSoup(cells[2].source, "html.parser")


def test_the_rubric_stands_right_under_the_judged_cell(content: Unit, tmp_path: Path) -> None:
    cells = page(tmp_path, work())
    assert [c.source for c in cells[:2]] == ['wb.check("case")', "mine"]
    buttons = table(cells).select("button[data-upskill-score=memo]")
    assert [b["data-points"] for b in buttons] == ["0", "3", "4.5", "6"]
    assert all(b.name == "button" and b["type"] == "button" for b in buttons)
    assert [h["scope"] for h in table(cells).select("thead th")] == ["col"] * 3
    assert "“A fresh case”: passed" in table(cells).text


def test_a_check_that_does_not_pass_caps_the_levels_above(content: Unit, tmp_path: Path) -> None:
    cells = page(tmp_path, work("incorrect", "It misses <one>."))
    points = [b["data-points"] for b in table(cells).select("button")]
    assert points == ["0", "3", "3", "3"]
    assert len(table(cells).select("em")) == 2
    assert "It misses <one>." in table(cells).text


def test_the_trainers_language_is_spoken(
    content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSKILL_LANG", "ko")
    told = table(page(tmp_path, work()))
    assert told.div is not None and told.div["lang"] == "ko"
    assert "평가 기준표" in told.text
    assert "4.5점" in told.text


def test_what_the_learner_says_about_ai_is_shown_as_text(content: Unit, tmp_path: Path) -> None:
    declared = {"declared": {"use": "most", "note": "<script>x</script> $a$"}}
    (tmp_path / "answers.json").write_text(json.dumps(declared), encoding="utf-8")
    told = table(page(tmp_path, work()))
    assert "AI did most" in told.text
    assert told.blockquote is not None
    assert told.blockquote.text == "<script>x</script> $a$"
    assert not told.select("script")


def test_other_exports_and_other_peoples_assignments_stay_as_they_are(
    content: Unit, tmp_path: Path
) -> None:
    nb = work()
    for step in (ShieldTrainer, OfflineMaths, RubricBeside):
        assert step().preprocess(nb, {"metadata": {}})[0] == work() | {"cells": nb.cells}
    assert len(nb.cells) == 2
    assert len(page(tmp_path, work(), "ps1")) == 2


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>body{background:url(http://x)}</style>",
        '<img src="http://x/a.png" onerror="alert(1)">',
        '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
        "<svg onload=alert(1)></svg>",
        "<iframe src=http://x></iframe>",
    ],
)
def test_a_learners_output_neither_acts_nor_loads(html: str) -> None:
    output = nbformat.v4.new_output(
        "display_data", {"text/html": f"{html}<td colspan='2'>kept</td>"}
    )
    left = str(shielded(output).data["text/html"])
    assert "kept" in left
    for word in ("alert", "http", "script", "style", "img", "svg", "iframe"):
        assert word not in left


@pytest.mark.parametrize(
    ("data", "metadata"),
    [
        ({"image/png": "AAAA"}, {"image/png": {"width": "1 onerror=alert(1)"}}),
        ({"image/png": "AAAA"}, {"image/png": 5}),
        ({"image/png": 'x" onerror="alert(1)'}, {}),
        ({"image/jpeg": ["AA", '"><script>']}, {}),
    ],
)
def test_a_picture_brings_nothing_but_itself(
    data: dict[str, Any], metadata: dict[str, Any]
) -> None:
    output = nbformat.v4.new_output("display_data", {**data, "text/plain": "x"}, metadata=metadata)
    left = shielded(output)
    assert left.metadata == {}
    assert "onerror" not in str(left) and "script" not in str(left)
    assert left.data["text/plain"] == "x"


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript&colon;alert(1))",
        "[x](&amp;#106;avascript:alert(1))",
        "[x](javascript\\:alert(1))",
        "[x]\n\n[x]: javascript:alert(1)",
        "[x](data:text/html,hi)",
        "[x](vbscript:x)",
    ],
)
def test_a_link_in_a_learners_text_runs_nothing(link: str) -> None:
    shown = markdown2html(clean_markdown(link))
    addresses = re.findall(r'href="([^"]*)"', shown)
    assert not [one for one in addresses if re.match(r"\s*(\w*script|data)\s*:", one, re.I)]
    assert "href" in markdown2html(clean_markdown("[x](https://example.org/a?b=1&c=2)"))


def test_scripts_are_dropped_and_a_drawing_becomes_a_picture() -> None:
    output = nbformat.v4.new_output(
        "display_data", {"application/javascript": "alert(1)", "image/svg+xml": "<svg/>", MIME: {}}
    )
    data = shielded(output).data
    assert set(data) == {"text/html", MIME}
    assert data["text/html"].startswith('<img alt="" src="data:image/svg+xml;base64,')
