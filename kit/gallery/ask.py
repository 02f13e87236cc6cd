"""Every form of an exercise: nothing given, a draft, an answer, a refusal, how sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.ask import AskWidget, FileGiven, Reply
from kit.widgets.words import SAVED

TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "choice": "Who answers for the figure that a tool has computed?",
        "options": [
            ["a", "The tool"],
            ["b", "Whoever signs the paper, with the name of the data and the day beside it"],
            ["c", "Whoever wrote the tool"],
        ],
        "choices": "What do you look at before you take cores away?",
        "ranking": "In which order do you move a machine?",
        "steps": [
            ["switch", "Let the users in"],
            ["copy", "Copy the data, and count what arrived"],
            ["ask", "Ask its owner"],
            ["test", "Test the copy with one user who knows what it has to show"],
        ],
        "number": "How many vCPU does web-07 need?",
        "text": "Why does a backup come first?",
        "written": "A copy can fail half-way. Then the old machine is the only one.",
        "file": "Hand in your list of machines",
        "table": "Fill in the register",
        "columns": ("Machine", "Memory", "Keep it?", ("yes", "yes"), ("no", "no")),
        "rows": [("web-07", 8, "yes"), ("db-old", 64, "no"), ("report-2", 16, "yes")],
        "audit": "Which claims of the draft are wrong?",
        "claims": [
            ["D1", "The estate pays for 412 vCPU and uses 96 of them at its busiest hour."],
            ["D2", "A median of 2 % means that half of the cores can go."],
            ["D3", "db-old has had no write for 90 days."],
        ],
        "reason": "Nothing is said of the peaks",
        "defence": "Defend your plan",
        "questions": ["How many vCPU does your plan take from db-old?", "Which machine is kept?"],
        "refused": "'{value}' is no answer here.\nNext: Give a number from 0 to 128 vCPU",
        "markup": "<img src=x onerror=alert(1)> stays text",
    },
    "ko": {
        "choice": "도구가 계산한 수치는 누가 책임집니까?",
        "options": [
            ["a", "도구"],
            ["b", "데이터의 이름과 날짜를 옆에 적고 문서에 서명하여 그 수치를 내보내는 사람"],
            ["c", "도구를 만든 사람"],
        ],
        "choices": "코어를 줄이기 전에 무엇을 살펴봅니까?",
        "ranking": "서버를 어떤 순서로 옮깁니까?",
        "steps": [
            ["switch", "사용자를 들여보내기"],
            ["copy", "데이터를 복사하고 도착한 건수를 세기"],
            ["ask", "소유자에게 문의"],
            ["test", "무엇이 보여야 하는지 아는 사용자 한 명과 함께 복사본을 시험하기"],
        ],
        "number": "web-07에는 vCPU가 몇 개 필요합니까?",
        "text": "백업이 왜 먼저입니까?",
        "written": "복사는 중간에 실패할 수 있습니다. 그러면 이전 서버가 유일합니다.",
        "file": "서버 목록을 제출하세요",
        "table": "대장을 채우세요",
        "columns": ("서버", "메모리", "유지할까요?", ("yes", "예"), ("no", "아니요")),
        "rows": [("web-07", 8, "yes"), ("db-old", 64, "no"), ("보고서-2", 16, "yes")],
        "audit": "초안의 주장 가운데 무엇이 틀렸습니까?",
        "claims": [
            ["D1", "전체 서버는 412 vCPU 비용을 내고 가장 바쁜 시간에 96 vCPU를 사용합니다."],
            ["D2", "중앙값이 2 %라면 코어의 절반을 뺄 수 있습니다."],
            ["D3", "db-old에는 90일 동안 쓰기가 없었습니다."],
        ],
        "reason": "최댓값에 대한 말이 없습니다",
        "defence": "계획을 방어하세요",
        "questions": ["계획은 db-old에서 vCPU를 몇 개 뺍니까?", "어떤 서버를 유지합니까?"],
        "refused": "'{value}'은(는) 여기에 맞는 답이 아닙니다.\n다음: 0에서 128 vCPU 사이의 수를 "
        "적으세요",
        "markup": "<img src=x onerror=alert(1)>은 글자 그대로입니다",
    },
}
SHA256 = "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550"


def _form(kind: str, say: Translator, more: Mapping[str, Any]) -> dict[str, Any]:
    told = TEXTS[say.language]
    machine, memory, keep, *offered = told["columns"]
    columns = [
        {"id": "machine", "title": machine, "type": "text", "unit": "", "options": []},
        {"id": "memory", "title": memory, "type": "number", "unit": "GiB", "options": []},
        {"id": "keep", "title": keep, "type": "choice", "unit": "", "options": offered},
    ]
    questions = [
        {"id": f"q{at}", "text": text, "numeric": at == 1}
        for at, text in enumerate(told["questions"], 1)
    ]
    options = {"ranking": "steps", "audit": "claims", "choice": "options", "choices": "options"}
    return {
        "id": kind,
        "form": kind,
        "title": told[kind],
        "options": told[options[kind]] if kind in options else [],
        "questions": questions if kind == "defence" else [],
        "columns": columns if kind == "table" else [],
        "unit": "vCPU" if kind == "number" else "",
        "suffixes": [".csv"],
        "max_mb": 1,
        "confidence": False,
        "way": f'wb.answer("{kind}", ANSWER)',
        **more,
    }


def _ask(
    kind: str,
    say: Translator,
    given: object = None,
    more: Mapping[str, Any] | None = None,
    **traits: Any,
) -> AskWidget:
    """A form that takes every answer but -1, as a workbook does, and keeps nothing."""
    counted = {"attempts": 0 if given is None else 1}

    def take(value: object, _sure: int | None) -> Reply:
        if value == -1:
            text = TEXTS[say.language]["refused"].format(value=value)
            return Reply(text, True, given, counted["attempts"])
        counted["attempts"] += 1
        if isinstance(value, FileGiven):
            value = {"name": value.name, "sha256": SHA256}
        return Reply(say(SAVED, **counted), False, value, counted["attempts"])

    return AskWidget(_form(kind, say, more or {}), given, counted["attempts"], say, take, **traits)


def _answered(kind: str, say: Translator) -> AskWidget:
    told = TEXTS[say.language]
    rows = [dict(zip(("machine", "memory", "keep"), row, strict=True)) for row in told["rows"]]
    given: dict[str, object] = {
        "choice": "b",
        "choices": ["a", "c"],
        "ranking": ["ask", "copy", "test", "switch"],
        "number": 1.5,
        "text": told["written"],
        "file": {"name": "machines.csv", "sha256": SHA256},
        "table": rows,
        "audit": {"D2": told["reason"]},
        "defence": {"q1": 4, "q2": "web-07"},
    }
    return _ask(kind, say, given[kind])


def _refused(say: Translator) -> AskWidget:
    asked = _ask("number", say, draft="-1")
    asked.received({"value": -1}, [])
    return asked


def _markup(kind: str, say: Translator) -> AskWidget:
    text = TEXTS[say.language]["markup"]
    given = {"choice": "a", "table": [{"machine": text}]}[kind]
    return _ask(kind, say, given, {"title": text, "options": [["a", text], ["b", text]]})


SURE = {"confidence": True}
KINDS = ("choice", "choices", "ranking", "number", "text", "file", "table", "audit", "defence")
EXAMPLES: dict[str, Callable[[Translator], AskWidget]] = {
    **{kind: partial(_ask, kind) for kind in KINDS},
    **{f"{kind}_answered": partial(_answered, kind) for kind in KINDS},
    "sure": lambda say: _ask("choice", say, more=SURE),
    "sure_answered": lambda say: _ask("choice", say, "b", SURE, confidence=80),
    "draft": lambda say: _ask("text", say, draft=TEXTS[say.language]["written"]),
    "refused": _refused,
    "markup": partial(_markup, "choice"),
    "markup_table": partial(_markup, "table"),
}
PAGE = Page(
    name="ask",
    title="Forms of an exercise",
    about="An answer that is no code: one option or several, an order, a number with its unit, a "
    "text, a file, a table, the audit of a draft, a defence. What is typed and not saved is kept "
    "as a draft; what is right is not in the page.",
    used='`wb.ask("who")` in an exercise whose `form` is not `code`.',
    examples=EXAMPLES,
)
