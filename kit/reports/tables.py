"""Evidence and completion of a whole cohort, as tables: vectorised, pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kit.cohort import Cohort
from kit.model import CompletionRule, Part, Programme, Unit
from kit.reports.cells import Cells
from kit.reports.completion import unmet
from kit.reports.evidence import GRADEBOOK, PROGRESS, SELF, Claim

if TYPE_CHECKING:
    import pandas as pd

EVIDENCE = (
    "learner",
    "unit",
    "claim",
    "share",
    "source",
    "verifier",
    "date",
    "version",
    "verified",
    "assisted",
)
# of a completion table: what is still wanted, by claim
WANTS = {claim: f"wants_{claim.value}" for claim in Claim}

# what completes a unit is the programme's to say; where it says nothing, nothing does
NO_RULE = CompletionRule(practised_share=0.0, graded_share=float("inf"))


def evidence_table(cohort: Cohort, units: Mapping[str, Unit]) -> pd.DataFrame:
    """One row for each claim about a learner's unit, with the columns of ``EVIDENCE``.

    ``share`` runs from 0 to 1, ``date`` is UTC or NaT, ``assisted`` says that a hint or an
    intermediate result was used in the practice. Only rows of a gradebook that somebody
    else than the learner keeps are ``verified``. Units that ``units`` lacks are left out.
    """
    import pandas as pd

    handed_in = submitted(cohort)
    sent = handed_in.sort_values("submitted_at").drop_duplicates(["learner", "unit"], keep="last")
    help_used = _assisted(cohort)
    parts = [
        _own_word(_practised(cohort, units), sent, units),
        _own_word(_applied(cohort), sent, units),
        _graded(cohort, handed_in),
    ]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    table = table[table["unit"].isin(list(units))]
    # what is handed in graded has no hints; what practice and use say may rest on some
    keys = pd.MultiIndex.from_frame(table[["learner", "unit"]])
    table["assisted"] = keys.isin(help_used) & (table["claim"] != Claim.GRADED.value)
    table["verified"] = verifies(table["source"], table["verifier"])
    return table[list(EVIDENCE)].reset_index(drop=True)


def verifies(source: pd.Series[str], verifier: pd.Series[str]) -> pd.Series[bool]:
    """Which rows prove what they claim: those of a gradebook that a trainer keeps."""
    return (source == GRADEBOOK) & (verifier != SELF) & (verifier != "")


def submitted(cohort: Cohort) -> pd.DataFrame:
    """The submissions with ``unit`` and ``part`` of their assignment."""
    of = cohort.assignments[["assignment", "unit", "part"]]
    return cohort.submissions.merge(of, on="assignment")


def _practised(cohort: Cohort, units: Mapping[str, Unit]) -> pd.DataFrame:
    passed = cohort.practice.groupby(["learner", "unit"], sort=False)["passed"].sum()
    table = passed.rename("share").reset_index()
    counts = {name: len(unit.of(Part.PRACTICE)) for name, unit in units.items()}
    best = table["unit"].map(counts).astype(float)
    share = (table["share"] / best).where(best > 0, 0.0).clip(0.0, 1.0)
    return table.assign(share=share, claim=Claim.PRACTISED.value)


def _applied(cohort: Cohort) -> pd.DataFrame:
    # one run may be told about twice; the last counts
    last = cohort.applied.groupby(["learner", "unit"], sort=False)["at"].max().reset_index()
    return last.rename(columns={"at": "date"}).assign(share=1.0, claim=Claim.APPLIED.value)


def _own_word(claims: pd.DataFrame, sent: pd.DataFrame, units: Mapping[str, Unit]) -> pd.DataFrame:
    """What the learner's own kit sent along, as of the submission that brought it."""
    columns = ["learner", "unit", "submitted_at", "version"]
    table = claims.merge(sent[columns], on=["learner", "unit"], how="left")
    date = table["submitted_at"]
    if "date" in table:
        date = table["date"].fillna(date)
    version = table["version"].replace("", None)
    known = table["unit"].map({name: unit.version for name, unit in units.items()})
    return table.assign(
        date=date, version=version.fillna(known).fillna(""), source=PROGRESS, verifier=SELF
    ).drop(columns="submitted_at")


