"""Evidence and completion of a whole cohort, as tables: vectorised, pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kit.cohort import Cohort
from kit.model import CompletionRule, Part, Programme, Unit
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
    help_used = _assisted(cohort)
    parts = [
        _own_word(_practised(cohort, units), handed_in, units),
        _own_word(_applied(cohort), handed_in, units),
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


def _own_word(
    claims: pd.DataFrame, handed_in: pd.DataFrame, units: Mapping[str, Unit]
) -> pd.DataFrame:
    """What the learner's own kit sent along, as of the submission that brought it."""
    sent = handed_in.sort_values("submitted_at").drop_duplicates(["learner", "unit"], keep="last")
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
    return (handed_in["checks"] > 0) | (handed_in["max_score"] > 0)


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
    import pandas as pd

    everything = _shares(evidence)
    proved = _shares(evidence[evidence["verified"]])
    helped = evidence[evidence["assisted"]].groupby(["learner", "unit"]).size()
    tables = []
    for unit in programme.units:
        rows = pd.MultiIndex.from_product([learners, [unit]], names=["learner", "unit"])
        rule = programme.rules.get(unit, NO_RULE)
        claimed = everything.reindex(rows)
        lacking = unmet(rule, _columns(claimed))
        tables.append(
            claimed.assign(
                complete=_met(lacking, rows),
                verified=_met(_proof(rule, proved, rows), rows),
                assisted=rows.isin(helped.index),
                **{WANTS[claim]: value for claim, value in lacking.items()},
            )
        )
    empty = everything.iloc[:0].assign(
        **dict.fromkeys(["complete", "verified", "assisted", *WANTS.values()], False)
    )
    table = pd.concat(tables) if tables else empty
    return table.rename_axis(index=["learner", "unit"]).reset_index()


def _proof(rule: CompletionRule, proved: pd.DataFrame, rows: pd.MultiIndex) -> dict[Claim, Any]:
    return unmet(rule, _columns(proved.reindex(rows)))


def _shares(evidence: pd.DataFrame) -> pd.DataFrame:
    """The share of each claim by learner and unit, as ``share_of`` chooses it."""
    import pandas as pd

    keys = ["learner", "unit", "claim"]
    # a gradebook's rows outweigh the log, then the best counts
    ranked = evidence.assign(other=evidence["source"] != GRADEBOOK)
    best = ranked.sort_values(["other", "share"], ascending=[True, False], kind="stable")
    chosen = best.drop_duplicates(keys).set_index(keys)["share"]
    names = [claim.value for claim in Claim]
    if chosen.empty:
        index = pd.MultiIndex.from_arrays([[], []], names=keys[:2])
        return pd.DataFrame(columns=names, index=index, dtype="float64")
    return chosen.unstack("claim").reindex(columns=names)


def _columns(shares: pd.DataFrame) -> dict[Claim, Any]:
    return {claim: shares[claim.value].fillna(0.0) for claim in Claim}


def _met(lacking: Mapping[Claim, Any], rows: pd.MultiIndex) -> Any:
    import pandas as pd

    short = pd.DataFrame({claim.value: value for claim, value in lacking.items()}, index=rows)
    return ~short.any(axis=1)
