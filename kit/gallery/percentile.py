"""The percentile slider on a fictional machine that idles and works in bursts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.percentile import PercentileSlider
from kit.widgets.working import Axis, Control, Level, Line, Plot, View, nice_ticks, thinned

SIZES = {1: 52, 2: 104, 4: 208, 8: 416, 16: 832, 32: 1664}
PERCENTILES = [90 + step / 2 for step in range(21)]
FREE = [step / 20 for step in range(11)]
WORDS = {
    "en": {
        "name": "What a rule promises, and what it costs",
        "percentile": "Percentile",
        "headroom": "Headroom",
        "free": "{free:.0%} kept free",
        "time": "share of the time, busiest first",
        "demand": "demand, vCPU",
        "size": "{size} vCPU",
        "usable": "{usable:g} vCPU in use at most",
        "said": "P{q:g} with {free:.0%} kept free takes {size} vCPU. Promised: {q:g} of 100 "
        "samples are served. Given up: {above:.1%} of the samples want more.",
        "above": "Samples above the size",
        "price": "Price an hour",
        "won": "{won:,} won",
        "choose": "Machine",
    },
    "ko": {
        "name": "규칙이 약속하는 것과 그 비용",
        "percentile": "백분위수",
        "headroom": "여유",
        "free": "{free:.0%} 비움",
        "time": "시간 비율, 바쁜 순서",
        "demand": "수요, vCPU",
        "size": "{size} vCPU",
        "usable": "최대 {usable:g} vCPU까지 사용",
        "said": "P{q:g}에 여유 {free:.0%}이면 {size} vCPU입니다. 약속: 표본 100개 가운데 {q:g}개를 "
        "감당합니다. 포기: 표본의 {above:.1%}는 이보다 많이 원합니다.",
        "above": "크기를 넘는 표본",
        "price": "시간당 가격",
        "won": "{won:,}원",
        "choose": "서버",
    },
}


def _bursts(share: float, high: float) -> list[float]:
    """Sorted demand: a plateau while it works, nearly nothing otherwise."""
    count = 2016
    busy = int(share * count)
    return [high * (1 - 0.2 * at / busy) for at in range(busy)] + [
        0.4 * (1 - (at - busy) / count) for at in range(busy, count)
    ]


MACHINES = {"web-07": _bursts(0.13, 15.4), "batch-05": _bursts(0.07, 6.9)}


def _view(state: dict[str, Any], words: dict[str, str]) -> View:
    demand, q, free = MACHINES[state["machine"]], state["q"], state["headroom"]
    wanted = demand[min(len(demand) - 1, int(len(demand) * (100 - q) / 100))]
    size = next((s for s in SIZES if s * (1 - free) >= wanted), max(SIZES))
    above = sum(one > size for one in demand) / len(demand)
    points: Sequence[tuple[float, float]] = [
        (100 * at / len(demand), one) for at, one in enumerate(demand[: len(demand) // 4])
    ]
    high = 1.1 * max(size, demand[0])
    levels = [Level(size, words["size"].format(size=size))]
    if free:
        usable = size * (1 - free)
        levels.append(Level(usable, words["usable"].format(usable=round(usable, 1)), dashed=True))
    shares = [(float(x), f"{x}%") for x in range(0, 26, 5)]
    plot = Plot(
        Axis(0, 25, shares, words["time"]),
        Axis(0, high, [(y, f"{y:g}") for y in nice_ticks(0, high)], words["demand"]),
        [Line("", thinned(points))],
        levels,
        over=size,
    )
    said = words["said"].format(q=q, free=free, size=size, above=above)
    facts = [
        (words["above"], f"{above:.1%}"),
        (words["price"], words["won"].format(won=SIZES[size])),
    ]
    return View(sentence=said, plot=plot, facts=facts, code=f'"q": {q}, "headroom": {free}')


def _slider(
    say: Translator, machines: Sequence[str], state: dict[str, Any] | None
) -> PercentileSlider:
    words = WORDS[say.language]
    controls = [
        Control("machine", words["choose"], machines, machines, choice=True),
        Control(
            "q",
            words["percentile"],
            PERCENTILES,
            [f"P{q:g}" for q in PERCENTILES],
            places=[100 - q for q in PERCENTILES],
        ),
        Control("headroom", words["headroom"], FREE, [words["free"].format(free=f) for f in FREE]),
    ]
    return PercentileSlider(
        lambda now: _view(now, words), controls, say, name=words["name"], state=state
    )


def _hostile(say: Translator) -> PercentileSlider:
    """Texts that would be markup if anything took them for it."""
    name = '<img src=x onerror="document.title=1">'
    MACHINES.setdefault(name, MACHINES["batch-05"])
    return _slider(say, [name], None)


PAGE = Page(
    name="percentile",
    title="Percentile slider",
    about="A demand, busiest samples first, with the rule that sizes it: the percentile's line "
    "stands where the hand is; the size, its price and what it gives up follow from Python.",
    used='`wb.tools.rule_slider(case, "web-07")` beside “Choose the rule” in `rightsizing`.',
    examples={
        "begin": lambda say: _slider(say, list(MACHINES)[:2], None),
        "set": lambda say: _slider(
            say, list(MACHINES)[:2], {"machine": "batch-05", "q": 92.5, "headroom": 0.2}
        ),
        "text": _hostile,
    },
)
