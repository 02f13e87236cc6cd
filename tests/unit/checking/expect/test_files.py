"""A file is there, opens as what it says it is, and holds what was asked for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kit.checking import Mistake, expect

Label = Callable[..., str]


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_a_file_may_be_named_as_path_or_text(tmp_path: Path) -> None:
    path = put(tmp_path / "plan.CSV", "a")
    assert expect.file(path, "x") == expect.file(str(path), "x", suffix=(".csv", ".tsv")) == path


@pytest.mark.parametrize(
    ("name", "told", "expected"),
    [
        ("gone.csv", {}, "no_file"),
        (".", {}, "no_file"),
        ("plan.csv", {"suffix": ".xlsx"}, "wrong_suffix"),
        ("empty.csv", {}, "empty_file"),
        ("plan.csv", {"max_mb": 0.001}, "large_file"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_apart(
    tmp_path: Path, name: str, told: dict[str, Any], expected: str, label: Label
) -> None:
    put(tmp_path / "plan.csv", "x" * 2000)
    put(tmp_path / "empty.csv", "")
    assert label(lambda: expect.file(tmp_path / name, "x", **told)) == expected


@pytest.mark.parametrize("value", [None, 3, b"plan.csv", ["plan.csv"]])
def test_what_is_no_path_is_said_so(value: object, label: Label) -> None:
    assert label(lambda: expect.file(value, "x")) == "not_a_path"


def test_a_name_that_no_system_takes_is_the_learners(label: Label) -> None:
    assert label(lambda: expect.file("a\0b", "x")) in ("unreadable", "no_file")


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Inputs"
    book.active["A1"], book.active["A2"] = 3, "=A1*2"
    book.create_sheet("Model")["B1"] = "=Inputs!A2"
    book.save(path)
    return path


def test_a_workbook_has_its_sheets_and_computes(tmp_path: Path, label: Label) -> None:
    path = workbook(tmp_path / "case.xlsx")
    book = expect.xlsx(path, "x", sheets=["Inputs", "Model"], formulas=2)
    assert book["Inputs"]["A2"].value == "=A1*2"
    assert label(lambda: expect.xlsx(path, "x", sheets=["Costs"])) == "missing_sheets"
    assert label(lambda: expect.xlsx(path, "x", formulas=3)) == "typed_figures"


def test_a_small_workbook_that_unpacks_to_a_huge_one_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: Label
) -> None:
    monkeypatch.setattr("kit.checking.expect.files.MAX_UNPACKED_MB", 2)
    path = workbook(tmp_path / "case.xlsx")
    assert expect.xlsx(path, "x")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"0" * 3 * 1024 * 1024)
    assert label(lambda: expect.xlsx(path, "x")) == "damaged_file"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_opens_in_any_encoding_and_delimiter(
    tmp_path: Path, codec: str, delimiter: str, label: Label
) -> None:
    lines = [["서버", "cpu"], ["web-01", "3"], ["배치", "4"]]
    text = "\n".join(delimiter.join(line) for line in lines)
    path = put(tmp_path / "t.csv", text.encode(codec))
    found = expect.csv(path, "x", columns=["서버", "cpu"])
    assert found["서버"].tolist() == ["web-01", "배치"]
    assert found["cpu"].tolist() == [3, 4]
    assert label(lambda: expect.csv(path, "x", columns=["memory"])) == "missing_columns"


RUNBOOK = """\
# Runbook

Who and when.

## Steps

1. First
   # not a heading of the document

```
## nor this
```

## Way back ##
Undo it.
"""


def test_markdown_comes_in_sections(tmp_path: Path, label: Label) -> None:
    path = put(tmp_path / "runbook.md", RUNBOOK)
    found = expect.markdown(path, "x", headings=["runbook", "WAY BACK"])
    assert [(s.level, s.title) for s in found] == [(1, "Runbook"), (2, "Steps"), (2, "Way back")]
    assert (found[0].text, found[2].text) == ("Who and when.", "Undo it.")
    assert "## nor this" in found[1].text
    assert label(lambda: expect.markdown(path, "x", headings=["nor this"])) == "missing_headings"


@pytest.mark.parametrize(
    ("expectation", "name", "content"),
    [
        (expect.yaml, "x.yaml", "owner: me\nsizes: [1, 2]\n"),
        (expect.json, "x.json", '{"owner": "me", "sizes": [1, 2]}'),
    ],
)
def test_yaml_and_json_are_plain_values(
    tmp_path: Path, expectation: Any, name: str, content: str, label: Label
) -> None:
    path = put(tmp_path / name, content)
    assert expectation(path, "x", keys=["owner"]) == {"owner": "me", "sizes": [1, 2]}
    assert label(lambda: expectation(path, "x", keys=["vcpu"])) == "missing_keys"
    put(path, "[1, 2]")
    assert expectation(path, "x") == [1, 2]
    assert label(lambda: expectation(path, "x", keys=["vcpu"])) == "missing_keys"


def test_yaml_makes_no_object_of_a_learners_file(tmp_path: Path, label: Label) -> None:
    path = put(tmp_path / "x.yaml", "!!python/object/apply:os.system ['true']")
    assert label(lambda: expect.yaml(path, "x")) == "damaged_file"


@pytest.mark.parametrize(
    ("expectation", "suffix"),
    [
        (expect.xlsx, "xlsx"),
        (expect.json, "json"),
        (expect.yaml, "yaml"),
        (expect.csv, "csv"),
        (expect.markdown, "md"),
    ],
)
@pytest.mark.parametrize(
    "content", [b"\x00\xff{]\x81: [", b'"\n"\n"', b"PK\x03\x04rest", b"[" * 1_100]
)
def test_damage_is_the_files_and_never_ours(
    tmp_path: Path, expectation: Any, suffix: str, content: bytes
) -> None:
    path = put(tmp_path / f"damaged.{suffix}", content)
    try:
        expectation(path, "x")
    except Mistake as mistake:
        assert mistake.label == "damaged_file"
