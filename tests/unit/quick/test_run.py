"""What a finding says, by kind of load, and what it refuses to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.errors import DataError, UsageError
from kit.i18n import Translator
from kit.quick import Finding, Request, make_finding

Find = Callable[..., Finding]
Series = Callable[..., pd.DataFrame]


def test_saturated_machine_is_never_sized(find: Find, series: Series) -> None:
    finding = find(series("db-01", "saturated"))
    machine = finding.asked[0]
    assert machine.kind == "saturated"
    assert not machine.sized
    assert finding.range_won is None
    assert "no rule makes it smaller" in machine.why


def test_idle_machine_with_bursts_gets_no_percentile(find: Find, series: Series) -> None:
    finding = find(series("batch-01", "idle-with-bursts"), vcpu=("16",))
    machine = finding.asked[0]
    assert not machine.sized
    assert finding.range_won is None
    for word in ("schedule", "burstable", "scale out"):
        assert word in machine.question


def test_unused_machine_is_a_question_and_no_verdict(find: Find, series: Series) -> None:
    machine = find(series("intra-01", "under-used")).asked[0]
    assert machine.question.endswith("?")
    assert "does not prove" in machine.why


@pytest.mark.parametrize("days", [1, 3, 6])
def test_less_than_a_week_gives_no_range_and_says_what_to_export(
    find: Find, series: Series, days: int
) -> None:
    finding = find(series("web-01", "bursty", days=days))
    asked = finding.asked[0]
    assert asked.kind == "incomplete"
    assert finding.range_won is None
    assert f"Seen for {days} days" in asked.why and "week" in asked.why
    assert "busiest day" in asked.question
    assert any("export 14 days" in text and "CSV" in text for text in finding.cannot)


@pytest.mark.parametrize(("rows", "said"), [(7 * 288, "7 days"), (3946, "13.7 days")])
def test_a_week_gives_a_range_that_is_called_weaker(
    find: Find, series: Series, rows: int, said: str
) -> None:
    export = series("web-01", "bursty").iloc[:rows]
    finding = find(export.drop(index=export.index[100:150]))
    assert finding.asked[0].kind == "bursty" and finding.range_won is not None
    assert f"weaker: only {said} seen" in finding.headline
    assert f"Seen for {said}, not 14" in finding.asked[0].why
    assert any("export 14 days" in text for text in finding.cannot)


def test_month_end_is_only_said_to_be_missing_where_it_is(find: Find, series: Series) -> None:
    rows = series("web-01", "bursty", days=7)
    assert "no month end" in find(rows).headline
    shifted = rows.assign(timestamp=rows["timestamp"] + pd.Timedelta(days=27))
    assert "weaker" in find(shifted).headline and "month end" not in find(shifted).headline


@pytest.mark.parametrize("lost", [[2000], [0], [4031], range(500, 512), [0, 1, 2, 4030, 4031]])
def test_lost_samples_leave_fourteen_days_firm(find: Find, series: Series, lost: list[int]) -> None:
    finding = find(series("mail-01", "steady").drop(index=list(lost)))
    assert finding.range_won is not None
    assert "weaker" not in finding.headline
    assert not any("export 14 days" in text for text in finding.cannot)


def test_share_just_below_the_limit_is_not_rounded_up_to_it(find: Find, series: Series) -> None:
    rows = series("web-01", "bursty", days=20)
    # 5,180 of 5,760 steps are 89.93 %
    why = find(rows.drop(index=rows.index[3000:3580])).asked[0].why
    assert why.startswith("89.9 % of the steps in 20 days")


FRACTIONS = (0.2, 0.8)


def fractions(name: str, column: str = "cpu") -> pd.DataFrame:
    times = pd.date_range("2026-03-02", periods=4032, freq="5min")
    low, high = FRACTIONS
    values = [low + (high - low) * (at % 97) / 96 for at in range(4032)]
    return pd.DataFrame({"machine": name, "timestamp": times, column: values})


def test_doubtful_unit_is_asked_and_nothing_is_concluded(find: Find) -> None:
    finding = find(fractions("web-01"))
    assert "percent, or as a fraction" in finding.headline and "0.8" in finding.headline
    assert finding.range_won is None
    assert finding.asked[0].kind == "unit-unclear"
    assert "--unit fraction" in finding.cannot[0] and "cpu_fraction" in finding.cannot[0]
    assert "next to nothing on its CPU" not in finding.headline + finding.asked[0].question


def test_told_unit_settles_it(find: Find) -> None:
    rows = fractions("web-01")
    told = find(rows, unit="fraction").machines[0]
    assert told.stats is not None and told.stats.peak == pytest.approx(80)
    assert told.kind == "steady"
    assert find(rows, unit="percent").machines[0].kind == "under-used"
    assert find(fractions("web-01", "cpu_fraction")).machines[0].stats == told.stats
    with pytest.raises(UsageError, match="no unit of CPU"):
        find(rows, unit="GB")


def test_machine_of_unclear_unit_is_asked_first_beside_others(find: Find, series: Series) -> None:
    finding = find(fractions("web-01"), series("web-02", "steady"), series("web-03", "steady", 2))
    assert "without 1 of them, whose unit is unclear" in finding.headline
    assert finding.asked[0].machine == "web-01"
    assert not finding.asked[0].sized
    assert [m.machine for m in finding.machines if m.sized] == ["web-02", "web-03"]
    both = find(fractions("web-01"), series("web-02", "steady"), unit="fraction")
    assert {m.kind for m in both.machines} == {"steady"}


def test_idle_machine_in_stated_percent_is_not_doubted(find: Find, series: Series) -> None:
    rows = series("intra-01", "under-used").assign(cpu_percent=0.4)
    assert find(rows).machines[0].kind == "under-used"


def test_holes_below_ninety_percent_give_no_size(find: Find, series: Series) -> None:
    rows = series("web-01", "bursty", days=20)
    kept = pd.concat([rows.iloc[:2000], rows.iloc[3000:]])
    finding = find(kept)
    assert finding.asked[0].stats is not None
    assert finding.asked[0].stats.days == pytest.approx(20 - 1000 * 5 / 1440)
    assert finding.asked[0].kind == "incomplete"
    assert not finding.asked[0].sized


def test_exactly_fourteen_days_by_count_are_enough(find: Find, series: Series) -> None:
    # 13 days 23:55 by last minus first
    assert find(series("web-01", "bursty")).asked[0].sized


def test_repeated_times_count_once_and_are_said(find: Find, series: Series) -> None:
    rows = series("mail-01", "steady")
    again = rows.iloc[100:130].assign(cpu_percent=99.0)
    finding = find(pd.concat([rows, again]))
    stats = finding.machines[0].stats
    assert stats is not None
    assert (stats.samples, stats.repeated) == (4032, 30)
    assert stats.peak < 99
    assert any("repeat a time of their machine: 30" in n and "mail-01" in n for n in finding.notes)


def test_percentiles_interpolate_linearly(find: Find, series: Series) -> None:
    rows = series("mail-01", "steady")
    stats = find(rows).machines[0].stats
    assert stats is not None
    assert stats.p99_5 == pytest.approx(rows["cpu_percent"].quantile(0.995))
    assert stats.p90 == pytest.approx(rows["cpu_percent"].quantile(0.90))


def test_row_order_changes_nothing(find: Find, series: Series) -> None:
    rows = pd.concat([series("a", "steady"), series("b", "bursty"), series("c", "saturated")])
    shuffled = rows.sample(frac=1, random_state=3)
    one, other = find(rows), find(shuffled)
    assert one.headline == other.headline
    assert [(m.question, m.why, m.low_won) for m in one.asked] == [
        (m.question, m.why, m.low_won) for m in other.asked
    ]


def test_cautious_rule_never_promises_more_than_the_lean_one(find: Find, series: Series) -> None:
    rows = pd.concat([series(f"m{i}", k, i) for i, k in enumerate(["steady", "bursty"] * 3)])
    finding = find(rows)
    for machine in finding.machines:
        assert machine.low_won is not None and machine.high_won is not None
        assert 0 <= machine.low_won <= machine.high_won
    assert finding.range_won is not None
    assert finding.range_won[0] == pytest.approx(sum(m.low_won or 0 for m in finding.machines))


def test_steady_machine_is_priced_by_the_card(find: Find, series: Series) -> None:
    # P99.5 of 16 % on 16 vCPU needs 3.7 with 30 % headroom: 4 vCPU, 208 won an hour
    rows = series("mail-01", "steady").assign(cpu_percent=16.0)
    machine = find(rows, vcpu=("16",)).machines[0]
    assert machine.cautious_vcpu == 4
    assert machine.low_won == pytest.approx((832 - 208) * 730)


def test_own_price_card_replaces_the_example(find: Find, series: Series, tmp_path: Path) -> None:
    card = tmp_path / "mine.toml"
    card.write_text(
        'card = "our contract"\ndated = 2026-06-01\ncurrency = "KRW"\n[providers.X]\nname = "X"\n'
        "sizes = [[4, 16, 100], [16, 64, 400]]\nstorage_gib_month = 1\negress_gib = 1\n"
        "support_share = 0\n",
        encoding="utf-8",
    )
    rows = series("mail-01", "steady").assign(cpu_percent=16.0)
    finding = find(rows, vcpu=("16",), prices=card)
    assert finding.machines[0].low_won == pytest.approx(300 * 730)
    assert any("our contract" in note and "2026-06-01" in note for note in finding.notes)


def test_assumed_size_is_said_and_can_be_told(find: Find, series: Series) -> None:
    rows = pd.concat([series("web-07", "steady"), series("web-08", "steady", 2)])
    assert any("Assumed: 8 vCPU" in note for note in find(rows).notes)
    told = find(rows, vcpu=("4", "WEB-07=16"))
    assert {m.machine: m.vcpu for m in told.machines} == {"web-07": 16, "web-08": 4}
    assert not any("Assumed" in note for note in told.notes)


@pytest.mark.parametrize("word", ["many", "web-07=", "0", "web-07=-2"])
def test_impossible_size_is_refused(find: Find, series: Series, word: str) -> None:
    with pytest.raises(UsageError, match="is no size"):
        find(series("web-07", "steady"), vcpu=(word,))


def test_size_for_an_unknown_machine_is_refused(find: Find, series: Series) -> None:
    with pytest.raises(UsageError) as error:
        find(series("web-07", "steady"), vcpu=("web-70=16",))
    assert "web-07" in error.value.fix


def test_memory_that_nobody_measured_is_unknown(find: Find, series: Series) -> None:
    finding = find(series("mail-01", "steady"))
    assert finding.machines[0].memory_need_gib is None
    assert any("Memory is unknown" in text for text in finding.cannot)


def test_three_questions_of_different_kinds_come_first(find: Find, series: Series) -> None:
    kinds = ["under-used"] * 5 + ["saturated", "idle-with-bursts"]
    rows = pd.concat([series(f"m{i}", kind, i) for i, kind in enumerate(kinds)])
    asked = find(rows).asked
    assert {m.kind for m in asked} == {"under-used", "saturated", "idle-with-bursts"}


def test_equal_rules_are_said_once(find: Find, series: Series) -> None:
    machine = find(series("mail-01", "steady").assign(cpu_percent=16.0), vcpu=("16",)).asked[0]
    assert machine.lean_vcpu == machine.cautious_vcpu == 4
    assert "Both rules ask for 4 vCPU" in machine.why and "4 to 4" not in machine.why


def test_what_was_read_without_cpu_is_named(find: Find, series: Series) -> None:
    times = pd.date_range("2026-03-02", periods=50, freq="5min")
    rows = pd.DataFrame({"machine": "lb-1", "timestamp": times, "requests": range(50)})
    again = pd.concat([rows, rows.iloc[:3]])
    finding = find(series("a", "steady"), series("b", "bursty"), again)
    assert any("without CPU" in text and "lb-1" in text for text in finding.cannot)
    assert any("repeat a time of their machine: 3" in note for note in finding.notes)


def test_one_machine_of_an_inventory_is_named(find: Find, tmp_path: Path) -> None:
    path = tmp_path / "vInfo.csv"
    path.write_text("VM,Powerstate,CPUs,Memory\nweb-01,poweredOn,8,16384\n", encoding="utf-8")
    assert find(path).headline.startswith("web-01 has 8 vCPU")


def test_export_without_cpu_says_what_cannot_be_concluded(find: Find, tmp_path: Path) -> None:
    times = pd.date_range("2026-03-02", periods=4032, freq="5min")
    rows = pd.DataFrame({"machine": "lb-1", "timestamp": times, "requests": range(4032)})
    finding = find(rows)
    assert finding.range_won is None
    assert all(not machine.sized for machine in finding.machines)
    assert any("no size and no won" in text for text in finding.cannot)


def test_file_of_nothing_is_an_error_that_names_it(find: Find, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("", encoding="utf-8")
    with pytest.raises(DataError) as error:
        find(path)
    assert "empty.csv" in str(error.value)


def test_example_is_synthetic_and_the_same_each_time() -> None:
    tr = Translator("en")
    one, two = (make_finding(Request([Path("example")]), tr) for _ in range(2))
    assert one.synthetic
    assert one.inputs == two.inputs
    assert len(one.machines) == 8
    assert len({machine.kind for machine in one.asked}) == 3
    assert "SYNTHETIC" in one.notes[0]


def test_a_file_named_example_is_read_as_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, series: Series
) -> None:
    monkeypatch.chdir(tmp_path)
    series("web-01", "steady").to_csv("example", index=False)
    finding = make_finding(Request([Path("example")]), Translator("en"))
    assert not finding.synthetic
    assert len(finding.machines) == 1


def test_hundreds_of_machines_still_ask_three_questions(find: Find) -> None:
    times = pd.date_range("2026-03-02", periods=14 * 24, freq="h")
    rows = pd.concat(
        pd.DataFrame({"machine": f"vm-{i:04}", "timestamp": times, "cpu_percent": 1.0 + i % 40})
        for i in range(400)
    )
    finding = find(rows)
    assert len(finding.machines) == 400
    assert len(finding.asked) == 3


def test_one_sample_is_too_few_and_has_no_coverage(find: Find, series: Series) -> None:
    machine = find(series("web-01", "steady").iloc[:1]).machines[0]
    assert machine.stats is not None and machine.stats.coverage != machine.stats.coverage
    why = find(series("web-01", "steady").iloc[:1]).asked[0].why
    assert "Less than a day" in why and "of the steps" not in why


def test_size_that_a_rule_wants_larger_is_not_said_to_fit(find: Find, series: Series) -> None:
    rows = series("web-01", "steady")
    rows["cpu_percent"] = [80 * i / (len(rows) - 1) for i in range(len(rows))]
    rows["cpu_percent"] = rows["cpu_percent"].sample(frac=1, random_state=1).to_numpy()
    machine = find(rows, vcpu=("8",)).asked[0]
    assert (machine.kind, machine.lean_vcpu, machine.cautious_vcpu) == ("steady", 8, 16)
    assert "fits" not in machine.why and "growth" in machine.why


def test_headline_says_the_size_it_assumes(find: Find, series: Series) -> None:
    rows = pd.concat([series("a", "steady"), series("b", "steady", 2)])
    said = find(rows)
    assert said.assumed_vcpu == 8 and "if each has 8 vCPU" in said.headline
    assert "where no size is stated" in find(rows, vcpu=("a=16",)).headline
    alone = find(series("a", "bursty"))
    assert "if it has 8 vCPU" in alone.headline
    told = find(rows, vcpu=("16",))
    assert told.assumed_vcpu is None and "if each" not in told.headline


def test_each_file_that_was_not_read_is_named(find: Find, series: Series, tmp_path: Path) -> None:
    bad = tmp_path / "notes.csv"
    bad.write_text("dear diary,\nnothing measured today\n", encoding="utf-8")
    finding = find(series("web-01", "steady"), bad)
    assert [(one.path, bool(one.what), bool(one.fix)) for one in finding.unread] == [
        (bad, True, True)
    ]
    assert find(series("web-01", "steady")).unread == ()
