"""The merge: a thousand learners and authors, and no byte of an answer is ever gone."""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.notebooks import dump_notebook, load_notebook
from kit.update import merge
from kit.update.cells import clean, text_of
from kit.update.match import name_of, role_of
from kit.update.run import with_rest
from kit.update.salvage import salvage
from tests.unit.update.sequences import (
    Cell,
    Notebook,
    as_file,
    content,
    edits,
    files,
    histories,
    json_values,
    versions,
)

many = settings(max_examples=1000)
History = tuple[Notebook, Notebook, Notebook]


def learner_texts(base: Notebook, mine: Notebook) -> list[str]:
    """Every text in a learner's notebook that they were not given there."""
    given_to_them = {text_of(cell) for cell in base["cells"]}
    cells = [cell if isinstance(cell, dict) else {"source": cell} for cell in mine["cells"]]
    found = [text_of(clean({"source": cell.get("source", "")})) for cell in cells]
    return [text for text in found if text and text not in given_to_them]


def graded(notebook: Notebook) -> Counter[str]:
    """What nbgrader sees of a notebook, and the text of its check cells."""
    cells = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    checks = [text_of(cell) for cell in cells if cell["metadata"]["nbgrader"]["grade"]]
    told = [json.dumps(cell["metadata"], sort_keys=True) for cell in cells]
    return Counter([*told, *checks])


def prove(base: Notebook, mine: Notebook, theirs: Notebook, result: Notebook) -> None:
    """What must hold of every merge."""
    # the format, as every tool of Jupyter proves it
    nbformat.validate(nbformat.from_dict(result))
    texts = {text_of(cell) for cell in result["cells"]}
    for text in learner_texts(base, mine):
        assert text in texts
    ids = [cell["id"] for cell in result["cells"]]
    assert len(set(ids)) == len(ids)
    assert graded(result) == graded(theirs)
    # a second update to the same version changes nothing, whichever version was given
    assert merge(theirs, result, theirs).notebook == result
    assert merge(base, result, theirs).notebook == result


def test_a_copy_of_the_old_starter_is_nobodys_answer_beside_the_one_that_counts() -> None:
    base = content([("e1", "code", "old")], "1")
    mine = copy.deepcopy(base)
    place = next(i for i, c in enumerate(mine["cells"]) if c["id"] == "e1-answer")
    # the last counts; of another type, so that an exercise made manual meets the first
    mine["cells"].insert(place + 1, {**mine["cells"][place], "cell_type": "markdown"})
    theirs = copy.deepcopy(content([("e1", "code", "new")], "2"))
    answer = next(c for c in theirs["cells"] if c["id"] == "e1-answer")
    answer["id"], answer["metadata"]["kit"]["role"] = "e1-manual", "manual"
    answer["metadata"]["nbgrader"]["grade_id"] = "e1-manual"
    merged = merge(base, mine, theirs)
    assert merged.kept == ()
    assert text_of(answer) in {text_of(cell) for cell in merged.notebook["cells"]}


@many
@given(files())
def test_every_text_of_the_learner_stays_and_the_result_is_a_notebook(
    drawn: tuple[Notebook, Notebook, bytes, Notebook],
) -> None:
    base, mine, data, theirs = drawn
    read, rest = salvage(data)
    before = copy.deepcopy((base, read, theirs))
    merged = with_rest(merge(base, read, theirs), read, rest)
    assert [repr(n) for n in before] == [repr(n) for n in (base, read, theirs)]
    prove(base, read, theirs, merged.notebook)
    result = load_notebook(dump_notebook(merged.notebook))
    assert merge(theirs, result, theirs).notebook == result
    texts = {text_of(cell) for cell in result["cells"]}
    # of a broken file every byte is in the archive, and its whole answers are in cells or there
    assert not rest or written(rest) in texts
    for text in learner_texts(base, mine):
        if json.dumps(text).encode() in data:
            assert written(text) in texts or json.dumps(text) in rest


def written(text: str) -> str:
    """A text as a notebook file holds it."""
    return str(load_notebook(dump_notebook({"text": text}))["text"])


