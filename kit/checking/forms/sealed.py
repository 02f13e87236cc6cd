"""Right answers that are sealed: their digest stands in ``workbook.toml``, they stand nowhere."""

from __future__ import annotations

import json

from kit.answers import seal
from kit.checking.expect.words import short
from kit.checking.forms.given import accepted
from kit.checking.forms.shown import Shown
from kit.checking.mistakes import Mistake
from kit.checking.registry import Check
from kit.checking.work import Work
from kit.errors import UsageError
from kit.i18n import mark
from kit.model import Exercise, Form


def seal_answer(exercise: Exercise, value: object) -> str:
    """The digest of an answer: an option, or the options that hold, or their order.

    UsageError for a form that cannot be sealed, and for what its options do not offer.
    """
    if exercise.form not in (Form.CHOICE, Form.CHOICES, Form.RANKING):
        raise UsageError(
            "'{id}' has the form {form}: only choice, choices and ranking can be sealed.",
            where=exercise.id,
            fix="Decide it in checks.py, from the case.",
            id=exercise.id,
            form=exercise.form.value,
        )
    taken = accepted(exercise, Shown(exercise.asked.options), value)
    if isinstance(taken, list):
        # a set stays the same when an author lists the options in another order
        keys = taken if exercise.form is Form.RANKING else sorted(taken)
        taken = json.dumps(keys, ensure_ascii=False)
    return seal(exercise.id, str(taken))


def sealed_check(exercise: Exercise) -> Check:
    """The check of an exercise with a ``digest``: whether the answer given is the sealed one."""

    def check(work: Work) -> None:
        value = work.answer(exercise.id)
        try:
            right = seal_answer(exercise, value) == exercise.asked.digest
        except UsageError:
            # nothing but an edited file can hold it
            raise Mistake(
                "not_offered",
                mark("The answer is {value}: that is not among the options."),
                step=mark("Answer again in the form above."),
                value=short(value),
            ) from None
        if not right:
            raise _wrong(exercise, value)

    return Check((exercise.id,), check)


def _wrong(exercise: Exercise, value: object) -> Mistake:
    texts = dict(exercise.asked.options)
    if isinstance(value, str):
        return Mistake(
            "wrong_option",
            mark("You chose “{chosen}”. That does not hold here."),
            required=mark("The option that holds for what the exercise describes."),
            step=mark("Say for each option what would have to be so for it to hold."),
            chosen=mark(texts[value]),
        )
    keys = [str(key) for key in value] if isinstance(value, list) else []
    if exercise.form is Form.CHOICES:
        return Mistake(
            "wrong_set",
            mark("You ticked {ticked} of {all}. At least one is too many or missing."),
            required=mark("Each option that holds, and no other one."),
            step=mark("Go through the options one by one: what would show that it does not hold?"),
            ticked=len(keys),
            all=len(texts),
        )
    return Mistake(
        "wrong_order",
        mark("You begin with “{first}” and end with “{last}”. This order does not hold."),
        required=mark("An order in which each step can follow the one before it."),
        step=mark("Take two neighbours at a time: which one has to come first, and why?"),
        first=mark(texts[keys[0]]),
        last=mark(texts[keys[-1]]),
    )
