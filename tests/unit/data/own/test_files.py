"""Files are found by pattern or path, and proved by their bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.data.own.files import find_files, is_export
from kit.data.readers.tools import KNOWN
from kit.errors import DataError
from kit.i18n import Translator


def made(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_patterns_lie_below_the_home_and_paths_stand_for_themselves(tmp_path: Path) -> None:
    inbox = [made(tmp_path / "home" / "inbox" / name) for name in ("a.csv", "b.csv")]
    other = made(tmp_path / "other" / "c.csv")
    root = tmp_path / "home"
    assert find_files(root, "inbox/*", str) == inbox
    assert find_files(root, ["inbox/a.csv", other], str) == [inbox[0], other]


def test_second_file_of_a_name_is_found_in_its_numbered_folder(tmp_path: Path) -> None:
    first, second = made(tmp_path / "inbox" / "a.csv"), made(tmp_path / "inbox" / "2" / "a.csv")
    made(tmp_path / "inbox" / "old" / "a.csv")
    found = find_files(tmp_path, "inbox/*", str)
    assert found == [first, second]


@pytest.mark.parametrize("name", [".hidden.csv", "~$open.xlsx", "prices.toml"])
def test_what_is_no_export_is_passed_over(tmp_path: Path, name: str) -> None:
    assert not is_export(made(tmp_path / name))


def test_nothing_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        find_files(tmp_path, "inbox/*", str)
    assert "query_range" in error.value.fix and str(tmp_path) in error.value.where


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_there_names_all_twenty_tools_and_a_way_out_of_each(
    tmp_path: Path, language: str
) -> None:
    with pytest.raises(DataError) as error:
        find_files(tmp_path, "inbox/*", Translator(language))
    lines = [line.strip() for line in error.value.fix.splitlines() if line.startswith("  ")]
    labels = [tool.label for tool in KNOWN]
    assert len(set(labels)) == 20
    assert [line.split(": ")[0] for line in lines] == labels
    assert all(line.split(": ")[1] for line in lines)
    assert bool(re.search("[가-힣]", lines[labels.index("Grafana")])) == (language == "ko")