@settings(max_examples=100)
@given(histories())
def test_the_last_of_several_copies_is_the_answer(history: History) -> None:
    merged = merge(*history).notebook
    places = [i for i, c in enumerate(merged["cells"]) if role_of(c) in ("answer", "manual")]
    for place in places[:1]:
        cell, again = merged["cells"][place], copy.deepcopy(merged)
        copies = [{**cell, "source": text} for text in ("the earlier copy", "the last copy")]
        again["cells"][place : place + 1] = copies
        result = merge(history[2], again, history[2]).notebook["cells"]
        assert [text_of(c) for c in result if name_of(c) == name_of(cell)] == ["the last copy"]
        assert "the earlier copy" in map(text_of, result)


@settings(max_examples=100)
@given(histories())
def test_what_is_archived_is_never_run(history: History) -> None:
    base, mine, theirs = history
    for cell in merge(base, mine, theirs).notebook["cells"]:
        if role_of(cell) == "archive" and "from" in cell["metadata"]["kit"]:
            assert cell["cell_type"] == "raw"


@settings(max_examples=100)
@given(versions())
def test_who_wrote_nothing_gets_the_new_version_as_it_is(pair: tuple[Notebook, Notebook]) -> None:
    base, theirs = pair
    merged = merge(base, base, theirs)
    assert merged.notebook == theirs
    assert (merged.kept, merged.archived, merged.own) == ((), (), 0)


@settings(max_examples=100)
@given(histories())
def test_without_what_was_given_every_text_that_differs_stays(history: History) -> None:
    _, mine, theirs = history
    result = merge(None, mine, theirs).notebook
    nbformat.validate(nbformat.from_dict(result))
    texts = {text_of(cell) for cell in result["cells"]}
    assert set(learner_texts(theirs, mine)) <= texts


@settings(max_examples=100)
@given(histories(), st.data())
def test_the_way_back_keeps_what_was_typed_since(history: History, data: st.DataObject) -> None:
    base, mine, theirs = history
    after = merge(base, mine, theirs).notebook
    since = data.draw(edits(after))
    back = merge(after, since, mine).notebook
    nbformat.validate(nbformat.from_dict(back))
    texts = {text_of(cell) for cell in back["cells"]}
    assert set(learner_texts(after, since)) <= texts
    untouched = {text_of(cell) for cell in merge(after, after, mine).notebook["cells"]}
    assert set(learner_texts(base, mine)) <= untouched


@settings(max_examples=100)
@given(json_values, json_values, json_values)
def test_any_json_is_merged_without_an_error(base: Any, mine: Any, theirs: Any) -> None:
    result = merge(base, {"cells": mine, "metadata": base}, {"cells": [theirs]}).notebook
    nbformat.validate(nbformat.from_dict(result))


# --- one learner at a time ------------------------------------------------------------

OLD = [("e1", "code", "old"), ("e2", "short", "old"), ("e3", "judged", "old")]


def given_and_mine() -> tuple[Notebook, Notebook]:
    base = content(OLD, "1")
    return base, copy.deepcopy(base)


def find(notebook: Notebook, name: str) -> Cell:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def ids(notebook: Notebook) -> list[str]:
    return [cell["id"] for cell in notebook["cells"]]


def own(text: str, name: str = "mine") -> Cell:
    code: Cell = {"outputs": [], "execution_count": None}
    return {"cell_type": "code", "id": name, "metadata": {}, "source": text} | code


def test_an_answer_stays_under_a_new_text_with_a_notice_above_it() -> None:
    base, mine = given_and_mine()
    find(mine, "e1-answer")["source"] = "def f(a):\r\n    return a"
    theirs = content([("e1", "code", "new"), *OLD[1:]], "2")
    merged = merge(base, mine, theirs)
    result = merged.notebook
    assert find(result, "e1-answer")["source"] == "def f(a):\r\n    return a"
    assert text_of(find(result, "e1-prose")) == "prose 1 of e1: new"
    assert ids(result).index("e1-notice") == ids(result).index("e1-answer") - 1
    notice = text_of(find(result, "e1-notice"))
    assert "version 2" in notice
    # the new starter has no other place where the learner could see it
    assert "answer 1 of e1: new" in notice
    assert (merged.kept, merged.changed) == (("e1",), ("e1",))


