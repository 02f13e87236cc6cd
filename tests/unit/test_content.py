"""Units on disk become the model; what is wrong is named by file and key."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import kit.content
from kit.content import (
    content_root,
    find_exercise,
    find_unit,
    load_programme,
    load_unit,
    load_units,
    read_toml,
)
from kit.errors import ContentError, UsageError
from kit.model import Asked, ExerciseKind, Field, Form, Part, Reality, Unit

FIXTURES = Path(__file__).parents[1] / "fixtures" / "units"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = shutil.copytree(FIXTURES, tmp_path / "content")
    return root / "workbooks" / "demo" / "01_tiny"


def rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "workbook.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_id_that_two_units_have_is_refused_with_both(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    for name in ("01_first", "02_second"):
        shutil.copytree(folder, root / "workbooks" / "demo" / name)
    with pytest.raises(ContentError, match="01_first") as raised:
        load_units(root)
    assert "02_second" in raised.value.where


def test_a_unit_is_read_with_its_exercises_and_rubric(folder: Path) -> None:
    unit = load_unit(folder)
    assert (unit.id, unit.track, unit.minutes) == ("tiny", "demo", 10)
    assert unit.review_by == date(2030, 1, 1)
    count, memo = unit.exercises[0], unit.exercises[3]
    assert (count.part, count.kind, count.reality, count.points) == (
        Part.PRACTICE,
        ExerciseKind.JUDGEMENT,
        Reality.SIMULATED,
        1,
    )
    assert count.hints == ("Count what the list holds.",)
    assert (memo.part, memo.points, memo.manual) == (Part.GRADED, 6, True)
    assert [level.share for level in unit.rubric] == [0.0, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "tiny"\n', "", "id"),
        ("minutes = 10", 'minutes = "ten"', "minutes"),
        ("review_by = 2030-01-01", 'review_by = "2030-01-01"', "review_by"),
        ('kind = "judgement"', 'kind = "guess"', "exercises[0].kind"),
        ('reality = "SIMULATED"', 'reality = "MAYBE"', "exercises[0].reality"),
        ('title = "Count the disks"\n', "", "exercises[0].title"),
        ("share = 0.5", 'share = "half"', "rubric[1].share"),
    ],
)
def test_a_missing_or_wrong_key_is_named(folder: Path, old: str, new: str, key: str) -> None:
    rewrite(folder, old, new)
    with pytest.raises(ContentError) as raised:
        load_unit(folder)
    assert raised.value.where == f"{folder / 'workbook.toml'}: {key}"


@pytest.mark.parametrize(
    ("old", "new", "key", "fix"),
    [
        ("minutes = 10", "minutes = 10\nminuts = 10", "minuts", "Did you mean 'minutes'?"),
        ("hints =", "hint =", "exercises[0].hint", "Did you mean 'hints'?"),
        (
            'kind = "judgement"',
            'kind = "judgement"\nzzz = 1',
            "exercises[0].zzz",
            "Keys: id",
        ),
        ("share = 0.5", "share = 0.5\nshares = 1", "rubric[1].shares", "Did you mean 'share'?"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(
    folder: Path, old: str, new: str, key: str, fix: str
) -> None:
    rewrite(folder, old, new)
    with pytest.raises(ContentError) as raised:
        load_unit(folder)
    assert raised.value.where == f"{folder / 'workbook.toml'}: {key}"
    assert raised.value.fix.startswith(fix)


FORM = """\
[[exercises]]
id = "register"
form = "table"
title = "Fill in the register"
kind = "judgement"
reality = "REAL"
minutes = 3
names = ["plan", "why"]
decides = ["plan"]
[exercises.asked]
columns = [
  {id = "size", title = "Size", type = "number", unit = "vCPU"},
  {id = "at", title = "At", type = "choice", options = ["1", "2"]},
]

[[exercises]]
id = "load"
form = "number"
title = "The load"
kind = "judgement"
reality = "REAL"
minutes = 3
[exercises.asked]
unit = "%"
low = 1
high = 9

[[exercises]]
id = "who"
form = "choice"
confidence = true
title = "Who answers for it?"
kind = "judgement"
reality = "REAL"
minutes = 3
[exercises.asked]
options = [["a", "One"], ["b", "Two"]]
digest = "00112233445566778899aabbccddeeff"

[[exercises]]
id = "sheet"
form = "file"
title = "Hand it in"
kind = "judgement"
reality = "REAL"
minutes = 3
[exercises.asked]
suffixes = [".CSV", ".xlsx"]
max_mb = 2

