"""Statistics of a cohort. A group of fewer than five learners is never described.

Each table has ``n``, the size of the group that it speaks of; where ``n`` is below
``FEWEST``, every other figure of the row is missing. Nobody is named here, nobody ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kit.cohort import Cohort
from kit.model import OutcomeKind, Part, Programme, Unit

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 5
RESAMPLES = 10_000
STEPS = ("roster", "practised", "handed_in", "graded", "complete")
USES = ("none", "explain", "draft", "most", "undeclared")


def suppressed(table: pd.DataFrame, figures: list[str], n: str = "n") -> pd.DataFrame:
    """The table without the ``figures`` of rows whose group, column ``n``, is too small."""
    small = table[n] < FEWEST
    return table.assign(**{name: table[name].astype(float).mask(small) for name in figures})


def funnel_table(standing: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """By unit: how many are on the roster, have practised, handed in, been graded, completed.

    ``complete`` counts verified completions only.
    """
    complete = standing["complete"] & standing["verified"]
    reached = standing.assign(
        roster=True,
        practised=standing["practised"].notna() | standing["practice_at"].notna(),
        handed_in=standing["handed_in_at"].notna(),
        graded=standing["graded"].notna() & ((standing["to_grade"] == 0) | complete),
        complete=complete,
    )
    counts = reached.groupby("unit")[list(STEPS)].sum().reindex(list(programme.units)).fillna(0)
    table = counts.assign(n=counts["roster"]).reset_index(names="unit")
    return suppressed(table, list(STEPS))


def team_table(standing: pd.DataFrame) -> pd.DataFrame:
    """By team and unit: ``n`` and how many are in each state; small teams have no figures."""
    import pandas as pd

    found = pd.crosstab([standing["team"], standing["unit"]], standing["state"])
    states = [str(name) for name in found.columns]
    table = found.assign(n=found.sum(axis=1)).reset_index()
    return suppressed(table, states)


def difficulty_table(cohort: Cohort, units: Mapping[str, Unit]) -> pd.DataFrame:
    """By exercise of each unit, in order: how hard it was.

    Practice: ``n`` who attempted it, ``attempts`` and ``minutes`` (medians), ``first`` (share
    passing at the first attempt), ``planned`` (minutes). Grading: ``n_graded`` and
    ``graded`` (share that passed; of a cell that a person grades, the mean share of points).
    """
    import pandas as pd

    rows = [
        (unit.id, unit.assignment(e.part), e.part.value, e.id, e.minutes, e.manual)
        for unit in units.values()
        for e in unit.exercises
    ]
    columns = ["unit", "assignment", "part", "exercise", "planned", "manual"]
    known = pd.DataFrame(rows, columns=columns)
    tried = cohort.practice[cohort.practice["attempts"] > 0]
    tried = tried.assign(first=tried["first"] == OutcomeKind.PASSED.value)
    practice = tried.groupby(["unit", "exercise"]).agg(
        n=("learner", "nunique"),
        attempts=("attempts", "median"),
        minutes=("minutes", "median"),
        first=("first", "mean"),
    )
    table = known.join(practice, on=["unit", "exercise"])
    graded = cohort.exercises.assign(
        n_graded=cohort.exercises["n"] - cohort.exercises["to_grade"],
        rate=cohort.exercises["passed"] / cohort.exercises["n"].where(cohort.exercises["n"] > 0),
    ).drop(columns=["n", "max_score", "passed", "to_grade"])
    table = table.merge(graded, on=["assignment", "exercise"], how="left")
    table["graded"] = table["share"].where(table["manual"], table["rate"])
    table = table.fillna({"n": 0, "n_graded": 0}).drop(columns=["share", "rate"])
    table = suppressed(table, ["attempts", "minutes", "first"])
    return suppressed(table, ["graded"], "n_graded")


def mistake_table(cohort: Cohort, units: Mapping[str, Unit]) -> pd.DataFrame:
    """By common mistake: ``met`` it, ``solved`` it since, ``stuck`` on it still.

    ``n`` is how many learners have done anything in the unit. Those on which most are
    still stuck come first, then those that most have met, then as the course is.
    """
    import pandas as pd

    keys = ["unit", "exercise", "label"]
    once = cohort.mistakes.drop_duplicates(["learner", *keys], keep="last")
    table = once.groupby(keys, sort=False)["solved"].agg(met="size", solved="sum").reset_index()
    work = cohort.submissions.merge(cohort.assignments[["assignment", "unit"]], on="assignment")
    sources = (work, cohort.practice, cohort.mistakes)
    active = pd.concat([source[["learner", "unit"]] for source in sources]).drop_duplicates()
    table["n"] = table["unit"].map(active.groupby("unit").size()).astype(float).fillna(0)
    table["stuck"] = table["met"] - table["solved"]
    exercises = [(unit.id, e.id) for unit in units.values() for e in unit.exercises]
    course = {pair: place for place, pair in enumerate(exercises)}
    pairs = zip(table["unit"], table["exercise"], strict=True)
    table["place"] = [course.get(pair, len(course)) for pair in pairs]
    order = ["stuck", "met", "place", *keys]
    falling = [name not in ("stuck", "met") for name in order]
    table = table.sort_values(order, ascending=falling, ignore_index=True).drop(columns="place")
    return suppressed(table, ["met", "solved", "stuck"])


def gain_table(cohort: Cohort, programme: Programme) -> pd.DataFrame:
    """By unit: share right ``before`` and ``after``, their ``difference`` and its interval.

    ``n`` learners answered both questions of at least one pair; each counts once, with the
    mean of their pairs. ``low`` and ``high`` are the 95 % interval of ``bootstrap``.
    """
    import pandas as pd

    own = cohort.items.groupby(["unit", "learner"])[["pre", "post"]].mean()
    own["difference"] = own["post"] - own["pre"]
    rows = []
    for unit in programme.units:
        known = unit in own.index.get_level_values("unit")
        mine = own.loc[unit] if known else own.iloc[:0]
        low, high = bootstrap(mine["difference"])
        means = (mine["pre"].mean(), mine["post"].mean(), mine["difference"].mean())
        rows.append((unit, len(mine), *means, low, high))
    figures = ["before", "after", "difference", "low", "high"]
    return suppressed(pd.DataFrame(rows, columns=["unit", "n", *figures]), figures)


def bootstrap(differences: pd.Series[float]) -> tuple[float, float]:
    """The 95 % percentile interval of a mean of paired differences; NaN without any.

    Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Learners are
    drawn with replacement; since few distinct differences occur, drawing how often each
    occurs (multinomial) is the same and does not grow with the cohort. With few learners
    it is somewhat too narrow. The seed is fixed: one cohort, one interval.
    """
    import numpy as np

    values, counts = np.unique(
        differences.dropna().to_numpy(dtype=float).round(9), return_counts=True
    )
    if not len(values):
        return float("nan"), float("nan")
    n = counts.sum()
    drawn = np.random.default_rng(1993).multinomial(n, counts / n, size=RESAMPLES)
    low, high = np.percentile(drawn @ values / n, [2.5, 97.5])
    return float(low), float(high)


def declared_table(standing: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """By unit: what ``n`` learners who handed in the graded part declared on AI, counted."""
    import pandas as pd

    handed = standing[standing["handed_in_at"].notna()]
    use = handed["use"].where(handed["use"].isin(USES[:-1]), "undeclared")
    table = pd.crosstab(handed["unit"], use).reindex(
        index=list(programme.units), columns=list(USES), fill_value=0
    )
    table = table.rename_axis(index="unit", columns=None)
    return suppressed(table.assign(n=table.sum(axis=1)).reset_index(), list(USES))


def help_table(cohort: Cohort, programme: Programme) -> pd.DataFrame:
    """By unit: passed practice exercises, ``unaided`` or ``assisted``, of ``n`` learners."""
    done = cohort.practice[cohort.practice["passed"]]
    aided = (done["hints"] > 0) | done["taken"]
    counted = done.assign(assisted=aided, unaided=~aided).groupby("unit")
    table = counted.agg(
        n=("learner", "nunique"), unaided=("unaided", "sum"), assisted=("assisted", "sum")
    )
    table = table.reindex(list(programme.units)).fillna(0).reset_index(names="unit")
    return suppressed(table, ["unaided", "assisted"])


def date_table(cohort: Cohort, standing: pd.DataFrame) -> pd.DataFrame:
    """By assignment with a due date, soonest first: ``days`` from now until it is due.

    ``n`` on the roster, ``handed_in`` of them, and ``late`` among those; ``extended`` have
    handed in nothing and have more time still. Extensions of single learners are in what
    ``late`` counts, not in ``days``.
    """
    import pandas as pd

    dated = cohort.assignments[cohort.assignments["due"].notna()]
    dated = dated[dated["unit"].isin(standing["unit"].unique()) & dated["released"]]
    work = cohort.submissions.assign(is_late=cohort.submissions["late"] > 0)
    counts = work.groupby("assignment").agg(
        handed_in=("learner", "nunique"), late=("is_late", "sum")
    )
    table = dated.join(counts, on="assignment").fillna({"handed_in": 0, "late": 0})
    extended = running_extensions(cohort).groupby("assignment", observed=True).size()
    table["extended"] = table["assignment"].map(extended).astype(float).fillna(0)
    days = (table["due"] - pd.Timestamp(cohort.taken_at)).dt.total_seconds() / 86_400
    table = table.assign(days=days, n=len(cohort.learners))
    columns = ["unit", "part", "assignment", "due", "days", "n", "handed_in", "late", "extended"]
    practice_first = table.assign(second=table["part"] == Part.GRADED.value)
    table = practice_first.sort_values(["due", "unit", "second"], ignore_index=True)[columns]
    return suppressed(table, ["handed_in", "late", "extended"])


def running_extensions(cohort: Cohort) -> pd.DataFrame:
    """``learner``, ``assignment`` and ``until`` of who may still hand in after the due date.

    Only those who have handed in nothing of it, and whose time is not over.
    """
    import pandas as pd

    dated = cohort.extensions.merge(cohort.assignments[["assignment", "due"]], on="assignment")
    until = dated["due"] + pd.to_timedelta(dated["days"], unit="D")
    keys = ["learner", "assignment"]
    handed = pd.MultiIndex.from_frame(cohort.submissions[keys])
    open_still = (until > pd.Timestamp(cohort.taken_at)) & ~pd.MultiIndex.from_frame(
        dated[keys]
    ).isin(handed)
    return dated.assign(until=until)[open_still][[*keys, "until"]]