def test_a_second_change_is_told_below_the_first() -> None:
    base, mine = given_and_mine()
    find(mine, "e1-answer")["source"] = "x = 3"
    second = content([("e1", "code", "new"), *OLD[1:]], "2")
    third = content([("e1", "code", "other"), *OLD[1:]], "3")
    result = merge(second, merge(base, mine, second).notebook, third).notebook
    notice = text_of(find(result, "e1-notice"))
    assert notice.index("version 2") < notice.index("version 3")
    assert ids(result).count("e1-notice") == 1


def test_an_untouched_starter_becomes_the_new_one_without_a_notice() -> None:
    base, mine = given_and_mine()
    theirs = content([("e1", "code", "new"), *OLD[1:]], "2")
    find(mine, "e2-answer")["source"] = "x = 3"
    result = merge(base, mine, theirs).notebook
    assert text_of(find(result, "e1-answer")) == "answer 1 of e1: new"
    assert "e1-notice" not in ids(result)
    assert "e2-notice" not in ids(result)


def test_the_answer_of_a_gone_exercise_is_archived_as_a_raw_cell() -> None:
    base, mine = given_and_mine()
    find(mine, "e2-answer")["source"] = "raise SystemExit"
    merged = merge(base, mine, content([OLD[0], OLD[2]], "2"))
    last = merged.notebook["cells"][-1]
    assert (last["cell_type"], text_of(last)) == ("raw", "raise SystemExit")
    assert last["metadata"]["kit"] == {"id": "e2", "role": "archive", "from": "1", "was": "code"}
    assert merged.archived == ("e2",)


def test_of_doubled_answers_the_last_is_the_answer_and_the_first_a_plain_cell() -> None:
    base, mine = given_and_mine()
    place = ids(mine).index("e2-answer")
    twin = copy.deepcopy(mine["cells"][place])
    mine["cells"][place]["source"], twin["source"], twin["id"] = "first", "last", "copied"
    mine["cells"].insert(place + 1, twin)
    result = merge(base, mine, content(OLD[:2], "2")).notebook
    assert text_of(find(result, "e2-answer")) == "last"
    plain = next(cell for cell in result["cells"] if text_of(cell) == "first")
    assert plain["metadata"] == {}
    assert plain["id"] not in (*ids(base), "copied")


def test_own_cells_stay_behind_the_same_neighbour() -> None:
    base, mine = given_and_mine()
    mine["cells"].insert(ids(mine).index("e2-check") + 1, own("print(1)"))
    mine["cells"].insert(0, own("print(0)", "first"))
    theirs = content([OLD[2], ("e9", "code", "new"), OLD[1], OLD[0]], "2")
    result = ids(merge(base, mine, theirs).notebook)
    assert result[0] == "first"
    assert result.index("mine") == result.index("e2-check") + 1


def test_answers_are_found_by_what_they_say_and_not_by_their_place() -> None:
    base, mine = given_and_mine()
    find(mine, "e1-answer")["source"] = "one"
    find(mine, "e2-answer")["source"] = "two"
    mine["cells"].reverse()
    theirs = content([OLD[1], OLD[2], OLD[0]], "2")
    result = merge(base, mine, theirs).notebook
    assert [text_of(find(result, f"e{n}-answer")) for n in (1, 2)] == ["one", "two"]
    assert ids(result) == ids(theirs)


def test_an_answer_that_lost_its_metadata_is_found_by_its_id_or_nbgraders() -> None:
    base, mine = given_and_mine()
    find(mine, "e1-answer").update(metadata={}, source="one")
    second = find(mine, "e2-answer")
    second["metadata"].pop("kit")
    second.update(id="lost", source="two")
    result = merge(base, mine, content(OLD, "2")).notebook
    assert [text_of(find(result, f"e{n}-answer")) for n in (1, 2)] == ["one", "two"]