def _graded(cohort: Cohort, handed_in: pd.DataFrame) -> pd.DataFrame:
    # what nobody has graded yet says nothing, not that it is worth nothing
    table = handed_in[is_graded(handed_in)]
    practice = table["part"] == Part.PRACTICE.value
    score = table["score"] / table["max_score"].where(table["max_score"] > 0)
    passed = table["passed"] / table["checks"].where(table["checks"] > 0)
    share = passed.where(practice, score).fillna(0.0).clip(0.0, 1.0)
    claim = practice.map({True: Claim.PRACTISED.value, False: Claim.GRADED.value})
    return table.assign(
        share=share,
        claim=claim,
        source=GRADEBOOK,
        verifier=cohort.verifier,
        date=table["submitted_at"],
    )


def is_graded(handed_in: pd.DataFrame) -> pd.Series[bool]:
    """Which submissions have been graded, at least by their checks."""
    wanted = (handed_in["checks"] > 0) | (handed_in["max_score"] > 0)
    return wanted & (handed_in["failure"] == "")


def _assisted(cohort: Cohort) -> pd.MultiIndex:
    import pandas as pd

    helped = cohort.practice[(cohort.practice["hints"] > 0) | cohort.practice["taken"]]
    return pd.MultiIndex.from_frame(helped[["learner", "unit"]].drop_duplicates())


def completion_table(
    evidence: pd.DataFrame, learners: pd.Series[str], programme: Programme
) -> pd.DataFrame:
    """The programme's rules applied to an evidence table: every learner × every unit.

    Columns: ``learner``, ``unit``, ``practised``, ``graded``, ``applied`` (shares, NaN where
    nothing is claimed), ``complete`` (all evidence), ``verified`` (verified evidence alone),
    ``assisted``, and ``wants_*`` for each claim that is still short, as ``decide`` says it.
    """
    import numpy as np

    cells = Cells(learners, programme.units)
    places = cells.places(evidence)
    verified = evidence["verified"].to_numpy(dtype=bool)
    claimed = _shares(evidence, places, cells)
    proved = _shares(evidence[verified], places[verified], cells)
    lacking = {claim: np.zeros(cells.shape, dtype=bool) for claim in Claim}
    unproved = np.zeros(cells.shape, dtype=bool)
    for row, unit in enumerate(programme.units):
        rule = programme.rules.get(unit, NO_RULE)
        for claim, short in unmet(rule, _of(claimed, row)).items():
            lacking[claim][row] = short
        unproved[row] = np.any(list(unmet(rule, _of(proved, row)).values()), axis=0)
    columns = {
        **{claim.value: shares for claim, shares in claimed.items()},
        "complete": ~np.any(list(lacking.values()), axis=0),
        "verified": ~unproved,
        "assisted": cells.any(places[evidence["assisted"].to_numpy(dtype=bool)]),
        **{WANTS[claim]: short for claim, short in lacking.items()},
    }
    return cells.frame().assign(**{name: of.ravel() for name, of in columns.items()})


def _shares(evidence: pd.DataFrame, places: Any, cells: Cells) -> dict[Claim, Any]:
    """The share of each claim by unit and learner, as ``share_of`` chooses it; NaN without."""
    import numpy as np

    kept = (evidence["source"] == GRADEBOOK).to_numpy(dtype=bool)
    share = evidence["share"].to_numpy(dtype=float)
    chosen = {}
    for claim in Claim:
        here = (evidence["claim"] == claim.value).to_numpy(dtype=bool)
        # of several rows of one source the best counts
        log, gradebook = (
            cells.most(places[some], share[some]) for some in (here & ~kept, here & kept)
        )
        # a gradebook's rows outweigh the log
        best = np.where(np.isnan(gradebook), log, gradebook)
        chosen[claim] = best.reshape(cells.shape)
    return chosen


def _of(shares: Mapping[Claim, Any], row: int) -> dict[Claim, Any]:
    import numpy as np

    return {claim: np.nan_to_num(values[row]) for claim, values in shares.items()}
