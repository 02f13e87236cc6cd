"""Runs one check and turns whatever happens into an Outcome."""

from __future__ import annotations

import time
from collections.abc import Callable

from kit.checking.limits import time_limit
from kit.checking.mistakes import LearnerError, Mistake, NotAttempted, Remark
from kit.checking.registry import Check, Diagnosis
from kit.checking.report import trace
from kit.checking.work import Work
from kit.errors import CheckError
from kit.i18n import Marked, Translator, mark
from kit.model import Exercise, Feedback, Outcome, OutcomeKind

# far more than any check takes: it only ends what would never end
CHECK_SECONDS = 20.0
# what a diagnosis gets when the check has used up nearly all of it
_LEAST_SECONDS = 1.0

OnBroken = Callable[[str, Exception], None]


def run_check(
    check: Check,
    exercise: Exercise,
    work: Work,
    translate: Translator,
    *,
    seconds: float = CHECK_SECONDS,
    on_broken: OnBroken | None = None,
) -> Outcome:
    """Run ``check`` on ``work``. Never raises, whatever the learner or the author wrote, but for
    the KeyboardInterrupt of a person's Ctrl-C.

    A check that takes longer than ``seconds`` is ours to mend: ``uncheckable``; a call of the
    learner's function has a limit of its own. A diagnosis that raises costs only its better
    message; ``on_broken`` is told its name and the error.
    """
    end = time.monotonic() + seconds
    try:
        return _judge(check, exercise, work, translate, end, on_broken)
    except Exception as error:
        # the check's own code, or a message whose template does not fit its values
        return _uncheckable(exercise, error, translate)


def _judge(
    check: Check,
    exercise: Exercise,
    work: Work,
    translate: Translator,
    end: float,
    on_broken: OnBroken | None,
) -> Outcome:
    try:
        # the limit is inside: where it passed, no error that came of it is the learner's
        with time_limit(end - time.monotonic()):
            remark = check.function(work)
        if remark is not None and not isinstance(remark, Remark):
            # a Mistake that was returned would otherwise be a pass
            raise CheckError("A check returns a Remark or nothing; a Mistake is raised.")
    except NotAttempted as gap:
        return _not_attempted(exercise, gap, translate)
    except LearnerError as error:
        return _learner_error(exercise, error, translate)
    except Mistake as mistake:
        best = _diagnosed(check, work, translate, end, on_broken)
        told = best or _feedback(mistake, translate)
        return Outcome(exercise.id, OutcomeKind.INCORRECT, 0.0, told)
    at_work = translate(exercise.at_work) if exercise.at_work else ""
    seen = Feedback("", _filled(remark.seen, remark, translate)) if remark else None
    return Outcome(exercise.id, OutcomeKind.PASSED, 1.0, seen, at_work=at_work)


def _diagnosed(
    check: Check, work: Work, translate: Translator, end: float, on_broken: OnBroken | None
) -> Feedback | None:
    for diagnosis in check.diagnoses:
        try:
            with time_limit(max(end - time.monotonic(), _LEAST_SECONDS)):
                found = diagnosis(work)
            if found is not None:
                return _feedback(found, translate)
        except (NotAttempted, LearnerError, Mistake):
            # it cannot look at this work, and says so as a check would: it has found nothing
            continue
        except Exception as error:
            if on_broken is not None:
                on_broken(_name(diagnosis), error)
    return None


def _name(diagnosis: Diagnosis) -> str:
    return str(getattr(diagnosis, "__name__", diagnosis))


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
    if gap.form:
        seen = translate(mark("Nothing is given here yet."))
        step = translate(mark("Give your answer in the form above, then check again."))
    else:
        unsaid = mark("`{name}` is not there yet, or still has a blank in it.")
        seen = translate(unsaid, name=gap.name)
        step = translate(mark("Replace each ____ in the answer cell, run the cell, check again."))
    feedback = Feedback("not_attempted", seen, step=step)
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
    return Outcome(exercise.id, OutcomeKind.UNCHECKABLE, None, feedback, report=trace(error))