def test_a_notebook_whose_ids_were_lost_holds_nothing_twice() -> None:
    base, mine = given_and_mine()
    for place, cell in enumerate(mine["cells"]):
        cell["id"] = f"lab-gave-{place}"
    merged = merge(base, mine, content(OLD, "2"))
    assert (merged.notebook, merged.own) == (content(OLD, "2"), 0)


def test_an_answer_beyond_recognition_still_runs_after_the_starter_that_comes_back() -> None:
    base, mine = given_and_mine()
    find(mine, "e2-answer").update(metadata={}, id="lost", source="x = 3")
    result = ids(merge(base, mine, content(OLD, "2")).notebook)
    order = ["e2-prose", "e2-answer", "lost", "e2-check"]
    assert [name for name in result if name in order] == order


def test_what_was_written_into_a_locked_cell_is_archived() -> None:
    base, mine = given_and_mine()
    find(mine, "e1-check")["source"] = "wb.check('e1')  # my note"
    merged = merge(base, mine, content(OLD, "2"))
    assert text_of(find(merged.notebook, "e1-check")) == 'wb.check("e1")'
    assert text_of(merged.notebook["cells"][-1]) == "wb.check('e1')  # my note"
    assert merged.archived == ("e1",)


def test_results_stay_unless_the_code_around_the_answer_changed() -> None:
    base, mine = given_and_mine()
    shown = [{"output_type": "stream", "name": "stdout", "text": "3"}]
    for name in ("e1-answer", "e1-check", "e2-answer", "e2-check"):
        find(mine, name).update(outputs=shown, execution_count=1)
    find(mine, "e1-answer")["source"] = find(mine, "e2-answer")["source"] = "x = 3"
    theirs = content(OLD, "2")
    find(theirs, "e1-setup")["source"] = "other = 1"
    find(theirs, "e2-prose")["source"] = "Another question."
    result = merge(base, mine, theirs).notebook
    names = ("e1-answer", "e1-check", "e2-answer", "e2-check")
    assert [find(result, name)["outputs"] for name in names] == [[], [], shown, shown]


def test_an_exercise_that_a_person_now_judges_keeps_its_answer() -> None:
    base, mine = given_and_mine()
    find(mine, "e2-answer")["source"] = "x = 3"
    result = merge(base, mine, content([("e2", "judged", "old")], "2")).notebook
    assert text_of(find(result, "e2-manual")) == "x = 3"


def test_another_language_is_no_change_of_a_task() -> None:
    base, mine = given_and_mine()
    find(mine, "e2-answer")["source"] = "x = 3"
    theirs = content(OLD, "2")
    find(theirs, "e2-prose")["source"] = "질문"
    theirs["metadata"]["kit"]["language"] = "ko"
    assert merge(base, mine, theirs).changed == ()


def test_half_a_character_is_kept_and_can_be_written() -> None:
    base, mine = given_and_mine()
    find(mine, "e2-answer")["source"] = "x = '\ud800'"
    mine["cells"].append(own("y = '\udfff'"))
    read, rest = salvage(as_file(mine))
    result = load_notebook(dump_notebook(merge(base, read, content(OLD, "2")).notebook))
    assert rest == ""
    assert text_of(find(result, "e2-answer")) == "x = '\\ud800'"
    assert text_of(find(result, "mine")) == "y = '\\udfff'"


def test_what_is_nested_too_deep_for_python_is_cut_off() -> None:
    base, mine = given_and_mine()
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    mine["metadata"]["widgets"] = find(mine, "e1-answer")["metadata"]["view"] = deep
    find(mine, "e1-answer")["source"] = "x = 3"
    result = merge(base, mine, content(OLD, "2")).notebook
    assert text_of(find(result, "e1-answer")) == "x = 3"
    assert json.loads(json.dumps(result)) == result


def test_widget_state_and_other_settings_of_the_notebook_stay() -> None:
    base, mine = given_and_mine()
    mine["metadata"]["widgets"] = {"state": 1}
    mine["metadata"]["kit"] = 5
    result = merge(base, mine, content(OLD, "2")).notebook
    assert result["metadata"]["widgets"] == {"state": 1}
    assert result["metadata"]["kit"]["version"] == "2"
