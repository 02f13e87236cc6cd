"""Every error of the kit says what, where and what to do next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kit.errors
from kit.errors import KitError, UsageError
from kit.i18n import Phrase, Translator, mark, phrase

KINDS = [
    value
    for value in vars(kit.errors).values()
    if isinstance(value, type) and issubclass(value, KitError)
]


def test_text_has_what_where_and_next_in_this_order() -> None:
    error = UsageError("It is wrong.", where="line 3", fix="upskill start")
    assert str(error) == "It is wrong.\nWhere: line 3\nNext: upskill start"


def test_parts_that_are_not_known_are_left_out() -> None:
    assert str(KitError("It is wrong.")) == "It is wrong."


def test_each_kind_has_an_exit_code_of_its_own_that_is_not_the_one_of_findings() -> None:
    codes = [kind.exit_code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert all(code > 0 and code != 8 for code in codes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_tree_in_the_docstring_names_each_kind(kind: type[KitError]) -> None:
    assert kind.__name__ in (kit.errors.__doc__ or "")


def test_a_notebook_shows_the_three_facts_and_no_traceback() -> None:
    script = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('from kit.errors import DataError\\n"
        'raise DataError("No date.", where="row 7", fix="Export again.")\')\n'
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "No date.\nWhere: row 7\nNext: Export again." in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def _korean(template: str, **values: object) -> str:
    table = {
        "{file} has {count} rows.": "{file}: {count}행",
        "Next: {text}": "다음 단계: {text}",
        "Where: {text}": "위치: {text}",
        "a picture": "그림",
        "It is {kind}.": "종류: {kind}",
        "row {row}": "{row}행",
    }
    if isinstance(template, Phrase):
        return template.text(_korean)
    text = table.get(template, template)
    return text.format(**values) if values else text


def test_an_error_is_english_as_it_stands_and_translatable_later() -> None:
    error = KitError("{file} has {count} rows.", fix="upskill start", file="a.csv", count=2)
    assert str(error) == "a.csv has 2 rows.\nNext: upskill start"
    assert error.what == "a.csv has 2 rows."
    assert error.text(_korean) == "a.csv: 2행\n다음 단계: upskill start"


def test_braces_of_a_learners_text_stay_when_no_values_are_given() -> None:
    assert str(KitError("read {'a': 1}", fix="Look at {x}.")).startswith("read {'a': 1}\n")


def test_marked_values_and_places_follow_the_language_and_plain_ones_stay() -> None:
    place = phrase("row {row}", row=7)
    told = KitError("It is {kind}.", where=place, kind=mark("a picture")).as_dict(_korean)
    assert told == {"what": "종류: 그림", "where": "7행", "fix": ""}
    plain = KitError("It is {kind}.", where="row {row}", kind="a picture").as_dict(_korean)
    assert plain == {"what": "종류: a picture", "where": "row {row}", "fix": ""}


def test_every_reason_a_file_is_refused_is_said_in_korean(tmp_path: Path) -> None:
    from kit.data.readers import read_export

    tr = Translator("ko")
    for name, data in {
        "a.pdf": b"%PDF-1.7",
        "b.csv": b"",
        "c.json": b'{"a": 1',
        "d.csv": b"<html><body>",
        "e.csv": b"a,b\n1,2\n",
        "f.csv": b"timestamp,cpu_percent\nnever,1\n",
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(kit.errors.DataError) as caught:
            read_export(tmp_path / name)
        english, korean = caught.value.as_dict(), caught.value.as_dict(tr)
        assert english["what"] != korean["what"] and english["fix"] != korean["fix"], name
