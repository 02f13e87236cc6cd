"""The panel of an exercise, after each outcome of its check and in each state of its help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from kit.gallery import Page
from kit.i18n import Translator
from kit.model import Exercise, ExerciseKind, Feedback, Outcome, OutcomeKind, Part, Reality
from kit.widgets.panel import Cells, ExercisePanel, Shown
from kit.widgets.view import panel_view

ATTACK = "<img src=x onerror=\"document.title='taken over'\">"
TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Choose the rule, see what it costs",
        "seen": "web-07: you took the *median*, 0.1 %. On 4 vCPU, 13 % of its samples want more.",
        "required": "A size that serves the percentile that `plan` names.",
        "step": "Look at the samples above 90 % first: `case.series`.",
        "hints": (
            "A percentage of the source machine times its vCPU is a demand in vCPU.",
            "`np.percentile(values, q)` takes `q` from 0 to 100.",
        ),
        "at_work": "Write the rule into the sheet's first line, and the share that it gives up.",
        "earlier": "Repair the measurements",
        "coach": (
            ("Example of a trainer's note", "Say in the meeting who gives up that share."),
            ("Example of a model's answer", "Which percentile did you name in `plan`, and why?"),
        ),
        "kept": "The starter text is back, and what you wrote is kept in .upskill/undo.",
        "starter": "plan = ____",
    },
    "ko": {
        "title": "규칙을 고르고 그 대가를 확인하기",
        "seen": "web-07: *중앙값* 0.1 %를 사용했습니다. 4 vCPU에서는 표본의 13 %가 그보다 많이 "
        "필요합니다. 점심시간배치작업서버처럼이름이길고띄어쓰기가없는서버도함께보세요.",
        "required": "`plan`에 적은 백분위수를 감당하는 크기입니다.",
        "step": "90 %를 넘는 표본부터 살펴보세요: `case.series`.",
        "hints": (
            "원본 서버의 백분율에 그 vCPU를 곱하면 vCPU 단위의 수요가 됩니다.",
            "`np.percentile(values, q)`의 `q`는 0부터 100까지입니다.",
        ),
        "at_work": "규칙을 시트의 첫 줄에 적고, 포기하는 비율도 함께 적으세요.",
        "earlier": "측정값 손보기",
        "coach": (
            ("강사가 남긴 말의 예", "그 비율을 누가 포기하는지 회의에서 말하세요."),
            ("모델이 답한 말의 예", "`plan`에 어떤 백분위수를 적었고, 그 이유는 무엇인가요?"),
        ),
        "kept": "시작 텍스트로 되돌렸고, 작성하신 내용은 .upskill/undo에 보관했습니다.",
        "starter": "plan = ____",
    },
}


@dataclass
class _Desk:
    """What the buttons do, as a workbook's do; nothing is kept."""

    say: Translator
    kind: OutcomeKind
    hints: int = 0
    taken: bool = False
    was: OutcomeKind | None = None
    coach: bool = False
    waits: bool = False
    seen: str = ""

    def press(self, name: str, _cells: Cells) -> Shown:
        match name:
            case "hint":
                self.hints += 1
            case "take":
                self.taken = True
            case "reset":
                self.was, self.kind = self.kind, OutcomeKind.NOT_ATTEMPTED
                self.hints, self.taken = 0, False
                # no cell of a page of the gallery is the answer: the text is shown
                return self.shown(texts=(("", TEXTS[self.say.language]["starter"]),))
            case "undo":
                self.kind, self.was = self.was or self.kind, None
        return self.shown()

    def shown(self, texts: tuple[tuple[str, str], ...] = ()) -> Shown:
        told = TEXTS[self.say.language]
        outcome = _outcome(self.kind, {**told, "seen": self.seen or told["seen"]})
        view = panel_view(
            _exercise(told),
            outcome,
            self.say,
            hints_seen=self.hints,
            can_take=not self.taken,
            taken=self.taken,
            can_reset=True,
            can_undo=self.was is not None,
            waits_for=told["earlier"] if self.waits else "",
            notes=(told["kept"],) if self.was else (),
            coach=told["coach"] if self.coach else (),
        )
        return Shown(view, outcome.as_data(), texts)


def _exercise(told: dict[str, Any]) -> Exercise:
    return Exercise(
        id="rule",
        title=told["title"],
        part=Part.PRACTICE,
        kind=ExerciseKind.PROCEDURE,
        reality=Reality.SIMULATED,
        minutes=25,
        points=1,
        hints=told["hints"],
    )


def _outcome(kind: OutcomeKind, told: dict[str, Any]) -> Outcome:
    if kind is OutcomeKind.PASSED:
        return Outcome("rule", kind, 1.0, at_work=told["at_work"])
    if kind is OutcomeKind.INCORRECT:
        feedback = Feedback("median", told["seen"], told["required"], told["step"])
        return Outcome("rule", kind, 0.0, feedback)
    if kind is OutcomeKind.UNCHECKABLE:
        return Outcome("rule", kind, None, report="KeyError, in the check, line 12")
    return Outcome("rule", kind, 0.0)


def _panel(kind: OutcomeKind, say: Translator, **state: Any) -> ExercisePanel:
    desk = _Desk(say, kind, **state)
    return ExercisePanel(desk.shown(), say=say, on_action=desk.press)


_WRONG, _BLANK = OutcomeKind.INCORRECT, OutcomeKind.NOT_ATTEMPTED
EXAMPLES: dict[str, Callable[[Translator], ExercisePanel]] = {
    **{kind.value: partial(_panel, kind) for kind in OutcomeKind},
    "hints": partial(_panel, _WRONG, hints=2),
    "taken": partial(_panel, _WRONG, hints=1, taken=True),
    "reset": partial(_panel, _BLANK, was=_WRONG),
    "waits": partial(_panel, _BLANK, waits=True),
    "coach": partial(_panel, _WRONG, hints=1, coach=True),
    "markup": partial(_panel, _WRONG, seen=ATTACK),
}
PAGE = Page(
    name="panel",
    title="Exercise panel",
    about="What a check found: the outcome in words beside its colour, one message about the "
    "learner's own work, hints one by one, a way on for who is stuck, and a new start that can "
    "be undone.",
    used='below every exercise; it is what `wb.check("rule")` returns.',
    examples=EXAMPLES,
)
