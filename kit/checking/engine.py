"""Runs one check and turns whatever happens into an Outcome."""

from __future__ import annotations

import contextlib
import traceback

from kit.checking.mistakes import LearnerError, Mistake, NotAttempted, Remark
from kit.checking.registry import Check
from kit.checking.work import Work
from kit.i18n import Marked, Translator, mark
from kit.model import Exercise, Feedback, Outcome, OutcomeKind


def run_check(check: Check, exercise: Exercise, work: Work, translate: Translator) -> Outcome:
    """Run ``check`` on ``work``. Never raises, whatever the learner or the author wrote."""
    try:
        return _judge(check, exercise, work, translate)
    except Exception as error:
        # the check's own code, or a message whose template does not fit its values
        return _uncheckable(exercise, error, translate)


def _judge(check: Check, exercise: Exercise, work: Work, translate: Translator) -> Outcome:
    try:
        remark = check.function(work)
    except NotAttempted as gap:
        return _not_attempted(exercise, gap, translate)
    except LearnerError as error:
        return _learner_error(exercise, error, translate)
    except Mistake as mistake:
        best = _diagnosed(check, work) or mistake
        return Outcome(exercise.id, OutcomeKind.INCORRECT, 0.0, _feedback(best, translate))
    at_work = translate(exercise.at_work) if exercise.at_work else ""
    told = Feedback("", _filled(remark.seen, remark, translate)) if remark else None
    return Outcome(exercise.id, OutcomeKind.PASSED, 1.0, told, at_work=at_work)


def _diagnosed(check: Check, work: Work) -> Mistake | None:
    for diagnosis in check.diagnoses:
        # a diagnosis that fails only costs its better message
        with contextlib.suppress(Exception):
            found = diagnosis(work)
            if found is not None:
                return found
    return None


def _feedback(mistake: Mistake, translate: Translator) -> Feedback:
    def say(template: str) -> str:
        return _filled(template, mistake, translate) if template else ""

    return Feedback(
        mistake.label, say(mistake.seen), required=say(mistake.required), step=say(mistake.step)
    )


def _filled(template: str, told: Mistake | Remark, translate: Translator) -> str:
    # a value may be a text of the unit, such as a field's meaning; a learner's own word stays
    values = {
        name: translate(value) if isinstance(value, Marked) else value
        for name, value in told.values.items()
    }
    return translate(template, **values)


def _not_attempted(exercise: Exercise, gap: NotAttempted, translate: Translator) -> Outcome:
    feedback = Feedback(
        "not_attempted",
        translate(mark("`{name}` is not there yet, or still has a blank in it."), name=gap.name),
        step=translate(mark("Replace each ____ in the answer cell, run the cell, check again.")),
    )
    return Outcome(exercise.id, OutcomeKind.NOT_ATTEMPTED, 0.0, feedback)


def _learner_error(exercise: Exercise, error: LearnerError, translate: Translator) -> Outcome:
    if error.slow:
        seen = translate(
            mark("`{name}` did not come back within {seconds:.0f} seconds and was stopped."),
            name=error.name,
            seconds=error.slow,
        )
        step = translate(mark("Look for a loop that never ends, or one over every single sample."))
        label = "too_slow"
    else:
        seen = translate(mark("`{name}` stopped with an error:"), name=error.name)
        seen += f"\n{error.trace}"
        step = translate(mark("The last line names the error; the line above it is in your cell."))
        label = "exception"
    return Outcome(exercise.id, OutcomeKind.ERROR, 0.0, Feedback(label, seen, step=step))


def _uncheckable(exercise: Exercise, error: Exception, translate: Translator) -> Outcome:
    feedback = Feedback(
        "uncheckable",
        translate(mark("This check is broken. That is our fault and costs you nothing.")),
        step=translate(mark("Go on with the next exercise, and hand over the report below.")),
    )
    report = "".join(traceback.format_exception(error))
    return Outcome(exercise.id, OutcomeKind.UNCHECKABLE, None, feedback, report=report)
