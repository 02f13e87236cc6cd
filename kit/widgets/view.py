"""What the exercise panel says: a view model, and its HTML and text forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kit.checking.report import without_values
from kit.i18n import Translator, mark
from kit.model import Exercise, Outcome, OutcomeKind
from kit.widgets.words import OFFLINE

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


WHY_LOCKED = mark("Why are some cells locked?")
LOCKED = mark(
    "The task and the check have to be the same for everybody, and grading puts the original "
    "back. Your answer belongs in the cell with the solid border; add cells of your own wherever "
    "you like."
)


@dataclass(frozen=True)
class PanelView:
    """Everything the panel shows, already in the learner's language.

    A label that is empty belongs to a button that is not there. ``coach`` is who said
    something, and what: ValueError where nobody is named.
    """

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
    check_label: str = ""
    reset_label: str = ""
    undo_label: str = ""
    waits: str = ""
    coach_label: str = ""
    coach: tuple[tuple[str, str], ...] = ()
    why_label: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if not all(source.strip() for source, _said in self.coach):
            raise ValueError("what a coach said needs its source")

    def as_dict(self) -> dict[str, object]:
        """Plain values for the widget's trait."""
        pairs = {name: [list(pair) for pair in getattr(self, name)] for name in ("lines", "coach")}
        return {**self.__dict__, **pairs, "hints": list(self.hints)}

    @property
    def offers(self) -> frozenset[str]:
        """The actions that have a button."""
        names = ("check", "hint", "take", "reset", "undo")
        return frozenset(name for name in names if getattr(self, f"{name}_label"))


def panel_view(
    exercise: Exercise,
    outcome: Outcome,
    translate: Translator,
    *,
    hints_seen: int,
    can_take: bool,
    taken: bool = False,
    report_file: str = "",
    can_reset: bool = False,
    can_undo: bool = False,
    waits_for: str = "",
    notes: tuple[str, ...] = (),
    coach: tuple[tuple[str, str], ...] = (),
) -> PanelView:
    """The view of one outcome with the hints that were opened so far.

    ``taken``: the learner goes on with the intermediate result; unless passed, that is said.
    ``report_file``: where the report lies that the learner can hand over. ``waits_for``: title
    of the earlier exercise that this one builds on and that is not done. ``notes``: what has
    just been done. ``coach``: who said something, and what.
    """
    passed = outcome.kind is OutcomeKind.PASSED
    if taken and not passed:
        view = _taken_view(exercise, outcome, translate, hints_seen)
    else:
        view = _view(exercise, outcome, translate, hints_seen, can_take)
    lines = (*(("", note) for note in notes), *view.lines)
    if report_file:
        told = mark("`{file}` It holds nothing that you wrote or loaded.")
        lines += ((translate(mark("To hand over")), translate(told, file=report_file)),)
    earlier = mark(
        "This builds on “{title}”, which has not passed yet. Finish that one first, or take its "
        "intermediate result."
    )
    return replace(
        view,
        lines=lines,
        check_label=translate(mark("Check again")),
        reset_label=translate(mark("Start again")) if can_reset else "",
        undo_label=translate(mark("Undo: bring my text back")) if can_undo else "",
        waits=translate(earlier, title=waits_for) if waits_for and not passed else "",
        coach=coach,
        coach_label=translate(mark("What a coach said")) if coach else "",
        why_label=translate(WHY_LOCKED),
        why=translate(LOCKED),
    )


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
        offline=translate(OFFLINE),
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
    rows += [view.waits] if view.waits else []
    rows += [f"{n}. {hint}" for n, hint in enumerate(view.hints, 1)]
    rows += [view.coach_label] if view.coach else []
    rows += [f"{source}: {said}" for source, said in view.coach]
    return "\n".join(rows)


def news(view: PanelView, before: PanelView | None = None) -> str:
    """What is told to who cannot see: all that ``before`` did not say; if nothing, the outcome."""
    known = before or replace(view, heading="", lines=(), hints=(), coach=())
    lines = [": ".join(filter(None, line)) for line in view.lines if line not in known.lines]
    hints = [f"{n}. {text}" for n, text in enumerate(view.hints, 1) if text not in known.hints]
    coach = [": ".join(said) for said in view.coach if said not in known.coach]
    changed = view.heading != known.heading or lines or not (hints or coach)
    told = [*([f"{view.heading}."] if changed else []), *lines, *hints, *coach]
    return _STRESS.sub(r"\1", _CODE.sub(r"\1", "\n".join(told)))


_CODE = re.compile(r"`([^`]+)`")
_INDENT = "    "
_STRESS = re.compile(r"(?<![\w*])\*(\w[^*\n]*)\*(?!\w)")


def rich(text: str) -> str:
    """Escaped HTML of a message; `code` in backticks is set as code, *stress* as emphasis.

    A line that begins with four spaces is code, too, whose columns stay below each other.
    """
    return "<br>".join(map(_rich_line, html.escape(text).split("\n")))


def _rich_line(line: str) -> str:
    if line.startswith(_INDENT):
        columns = line.removeprefix(_INDENT).replace(" ", "\N{NO-BREAK SPACE}")
        return f"<code>{columns}</code>"
    return _STRESS.sub(r"<em>\1</em>", _CODE.sub(r"<code>\1</code>", line))


def as_html(view: PanelView) -> str:
    """The panel as HTML without any script."""
    hints = "".join(f"<li>{rich(hint)}</li>" for hint in view.hints)
    hint_list = f"<ol>{hints}</ol>" if hints else ""
    report = _details(view.report_label, f"<pre>{html.escape(view.report)}</pre>")
    why = _details(view.why_label, f"<p>{rich(view.why)}</p>", "upskill-why")
    waits = f"<p>{rich(view.waits)}</p>" if view.waits else ""
    coach = f"<p>{rich(view.coach_label)}</p>{_paragraphs(view.coach)}" if view.coach else ""
    return (
        f'<div class="upskill upskill-panel" data-outcome="{view.kind}">'
        f"<p><strong>{view.sign} {rich(view.heading)}</strong> · {rich(view.title)}</p>"
        f"{_paragraphs(view.lines)}{report if view.report else ''}{waits}{hint_list}{coach}"
        f"{why if view.why else ''}</div>"
    )


def _paragraphs(lines: tuple[tuple[str, str], ...]) -> str:
    return "".join(
        f"<p>{f'<strong>{rich(label)}:</strong> ' if label else ''}{rich(text)}</p>"
        for label, text in lines
    )


def _details(label: str, content: str, name: str = "") -> str:
    return f'<details class="{name}"><summary>{rich(label)}</summary>{content}</details>'
