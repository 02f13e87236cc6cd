"""What a check may raise."""

from __future__ import annotations


class Mistake(Exception):
    """The learner's work does not hold; the outcome is ``incorrect``.

    ``label`` names the common mistake and stays stable for statistics. ``seen``,
    ``required`` and ``step`` are English templates that the catalogue translates;
    ``values`` fill all three in. Never pass a right value or a token of a solution.
    """

    def __init__(
        self, label: str, seen: str, *, required: str = "", step: str = "", **values: object
    ) -> None:
        self.label = label
        self.seen = seen
        self.required = required
        self.step = step
        self.values = values
        super().__init__(f"{label}: {seen}")


class Remark:
    """What a check returns to say something beside a pass: a template and its values.

    It may name what is right: who reads it has passed.
    """

    def __init__(self, seen: str, **values: object) -> None:
        self.seen = seen
        self.values = values


class NotAttempted(Exception):
    """A name is not defined yet, or something in it is still blank.

    ``form``: an exercise whose form, not a cell, waits for an answer.
    """

    def __init__(self, name: str, *, form: bool = False) -> None:
        self.name = name
        self.form = form
        super().__init__(name)


class LearnerError(Exception):
    """The learner's own code raised, or did not come back in time.

    ``trace`` holds their frames only; ``slow`` is the limit in seconds that was passed.
    """

    def __init__(self, name: str, trace: str, *, slow: float = 0.0) -> None:
        self.name = name
        self.trace = trace
        self.slow = slow
        super().__init__(trace)


class RaisedElsewhere(Exception):
    """A learner's function raised in the process where it lives; ``trace`` as in LearnerError."""

    def __init__(self, trace: str) -> None:
        self.trace = trace
        super().__init__(trace)
