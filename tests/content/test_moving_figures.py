"""What the unit's widgets say when somebody moves something, and what of it is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit.blank import BLANK
from kit.checking import Work, unit_module
from kit.home import LearnerHome
from kit.i18n import Translator
from tests.content.live_home import fill
from tests.content.test_money import UNIT, cases, solved, start

pytestmark = pytest.mark.content

slider, acting = unit_module(UNIT, "sizing.slider"), unit_module(UNIT, "money.acting")
sizing = unit_module(UNIT, "sizing.case")
CASE = cases.build_case(3, "practice")
TODAY = dict(zip(CASE.servers["machine"], CASE.servers["vcpu"], strict=True))
DEMANDS = {name: TODAY[name] * cpu / 100 for name, cpu in sizing.cpu_of(CASE).items()}
NAMES = solved(start(6), "npv", "futures")
MODEL = unit_module(UNIT, "money.work").model_of(Work(NAMES, NAMES["case"], {}, 1))
QUICK = settings(max_examples=40, deadline=None)
machines = st.sampled_from(sorted(DEMANDS))
percentiles, headrooms = st.sampled_from(slider.PERCENTILES), st.sampled_from(slider.HEADROOMS)
shares = st.integers(0, 100).map(lambda percent: percent / 100)


def promised(machine: str, q: float, headroom: float) -> Any:
    return slider.promised(DEMANDS[machine], {"q": q, "headroom": headroom}, CASE.prices)


def curve(share: float | None = None, language: str = "en") -> Any:
    say = Translator(language, UNIT.folder / "locale")
    kept = {"plan": MODEL.m["on_share"], "state": {"on_share": share}}
    return acting.break_even_curve(MODEL, say, kept=kept, keep=lambda _told: None)


def tornado(ranges: dict[str, Any], kept: Any = None, language: str = "en") -> Any:
    say = Translator(language, UNIT.folder / "locale")
    return acting.tornado(MODEL, ranges, say, kept=kept, keep=lambda _told: None)


# --- the rule ------------------------------------------------------------------------


@QUICK
@given(machines, st.lists(percentiles, min_size=2, max_size=2).map(sorted), headrooms)
def test_more_is_promised_for_no_smaller_size(machine: str, q: list[float], free: float) -> None:
    less, more = (promised(machine, one, free) for one in q)
    assert less.size.vcpu <= more.size.vcpu
    assert less.above >= more.above


@QUICK
@given(machines, percentiles, st.lists(headrooms, min_size=2, max_size=2).map(sorted))
def test_more_headroom_takes_no_smaller_size(machine: str, q: float, free: list[float]) -> None:
    less, more = (promised(machine, q, one) for one in free)
    assert less.size.vcpu <= more.size.vcpu


@QUICK
@given(machines, percentiles, headrooms)
def test_a_promise_is_kept_and_by_no_smaller_size(machine: str, q: float, free: float) -> None:
    told, demand = promised(machine, q, free), DEMANDS[machine]

    def served(vcpu: int) -> float:
        return float(np.mean(demand <= vcpu * (1 - free)))

    least = q / 100 - 1.5 / len(demand)
    assert told.kept == (served(CASE.prices.vcpus[-1]) >= least)
    assert not told.kept or served(told.size.vcpu) >= least
    smaller = [vcpu for vcpu in CASE.prices.vcpus if vcpu < told.size.vcpu]
    assert not smaller or served(smaller[-1]) < q / 100 + 1.5 / len(demand)
    assert told.above == pytest.approx(float(np.mean(demand > told.size.vcpu)))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_rule_can_be_read_in_either_language(language: str) -> None:
    say = Translator(language, UNIT.folder / "locale")
    labels = {name: name for name in DEMANDS}
    widget = slider.rule_slider(
        DEMANDS, labels, CASE.prices, say, machine=CASE.puzzle, kept=3, keep=lambda _state: None
    )
    said = set()
    for machine in DEMANDS:
        for q, free in ((90.0, 0.0), (99.5, 0.5), (100.0, 0.5)):
            widget.state = {"machine": machine, "q": q, "headroom": free}
            said.add(widget.view["sentence"])
            assert all(len(line["points"]) <= 500 for line in widget.view["plot"]["lines"])
            assert widget.view["code"] == f'"q": {q:g}, "headroom": {free:g}'
            # a line that moves means something only if the height stays
            assert widget.view["plot"]["y"]["high"] >= widget.view["plot"]["over"]
    assert len(said) == 3 * len(DEMANDS)
    assert all("포기" in one for one in said) == (language == "ko")


def test_a_size_that_is_too_small_is_said_to_be() -> None:
    say = Translator("en")
    none = slider.rule_slider(
        {"big-01": np.linspace(60, 120, 500)}, {"big-01": "big-01"}, CASE.prices, say,
        machine="big-01", kept={"q": 95.0, "headroom": 0.2}, keep=lambda _state: None,
    )  # fmt: skip
    assert "no size on offer keeps that" in none.view["sentence"]
    assert "Given up: 93.2% of the samples want more than 64 vCPU." in none.view["sentence"]


# --- break-even ----------------------------------------------------------------------


@QUICK
@given(shares)
def test_below_break_even_the_cloud_is_cheaper_and_above_it_renewal(share: float) -> None:
    widget = curve(share)
    cheaper = "Cloud" if share < MODEL.u_star else "Renewal"
    assert f", {cheaper} is " in widget.view["sentence"]
    hours = f"{abs(MODEL.u_star - share) * 730:.0f} hours a month"
    assert hours in widget.view["sentence"]
    lead = MODEL.lead({**MODEL.m, "on_share": share})
    renew, cloud = (float(value.split()[0].replace(",", "")) for _, value in widget._told.facts)
    assert renew - cloud == pytest.approx(lead / 1e6, abs=0.11)


def test_the_marker_begins_at_the_plan() -> None:
    widget = curve()
    assert widget.state == {"on_share": MODEL.m["on_share"]}
    (control,) = widget.controls
    at = control["values"].index(MODEL.m["on_share"])
    assert control["texts"][at] == (
        f"{MODEL.m['on_share']:.0%}, {MODEL.m['on_share'] * 730:.0f} hours a month"
    )


def test_both_lines_cross_where_break_even_is_marked() -> None:
    plot = curve()._told.plot
    (dot,) = plot.dots
    heights = [np.interp(dot.at[0], *np.transpose(line.points)) for line in plot.lines]
    assert heights == pytest.approx([dot.at[1]] * 2)


# --- tornado -------------------------------------------------------------------------


def test_a_blank_range_is_an_empty_field_beside_the_value_in_use() -> None:
    keys = ("on_share", "capex", "migration_won", "cloud_won_per_hour_total")
    widget = tornado(dict.fromkeys(keys, (BLANK, BLANK, BLANK)))
    assert widget.state == {key: ["", ""] for key in keys}
    assert widget.view["bars"] == []
    assert set(widget.view["faults"].values()) == {"Not set yet."}
    assert widget.rows[1]["used"] == f"{MODEL.m['capex']:,.10g} (won)"
    assert widget.view["code"].count("____") == 12


def test_bars_are_those_of_the_check_and_the_code_is_the_learners() -> None:
    ranges = NAMES["ranges"]
    widget = tornado(ranges)
    swings = unit_module(UNIT, "money.tornado").swings(MODEL, ranges)
    assert [bar["name"] for bar in widget.view["bars"]] == [swing.key for swing in swings]
    assert [bar["turns"] for bar in widget.view["bars"]] == [swing.flips() for swing in swings]
    told: dict[str, Any] = {}
    exec(widget.view["code"], told)
    assert told["ranges"] == ranges


def test_a_wider_range_ranks_higher_and_is_kept_in_the_code() -> None:
    ranges = {
        "on_share": (0.9 * MODEL.m["on_share"], 1.0, "the log of March"),
        "capex": (MODEL.m["capex"], 1.01 * MODEL.m["capex"], 'a "signed" quote\nof \\ May'),
    }
    widget = tornado(ranges)
    assert [bar["name"] for bar in widget.view["bars"]] == ["on_share", "capex"]
    used = f"{MODEL.m['capex']:,}"
    widget._receive(widget, {"state": {"capex": [used, "900,000,000"]}, "number": 1}, [])
    assert [bar["name"] for bar in widget.view["bars"]] == ["capex", "on_share"]
    told: dict[str, Any] = {}
    exec(widget.view["code"], told)
    assert told["ranges"]["capex"] == (MODEL.m["capex"], 9e8, ranges["capex"][2])


@pytest.mark.parametrize(
    ("ends", "fault"),
    [
        (["abc", "1"], "'abc' is no number."),
        (["0.1", "0.2"], "in use is"),
        (["0.1", "1.5"], "1.5"),
        (["", "0.9"], "Not set yet."),
    ],
)
def test_a_range_that_is_none_has_no_bar_and_says_why(ends: list[str], fault: str) -> None:
    widget = tornado({"on_share": (0.1, 1.0, "nobody knows")})
    assert len(widget.view["bars"]) == 1
    widget._receive(widget, {"state": {"on_share": ends}, "number": 1}, [])
    assert widget.view["bars"] == []
    assert fault in widget.view["faults"]["on_share"]


@QUICK
@given(st.lists(st.text(max_size=40), min_size=2, max_size=2))
def test_whatever_is_typed_the_code_stays_code(ends: list[str]) -> None:
    widget = tornado({"on_share": (0.1, 1.0, "nobody knows")})
    widget._receive(widget, {"state": {"on_share": ends}, "number": 1}, [])
    told: dict[str, Any] = {"____": None}
    exec(widget.view["code"], {"__builtins__": {}}, told)
    low, high, reason = told["ranges"]["on_share"]
    assert all(end is None or isinstance(end, int | float) for end in (low, high))
    assert reason == "nobody knows"


def test_what_was_typed_comes_back_until_the_code_says_something_else() -> None:
    ranges = {"on_share": (0.1, 1.0, "nobody knows")}
    kept = {"given": {"on_share": ["0.1", "1"]}, "typed": {"on_share": ["0.2", "0.99"]}}
    assert tornado(ranges, kept).state == {"on_share": ["0.2", "0.99"]}
    assert tornado({"on_share": (0.3, 1.0, "")}, kept).state == {"on_share": ["0.3", "1"]}
    for damaged in (3, {}, {"given": {"on_share": ["0.1", "1"]}, "typed": 3}):
        assert tornado(ranges, damaged).state == {"on_share": ["0.1", "1"]}


# --- in the workbook -----------------------------------------------------------------


@pytest.fixture
def opened(wb: Any, home: LearnerHome) -> Any:
    """The workbook with everything up to the futures answered."""
    fill(home, unit_module(UNIT, "solution").ANSWERS)
    names: dict[str, Any] = {"np": np, "pd": __import__("pandas"), "kit": kit, "____": BLANK}
    book = kit.open_workbook("rightsizing", names=names)
    names |= {"wb": book, "case": book.case()}
    for exercise in ("repair", "rule"):
        exec(unit_module(UNIT, "solution").ANSWERS[exercise], names)
    names["m"] = book.tools.inputs(names["case"], book.carry("rule"))
    solved(names, "npv", "futures")
    return names


def test_what_somebody_set_is_there_again_in_another_kernel(opened: Any) -> None:
    case, ranges = opened["case"], opened["ranges"]
    moves = {
        "rule_slider": ((case, case.puzzle), {"q": 99.5, "headroom": 0.3}),
        "break_even_chart": ((), {"on_share": 0.31}),
        "tornado": ((ranges,), {"capex": ["1", "2"]}),
    }
    for name, (given_to, part) in moves.items():
        widget = getattr(opened["wb"].tools, name)(*given_to)
        widget._receive(widget, {"state": part, "number": 1}, [])
    again = kit.open_workbook("rightsizing", names=opened)
    for name, (given_to, part) in moves.items():
        state = getattr(again.tools, name)(*given_to).state
        assert {key: state[key] for key in part} == part, name


def test_a_marker_of_another_plan_is_not_restored(opened: Any) -> None:
    wb = opened["wb"]
    wb.remember("break_even", {"plan": 0.123, "state": {"on_share": 0.31}})
    assert wb.tools.break_even_chart().state == {"on_share": opened["m"]["on_share"]}
    wb.remember("rule", {"machine": "gone-01", "q": 3, "headroom": 0.2})
    state = wb.tools.rule_slider(opened["case"], opened["case"].puzzle).state
    assert (state["machine"], state["q"], state["headroom"]) == (opened["case"].puzzle, 90.0, 0.2)


def test_no_widget_is_made_while_the_notebook_is_graded(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    tools, case = opened["wb"].tools, opened["case"]
    assert tools.rule_slider(case, case.puzzle) is None
    assert tools.tornado(opened["ranges"]) is None
    assert tools.break_even_chart() is None


@pytest.mark.parametrize(
    ("ranges", "said"),
    [(3, "holds 0 inputs"), ({"years": (1, 2, "x")}, "years"), ({"capex": 3}, "is 3")],
)
def test_what_is_no_ranges_at_all_is_told_in_words(
    opened: Any, capsys: pytest.CaptureFixture[str], ranges: Any, said: str
) -> None:
    assert opened["wb"].tools.tornado(ranges) is None
    assert said in capsys.readouterr().out
