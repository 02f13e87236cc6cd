"""The break-even curve on two fictional offers."""

from __future__ import annotations

from typing import Any

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.breakeven import BreakEvenCurve
from kit.widgets.working import Axis, Control, Dot, Level, Line, Plot, View, nice_ticks

HOURS = 730
OWNED, FIXED, FULL = 268.0, 96.0, 241.0
SHARES = [step / 100 for step in range(101)]
WORDS = {
    "en": {
        "name": "At what share of hours are we wrong?",
        "share": "Hours on",
        "hours": "{share:.0%}, {hours:.0f} hours a month",
        "axis": "share of hours on (not CPU load)",
        "cost": "million won of today",
        "renew": "Renewal",
        "cloud": "Cloud",
        "plan": "plan",
        "even": "both cost the same: {share:.0%}",
        "said": "At {share:.0%} of the hours, {hours:.0f} a month, {cheaper} is {lead:,.1f} "
        "million won cheaper. Both cost the same at {even:.0%}, {even_hours:.0f} hours a month.",
        "renew_cost": "Renewal, million won",
        "cloud_cost": "Cloud, million won",
    },
    "ko": {
        "name": "가동률이 얼마일 때 판단이 틀립니까?",
        "share": "가동 시간",
        "hours": "{share:.0%}, 월 {hours:.0f}시간",
        "axis": "가동률 (CPU 사용률이 아님)",
        "cost": "오늘 가치, 백만 원",
        "renew": "교체 구매",
        "cloud": "클라우드",
        "plan": "계획",
        "even": "비용이 같은 점: {share:.0%}",
        "said": "가동률 {share:.0%}(월 {hours:.0f}시간)에서는 {cheaper} 쪽이 {lead:,.1f}백만 원 더 "
        "저렴합니다. {even:.0%}(월 {even_hours:.0f}시간)에서 두 비용이 같습니다.",
        "renew_cost": "교체 구매, 백만 원",
        "cloud_cost": "클라우드, 백만 원",
    },
}


def _view(state: dict[str, Any], words: dict[str, str], plan: float) -> View:
    share, even = state["on_share"], (OWNED - FIXED) / FULL
    cloud = FIXED + FULL * share
    cheaper = words["cloud" if cloud < OWNED else "renew"]
    said = words["said"].format(
        share=share,
        hours=share * HOURS,
        cheaper=cheaper,
        lead=abs(OWNED - cloud),
        even=even,
        even_hours=even * HOURS,
    )
    plot = Plot(
        Axis(0, 100, [(x, f"{x:g}%") for x in nice_ticks(0, 100)], words["axis"]),
        Axis(0, 370, [(y, f"{y:g}") for y in nice_ticks(0, 370)], words["cost"]),
        [
            Line(words["renew"], [(0, OWNED), (100, OWNED)], "vermillion"),
            Line(words["cloud"], [(0, FIXED), (100, FIXED + FULL)], "blue", dashed=True),
        ],
        [Level(100 * plan, words["plan"], axis="x", dashed=True)],
        [Dot((100 * even, OWNED), words["even"].format(share=even))],
    )
    facts = [(words["renew_cost"], f"{OWNED:,.1f}"), (words["cloud_cost"], f"{cloud:,.1f}")]
    return View(sentence=said, plot=plot, facts=facts)


def _curve(say: Translator, plan: float, share: float) -> BreakEvenCurve:
    words = WORDS[say.language]
    texts = [words["hours"].format(share=one, hours=one * HOURS) for one in SHARES]
    places = [100 * one for one in SHARES]
    controls = [Control("on_share", words["share"], SHARES, texts, places)]
    return BreakEvenCurve(
        lambda now: _view(now, words, plan),
        controls,
        say,
        name=words["name"],
        state={"on_share": share},
    )


PAGE = Page(
    name="breakeven",
    title="Break-even curve",
    about="Two costs over one assumption. The marker is moved by hand on the drawing or by the "
    "keys on the slider; Python says which option is cheaper there, by how much, and where both "
    "are the same.",
    used="`wb.tools.break_even_chart()` after “Three futures” in `rightsizing`.",
    examples={
        "plan": lambda say: _curve(say, 0.62, 0.62),
        "moved": lambda say: _curve(say, 0.62, 0.97),
    },
)
