"""What must hold of any data holds for a right function, and names what a wrong one did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.blank import BlankUsed
from kit.checking.invariants import Held, Result, hold, invariant, invariants_in
from kit.data.own import Contract, InvariantRule, Own, read_own
from kit.i18n import Translator, phrase

COLUMNS = [
    {"id": "machine", "type": "text", "optional": True},
    {"id": "time", "type": "time"},
    {"id": "cpu", "type": "number", "unit": "%", "low": 0, "high": 100},
]
TABLE = {"id": "cpu", "title": "CPU", "reader": "metrics", "key": ["machine", "time"]}
RULES = [
    {"id": "ledger", "kind": "ledger"},
    {"id": "person", "kind": "no_person"},
    {"id": "survives", "kind": "keeps", "function": "clean", "column": "time"},
    {"id": "invented", "kind": "invents_nothing", "function": "clean", "column": "time"},
    {"id": "ascending", "kind": "ordered", "function": "clean", "column": "time"},
    {"id": "percent", "kind": "plausible", "function": "clean", "column": "cpu"},
    {"id": "numbers", "kind": "dtype", "function": "clean", "column": "cpu"},
    {"id": "again", "kind": "rerun_same", "function": "clean"},
    {"id": "order", "kind": "row_order", "function": "clean"},
]
CONTRACT = Contract.model_validate(
    {"unit": "x", "tables": [TABLE | {"columns": COLUMNS}], "invariants": RULES}
)


def export(folder: Path, seed: int = 0, rows: int = 120) -> Own:
    """Two machines with gaps, repeated times and rows out of order."""
    rng = np.random.default_rng(seed)
    times = pd.date_range("2026-03-02", periods=rows, freq="5min")
    frame = pd.DataFrame(
        {
            "server": rng.choice(["srv-1", "srv-2"], rows),
            "timestamp": times,
            "cpu_percent": rng.uniform(2, 98, rows).round(3),
        }
    )
    # tools round a little beyond the limits; what is impossible may be left out
    frame.loc[3, "cpu_percent"] = 100.3
    again = frame.sample(rows // 10, random_state=seed)
    frame = pd.concat([frame, again.assign(cpu_percent=again["cpu_percent"] / 2)])
    path = folder / f"{seed}.csv"
    frame.sample(frac=0.9, random_state=seed).to_csv(path, index=False)
    found = read_own([path], contract=CONTRACT)
    assert isinstance(found, Own)
    return found


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    """The right function."""
    series = raw[raw["value"].between(0, 100)].assign(time=lambda f: pd.to_datetime(f["time"]))
    return series.sort_values("time", kind="stable").drop_duplicates("time")[["time", "value"]]


def broken(own: Own, function: Callable[..., Any], rules: Any = None) -> dict[str, str]:
    found = hold(own, rules or own.contract.invariants, (), {"clean": function})
    return {one.id: one.seen for one in found if one.held is False}


@pytest.mark.parametrize("seed", range(20))
def test_right_function_holds_on_twenty_exports(tmp_path: Path, seed: int) -> None:
    found = hold(export(tmp_path, seed), CONTRACT.invariants, (), {"clean": clean})
    assert [one.id for one in found] == [rule["id"] for rule in RULES]
    assert [one for one in found if one.held is not True] == []


WRONG: dict[str, tuple[Callable[[pd.DataFrame], Any], set[str]]] = {
    "a row is dropped": (lambda raw: clean(raw).iloc[1:], {"survives", "again"}),
    "the file's order is kept": (
        lambda raw: raw.drop_duplicates("time")[["time", "value"]],
        {"ascending", "order"},
    ),
    "repeated times count twice": (
        lambda raw: raw.sort_values("time")[["time", "value"]],
        {"ascending"},
    ),
    "percent times 100": (
        lambda raw: clean(raw).assign(value=lambda f: f["value"] * 100),
        {"percent", "again"},
    ),
    "fractions": (lambda raw: clean(raw).assign(value=clean(raw)["value"] / 100),
                  {"percent", "again"}),
    "gaps are filled": (
        lambda raw: clean(raw).set_index("time").resample("5min").mean().ffill().reset_index(),
        {"invented"},
    ),
    "the running mean": (
        lambda raw: clean(raw).assign(value=lambda f: f["value"].expanding().mean()),
        {"again"},
    ),
    "the first row counts": (
        lambda raw: clean(raw).assign(value=lambda f: raw["value"].iloc[0]),
        {"order"},
    ),
    "numbers as text": (
        lambda raw: clean(raw).assign(value=lambda f: f["value"].astype(str)),
        {"numbers"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_function_breaks_the_statements_that_it_should(tmp_path: Path, name: str) -> None:
    function, expected = WRONG[name]
    assert expected <= set(broken(export(tmp_path), function))


def test_what_was_seen_names_the_machine_and_the_counts(tmp_path: Path) -> None:
    own = export(tmp_path)
    first = next(iter(own.parts()))[0]
    seen = broken(own, WRONG["a row is dropped"][0])["survives"]
    times = own.frame(first).query("value <= 100")["time"].nunique()
    assert seen == f"{first}: {times} different ones in time, 1 of them lost"


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(seed=st.integers(0, 10_000), shift=st.floats(-500, 500))
def test_order_of_rows_decides_nothing(tmp_path: Path, seed: int, shift: float) -> None:
    """A shuffled export gives the same verdicts, for a right function and for a wrong one."""
    own = export(tmp_path)
    rows = own.samples.reading.samples.sample(frac=1, random_state=seed)
    turned = replace(own, samples=type(own.samples)(replace(own.samples.reading, samples=rows)))
    for function in (clean, lambda raw: clean(raw).assign(value=lambda f: f["value"] + shift)):
        assert broken(own, function).keys() == broken(turned, function).keys()


FAULTS: dict[str, tuple[Callable[[pd.DataFrame], Any], str]] = {
    "raises": (lambda raw: raw["colour"], "`clean` stopped with an error: KeyError: 'colour'"),
    "no frame": (lambda raw: 7, "`clean(...)` is int"),
    "no column": (lambda raw: clean(raw)[["value"]], "`clean(...)` has no column time"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_function_that_fails_is_named_by_what_it_did(tmp_path: Path, name: str) -> None:
    function, said = FAULTS[name]
    assert said in broken(export(tmp_path), function)["survives"]


def test_blank_and_missing_functions_are_asked_for(tmp_path: Path) -> None:
    def blank(raw: pd.DataFrame) -> None:
        raise BlankUsed

    own = export(tmp_path)
    assert "not there yet" in broken(own, blank)["survives"]
    found = hold(own, CONTRACT.invariants, (), {})
    assert "not there yet" in next(one for one in found if one.id == "survives").seen


def test_learners_function_cannot_change_the_export(tmp_path: Path) -> None:
    def spoil(raw: pd.DataFrame) -> pd.DataFrame:
        raw.loc[:, "value"] = 1.0
        return clean(raw)

    own = export(tmp_path)
    before = own.frame().copy()
    broken(own, spoil)
    pd.testing.assert_frame_equal(own.frame(), before)


def test_export_without_parts_has_only_the_statements_about_the_whole(tmp_path: Path) -> None:
    class Empty(Own):
        def parts(self) -> Any:
            return iter(())

    own = export(tmp_path)
    empty = Empty(**{name: getattr(own, name) for name in own.__dataclass_fields__})
    found = hold(empty, CONTRACT.invariants, (each_part,), {"clean": clean})
    assert [one.id for one in found] == ["ledger", "person"]


# --- the unit's own statements ---------------------------------------------------------


@invariant("whole", says="the whole is right")
def whole(own: Own, mine: Any) -> str:
    return "" if mine["limit"] == 5 else phrase("a limit of {n}", n=mine["limit"])


@invariant("each", says="each part is right", each=True)
def each_part(own: Own, mine: Any, name: str, part: pd.DataFrame) -> str:
    return "" if len(mine["clean"](part)) < 10_000 else "too many"


@invariant("ours", says="this one is broken", each=True)
def author_error(own: Own, mine: Any, name: str, part: pd.DataFrame) -> str:
    raise RuntimeError("our fault")


def test_units_statements_follow_in_the_order_of_their_file(tmp_path: Path) -> None:
    module = ModuleType("checks")
    vars(module).update(b=each_part, a=whole, other=clean)
    found = hold(export(tmp_path), (), invariants_in(module), {"clean": clean, "limit": 6})
    assert [(one.id, one.held) for one in found] == [("each", True), ("whole", False)]
    assert found[1].seen == "a limit of 6"


def test_authors_error_is_ours_and_costs_nothing(tmp_path: Path) -> None:
    found = hold(export(tmp_path), (), (author_error, each_part), {"clean": clean})
    assert found[0].held is None
    result = Result(found, Translator("en"))
    assert result.held
    assert "our fault" in repr(result) and "RuntimeError" in repr(result)
    assert not Result(found[:1], Translator("en")).held
    assert not Result([], Translator("en")).held


def test_learners_error_in_a_units_statement_is_theirs(tmp_path: Path) -> None:
    found = hold(export(tmp_path), (), (each_part,), {"clean": lambda raw: raw["colour"]})
    assert found[0].held is False and "KeyError" in found[0].seen


@pytest.mark.parametrize("language", ["en", "ko"])
def test_result_is_a_table_in_the_learners_language(tmp_path: Path, language: str) -> None:
    own = export(tmp_path)
    result = Result(hold(own, CONTRACT.invariants, (), {"clean": clean}), Translator(language))
    page = result._repr_html_()
    assert page.count("<tr>") == 1 + len(RULES)
    word = {"en": "holds", "ko": "맞음"}[language]
    assert page.count(f">{word}<") == len(RULES)
    assert "<code>clean</code>" in page and "`" not in page
    assert {"en": "machine, measured", "ko": "서버, 측정 항목"}[language] in page


def test_text_of_the_export_is_no_markup() -> None:
    held = [Held("x", "a < b", False, "{machine}: bad", {"machine": "<script>"})]
    page = Result(held, Translator("en"))._repr_html_()
    assert "<script>" not in page and "a &lt; b" in page


def test_says_of_the_contract_replaces_the_kits_words(tmp_path: Path) -> None:
    rule = InvariantRule(id="again", kind="rerun_same", function="clean", says="Twice is once")
    found = hold(export(tmp_path), (rule,), (), {"clean": clean})
    assert [one.says for one in found] == ["Twice is once"]
    assert json.dumps([one.id for one in found]) == '["again"]'
