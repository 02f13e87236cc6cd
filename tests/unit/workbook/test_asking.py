"""Answers in forms: taken in, counted, judged, and nowhere said to be right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.answers import AnswerFile
from kit.blank import BLANK
from kit.checking.forms import seal_answer
from kit.content import load_units
from kit.errors import CheckError, UsageError
from kit.gate.build import build_unit
from kit.home import LearnerHome, make_home, open_home
from kit.model import OUTCOME_MIME, OutcomeKind, Part, Unit
from kit.progress import ProgressLog
from kit.progress.handin import practice_summary
from kit.widgets.ask import FileGiven
from kit.workbook import Workbook, open_workbook
from tests.forms_unit import (
    SEALED,
    only_forms,
    plan_of,
    right_answers,
    with_forms,
    wrong_answers,
)

FORMS = ("who", "checks", "order", "keeper", "size", "reason", "sheet", "register", "review")


@pytest.fixture
def forms(tmp_path: Path) -> Iterator[Unit]:
    with only_forms(tmp_path / "content") as unit:
        yield unit


@pytest.fixture
def home(forms: Unit, own_home: Path) -> LearnerHome:
    home = open_home(own_home, "en")
    make_home(home)
    return home


@pytest.fixture
def names() -> dict[str, Any]:
    return {}


@pytest.fixture
def wb(home: LearnerHome, names: dict[str, Any]) -> Workbook:
    return open_workbook("forms", names=names)


@pytest.fixture
def planned(wb: Workbook, names: dict[str, Any]) -> Workbook:
    names["plan"] = plan_of(wb.case())
    return wb


def answers(home: LearnerHome, unit: Unit) -> Path:
    return home.assignment_folder(unit, Part.PRACTICE) / "answers.json"


def asked(wb: Workbook, exercise: str) -> Any:
    widget = wb.ask(exercise)
    assert widget is not None
    return widget


def send(wb: Workbook, exercise: str, value: object) -> Any:
    """Answer in the widget; returns it with its reply."""
    widget = asked(wb, exercise)
    if isinstance(value, FileGiven):
        told = {"name": value.name, "part": 0, "last": True, "number": 1}
        widget._receive(widget, told, [memoryview(value.data)])
    else:
        widget._receive(widget, {"value": value, "number": 1}, [])
    return widget


def test_each_form_is_not_attempted_then_wrong_with_its_label_then_right(
    forms: Unit, planned: Workbook, tmp_path: Path
) -> None:
    right = right_answers(forms, planned, tmp_path / "mine")
    wrong = wrong_answers(forms, planned, tmp_path / "mine")
    assert set(right) == set(wrong) == {e.id for e in with_forms(forms)}
    for exercise, (value, label) in wrong.items():
        assert planned.outcome(exercise).kind is OutcomeKind.NOT_ATTEMPTED, exercise
        planned.answer(exercise, value)
        told = planned.outcome(exercise)
        assert told.feedback is not None
        assert (told.kind, told.feedback.label) == (OutcomeKind.INCORRECT, label)
        planned.answer(exercise, right[exercise])
        told = planned.outcome(exercise)
        assert (told.kind, told.attempts) == (OutcomeKind.PASSED, 2), exercise


def test_the_widget_takes_the_same_answers_as_the_call(
    forms: Unit, home: LearnerHome, planned: Workbook, tmp_path: Path
) -> None:
    right = right_answers(forms, planned, tmp_path / "mine")
    file = Path(right["sheet"])
    for exercise, value in right.items():
        given = FileGiven(file.name, file.read_bytes()) if exercise == "sheet" else value
        widget = send(planned, exercise, given)
        assert (widget.reply["refused"], widget.attempts) == (False, 1), exercise
        assert planned.outcome(exercise).kind is OutcomeKind.PASSED, exercise
        before = answers(home, forms).read_bytes()
        # the same in code is the same answer, to the byte
        planned.answer(exercise, value)
        assert answers(home, forms).read_bytes() == before


@pytest.mark.parametrize(
    ("exercise", "value"),
    [
        ("who", "d"),
        ("checks", ["fill", "none"]),
        ("order", ["ask"]),
        ("keeper", "a"),
        ("size", -1),
        ("size", "much"),
        ("register", [{"colour": "red"}]),
        ("review", {"D7": "not in the draft"}),
        ("sheet", "x"),
    ],
)
def test_what_is_not_offered_is_refused_and_counts_for_nothing(
    forms: Unit, home: LearnerHome, planned: Workbook, exercise: str, value: object
) -> None:
    with pytest.raises(UsageError):
        planned.answer(exercise, value)
    widget = send(planned, exercise, value)
    assert widget.reply["refused"]
    assert (widget.given, widget.attempts) == (None, 0)
    assert not answers(home, forms).exists()


@pytest.mark.parametrize(("name", "size"), [("list.txt", 3), ("list.csv", 3_000_001), ("x.csv", 0)])
def test_a_file_of_another_kind_or_size_is_refused_and_not_kept(
    forms: Unit, home: LearnerHome, wb: Workbook, tmp_path: Path, name: str, size: int
) -> None:
    (tmp_path / name).write_bytes(b"x" * size)
    with pytest.raises(UsageError):
        wb.answer("sheet", tmp_path / name)
    assert send(wb, "sheet", FileGiven(name, b"x" * size)).reply["refused"]
    assert not (answers(home, forms).parent / "files").exists()


def test_what_is_typed_and_not_saved_comes_back_until_it_is_an_answer(
    forms: Unit, home: LearnerHome, wb: Workbook
) -> None:
    row = {"disk": "db", "size": "1,2", "keep": ""}
    drafts: dict[str, object] = {
        "who": "c",
        "size": "12 G",
        "register": [row],
        "review": {"D1": ""},
    }
    for exercise, draft in drafts.items():
        asked(wb, exercise)._receive(None, {"draft": draft, "number": 1}, [])
    again = open_workbook("forms", names={})
    # what cannot stand in the form changes nothing
    asked(wb, "who")._receive(None, {"draft": ["c"], "number": 2}, [])
    assert {exercise: asked(again, exercise).draft for exercise in drafts} == drafts
    assert not answers(home, forms).exists()
    # whichever way it is answered, the draft has done its work
    again.answer("who", "b")
    assert send(again, "size", 3).draft is None
    assert [asked(wb, exercise).draft for exercise in ("who", "size")] == [None, None]
    assert asked(wb, "register").draft == [row]
    assert send(again, "register", "no table").reply["refused"]
    assert asked(wb, "register").draft == [row]


def test_how_sure_somebody_is_lies_with_the_answer_and_the_check_and_is_not_handed_in(
    home: LearnerHome, planned: Workbook, forms: Unit, tmp_path: Path, capsys: Any
) -> None:
    right = right_answers(forms, planned, tmp_path / "mine")["keeper"]
    assert asked(planned, "keeper").form["way"].endswith('"KEY", sure=PERCENT)')
    planned.answer("keeper", right, sure=60)
    planned.check("keeper")
    assert planned.outcome("keeper").score == 1.0
    widget = asked(planned, "keeper")
    widget._receive(widget, {"value": right, "confidence": 90, "number": 1}, [])
    assert (asked(planned, "keeper").confidence, widget.attempts) == (90, 1)
    planned.check("keeper")
    planned.answer("who", "b")
    planned.check("who")
    log = ProgressLog(home.progress_file).read()
    assert [a.data for a in log] == [{"confidence": 60}, {"confidence": 90}, {}]
    assert "confidence" not in json.dumps(AnswerFile(answers(home, forms)).for_trainer())
    assert "confidence" not in json.dumps(practice_summary(log, forms, "en", ""))
    planned.moved()
    assert "Exercises at the first check: 100% of 1 right, 60% sure." in capsys.readouterr().out


@pytest.mark.parametrize("sure", [101, -1, "80", 60.5, True])
def test_how_sure_is_a_percentage(
    forms: Unit, home: LearnerHome, wb: Workbook, sure: object
) -> None:
    with pytest.raises(UsageError, match="no share of a hundred"):
        wb.answer("who", "b", sure=sure)
    assert not answers(home, forms).exists()


def test_a_file_lands_in_the_folder_of_its_exercise_whatever_it_is_called(
    forms: Unit, home: LearnerHome, wb: Workbook
) -> None:
    send(wb, "sheet", FileGiven("../../../my list.csv", b"disk\n"))
    folder = answers(home, forms).parent / "files" / "sheet"
    assert [path.name for path in folder.iterdir()] == ["my list.csv"]
    with pytest.raises(UsageError, match="cannot be read"):
        wb.answer("sheet", "not there.csv")


def test_attempts_survive_a_restart_and_reach_panel_and_bundle(
    home: LearnerHome, wb: Workbook
) -> None:
    for value in ("a", "a", "c", "b"):
        wb.answer("who", value)
    again = open_workbook("forms", names={})
    bundle, _ = again.check("who")._repr_mimebundle_()
    assert bundle[OUTCOME_MIME]["attempts"] == 3
    assert "Answers given so far: 3" in bundle["text/plain"]
    widget = again.ask("who")
    assert widget is not None
    assert (widget.given, widget.attempts) == ("b", 3)
    assert [a.event for a in ProgressLog(home.progress_file).read()] == ["check"]


def test_a_blank_saves_nothing(
    forms: Unit, home: LearnerHome, wb: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    wb.answer("who", BLANK)
    wb.answer("checks", ["fill", BLANK])
    assert capsys.readouterr().out.count("still blank") == 2
    assert not answers(home, forms).exists()


def test_nothing_is_asked_or_taken_while_nbgrader_runs(
    forms: Unit, home: LearnerHome, wb: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert wb.ask("who") is None
    wb.answer("who", "b")
    wb.answer("who", "not offered")
    assert not answers(home, forms).exists()


def test_a_defence_waits_for_what_it_asks_about_and_asks_anew_when_that_changes(
    wb: Workbook, names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert wb.ask("defence") is None
    assert "`plan` is not there yet" in capsys.readouterr().out
    with pytest.raises(UsageError, match="`plan` is not there yet"):
        wb.answer("defence", {"q1": 1})
    names["plan"] = {"disk-1": 10, "disk-2": 30}
    first = wb.ask("defence")
    assert first is not None
    ids = [one["id"] for one in first.form["questions"]]
    assert [one["numeric"] for one in first.form["questions"]] == [True, True, True, False, True]
    wb.answer("defence", dict(zip(ids, [40, 10, 2, "disk-2", 60], strict=True)))
    assert wb.outcome("defence").kind is OutcomeKind.PASSED
    names["plan"]["disk-1"] = 20
    second = wb.ask("defence")
    assert second is not None
    assert second.given is None
    assert not {one["id"] for one in second.form["questions"]} & set(ids)
    assert wb.outcome("defence").kind is OutcomeKind.INCORRECT


def test_options_of_a_case_differ_from_learner_to_learner(forms: Unit, tmp_path: Path) -> None:
    from dataclasses import replace

    from kit.identity import current_identity

    shown = set()
    for learner in ("ara", "bora", "chan", "dana"):
        who = replace(current_identity(), learner=learner)
        widget = Workbook(forms, Part.PRACTICE, {}, who).ask("keeper")
        assert widget is not None
        shown.add(json.dumps(widget.form["options"]))
    assert len(shown) > 1


@pytest.mark.parametrize("exercise", ["plan", "letter", "nothing"])
def test_what_has_no_form_here_is_refused_with_the_way(wb: Workbook, exercise: str) -> None:
    for call in (wb.ask, lambda name: wb.answer(name, "x")):
        with pytest.raises(UsageError) as raised:
            call(exercise)
        assert raised.value.fix


def test_a_form_that_the_author_broke_is_our_fault(forms: Unit, wb: Workbook) -> None:
    case = forms.folder / "case.py"
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace('enumerate(case["names"], 1)', 'case["nobody"]'), encoding="utf-8")
    load_units.cache_clear()
    with pytest.raises(CheckError, match="our fault"):
        open_workbook("forms", names={}).ask("keeper")


@pytest.mark.parametrize(
    "value", [[], {}, 0, "z", [["a"]], {"name": "../x"}, {"D1": 3}, [{"a": 1}]]
)
def test_an_edited_answer_never_breaks_a_form_or_a_check(
    forms: Unit, home: LearnerHome, planned: Workbook, value: object
) -> None:
    told = {e.id: {"value": value, "attempts": "many"} for e in with_forms(forms)}
    answers(home, forms).write_text(json.dumps({"exercises": told}), encoding="utf-8")
    for exercise in FORMS:
        assert planned.ask(exercise) is not None
        outcome = planned.outcome(exercise)
        assert outcome.attempts == 0
        if exercise not in ("size", "register"):
            assert outcome.kind is not OutcomeKind.PASSED


def test_korean_learners_are_asked_in_korean(forms: Unit, own_home: Path) -> None:
    make_home(open_home(own_home, "ko"))
    widget = open_workbook("forms", names={}).ask("who")
    assert widget is not None
    assert widget.form["title"] == "도구가 낸 수치는 누가 책임지나요?"
    assert widget.words["save"] == "답 저장"
    assert dict(widget.form["options"])["a"] == "도구"


OTHERS = {"who": "c", "checks": ["fill", "colour"], "order": ["copy", "ask", "test", "switch"]}


def everything_that_a_learner_has(root: Path, right: Mapping[str, Any] | None) -> dict[str, str]:
    """The installed unit, the home, each form's state, words and page; answers were given."""
    with only_forms(root / "content") as unit, pytest.MonkeyPatch.context() as patch:
        toml = unit.folder / "workbook.toml"
        for exercise in unit.exercises:
            if right and exercise.asked.digest:
                other = seal_answer(exercise, right[exercise.id])
                text = toml.read_text(encoding="utf-8").replace(exercise.asked.digest, other)
                toml.write_text(text, encoding="utf-8")
        load_units.cache_clear()
        unit = load_units()["forms"]
        build_unit(unit)
        patch.setenv("UPSKILL_HOME", str(root / "home"))
        make_home(open_home(root / "home", "en"))
        wb = open_workbook("forms", names={"plan": {"disk-1": 10, "disk-2": 30}})
        found = {}
        for exercise in with_forms(unit):
            if exercise.id in SEALED:
                wb.answer(exercise.id, SEALED[exercise.id])
            widget = wb.ask(exercise.id)
            assert widget is not None
            state = {name: getattr(widget, name) for name in ("form", "given", "words", "reply")}
            found[f"widget {exercise.id}"] = json.dumps([state, widget.forms()])
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
        found["digests"] = " ".join(e.asked.digest for e in unit.exercises if e.asked.digest)
        return found


