"""The facilitator's guide: true of the unit, complete, and with trainers only."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import typer
from hatchling.builders.wheel import WheelBuilder

from kit.checking import unit_module
from kit.cli.guide import run_guide
from kit.content import find_unit
from kit.errors import ContentError, UsageError
from kit.gate.guide import (
    AnsweredItem,
    Guide,
    Section,
    answer_items,
    compare,
    entries,
    highlighted,
    make_guide,
    read_sections,
    render,
)
from kit.gate.mistakes import mistakes_of
from kit.gate.rehearse import Stage, rehearse
from kit.home import make_home, open_home
from kit.model import OutcomeKind, Part

UNIT = find_unit("rightsizing")
PRIVATE = UNIT.folder / "private"
# the anchors for grading speak of this learner's graded case
ANCHOR_LEARNER = "daon"
MANUAL = ("graded-assumptions", "graded-memo")
LANGUAGES = ("en", "ko")


@pytest.fixture(scope="module", params=LANGUAGES)
def guide(request: pytest.FixtureRequest) -> Guide:
    return make_guide(UNIT, request.param)


@pytest.fixture(scope="module")
def page(guide: Guide) -> str:
    return render(guide)


@pytest.fixture(scope="module")
def anchor_stages() -> dict[str, Stage]:
    found = rehearse(UNIT, Part.GRADED, ANCHOR_LEARNER)
    return {stage.exercise: stage for stage in found if stage.exercise in MANUAL}


# --- the page -------------------------------------------------------------------------


def test_it_says_first_that_it_is_for_trainers(page: str) -> None:
    said = {"en": "For trainers only: contains answers", "ko": "강사 전용: 정답 포함"}
    body = page.partition("<body>")[2]
    assert any(0 < body.find(text) < 300 for text in said.values())


def test_it_is_one_file_that_fetches_and_runs_nothing(page: str) -> None:
    assert re.findall(r"<script|<link|<img|<iframe|\bsrc=|@import|url\(|https?://", page) == []
    assert "default-src 'none'" in page


def test_every_link_of_it_leads_somewhere(page: str) -> None:
    wanted = set(re.findall(r'href="#([^"]+)"', page))
    assert len(wanted) > 20
    assert wanted - set(re.findall(r'id="([^"]+)"', page)) == set()
    assert re.findall(r'href="(?!#)', page) == []


def test_no_id_stands_twice(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_every_model_answer_stands_in_it(guide: Guide, page: str) -> None:
    answers = unit_module(UNIT, "solution").ANSWERS
    assert {c.exercise.id for c in guide.cards} == set(answers)
    for answer in answers.values():
        assert highlighted(answer.strip("\n")) in page


def test_every_hint_is_shown_in_the_pages_language(guide: Guide, page: str) -> None:
    counted = sum(len(e.hints) for e in UNIT.exercises)
    said = {"en": r"<summary>Hint \d of \d", "ko": r"<summary>힌트 \d/\d"}[guide.language]
    assert len(re.findall(said, page)) == counted > 20


def test_every_common_mistake_is_told_what_its_check_says(guide: Guide) -> None:
    known = [(card.exercise.id, m) for card in guide.cards for m in card.mistakes]
    assert len(known) == len(mistakes_of(UNIT)) > 50
    hangul = re.compile("[가-힣]")
    for exercise, mistake in known:
        assert mistake.message is not None, (exercise, mistake.label)
        # the message as learners get it: filled in
        assert not re.search(r"\{\w+[:!}]", mistake.message.seen.replace("{{", ""))
        assert mistake.message.label == mistake.label
    # that each message is translated is proved with the unit
    korean = sum(bool(hangul.search(m.message.seen)) for _, m in known if m.message)
    assert korean > 0.8 * len(known) if guide.language == "ko" else korean == 0


def test_every_common_mistake_has_a_question_to_ask_and_its_thought(guide: Guide) -> None:
    hangul = re.compile("[가-힣]")
    for card in guide.cards:
        for mistake in card.mistakes:
            where = f"private/guide{'.ko' if guide.language == 'ko' else ''}.md: {mistake.label}"
            assert mistake.question, where
            assert mistake.thought, where
            assert bool(hangul.search(mistake.thought)) is (guide.language == "ko"), where


def test_graded_exercises_point_to_the_mistakes_of_practice(guide: Guide) -> None:
    like = {c.exercise.id: c.like for c in guide.of(Part.GRADED)}
    assert like["graded-clean"] == ("repair",)
    assert like["graded-bursts"] == ("rule",)
    assert like["graded-memo"] == ("memo",)


def test_right_options_are_those_that_the_author_sealed(guide: Guide) -> None:
    assert {i.item.id: i.right for i in guide.items} == unit_module(UNIT, "solution").ITEM_ANSWERS
    assert all(found.why for found in guide.items)


def test_an_item_without_a_right_option_is_the_authors_error() -> None:
    from dataclasses import replace

    broken = replace(UNIT, items=(replace(UNIT.items[0], options=(("z", "none"),)),))
    with pytest.raises(ContentError, match="0 options fit"):
        list[AnsweredItem](answer_items(broken, {}))


# --- the prose ------------------------------------------------------------------------


def test_both_languages_have_the_same_sections() -> None:
    english, korean = (read_sections(PRIVATE, language) for language in LANGUAGES)
    assert list(korean) == [*english, "thoughts"]
    for key in ("questions", "items"):
        assert list(entries(korean, key)) == list(entries(english, key))
    same = [key for key, part in english.items() if part.body == korean[key].body]
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exercise_and_level_is_spoken_of(language: str) -> None:
    sections = read_sections(PRIVATE, language)
    assert {f"exercise.{e.id}" for e in UNIT.exercises} <= set(sections)
    levels = range(len(UNIT.rubric))
    assert {f"anchor.{e}.{level}" for e in MANUAL for level in levels} <= set(sections)
    assert [e.id for e in UNIT.exercises if e.manual] == list(MANUAL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_the_prose_names_exists(language: str) -> None:
    from kit.cli.app import app
    from kit.cli.trainer import register

    trainers = typer.Typer()
    register(trainers)
    known = {
        name for commands in (app, trainers) for name in typer.main.get_group(commands).commands
    }
    text = "\n".join(part.body for part in read_sections(PRIVATE, language).values())
    named = set(re.findall(r"`upskill ([a-z]+)", text))
    assert {"release", "collect", "grade", "formgrader", "feedback", "report"} <= named
    assert named - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trainers_commands_come_in_their_order(language: str) -> None:
    body = read_sections(PRIVATE, language)["commands"].body
    order = ["release", "collect", "grade", "formgrader", "feedback", "report --format"]
    places = [body.index(f"`upskill {name}") for name in order]
    assert places == sorted(places)


def test_a_comment_in_code_is_no_section(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(
        "# one: First\n```python\n# two: no section\n```\n# three\nend\n", encoding="utf-8"
    )
    found = read_sections(tmp_path, "ko")
    assert found == {
        "one": Section("First", "```python\n# two: no section\n```"),
        "three": Section("", "end"),
    }


def test_without_prose_the_page_has_the_units_own() -> None:
    bare = Guide(UNIT, "en", {}, cards=(), items=())
    assert "decision-ready" in render(bare)


# --- anchors for grading --------------------------------------------------------------


def anchored(language: str, exercise: str, level: int) -> str:
    """An anchor as the answer cell that it stands for."""
    sections = read_sections(PRIVATE, language)
    body = sections[f"anchor.{exercise}.{level}"].body
    if exercise == "graded-memo":
        quoted = [line.lstrip("> ") for line in body.splitlines() if line.startswith(">")]
        return f'recommend = "cloud"\nmemo = """{chr(10).join(quoted)}"""'
    code = "\n".join(re.findall(r"```python\n(.*?)```", body, re.S))
    # the highest level adds its comments to the ranges of the one below
    return code if "ranges" in code else f"{anchored(language, exercise, level - 1)}\n{code}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise", MANUAL)
def test_anchors_of_the_two_upper_levels_pass_the_check_that_these_need(
    anchor_stages: dict[str, Stage], language: str, exercise: str
) -> None:
    for level in (2, 3):
        outcome = anchor_stages[exercise].outcome(anchored(language, exercise, level))
        assert outcome.kind is OutcomeKind.PASSED, (level, outcome.feedback)


@pytest.mark.parametrize("language", LANGUAGES)
def test_anchors_of_the_lower_levels_are_what_the_check_says_of_them(
    anchor_stages: dict[str, Stage], language: str
) -> None:
    told = {
        (exercise, level): anchor_stages[exercise].outcome(anchored(language, exercise, level))
        for exercise in MANUAL
        for level in (0, 1)
    }
    labels = {key: o.feedback.label if o.feedback else "" for key, o in told.items()}
    assert labels == {
        ("graded-assumptions", 0): "same_percent_ranges",
        ("graded-assumptions", 1): "reason_without_source",
        ("graded-memo", 0): "figure_not_in_model",
        ("graded-memo", 1): "point_estimate",
    }


# --- code beside the model answer -----------------------------------------------------


def test_code_is_shown_as_what_differs_from_the_model_answer() -> None:
    answer = "def f(x):\n    a = 1\n    b = 2\n    c = 3\n    return x / (1 - h)\n"
    code = answer.replace("/ (1 - h)", "* (1 + h)")
    assert [(line.sign, line.code) for line in compare(code, answer)] == [
        (" ", "    c = 3"),
        ("-", "    return x / (1 - h)"),
        ("+", "    return x * (1 + h)"),
    ]


def test_blank_lines_are_no_difference() -> None:
    answer = "a = 1\n\n\nb = 2\nc = 3\nd = 4\n"
    code = "a = 9\nb = 2\nc = 3\n\nd = 4\n\n"
    assert [(line.sign, line.code) for line in compare(code, answer)] == [
        ("-", "a = 1"),
        ("+", "a = 9"),
        (" ", "b = 2"),
    ]


def test_places_apart_are_shown_with_a_gap_between() -> None:
    answer = "\n".join(f"x{n} = {n}" for n in range(12))
    code = answer.replace("x0 = 0", "x0 = 9").replace("x11 = 11", "x11 = 9")
    assert [line.sign for line in compare(code, answer)] == list("-+ … -+")


def test_code_with_little_in_common_is_shown_whole() -> None:
    lines = list(compare("findings = {}\n", "SIGNS = {}\nfor row in draft:\n    look(row)\n"))
    assert [(line.sign, line.code) for line in lines] == [(" ", "findings = {}")]


# --- with trainers only ---------------------------------------------------------------


def secrets() -> list[str]:
    """A sentence of each private file, as it stands there."""
    found = []
    for path in sorted(PRIVATE.iterdir()):
        text = path.read_text(encoding="utf-8")
        found += re.findall(r"^- `mean_rule`: (.+)$", text, re.M)[:1]
    assert len(found) == len(LANGUAGES)
    return found


def holding(folder: Path, texts: list[str]) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [
        str(path.relative_to(folder))
        for path in files
        if "private" in path.relative_to(folder).parts
        or any(text.encode() in path.read_bytes() for text in texts)
    ]


def test_a_learners_home_holds_nothing_of_it(tmp_path: Path) -> None:
    make_home(open_home(tmp_path / "home"))
    assert holding(tmp_path / "home", secrets()) == []


def test_the_notebooks_that_are_released_hold_nothing_of_it() -> None:
    source = UNIT.folder.parents[2] / "assignments" / "source"
    assert holding(source, secrets()) == []


def test_the_wheel_takes_nothing_of_it() -> None:
    root = UNIT.folder.parents[2]
    builder = WheelBuilder(str(root))
    taken = [Path(file.relative_path).as_posix() for file in builder.recurse_included_files()]
    assert any(name.endswith("02_rightsizing/workbook.toml") for name in taken)
    assert [name for name in taken if "/private/" in name or "solution.py" in name] == [
        name for name in taken if name.startswith("kit/gate/scaffold/") and "solution" in name
    ]


def test_outside_a_checkout_the_command_says_where_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    folder = tmp_path / "installed"
    shutil.copytree(
        UNIT.folder,
        folder,
        ignore=shutil.ignore_patterns("*solution.py", "misconceptions", "private", "*.md"),
    )
    monkeypatch.setattr("kit.cli.guide.find_unit", lambda _name: replace(UNIT, folder=folder))
    out = tmp_path / "guide.html"
    with pytest.raises(ContentError) as told:
        run_guide("rightsizing", out, "en")
    assert "git" not in told.value.what
    assert "Clone the repository" in told.value.fix
    assert "upskill guide rightsizing" in told.value.fix
    assert not out.exists()


def test_no_guide_is_written_into_a_learners_home(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    make_home(home)
    for out in (home.root / "g.html", home.root / "units" / "g.html"):
        with pytest.raises(UsageError) as told:
            run_guide("rightsizing", out, "en")
        assert str(home.root) in told.value.where
        assert not out.exists()


def test_the_command_writes_the_page_where_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "there" / "g.html"
    assert run_guide("rightsizing", out, "en") == out
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    printed = capsys.readouterr().out
    assert str(out) in printed
    assert "contains the answers" in printed
