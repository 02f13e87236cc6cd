"""A check sees copies: no learner can change the case, no check the learner's work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.blank import BLANK
from kit.checking import Mistake, NotAttempted, Work, exercise_check
from kit.model import OutcomeKind


def test_changing_a_value_does_not_change_the_learners() -> None:
    mine = {"sizes": [4, 8], "frame": pd.DataFrame({"cpu": [1.0]})}
    work = Work(mine)
    work.value("sizes").append(16)
    frame = work.value("frame")
    frame.loc[0, "cpu"] = 99
    assert mine["sizes"] == [4, 8]
    assert mine["frame"].loc[0, "cpu"] == 1.0


def test_what_cannot_be_copied_is_handed_over() -> None:
    numbers = (n for n in range(3))
    assert list(Work({"numbers": numbers}).value("numbers")) == [0, 1, 2]


@pytest.mark.parametrize("names", [{}, {"x": BLANK}, {"x": [BLANK]}, {"x": {"a": BLANK}}])
def test_missing_and_blank_are_not_there(names: dict[str, Any]) -> None:
    work = Work(names)
    assert not work.has("x")
    for read in (work.value, work.function):
        with pytest.raises(NotAttempted):
            read("x")


def test_a_value_in_place_of_a_function_is_a_mistake_of_its_own() -> None:
    with pytest.raises(Mistake) as raised:
        Work({"pick": 3}).function("pick")
    assert (raised.value.label, raised.value.values["kind"]) == ("not_a_function", "int")


def test_a_function_that_changes_its_input_cannot_change_the_case(run: Any) -> None:
    case = {"disks": [100, 200], "frame": pd.DataFrame({"cpu": [1.0, 2.0]})}
    seen: list[object] = []

    @exercise_check("rule")
    def check(work: Work) -> None:
        spoil = work.function("spoil")
        spoil(work.case["disks"], frame=work.case["frame"])
        seen.append((list(work.case["disks"]), work.case["frame"]["cpu"].tolist()))

    def spoil(disks: list[int], frame: pd.DataFrame) -> int:
        disks.clear()
        frame["cpu"] = 0.0
        return 1

    assert run(check, {"spoil": spoil}, case=case).kind is OutcomeKind.PASSED
    assert seen == [([100, 200], [1.0, 2.0])]


def test_fresh_data_repeat_for_a_seed_and_a_salt_and_differ_otherwise() -> None:
    def draw(seed: int, salt: int) -> list[int]:
        return Work({}, seed=seed).fresh(salt).integers(0, 10**9, 4).tolist()

    assert draw(1, 0) == draw(1, 0)
    assert len({tuple(draw(s, t)) for s in (1, 2) for t in (0, 1)}) == 4


@pytest.mark.parametrize("seed", [0, -1, 2**63, 2**127 + 5])
def test_any_seed_is_good_enough(seed: int) -> None:
    assert isinstance(Work({}, seed=seed).fresh(), np.random.Generator)


def given(value: object, folder: Path | None = None) -> Work:
    told = {"exercises": {"sheet": {"value": value, "attempts": 1}}}
    return Work({}, answers=told, folder=folder)


def test_what_a_form_was_given_is_a_copy() -> None:
    work = given({"rows": [1, 2]})
    work.answer("sheet")["rows"].append(3)
    assert work.answer("sheet") == {"rows": [1, 2]}


@pytest.mark.parametrize("answers", [{}, {"exercises": []}, {"exercises": {"sheet": {}}}])
def test_a_form_that_nobody_answered_is_not_attempted(answers: dict[str, Any]) -> None:
    for read in (Work({}, answers=answers).answer, Work({}, answers=answers).file):
        with pytest.raises(NotAttempted):
            read("sheet")


@pytest.mark.parametrize("value", ["plan.csv", {"name": "plan.csv", "sha256": "..."}])
def test_a_file_that_was_handed_in_lies_in_the_folder_of_its_exercise(
    tmp_path: Path, value: object
) -> None:
    path = tmp_path / "files" / "sheet" / "plan.csv"
    path.parent.mkdir(parents=True)
    path.write_text("a,b", encoding="utf-8")
    assert given(value, tmp_path).file("sheet") == path


@pytest.mark.parametrize(
    "name", ["gone.csv", "../sheet/plan.csv", "..\\plan.csv", "/etc/hosts", "..", "", "link.csv"]
)
def test_a_name_that_leads_elsewhere_is_no_file(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "files" / "sheet"
    folder.mkdir(parents=True)
    for path in (folder / "plan.csv", tmp_path / "files" / "plan.csv", folder / "..\\plan.csv"):
        path.write_text("a,b", encoding="utf-8")
    (folder / "link.csv").symlink_to(folder / "plan.csv")
    with pytest.raises(NotAttempted):
        given(name, tmp_path).file("sheet")