[[rubric]]
"""


def test_a_form_is_read_with_what_it_shows(folder: Path) -> None:
    rewrite(folder, "[[rubric]]\n", FORM)
    unit = load_unit(folder)
    register, load, who, sheet = unit.exercises[-4:]
    assert (register.form, register.decides) == (Form.TABLE, ("plan",))
    columns = (Field("size", "Size", "number", "vCPU"), Field("at", "At", "choice", "", ("1", "2")))
    assert register.asked == Asked(columns=columns)
    assert load.asked == Asked(unit="%", low=1.0, high=9.0)
    sealed = "00112233445566778899aabbccddeeff"
    assert who.asked == Asked(options=(("a", "One"), ("b", "Two")), digest=sealed)
    assert sheet.asked == Asked(suffixes=(".csv", ".xlsx"), max_mb=2)
    assert (who.confidence, sheet.confidence) == (True, False)
    assert (unit.exercises[0].form, unit.exercises[0].asked) == (Form.CODE, Asked())


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('form = "table"', 'form = "tabel"', "exercises[4].form"),
        ("confidence = true", 'confidence = "no"', "exercises[6].confidence"),
        ("low = 1", 'low = "one"', "exercises[5].asked.low"),
        ("low = 1", "low = 9", "exercises[5].asked.low"),
        ("low = 1", "lowest = 1", "exercises[5].asked.lowest"),
        ("low = 1", 'suffixes = [".csv"]', "exercises[5].asked.suffixes"),
        ("low = 1", 'digest = ""', "exercises[5].asked.digest"),
        ('title = "Size", ', "", "exercises[4].asked.columns[0].title"),
        ('type = "number"', 'type = "number", kind = 1', "exercises[4].asked.columns[0].kind"),
        ('type = "number"', 'type = "numbers"', "exercises[4].asked.columns[0].type"),
        ('type = "number"', 'type = "choice"', "exercises[4].asked.columns[0].options"),
        (', options = ["1", "2"]', "", "exercises[4].asked.columns[1].options"),
        ('{id = "at"', '{id = "size"', "exercises[4].asked.columns"),
        ("columns = [", 'columns = ["size",', "exercises[4].asked.columns"),
        ('form = "table"', 'form = "defence"', "exercises[4].asked.columns"),
        ('"b", "Two"', '"a", "Two"', "exercises[6].asked.options"),
        ('["a", "One"], ', "", "exercises[6].asked.options"),
        ('digest = "00', 'digest = "b', "exercises[6].asked.digest"),
        ('".CSV"', '"CSV"', "exercises[7].asked.suffixes"),
        ('suffixes = [".CSV", ".xlsx"]', "", "exercises[7].asked.suffixes"),
        ("max_mb = 2", "max_mb = 11", "exercises[7].asked.max_mb"),
    ],
)
def test_what_is_wrong_within_a_form_is_named(folder: Path, old: str, new: str, key: str) -> None:
    rewrite(folder, "[[rubric]]\n", FORM)
    rewrite(folder, old, new)
    with pytest.raises(ContentError) as raised:
        load_unit(folder)
    assert raised.value.where == f"{folder / 'workbook.toml'}: {key}"


def test_code_is_not_asked_how_sure_it_is(folder: Path) -> None:
    rewrite(folder, "names = [", "confidence = true\nnames = [")
    with pytest.raises(ContentError, match="no form") as raised:
        load_unit(folder)
    assert raised.value.where.endswith("exercises[0].confidence")


def test_another_format_version_is_refused(folder: Path) -> None:
    rewrite(folder, "format_version = 1", "format_version = 2")
    with pytest.raises(ContentError, match="format_version 1"):
        load_unit(folder)


def test_two_exercises_with_one_id_are_refused(folder: Path) -> None:
    rewrite(folder, 'id = "total"', 'id = "count"')
    with pytest.raises(ContentError, match="count") as raised:
        load_unit(folder)
    assert raised.value.where == f"{folder / 'workbook.toml'}: exercises[1].id"
    assert "another id" in raised.value.fix


def test_a_rating_cannot_need_an_exercise_that_is_not_there(folder: Path) -> None:
    rewrite(folder, 'needs = ["case"]', 'needs = ["elsewhere"]')
    with pytest.raises(ContentError, match="elsewhere") as raised:
        load_unit(folder)
    assert raised.value.where.endswith("].needs")
    assert "case" in raised.value.fix


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\na = 2\nb = 3", 2), ("a = 1\nb = [1,\n2", 3)]
)
def test_a_syntax_error_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        read_toml(path)
    assert raised.value.where == f"{path}:{line}"
    assert "Correct this line" in raised.value.fix


def test_toml_that_is_not_utf8_is_named_too(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes('id = 1\ntitle = "서버"'.encode("cp949"))
    with pytest.raises(ContentError) as raised:
        read_toml(path)
    assert raised.value.where == f"{path}:2"
    assert "UTF-8" in raised.value.fix


def test_unknown_ids_are_answered_with_those_that_exist(tiny: Unit) -> None:
    with pytest.raises(UsageError, match="Use one of: tiny"):
        find_unit("huge")
    with pytest.raises(UsageError, match="count, total, case, memo"):
        find_exercise(tiny, "cuont")
    assert find_exercise(tiny, "total").title == "Add the sizes"


def test_the_programme_gives_order_and_rule(tiny: Unit) -> None:
    programme = load_programme()
    assert programme.units == ("tiny",)
    assert programme.rules["tiny"].practised_share == 0.5
    assert programme.rules["tiny"].graded_share == 0.6


def test_a_programme_of_unknown_units_is_refused(tiny: Unit) -> None:
    path = tiny.folder.parents[1] / "programme.toml"
    text = path.read_text(encoding="utf-8").replace('unit = "tiny"', 'unit = "huge"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="huge"):
        load_programme()


def test_an_unknown_key_of_the_programme_is_named(tiny: Unit) -> None:
    path = tiny.folder.parents[1] / "programme.toml"
    text = path.read_text(encoding="utf-8").replace("graded_share", "grade_share = 1\ngraded_share")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="Did you mean 'graded_share'") as raised:
        load_programme()
    assert raised.value.where == f"{path}: units[0].grade_share"


def test_content_lies_beside_the_source_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (content_root() / "workbooks" / "programme.toml").is_file()
    assert load_units()


def test_an_installation_without_content_says_how_to_repair_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kit").mkdir()
    monkeypatch.setattr(kit.content, "__file__", str(tmp_path / "kit" / "content.py"))
    with pytest.raises(ContentError, match="pip install"):
        content_root()


def test_content_inside_the_package_is_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIXTURES, tmp_path / "kit" / "_content")
    monkeypatch.setattr(kit.content, "__file__", str(tmp_path / "kit" / "content.py"))
    assert content_root() == tmp_path / "kit" / "_content"
