"""The check engine. What an author needs is on this screen.

    from kit.checking import Mistake, Work, exercise_check, expect

    @exercise_check("rule")
    def rule(work: Work) -> None:
        pick = work.function("pick_size")             # not defined or blank: not attempted
        size = pick(work.case.cpu, 16, 95, 0.2)       # an exception in it is the learner's error
        expect.number(size, "pick_size(...)", unit="vCPU", low=1)
        if not fits(...):
            raise Mistake("too_small", "Your size leaves ...", step="...", share=0.13)

    @rule.diagnose                                    # asked only after a failure
    def mean_rule(work: Work) -> Mistake | None: ...

Returning means correct; a returned ``Remark`` is shown beside the pass. ``Mistake`` says
what is in the learner's work and what is required; it never contains the right value.
Anything else that goes wrong in a check is our fault: the outcome is ``uncheckable`` and
costs nobody a point.
"""

from kit.checking import expect
from kit.checking.engine import run_check
from kit.checking.invariants import hold, invariant
from kit.checking.mistakes import Mistake, NotAttempted, Remark
from kit.checking.registry import Check, exercise_check, load_checks, unit_module
from kit.checking.work import Work

__all__ = [
    "Check",
    "Mistake",
    "NotAttempted",
    "Remark",
    "Work",
    "exercise_check",
    "expect",
    "hold",
    "invariant",
    "load_checks",
    "run_check",
    "unit_module",
]