def test_what_is_right_stands_in_a_digest_and_nowhere_else(tmp_path: Path) -> None:
    one = everything_that_a_learner_has(tmp_path / "one", None)
    other = everything_that_a_learner_has(tmp_path / "other", OTHERS)
    assert one.keys() == other.keys()
    assert any(name.endswith("answers.json") for name in one)
    # units that differ in nothing but the right answers differ in nothing but the digests
    differing = {name for name in one if one[name] != other[name].replace("/other/", "/one/")}
    assert differing == {"digests", "content/workbooks/demo/02_forms/workbook.toml"}
    bare = set()
    for side in (one, other):
        text = side["content/workbooks/demo/02_forms/workbook.toml"]
        for digest in side["digests"].split():
            text = text.replace(digest, "")
        bare.add(text)
    assert len(bare) == 1


def test_a_question_shows_no_answer_to_it(wb: Workbook, names: dict[str, Any]) -> None:
    names["plan"] = {"disk-1": 17, "disk-2": 31}
    widget = wb.ask("defence")
    assert widget is not None
    told = json.dumps([widget.form, widget.given, widget.words, widget.forms()])
    for answer in ("48", "17", "31", "disk-2", "62"):
        assert answer not in told
    names["plan"] = {"disk-1": 17, "disk-2": 99}
    again = wb.ask("defence")
    assert again is not None
    stripped = [{**one, "id": ""} for one in again.form["questions"]]
    assert stripped == [{**one, "id": ""} for one in widget.form["questions"]]
