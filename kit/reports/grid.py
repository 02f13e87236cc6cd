"""The cohort's grid on the page: learner × unit, or counts where there are too many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kit.cohort import FAILURES
from kit.i18n import Marked, mark, recognised
from kit.model import CompletionRule, Part
from kit.reports.figures import team_table
from kit.reports.report import Report, Speaker
from kit.reports.states import NAMES, SYMBOLS, State
from kit.reports.tables import NO_RULE, WANTS
from kit.reports.wording import PART_NAMES, USE_NAMES, numbered, percent

if TYPE_CHECKING:
    import pandas as pd

# more rows than this are no page to look at
GRID_LIMIT = 200
# as many as fit a row of buttons
TEAMS_LIMIT = 12
NOTE_LIMIT = 140
WANT_NAMES: dict[str, Marked] = {
    "practised": mark("practice"),
    "graded": mark("points"),
    "applied": mark("use on own data"),
}


def summary(report: Report, speaker: Speaker) -> list[dict[str, Any]]:
    """The first line: a figure and what it counts, each."""
    table, tr = report.standing, speaker.tr
    people = report.cohort.learners
    guests = int((~people["enrolled"]).sum())
    # work is work, whoever handed it in
    failed = table["failure"] != ""
    waiting = int(((table["to_grade"] > 0) | failed).sum())
    table = table[table["enrolled"]]
    done = int((table["complete"] & table["verified"]).sum())
    asked = int((report.cohort.requests["state"] == "open").sum())
    completions = numbered(done, mark("verified completion"), mark("verified completions"))
    figures = [
        (
            len(people) - guests,
            numbered(len(people) - guests, mark("learner"), mark("learners")),
            "",
        ),
        (guests, mark("not on the roster"), "hide"),
        (done, completions if len(report.units) > 1 else mark("complete, verified"), ""),
        (int((table["state"] == State.SELF_REPORTED).sum()), NAMES[State.SELF_REPORTED], "hide"),
        (
            waiting,
            numbered(waiting, mark("waits to be graded by you"), mark("wait to be graded by you")),
            "work",
        ),
        (
            asked,
            numbered(
                asked, mark("asks to look at a grade again"), mark("ask to look at a grade again")
            ),
            "work",
        ),
        (int((table["late"] > 0).sum()), mark("handed in late"), ""),
    ]
    return [
        {"count": f"{count:,}", "what": tr(what), "work": kind == "work" and count > 0}
        for count, what, kind in figures
        if count or kind != "hide"
    ]


def grid(report: Report, speaker: Speaker) -> dict[str, Any] | None:
    """Rows by name with one cell for each unit; None above ``GRID_LIMIT`` learners."""
    people = report.cohort.learners
    if len(people) > GRID_LIMIT:
        return None
    notes = _notes(report)
    rows: dict[str, dict[str, Any]] = {}
    for row in report.standing.to_dict("records"):
        mine = rows.setdefault(
            row["learner"],
            {"name": row["name"], "learner": row["learner"], "team": row["team"], "cells": []},
        )
        values = {str(key): value for key, value in row.items()}
        rule = report.programme.rules.get(row["unit"], NO_RULE)
        mine["cells"].append(_cell(values, speaker, notes, rule))
    teams = sorted({team for team in people["team"] if team})
    if not 1 < len(teams) <= TEAMS_LIMIT:
        teams = []
    numbers = {team: i for i, team in enumerate(teams, 1)}
    for mine in rows.values():
        mine["number"] = numbers.get(mine["team"], 0)
    guests = set(people.loc[~people["enrolled"], "learner"])
    ordered = sorted(rows.values(), key=lambda row: row["learner"] in guests)
    first = next((row["learner"] for row in ordered if row["learner"] in guests), None)
    for mine in ordered:
        mine["first_guest"] = mine["learner"] == first
    return {
        "units": [speaker.unit(name) for name in report.units],
        "rows": ordered,
        "teams": [(number, team) for team, number in numbers.items()],
        "legend": [(s.value, SYMBOLS[s], speaker.tr(NAMES[s])) for s in State],
    }


def _notes(report: Report) -> dict[tuple[str, str], str]:
    said = report.cohort.declarations
    keys = zip(said["learner"], said["unit"], strict=True)
    return {key: _short(note) for key, note in zip(keys, said["note"], strict=True) if note}


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= NOTE_LIMIT else plain[: NOTE_LIMIT - 1] + "…"


def _cell(
    row: dict[str, Any],
    speaker: Speaker,
    notes: Mapping[tuple[str, str], str],
    rule: CompletionRule,
) -> dict[str, Any]:
    tr, state = speaker.tr, State(row["state"])
    facts = []
    if row["practised"] == row["practised"]:
        share = percent(row["practised"], rule.practised_share)
        facts.append(tr("practised {share}", share=share))
    if row["graded"] == row["graded"]:
        share = percent(row["graded"], rule.graded_share)
        # what waits for a person counts as nothing so far, and no one has failed by it
        graded = mark("graded {share} so far") if row["to_grade"] else mark("graded {share}")
        facts.append(tr(graded, share=share))
    if row["applied"] == row["applied"]:
        facts.append(tr("used on own data"))
    if row["assisted"]:
        facts.append(tr("practised with help"))
    if row["use"] in USE_NAMES:
        note = notes.get((row["learner"], row["unit"]))
        said = tr(USE_NAMES[row["use"]])
        facts.append(f"{said}: “{note}”" if note else said)
    return {
        "state": state.value,
        "symbol": SYMBOLS[state],
        "text": tr(NAMES[state]),
        "facts": facts,
        "flags": _flags(row, speaker),
        "lacking": _lacking(row, speaker) if state is State.GRADED else "",
    }


def _flags(row: dict[str, Any], speaker: Speaker) -> list[str]:
    tr = speaker.tr
    flags = []
    if row["failure"]:
        flags.append(tr(recognised(row["failure"], FAILURES)))
    if row["to_grade"]:
        flags.append(tr("answers to grade: {n}", n=int(row["to_grade"])))
    if row["requests"]:
        flags.append(tr("asks to look again"))
    for part in Part:
        if days := int(row[f"late_{part.value}"]):
            said = numbered(days, mark("{part}: 1 day late"), mark("{part}: {n} days late"))
            flags.append(tr(said, part=tr(PART_NAMES[part]), n=days))
    if points := row["penalty"]:
        said = numbered(points, mark("1 point taken off"), mark("{points} points taken off"))
        flags.append(tr(said, points=f"{points:g}"))
    return flags


def _lacking(row: dict[str, Any], speaker: Speaker) -> str:
    short = [speaker.tr(WANT_NAMES[c.value]) for c, name in WANTS.items() if row[name]]
    return speaker.tr("short of: {what}", what=", ".join(short)) if short else ""


def overview(report: Report, speaker: Speaker) -> dict[str, Any] | None:
    """Counts by unit and by team instead of a grid; None where the grid is shown."""
    if len(report.cohort.learners) <= GRID_LIMIT:
        return None
    standing = report.standing[report.standing["enrolled"]]
    found = standing.groupby(["unit", "state"]).size().unstack(fill_value=0)
    states = [s for s in State if s.value in found.columns]
    units = [
        {
            "unit": speaker.unit(name),
            "cells": [f"{found.loc[name].get(s.value, 0):,}" for s in states],
        }
        for name in report.units
    ]
    return {
        "states": [(s.value, SYMBOLS[s], speaker.tr(NAMES[s])) for s in states],
        "units": units,
        "teams": _teams(report, speaker),
        "titles": [speaker.unit(name) for name in report.units],
    }


def _teams(report: Report, speaker: Speaker) -> list[dict[str, Any]]:
    """By team: how many of how many have a verified completion, in each unit."""
    table = team_table(report.standing[report.standing["enrolled"]])
    if State.COMPLETE.value not in table:
        table = table.assign(**{State.COMPLETE.value: 0.0})
    cells = table.set_index(["team", "unit"])[[State.COMPLETE.value, "n"]]
    rows = []
    for team in sorted(set(table["team"]) - {""}):
        mine = [_of(cells.loc[(team, unit)], speaker) for unit in report.units]
        rows.append({"team": team, "cells": mine})
    return rows


def _of(cell: pd.Series[float], speaker: Speaker) -> str:
    done, n = cell[State.COMPLETE.value], cell["n"]
    if done != done:
        return speaker.tr("fewer than five")
    return speaker.tr("{count} of {n}", count=f"{done:,.0f}", n=f"{n:,.0f}")
