"""A self-learner hands in; the real nbgrader grades."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from grading_helpers import (
    RIGHT,
    cell_of,
    change,
    edit,
    events,
    gradebook_scores,
    scores,
    submit,
)

from kit.cli.submit import result_file
from kit.content import find_exercise
from kit.data.seeds import open_seed
from kit.grading.rows import allowed_level
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.notebooks import Notebook, kit_metadata, source

pytestmark = pytest.mark.grading


@pytest.fixture(scope="module")
def home(new_home: Any) -> LearnerHome:
    """One home for submissions that overwrite each other: its course is made once."""
    return new_home()


@pytest.fixture
def practice(home: LearnerHome, content: Unit) -> LearnerHome:
    """The home with an untouched workbook; what was graded before stays."""
    from kit.home import starter
    from kit.notebooks import write_notebook

    for part in Part:
        write_notebook(home.notebook(content, part), starter(home, content, part))
    return home


def test_untouched_work_is_not_ready_and_leaves_no_submission(new_home: Any, content: Unit) -> None:
    fresh = new_home()
    result = submit(fresh, content)
    assert result["assignments"] == []
    assert [row["name"] for row in result["not_ready"]] == ["tiny-practice", "tiny"]
    assert (result["practised_share"], result["graded_share"]) == (0.0, None)
    assert not result["complete"]
    assert not (fresh.state / "course" / "submitted").exists()
    assert events(fresh) == []


def test_wrong_answer_earns_nothing_and_gets_its_message(
    practice: LearnerHome, content: Unit
) -> None:
    edit(practice, content, Part.PRACTICE, count="count = 99")
    result = submit(practice, content)
    row = cell_of(result, "count")
    assert (row["points"], row["outcome"]) == (0.0, "incorrect")
    assert row["message"] == "You count 99 disks; your list holds others."
    assert cell_of(result, "total")["outcome"] == "not_attempted"
    assert gradebook_scores(practice, "tiny-practice")["count"]["auto"] == 0.0


def test_resubmission_improves_and_keeps_the_earlier_submission(
    practice: LearnerHome, content: Unit
) -> None:
    edit(practice, content, Part.PRACTICE, count="count = 98", total=RIGHT["total"])
    first = submit(practice, content)
    edit(practice, content, Part.PRACTICE, **RIGHT)
    second = submit(practice, content)
    assert (first["assignments"][0]["score"], second["assignments"][0]["score"]) == (1.0, 2.0)
    history = practice.state / "course" / "history" / practice.learner / "tiny-practice"
    kept = [p.read_text(encoding="utf-8") for p in history.glob("*/workbook.ipynb")]
    assert sum("count = 98" in text for text in kept) == 1


def test_right_answers_earn_all_points_and_are_stored(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)
    result = submit(practice, content)
    assert scores(result) == {"count": 1.0, "total": 1.0}
    assert result["practised_share"] == 1.0
    assert result["verified"] is False
    stored = json.loads(result_file(practice, content).read_text(encoding="utf-8"))
    assert stored == result
    assert set(stored) == {
        "unit",
        "assignments",
        "not_ready",
        "damaged",
        "notes",
        "practised_share",
        "graded_share",
        "complete",
        "missing",
        "verified",
    }


def test_broken_code_in_one_cell_costs_that_exercise_only(
    practice: LearnerHome, content: Unit
) -> None:
    edit(practice, content, Part.PRACTICE, count="count = = 3", total=RIGHT["total"])
    result = submit(practice, content)
    assert scores(result) == {"count": 0.0, "total": 1.0}
    assert cell_of(result, "count")["outcome"] == "not_attempted"


def test_deleted_check_cell_comes_back_and_is_graded(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)

    def delete(notebook: Notebook) -> None:
        notebook["cells"] = [
            c
            for c in notebook["cells"]
            if kit_metadata(c)
            not in ({"id": "count", "role": "check"}, {"id": "unit", "role": "setup"})
        ]

    change(practice, content, Part.PRACTICE, delete)
    assert scores(submit(practice, content)) == {"count": 1.0, "total": 1.0}


def test_answer_moved_to_a_cell_of_ones_own_counts(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)

    def move(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if cell["id"] == "count-answer":
                cell["metadata"], cell["id"] = {}, "mine"

    change(practice, content, Part.PRACTICE, move)
    assert scores(submit(practice, content))["count"] == 1.0


def test_duplicated_cells_are_graded_once(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)

    def double(notebook: Notebook) -> None:
        copies = [dict(cell, id=f"copy-{i}") for i, cell in enumerate(notebook["cells"])]
        notebook["cells"] = [
            c for pair in zip(copies, notebook["cells"], strict=True) for c in pair
        ]

    change(practice, content, Part.PRACTICE, double)
    result = submit(practice, content)
    assert scores(result) == {"count": 1.0, "total": 1.0}
    assert result["assignments"][0]["max_score"] == 2.0


def test_edited_check_and_points_are_put_back(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, count="count = 99")

    def cheat(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if cell["id"] == "count-check":
                cell["source"] = "1.0"
                cell["metadata"]["nbgrader"].update(points=50, grade=False, locked=False)
            if cell["id"] == "total-check":
                cell["metadata"]["nbgrader"] = {"grade": True, "nonsense": 1}

    change(practice, content, Part.PRACTICE, cheat)
    result = submit(practice, content)
    assert scores(result) == {"count": 0.0, "total": 0.0}
    assert cell_of(result, "count")["outcome"] == "incorrect"


def test_uncheckable_goes_to_a_person_and_is_never_a_zero(
    practice: LearnerHome, content: Unit
) -> None:
    edit(practice, content, Part.PRACTICE, count=RIGHT["count"], total="total = -1")
    result = submit(practice, content)
    assert cell_of(result, "total")["outcome"] == "uncheckable"
    assert result["assignments"][0]["max_score"] == 1.0
    assert result["practised_share"] == 1.0
    grade = gradebook_scores(practice, "tiny-practice")["total"]
    assert (grade["auto"], grade["needs_manual"]) == (None, True)


def test_a_check_that_said_nothing_earns_nothing_and_the_rest_is_kept(
    practice: LearnerHome, content: Unit
) -> None:
    text = f"import os\n{RIGHT['total']}\nos._exit(0)"
    edit(practice, content, Part.PRACTICE, count=RIGHT["count"], total=text)
    result = submit(practice, content)
    assert scores(result) == {"count": 1.0, "total": 0.0}
    assert cell_of(result, "total")["outcome"] == "unknown"
    assert gradebook_scores(practice, "tiny-practice")["total"]["needs_manual"]


def test_warnings_and_prints_of_right_code_cost_nothing(
    practice: LearnerHome, content: Unit
) -> None:
    loud = (
        "import sys, warnings\n\ndef largest(disks):\n"
        "    print('thinking', file=sys.stderr)\n    warnings.warn('old', stacklevel=1)\n"
        "    return max(disks)"
    )
    edit(practice, content, Part.GRADED, case=loud)
    assert cell_of(submit(practice, content), "case")["points"] == 4.0


def test_files_beside_the_notebook_do_not_stand_in_for_the_kernel(
    practice: LearnerHome, content: Unit
) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)
    folder = practice.assignment_folder(content, Part.PRACTICE)
    trap = folder / "ipykernel_launcher.py"
    trap.write_text("raise SystemExit('taken over')", encoding="utf-8")
    try:
        assert scores(submit(practice, content)) == {"count": 1.0, "total": 1.0}
    finally:
        trap.unlink()


def test_identity_comes_from_the_gradebook_not_from_the_notebook(
    practice: LearnerHome, content: Unit
) -> None:
    import random

    # the answer of somebody else's case, and everything a notebook can say to claim it
    seeds = {
        name: random.Random(f"{open_seed('self', name, 'tiny', 'practice')} practice")
        for name in (practice.learner, "somebody-else")
    }
    sums = {
        name: sum(s.randrange(50, 500, 50) for _ in range(s.randint(3, 9)))
        for name, s in seeds.items()
    }
    assert len(set(sums.values())) == 2
    edit(practice, content, Part.PRACTICE, total=f"total = {sums['somebody-else']}")

    def claim(notebook: Notebook) -> None:
        notebook["metadata"]["kit"].update(learner="somebody-else", course="theirs")

    change(practice, content, Part.PRACTICE, claim)
    folder = practice.assignment_folder(content, Part.PRACTICE)
    forged = folder / "home.json"
    forged.write_text('{"learner": "somebody-else"}', encoding="utf-8")
    try:
        assert cell_of(submit(practice, content), "total")["outcome"] == "incorrect"
    finally:
        forged.unlink()


def test_hidden_data_differ_from_practice_and_the_secret_is_not_given_away(
    practice: LearnerHome, content: Unit
) -> None:
    spy = "import os\nseen = dict(os.environ)\nprint(seen['UPSKILL_GRADING'])\ntotal = 0"
    edit(practice, content, Part.PRACTICE, total=spy)
    submit(practice, content)
    course = practice.state / "course"
    text = (
        course / "autograded" / practice.learner / "tiny-practice" / "workbook.ipynb"
    ).read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    printed = next(c for c in cells if "seen = dict" in source(c))["outputs"][0]["text"]
    told = json.loads("".join(printed))
    assert told["learner"] == practice.learner
    assert told["assignment"] == "tiny-practice"
    assert told["hidden_seed"] != open_seed(practice.course, practice.learner, "tiny", "hidden")
    secret = course / "private" / "secret"
    assert len(secret.read_bytes()) == 32
    assert secret.read_bytes().hex() not in text
    if os.name == "posix":
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_grading_leaves_no_trace_in_home_or_process(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)
    before, folder, count = dict(os.environ), Path.cwd(), len(events(practice))
    submit(practice, content)
    assert (dict(os.environ), Path.cwd()) == (before, folder)
    # the checks that grading runs are not the learner's attempts
    assert [e["event"] for e in events(practice)[count:]] == ["submit", "graded"]


def test_self_rated_manual_work_counts_by_the_rubric_and_completes(
    practice: LearnerHome, content: Unit
) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)
    graded = {
        "case": "def largest(disks):\n    return max(disks)",
        "memo": "Because disk 3 fills up.",
    }
    edit(practice, content, Part.GRADED, **graded)
    unrated = submit(practice, content)
    row = cell_of(unrated, "memo")
    assert (row["points"], row["rated"], row["outcome"]) == (0.0, None, "to_rate")
    assert unrated["graded_share"] == pytest.approx(0.4)
    assert not unrated["complete"]
    assert gradebook_scores(practice, "tiny")["memo"]["needs_manual"]

    rated = submit(practice, content, memo=2)
    row = cell_of(rated, "memo")
    assert (row["points"], row["rated"], row["outcome"]) == (4.5, 2, "rated")
    assert rated["graded_share"] == pytest.approx(0.85)
    assert (rated["complete"], rated["verified"], rated["missing"]) == (True, False, [])
    assert gradebook_scores(practice, "tiny")["memo"]["manual"] == 4.5

    again = submit(practice, content)
    assert cell_of(again, "memo")["rated"] == 2


def test_a_rating_counts_as_level_1_while_a_check_that_it_needs_fails(
    new_home: Any, content: Unit
) -> None:
    learner = new_home()
    wrong = "def largest(disks):\n    return min(disks)"
    edit(learner, content, Part.GRADED, case=wrong, memo="Because disk 3 fills up.")
    row = cell_of(submit(learner, content, memo=3), "memo")
    share = content.rubric[1].share
    assert (row["rated"], row["points"]) == (1, pytest.approx(share * 6))
    title = next(e.title for e in content.exercises if e.id == "case")
    assert f"until the check of “{title}” passes" in row["message"]
    # nobody judged the work to be of that level: its text would state something of the work
    assert content.rubric[1].text not in row["message"]

    edit(learner, content, Part.GRADED, case="def largest(disks):\n    return max(disks)")
    row = cell_of(submit(learner, content), "memo")
    assert (row["rated"], row["points"]) == (3, pytest.approx(content.rubric[3].share * 6))


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        ({"memo": "passed", "defence": "passed"}, 3),
        ({"memo": "passed", "defence": "uncheckable"}, 3),
        ({"memo": "incorrect", "defence": "passed"}, 1),
        ({"memo": "not_attempted", "defence": "passed"}, 0),
        ({"memo": "passed", "defence": "not_attempted"}, 1),
        ({"memo": "passed"}, 1),
    ],
)
def test_what_counts_of_a_rating_follows_from_the_checks(
    content: Unit, kinds: dict[str, str], level: int
) -> None:
    memo = replace(find_exercise(content, "memo"), needs=("memo", "defence"))
    assert allowed_level(memo, 3, kinds)[0] == level
    assert allowed_level(memo, 0, kinds) == (0, "")


def test_rating_cannot_lift_what_was_never_written(new_home: Any, content: Unit) -> None:
    learner = new_home()
    edit(learner, content, Part.GRADED, case="def largest(disks):\n    return max(disks)")
    row = cell_of(submit(learner, content, memo=3), "memo")
    assert (row["points"], row["rated"], row["outcome"]) == (0.0, None, "not_attempted")


def test_korean_home_gets_korean_messages(new_home: Any, content: Unit) -> None:
    learner = new_home("ko")
    edit(learner, content, Part.PRACTICE, count="count = 99")
    row = cell_of(submit(learner, content), "count")
    assert row["message"] == "디스크를 99개로 셌지만 목록과 다릅니다."
    assert row["title"] == "디스크 세기"


def test_content_with_other_exercises_is_registered_anew(
    practice: LearnerHome, content: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.gate.build import build_unit

    edit(practice, content, Part.PRACTICE, **RIGHT)
    submit(practice, content)
    source_file = content.folder / "workbook.md"
    text = source_file.read_text(encoding="utf-8")
    extra = "\n\n```{code-cell} ipython3\n:kit: total.setup\n\nspare = 1\n```\n"
    source_file.write_text(text + extra, encoding="utf-8")
    try:
        build_unit(content)
        assert scores(submit(practice, content)) == {"count": 1.0, "total": 1.0}
    finally:
        source_file.write_text(text, encoding="utf-8")
        build_unit(content)


def test_part_that_is_not_ready_keeps_its_last_result(practice: LearnerHome, content: Unit) -> None:
    edit(practice, content, Part.PRACTICE, **RIGHT)
    submit(practice, content)
    from kit.home import starter
    from kit.notebooks import write_notebook

    fresh = starter(practice, content, Part.PRACTICE)
    write_notebook(practice.notebook(content, Part.PRACTICE), fresh)
    result = submit(practice, content)
    assert scores(result)["count"] == 1.0
    assert "tiny-practice" in [row["name"] for row in result["not_ready"]]
