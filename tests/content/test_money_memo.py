"""The memo: what it says, which way round, and that each figure is one of the model's."""

from __future__ import annotations

import re

import numpy as np
import pytest

from kit.checking import Mistake, Work, unit_module
from kit.model import OutcomeKind
from tests.content.test_money import (
    PRACTICE,
    SEEDS,
    START,
    UNIT,
    Names,
    memos,
    outcome,
    solved,
    start,
)

pytestmark = pytest.mark.content


@pytest.mark.parametrize(
    ("recommend", "sentence", "holds"),
    [
        ("renew", "We should rent in the cloud instead of renewing the servers.", False),
        ("renew", "We should move to the cloud rather than renew.", False),
        ("renew", "우리는 장비 갱신 대신 클라우드를 선택해야 합니다.", False),
        ("cloud", "클라우드보다 장비 교체가 낫습니다.", False),
        ("cloud", "We must buy new servers, not rent.", False),
        ("renew", "We should renew instead of renting in the cloud.", True),
        ("renew", "We renew. If the load halves, we recommend the cloud instead.", True),
        ("renew", "서버를 갱신합니다. 부하가 반으로 줄면 클라우드를 권고합니다.", True),
        ("cloud", "We should rent in the cloud rather than renew.", True),
        ("cloud", "장비 교체 대신 클라우드를 선택해야 합니다.", True),
        ("renew", "We should renew now. The cloud must prove its price first.", True),
    ],
)
def test_a_memo_that_speaks_for_the_other_option_is_seen(
    recommend: str, sentence: str, holds: bool
) -> None:
    assert memos._names(recommend, sentence) is holds


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("The cloud costs {x} million won less than renewal.", True),
        ("The cloud costs {x} million won more than renewal.", False),
        ("Compared with renewal, the cloud is cheaper by {x} million won.", True),
        ("Renewal is cheaper by {x} million won.", False),
        ("Renewing costs 900 million won, {x} million won more than the cloud.", True),
        ("Renting saves {x} million won.", True),
        ("Buying new servers saves {x} million won.", False),
        ("If the rate doubles, renewal costs {x} million won less.", True),
        ("The cloud does not cost {x} million won more.", True),
        ("The difference of both options is {x} million won.", True),
        ("클라우드가 장비 교체보다 {x} million won 저렴합니다.", True),
        ("장비 교체가 클라우드보다 {x} million won 저렴합니다.", False),
        ("장비 교체안은 클라우드보다 {x} million won 비쌉니다.", True),
        ("클라우드 전환안은 {x} million won 더 듭니다.", False),
    ],
)
def test_cheaper_and_dearer_are_told_the_right_way_round(sentence: str, holds: bool) -> None:
    told = unit_module(UNIT, "money.figures").figures(sentence.format(x="12.3"))
    for lead, right in ((12.3e6, holds), (-12.3e6, not holds)):
        try:
            memos.check_direction(told, lead)
        except Mistake as mistake:
            assert mistake.label == "direction_reversed"
            assert not right
        else:
            assert right or _says_nothing(sentence), sentence


def _says_nothing(sentence: str) -> bool:
    return any(word in sentence for word in ("If ", " not ", "difference"))


def test_a_range_has_two_ends() -> None:
    names = solved(start(4), *PRACTICE)
    names["memo"] = re.sub(
        r"between\s+(-?[\d,.]+) million won and -?[\d,.]+",
        r"between \1 million won and \1",
        names["memo"],
    )
    got = outcome("memo", names)
    assert got.feedback is not None and got.feedback.label == "point_estimate"


def test_a_range_from_minus_a_sum_to_the_same_sum_has_two_ends() -> None:
    assert memos._TWICE.search("between 5.1 million won and 5.1 million won")
    assert memos._TWICE.search("between -5.1 million won and -5.1 million won")
    assert not memos._TWICE.search("between -5.1 million won and 5.1 million won")
    assert not memos._TWICE.search("between 5.1 million won and 25.1 million won")


def test_an_on_time_share_below_zero_turns_nothing() -> None:
    names = solved(start(4), *PRACTICE)
    names["memo"] = names["memo"].replace("share of ", "share of -")
    got = outcome("memo", names)
    assert got.feedback is not None and got.feedback.label == "nothing_would_change"


def korean_memo(names: Names) -> str:
    code = """
figures = {o: npv(f(m), m["rate"]) for o, f in (("renew", renew_flows), ("cloud", cloud_flows))}
lead = figures["renew"] - figures["cloud"]
low, high = sorted(
    npv(renew_flows(t), m["rate"]) - npv(cloud_flows(t), m["rate"])
    for t in (m | {flips[-1]: v} for v in ranges[flips[-1]][:2])
)
"""
    exec(compile(code, "<cell>", "exec"), names)
    u = unit_module(UNIT, "money.work").model_of(Work(names, names["case"], {}, 1)).u_star
    choice = "클라우드 전환" if names["recommend"] == "cloud" else "장비 교체"
    return (
        f"8대의 서버에 대해 {choice}을 권고드립니다. "
        f"클라우드 전환안은 장비 교체안과 {abs(names['lead']) / 1e4:,.0f}만 원 차이가 납니다. "
        f"가정에 따라 차이는 {abs(names['low']) / 1e4:,.0f}만 원에서 "
        f"{abs(names['high']) / 1e4:,.0f}만 원까지입니다. "
        f"손익분기 가동률은 {100 * u:.1f}%이며 CPU 사용률이 아닙니다."
    )


@pytest.mark.parametrize("seed", [0, 4, 9])
def test_a_korean_memo_passes_by_its_figures(seed: int) -> None:
    names = solved(start(seed), *PRACTICE)
    names["memo"] = korean_memo(names)
    got = outcome("memo", names)
    assert got.kind is OutcomeKind.PASSED, got


@pytest.mark.parametrize("seed", SEEDS)
def test_a_memo_with_one_figure_off_fails_whatever_its_style(seed: int) -> None:
    names = solved(start(seed), *PRACTICE)
    lead = re.search(r"the cloud costs ([\d,.]+) million", names["memo"])
    assert lead is not None
    wrong = f"{float(lead[1].replace(',', '')) * 1.37 + 1.3:,.1f}"
    names["memo"] = names["memo"].replace(f"costs {lead[1]} million", f"costs {wrong} million")
    assert outcome("memo", names).kind is OutcomeKind.INCORRECT


def test_a_memo_may_name_the_load_of_a_machine_and_no_other() -> None:
    names = solved(dict(START), *PRACTICE)
    name, cpu = next(iter(unit_module(UNIT, "sizing.case").cpu_of(names["case"]).items()))
    names["memo"] += f" {name} is the least sure: its P95 is {np.percentile(cpu, 95):.1f} %."
    assert outcome("memo", names).kind is OutcomeKind.PASSED
    names["memo"] += " Staff cost falls by 37.3 %."
    assert outcome("memo", names).kind is OutcomeKind.INCORRECT


def test_words_without_figures_earn_nothing() -> None:
    names = solved(dict(START), *PRACTICE)
    names["memo"] = "u*, range, sensitivity, NPV, break-even, tornado. " * 20
    assert outcome("memo", names).kind is OutcomeKind.INCORRECT
