"""What the exercise panel says: a view model, and its HTML and text forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kit.checking.report import without_values
from kit.i18n import Translator, mark
from kit.model import Exercise, Outcome, OutcomeKind

# The words stand beside the colour, so no meaning hangs on colour alone.
HEADINGS = {
    OutcomeKind.PASSED: mark("Passed"),
    OutcomeKind.INCORRECT: mark("Look again"),
    OutcomeKind.NOT_ATTEMPTED: mark("Not started"),
    OutcomeKind.ERROR: mark("Your code stopped"),
    OutcomeKind.UNCHECKABLE: mark("We could not check this"),
}
SIGNS = {
    OutcomeKind.PASSED: "✓",
    OutcomeKind.INCORRECT: "↻",
    OutcomeKind.NOT_ATTEMPTED: "○",
    OutcomeKind.ERROR: "!",
    OutcomeKind.UNCHECKABLE: "?",
}


@dataclass(frozen=True)
class PanelView:
    """Everything the panel shows, already in the learner's language."""

    exercise: str
    title: str
    kind: str
    sign: str
    heading: str
    lines: tuple[tuple[str, str], ...]
    report: str
    report_label: str
    hints: tuple[str, ...]
    hint_label: str
    hints_left: int
    take_label: str
    offline: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for the widget's trait."""
        return {**self.__dict__, "lines": [list(x) for x in self.lines], "hints": list(self.hints)}


def panel_view(
    exercise: Exercise,
    outcome: Outcome,
    translate: Translator,
    *,
    hints_seen: int,
    can_take: bool,
    taken: bool = False,
    report_file: str = "",
) -> PanelView:
    """The view of one outcome with the hints that were opened so far.

    ``taken``: the learner goes on with the intermediate result; unless passed, that is said.
    ``report_file``: where the report lies that the learner can hand over.
    """
    passed = outcome.kind is OutcomeKind.PASSED
    if taken and not passed:
        view = _taken_view(exercise, outcome, translate, hints_seen)
    else:
        view = _view(exercise, outcome, translate, hints_seen, can_take)
    if not report_file:
        return view
    told = mark("`{file}` It holds nothing that you wrote or loaded.")
    line = (translate(mark("To hand over")), translate(told, file=report_file))
    return replace(view, lines=(*view.lines, line))


def _taken_view(
    exercise: Exercise, outcome: Outcome, translate: Translator, hints_seen: int
) -> PanelView:
    view = _view(exercise, outcome, translate, hints_seen, can_take=False)
    note = translate(mark("Go on with the next exercise. It is noted in your progress."))
    return replace(
        view, sign="→", heading=translate(mark("Taken")), lines=(("", note), *view.lines)
    )


def _view(
    exercise: Exercise,
    outcome: Outcome,
    translate: Translator,
    hints_seen: int,
    can_take: bool,
) -> PanelView:
    passed = outcome.kind is OutcomeKind.PASSED
    left = 0 if passed else len(exercise.hints) - hints_seen
    return PanelView(
        exercise=exercise.id,
        title=translate(exercise.title),
        kind=outcome.kind.value,
        sign=SIGNS[outcome.kind],
        heading=translate(HEADINGS[outcome.kind]),
        lines=tuple(_lines(outcome, translate)),
        report=without_values(outcome.report),
        report_label=translate(mark("Details for whoever mends it")),
        hints=tuple(translate(h) for h in exercise.hints[:hints_seen]),
        hint_label=translate(mark("Hint ({left} left)"), left=left) if left > 0 else "",
        hints_left=max(left, 0),
        take_label=translate(mark("Take the intermediate result and go on"))
        if can_take and not passed
        else "",
        offline=translate(
            mark("The kernel has stopped. Run the first cell, then this one, to go on.")
        ),
    )


def _lines(outcome: Outcome, translate: Translator) -> Iterator[tuple[str, str]]:
    feedback = outcome.feedback
    if feedback:
        yield "", feedback.seen
        if feedback.required:
            yield translate(mark("A good answer")), feedback.required
        if feedback.step:
            yield translate(mark("Next")), feedback.step
    if outcome.attempts:
        yield translate(mark("Answers given so far")), str(outcome.attempts)
    if outcome.at_work:
        yield translate(mark("At work this means")), outcome.at_work


def as_text(view: PanelView) -> str:
    """The panel for a terminal, a screen reader or nbconvert."""
    rows = [f"{view.sign} {view.title}: {view.heading}"]
    rows += [f"{label}: {text}" if label else text for label, text in view.lines]
    rows += [f"{n}. {hint}" for n, hint in enumerate(view.hints, 1)]
    return "\n".join(rows)


_CODE = re.compile(r"`([^`]+)`")
_STRESS = re.compile(r"(?<![\w*])\*(\w[^*\n]*)\*(?!\w)")


def rich(text: str) -> str:
    """Escaped HTML of a message; `code` in backticks is set as code, *stress* as emphasis."""
    coded = _CODE.sub(r"<code>\1</code>", html.escape(text))
    return _STRESS.sub(r"<em>\1</em>", coded).replace("\n", "<br>")


def as_html(view: PanelView) -> str:
    """The panel as HTML without any script."""
    rows = "".join(
        f"<p>{f'<strong>{rich(label)}:</strong> ' if label else ''}{rich(text)}</p>"
        for label, text in view.lines
    )
    hints = "".join(f"<li>{rich(hint)}</li>" for hint in view.hints)
    hint_list = f"<ol>{hints}</ol>" if hints else ""
    report = (
        f"<details><summary>{rich(view.report_label)}</summary><pre>{html.escape(view.report)}</pre></details>"
        if view.report
        else ""
    )
    return (
        f'<div class="upskill-panel" data-outcome="{view.kind}">'
        f"<p><strong>{view.sign} {rich(view.heading)}</strong> · {rich(view.title)}</p>"
        f"{rows}{hint_list}{report}</div>"
    )
