"""The tornado on a fictional decision between buying and renting."""

from __future__ import annotations

from typing import Any

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.tornado import Assumption, Bar, Tornado, TornadoView, typed_number
from kit.widgets.working import Axis, nice_ticks

LEAD = 24.0
# million won that the lead moves by for the whole of an input, and the input in use
EFFECTS = {
    "on_share": (-190.0, 0.62),
    "capex": (130.0, 140.0),
    "migration_won": (-34.0, 34.0),
    "double_run_months": (-7.5, 3.0),
}
WORDS = {
    "en": {
        "name": "What would turn the decision?",
        "on_share": "share of the year that machines are on",
        "capex": "price of the new servers, million won",
        "migration_won": "moving, million won",
        "double_run_months": "months of double running",
        "turns": "turns the decision",
        "stays": "does not turn it",
        "axis": "renewal minus cloud, million won",
        "said": "{name} swings it furthest, by {won:.0f} million won; {count} of {all} ranges "
        "turn it",
        "none": "No range is set yet.",
        "empty": "Not set yet.",
        "no": "{text} is no number.",
        "around": "The value in use, {used}, is not between {low} and {high}.",
        "fact": "{low} to {high} million won: {word}",
    },
    "ko": {
        "name": "무엇이 결정을 뒤집습니까?",
        "on_share": "한 해 가운데 서버가 켜져 있는 비율",
        "capex": "새 서버의 가격, 백만 원",
        "migration_won": "이전 비용, 백만 원",
        "double_run_months": "이중 운영 개월 수",
        "turns": "결정이 뒤집힘",
        "stays": "뒤집히지 않음",
        "axis": "교체 구매 빼기 클라우드, 백만 원",
        "said": "{name}의 영향이 가장 큽니다({won:.0f}백만 원). 범위 {all}개 가운데 {count}개가 "
        "결정을 뒤집습니다.",
        "none": "아직 정한 범위가 없습니다.",
        "empty": "아직 정하지 않았습니다.",
        "no": "{text}: 숫자가 아닙니다.",
        "around": "사용 중인 값 {used}이(가) {low}와(과) {high} 사이에 있지 않습니다.",
        "fact": "{low}에서 {high}백만 원: {word}",
    },
}
REASONS = {"on_share": '"nobody logged nights"', "capex": '"the quote is signed"'}


def _fault(ends: list[str], used: float, words: dict[str, str]) -> str:
    if not all(end.strip() for end in ends):
        return words["empty"]
    for text in ends:
        if typed_number(text) is None:
            return words["no"].format(text=text)
    low, high = (typed_number(end) or 0.0 for end in ends)
    return "" if low <= used <= high else words["around"].format(used=used, low=low, high=high)


def _bar(name: str, ends: list[str], words: dict[str, str]) -> Bar:
    effect, used = EFFECTS[name]
    low, high = (LEAD + effect * ((typed_number(end) or 0.0) / used - 1) for end in ends)
    word = words["turns" if low * high < 0 else "stays"]
    return Bar(name, low, high, f"{low:+.0f}", f"{high:+.0f}", low * high < 0, word)


def _view(state: dict[str, Any], words: dict[str, str]) -> TornadoView:
    faults = {name: _fault(ends, EFFECTS[name][1], words) for name, ends in state.items()}
    bars = [_bar(name, ends, words) for name, ends in state.items() if not faults[name]]
    bars.sort(key=lambda bar: -abs(bar.high - bar.low))
    said = words["none"]
    if bars:
        turned = sum(bar.turns for bar in bars)
        won = abs(bars[0].high - bars[0].low)
        said = words["said"].format(name=bars[0].name, won=won, count=turned, all=len(bars))
    reach = 1.15 * max([LEAD, *(max(abs(bar.low), abs(bar.high)) for bar in bars)])
    rows = [
        f'    "{name}": ({_written(ends)}, {REASONS.get(name, "____")}),'
        for name, ends in state.items()
    ]
    return TornadoView(
        sentence=said,
        axis=Axis(-reach, reach, [(x, f"{x:g}") for x in nice_ticks(-reach, reach)], words["axis"]),
        bars=bars,
        base=LEAD,
        base_text=f"{LEAD:+.0f}",
        faults={name: fault for name, fault in faults.items() if fault},
        facts=[
            (bar.name, words["fact"].format(low=bar.low_text, high=bar.high_text, word=bar.word))
            for bar in bars
        ],
        code="\n".join(["ranges = {", *rows, "}"]),
    )


def _written(ends: list[str]) -> str:
    numbers = map(typed_number, ends)
    return ", ".join("____" if number is None else f"{number:g}" for number in numbers)


def _tornado(say: Translator, state: dict[str, Any]) -> Tornado:
    words = WORDS[say.language]
    rows = [Assumption(name, words[name], f"{used:g}") for name, (_, used) in EFFECTS.items()]
    return Tornado(lambda now: _view(now, words), rows, state, say, name=words["name"])


PAGE = Page(
    name="tornado",
    title="Tornado",
    about="A range for each assumption, typed by the person who answers for it. Python ranks the "
    "bars and says which turn the decision; hatching and a word say it too.",
    used="`wb.tools.tornado(ranges)` in “Three futures” in `rightsizing`.",
    examples={
        "blank": lambda say: _tornado(say, {}),
        "set": lambda say: _tornado(
            say,
            {
                "on_share": ["0.45", "0.7"],
                "capex": ["133", "143"],
                "migration_won": ["30", "68"],
                "double_run_months": ["3", "nine"],
            },
        ),
    },
)
