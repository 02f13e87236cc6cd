"""The check engine. What an author needs is on this screen.

    from kit.checking import Mistake, Remark, Work, exercise_check, expect
    from kit.i18n import mark

    @exercise_check("rule")                        # one exercise, or several that ask for the same
    def rule(work: Work) -> Remark | None:
        pick = work.function("pick_size")          # missing or ____: not attempted
        size = pick(work.case["cpu"], 16)          # copies, 5 seconds; an error in it is theirs
        expect.number(size, "pick_size(...)", unit="vCPU", low=1, high=16)
        over = sum(cpu > size for cpu in work.case["cpu"])
        if over:
            raise Mistake("too_small", mark("{over} samples exceed your size."), over=over)
        return Remark(mark("It holds in every sample."))    # or None

    @rule.diagnose                                 # asked in order after a failure; the first wins
    def mean_rule(work: Work) -> Mistake | None:
        mean = sum(work.case["cpu"]) / len(work.case["cpu"])
        if work.function("pick_size")(work.case["cpu"], 16) - mean < 1:
            return Mistake("mean_rule", mark("Half of the samples exceed a mean."))
        return None

A check sees the learner's work and can change none of it:

    work.case                     # generated from their seed, never taken from the notebook
    work.value("plan")            # a copy; missing or ____: not attempted
    work.has("plan")              # whether it is there
    work.answer("which")          # what was given in a form
    work.file("sheet")            # the file that was handed in
    work.fresh(1)                 # a random generator for fresh data, hidden when graded

An expectation returns the plain value or raises ``Mistake`` in words for the learner. It holds
whatever the value is or does, and never says what the check computed:

    expect.number(value, "size", unit="vCPU", low=1, high=96)
    expect.close(value, "npv", to=1.5, within=0.01, unit="won", required=mark("Your own rule."))
    expect.one_of(value, "option", ["renew", "cloud"])
    expect.mapping(value, "plan", ["q", "headroom"])
    expect.sequence(value, "sizes", length=3, of=int, ascending=True, unique=True)
    expect.text(value, "memo", words=(40, 250), must_name=["web-01", ("saving", "절감")])
    expect.memo_figures(value, "memo", {"npv": (1.2e9, "won"), "u*": (0.34, "share")}, allow=[95])
    expect.frame(value, "cpu", ["time", "value"], dtypes={"time": "time", "value": "number"},
                 key=["time"], ordered_by="time", conserves={"value": 12.5})
    expect.function(work, "clean", on=[(raw, 5)], gives=lambda result, raw, step: None)
    expect.chart(value, "chart", x="time", y="cpu", mark="line", title=True, units=True)
    expect.file(path, "sheet", suffix=[".csv"], max_mb=10)
    expect.xlsx(path, "model", sheets=["Inputs"], formulas=20)
    expect.csv(path, "register", columns=["machine"])
    expect.markdown(path, "runbook", headings=["Way back"])
    expect.yaml(path, "plan", keys=["owner"]), expect.json(path, "plan", keys=["owner"])
    expect.short(value)           # a learner's value as a message shows it

Returning means correct. ``Mistake(label, seen, required=, step=, **values)``: a stable label, what
is in their work, what is required, what to do next; never the right value. Anything else that
is raised, and a check of over 20 seconds, is our fault: ``uncheckable``, costs nobody a point.

Forms other than code: ``kit.checking.forms``. Statements about own data: ``invariant``. A
notebook to try a check in, without Jupyter: ``kit.double``.
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
