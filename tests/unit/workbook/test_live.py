"""The live run: an export is read, its statements are held, and counts alone are noted."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kit.checking.invariants import Mine, invariant
from kit.data.own import Own, Proposal
from kit.errors import DataError
from kit.home import LearnerHome
from kit.identity import GRADING_VARIABLE
from kit.model import SYNTHETIC
from kit.progress import ProgressLog
from kit.progress.handin import practice_summary
from kit.workbook import Workbook
from kit.workbook.live import LiveTools

CONTRACT = """
format_version = 1

[[tables]]
id = "disks"
title = "Your disks"
reader = "columns"
key = ["disk"]

[[tables.columns]]
id = "disk"
type = "text"
names = ["volume"]

[[tables.columns]]
id = "gib"
type = "number"
names = ["size"]

[[invariants]]
id = "nothing-lost"
kind = "ledger"

[[invariants]]
id = "total"
kind = "totals"
function = "sorted_disks"
column = "gib"
"""
LIST = "Volume,Size\n/srv/canary,300\n/srv/b,20\n"


@invariant("largest-first", says="the largest comes first")
def largest_first(own: Own, mine: Mine) -> str:
    first = mine["sorted_disks"](own.frame())["gib"].iloc[0]
    return "" if first == own.frame()["gib"].max() else "another one"


def right(disks: pd.DataFrame) -> pd.DataFrame:
    return disks.sort_values("gib", ascending=False)


@pytest.fixture
def tools(wb: Workbook) -> LiveTools:
    (wb.unit.folder / "data.toml").write_text(CONTRACT, encoding="utf-8")
    return LiveTools(wb)


@pytest.fixture
def inbox(tiny_home: LearnerHome) -> Path:
    folder = tiny_home.root / "inbox"
    folder.mkdir(exist_ok=True)
    (folder / "disks.csv").write_text(LIST, encoding="utf-8")
    return folder


def read(tools: LiveTools) -> Own:
    own = tools.own()
    assert isinstance(own, Own)
    return own


def noted(home: LearnerHome) -> list[Any]:
    return [one for one in ProgressLog(home.progress_file).read() if one.event == "applied"]


def test_without_a_word_it_reads_what_lies_in_the_inbox(tools: LiveTools, inbox: Path) -> None:
    (inbox / "more.csv").write_text("Volume,Size\n/srv/c,1\n", encoding="utf-8")
    assert set(read(tools).frame()["disk"]) == {"/srv/canary", "/srv/b", "/srv/c"}


def test_a_pattern_is_of_the_home_and_a_path_is_anywhere(
    tools: LiveTools, inbox: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "mine.csv"
    elsewhere.write_text("Volume,Size\n/srv/c,1\n", encoding="utf-8")
    for files, names in (("inbox/d*", ["/srv/canary", "/srv/b"]), (elsewhere, ["/srv/c"])):
        own = tools.own(files)
        assert isinstance(own, Own)
        assert list(own.frame()["disk"]) == names


def test_an_empty_inbox_is_said_with_the_way_to_an_export(
    tools: LiveTools, tiny_home: LearnerHome
) -> None:
    with pytest.raises(DataError, match="no export yet") as error:
        tools.own()
    assert str(tiny_home.root / "inbox") in error.value.where


def test_columns_that_no_name_explains_are_asked_about_and_told_at_once(
    tools: LiveTools, inbox: Path
) -> None:
    (inbox / "disks.csv").write_text("a,b\n/srv/canary,300\n/srv/b,20\n", encoding="utf-8")
    asked = tools.own()
    assert isinstance(asked, Proposal)
    own = tools.own(columns={"a": "disk", "b": "gib"})
    assert isinstance(own, Own)
    assert list(own.frame()["gib"]) == [300, 20]
    # what was told once is known of this header
    assert list(read(tools).frame()["gib"]) == [300, 20]


def test_while_grading_there_is_no_home_and_the_folder_at_hand_is_read(
    tools: LiveTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    (here / "inbox").mkdir(parents=True)
    (here / "inbox" / "disks.csv").write_text("Volume,Size\n/srv/here,1\n", encoding="utf-8")
    monkeypatch.chdir(here)
    word = {"course": "c", "learner": "kim", "language": "en", "hidden_seed": 1}
    monkeypatch.setenv(GRADING_VARIABLE, json.dumps(word))
    assert list(read(tools).frame()["disk"]) == ["/srv/here"]


def test_the_contracts_statements_and_the_units_own_are_held(tools: LiveTools, inbox: Path) -> None:
    own = read(tools)
    result = tools.held(own, [largest_first], sorted_disks=right)
    assert [(one.id, one.held) for one in result.invariants] == [
        ("nothing-lost", True),
        ("total", True),
        ("largest-first", True),
    ]
    wrong = tools.held(own, [largest_first], sorted_disks=lambda disks: disks.tail(1))
    assert [one.held for one in wrong.invariants] == [True, False, False]
    assert not wrong.held


def test_statements_are_said_in_the_workbooks_language(tools: LiveTools, inbox: Path) -> None:
    result = tools.held(read(tools), sorted_disks=right)
    assert "nothing is lost in reading" in repr(result)
    assert result.say is tools.wb.translate


def test_what_would_be_noted_is_shown_before_and_nothing_is_written(
    tools: LiveTools, inbox: Path, tiny_home: LearnerHome
) -> None:
    own = read(tools)
    shown = tools.leaving(own, tools.held(own, [largest_first], sorted_disks=lambda d: d.head(1)))
    assert shown.applied is None
    assert (shown.data["held"], shown.data["checked"]) == (2, 3)
    assert shown.data["rows"] == 2
    assert "would be noted" in repr(shown)
    assert noted(tiny_home) == []


def test_what_is_noted_is_what_was_shown_and_a_hand_in_takes_what_it_says(
    tools: LiveTools, inbox: Path, tiny_home: LearnerHome
) -> None:
    own = read(tools)
    result = tools.held(own, sorted_disks=right)
    shown, made = tools.leaving(own, result), tools.note(own, result)
    (event,) = noted(tiny_home)
    assert made.applied is True
    assert event.data == shown.data == made.data
    taken = practice_summary([event], tools.wb.unit, "en", "")["applied"]
    assert set(taken) == set(shown.handed) == {"at", "rows"}
    assert taken["rows"] == shown.handed["rows"] == 2
    # neither a name nor a file of theirs
    written = tiny_home.progress_file.read_text(encoding="utf-8")
    assert "canary" not in written and "disks.csv" not in written


def test_it_is_not_noted_unless_all_holds_on_real_data(
    tools: LiveTools, inbox: Path, tiny_home: LearnerHome
) -> None:
    own = read(tools)
    generated = dataclasses.replace(own, reality=SYNTHETIC)
    for data, result in (
        (own, tools.held(own, sorted_disks=lambda disks: disks.head(1))),
        (generated, tools.held(generated, sorted_disks=right)),
    ):
        assert tools.note(data, result).applied is False
    assert noted(tiny_home) == []
