"""``report.html``: one file, no script, no network; light, dark, narrow, wide, and printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.charts import DARK_CSS, FONT, VERMILLION
from kit.cohort import Cohort
from kit.i18n import mark
from kit.model import Part, Programme, Unit
from kit.reports import drawn
from kit.reports.evidence import SELF, Claim
from kit.reports.figures import FEWEST, USES, running_extensions
from kit.reports.grid import grid, overview, summary
from kit.reports.report import Report, Speaker, make_report
from kit.reports.states import State
from kit.reports.tables import WANTS
from kit.reports.wording import (
    PART_NAMES,
    USE_NAMES,
    code,
    count,
    moment,
    number,
    numbered,
    percent,
    signed,
)
from kit.templates import html_templates

if TYPE_CHECKING:
    import pandas as pd

TEMPLATES = Path(__file__).parent / "templates"
# a list that nobody reads to its end helps nobody; the files have all of it
MISTAKES_SHOWN = 12
REQUESTS_SHOWN = 12
NAMES_SHOWN = 20
SOON_DAYS = 7
# a mistake that as many have met and solved is worth a word to the next cohort
OFTEN = 10
OFTEN_SHARE = 0.25


def render_html(
    cohort: Cohort, units: Mapping[str, Unit], programme: Programme, language: str
) -> str:
    """The trainer's page on a cohort as HTML text, in ``language``.

    It names learners, so it is for whoever teaches them. Statistics leave groups of fewer
    than five out. Above ``kit.reports.grid.GRID_LIMIT`` learners the grid is counted.
    """
    return render(make_report(cohort, units, programme), language)


def render(report: Report, language: str) -> str:
    """The page of a report that has been computed already."""
    speaker = Speaker(report.units, language)
    cohort = report.cohort
    barred = not drawn.drawable(report)
    return (
        html_templates(TEMPLATES)
        .get_template("report.html.j2")
        .render(
            tr=speaker.tr,
            font=FONT,
            dark_charts=DARK_CSS,
            vermillion=VERMILLION,
            language=language,
            cohort=cohort,
            synthetic=drawn.synthetic_text(speaker.tr) if cohort.synthetic else "",
            self_kept=cohort.verifier == SELF,
            barred=barred,
            few=speaker.tr("fewer than five"),
            fewest=FEWEST,
            soon=SOON_DAYS,
            moment=partial(moment, zone=cohort.timezone),
            numbered=numbered,
            mark=mark,
            several=len(report.units) > 1,
            summary=summary(report, speaker),
            grid=grid(report, speaker),
            overview=overview(report, speaker),
            requests=_requests(report, speaker),
            more_requests=max(0, len(cohort.requests) - REQUESTS_SHOWN),
            funnel=_funnel(report, speaker),
            short=_short(report, speaker),
            **_mistakes(report, speaker),
            difficulty=_difficulty(report, speaker),
            gains=_gains(report, speaker),
            dates=_dates(report, speaker),
            declared=_declared(report, speaker),
            helped=_helped(report, speaker),
            rules=_rules(report, speaker),
            versions=sorted(set(report.evidence["version"].unique()) - {""}),
            kit_version=_kit_version(),
        )
    )


def _kit_version() -> str:
    from importlib.metadata import version

    return version("upskill-kit")


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _some(names: list[str], speaker: Speaker) -> str:
    """Names by the alphabet, as many as are read."""
    shown = ", ".join(sorted(names)[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return speaker.tr("{names} and {n} more", names=shown, n=more) if more > 0 else shown


def _requests(report: Report, speaker: Speaker) -> list[dict[str, Any]]:
    # those that wait for an answer first, the oldest of them at the top
    asked = report.cohort.requests.assign(done=report.cohort.requests["state"] != "open")
    asked = asked.sort_values(["done", "asked_at"], kind="stable").head(REQUESTS_SHOWN)
    return [
        {
            **row,
            "name": report.names.get(row["learner"], row["learner"]),
            "unit": speaker.unit(row["unit"]),
            "title": speaker.exercise(row["unit"], row["exercise"]),
            "open": row["state"] == "open",
        }
        for row in _rows(asked)
    ]


def _funnel(report: Report, speaker: Speaker) -> dict[str, Any]:
    steps = list(drawn.STEP_NAMES)
    table = [
        {"unit": speaker.unit(row["unit"]), "cells": [count(row[step]) for step in steps]}
        for row in _rows(report.funnel)
    ]
    names = [speaker.tr(drawn.STEP_NAMES[step]) for step in steps]
    known = bool(report.funnel["roster"].notna().any())
    alt = "; ".join(
        f"{row['unit']}: " + ", ".join(f"{n} {c}" for n, c in zip(names, row["cells"], strict=True))
        for row in table
    )
    chart = drawn.chart(drawn.draw_funnel, alt, report, speaker) if known else ""
    return {"names": names, "rows": table, "chart": chart, "known": known}


def _short(report: Report, speaker: Speaker) -> list[dict[str, str]]:
    """By unit, who has been graded and has not the points that the rule wants."""
    table = report.standing[report.standing["enrolled"]]
    table = table[(table["state"] == State.GRADED.value) & table[WANTS[Claim.GRADED]]]
    return [
        {"unit": speaker.unit(unit), "names": _some(list(mine["name"]), speaker)}
        for unit in report.units
        if unit in report.programme.rules and len(mine := table[table["unit"] == unit])
    ]


def _mistakes(report: Report, speaker: Speaker) -> dict[str, Any]:
    """Cards of the mistakes that want help, and how many are left to the spreadsheet."""
    keys = ["unit", "exercise", "label"]
    known = report.mistakes[report.mistakes["unit"].isin(list(report.units))]
    met = report.counted.mistakes
    unsolved = met[~met["solved"]].drop_duplicates(["learner", *keys])
    still = set(unsolved[keys].itertuples(index=False, name=None))
    stuck = known[keys].apply(tuple, axis=1).isin(still) if len(known) else known["n"] > 0
    often = (known["met"] >= OFTEN) & (known["met"] >= known["n"] * OFTEN_SHARE)
    wanted = known[stuck | often]
    return {
        "mistakes": _cards(wanted.head(MISTAKES_SHOWN), unsolved, report, speaker),
        "more_mistakes": max(0, len(wanted) - MISTAKES_SHOWN),
        "solved_mistakes": len(known) - len(wanted),
    }


def _cards(
    shown: pd.DataFrame, unsolved: pd.DataFrame, report: Report, speaker: Speaker
) -> list[dict[str, Any]]:
    rows = []
    for row in _rows(shown):
        key = (row["unit"], row["exercise"], row["label"])
        words = speaker.mistake(*key)
        solved = numbered(
            row["solved"],
            mark("{met} of {n} met it, 1 has solved it since."),
            mark("{met} of {n} met it, {solved} have solved it since."),
        )
        figures = {"n": int(row["n"]), "met": count(row["met"]), "solved": count(row["solved"])}
        rows.append(
            {
                "title": words.title,
                "helps": code(words.helps),
                "unit": speaker.unit(row["unit"]),
                "exercise": speaker.exercise(row["unit"], row["exercise"]),
                "told": speaker.tr(solved, **figures) if figures["met"] else "",
                "names": _some([report.names.get(i, i) for i in _stuck(unsolved, key)], speaker),
            }
        )
    return rows


def _stuck(unsolved: pd.DataFrame, key: tuple[str, str, str]) -> list[str]:
    unit, exercise, label = key
    at = (unsolved["unit"] == unit) & (unsolved["exercise"] == exercise)
    return list(unsolved.loc[at & (unsolved["label"] == label), "learner"])


def _difficulty(report: Report, speaker: Speaker) -> dict[str, Any]:
    rows = [
        {
            "unit": speaker.unit(row["unit"]),
            "title": speaker.exercise(row["unit"], row["exercise"]),
            "part": row["part"],
            "practice": row["part"] == Part.PRACTICE,
            "planned": row["planned"] or "",
            "n": int(row["n"]),
            "attempts": number(row["attempts"]),
            "minutes": number(row["minutes"]),
            "first": percent(row["first"]),
            "n_graded": int(row["n_graded"]),
            "graded": percent(row["graded"]),
            "manual": row["manual"],
        }
        for row in _rows(report.difficulty)
    ]
    shown = drawn.hardest(report)
    told = [f"{r['title']}: {r['first'] or '–'}, {r['graded'] or '–'}" for r in rows[:5]]
    alt = speaker.tr("Share passing at the first attempt, and when graded") + ": "
    chart = ""
    if len(shown):
        chart = drawn.chart(drawn.draw_difficulty, alt + "; ".join(told), report, speaker)
    known = _known(rows)
    return {"rows": rows, "chart": chart, "cut": len(shown) < known, "known": known}


def _known(rows: list[dict[str, Any]]) -> int:
    return sum(bool(row["first"] or row["graded"]) for row in rows)


def _gains(report: Report, speaker: Speaker) -> dict[str, Any]:
    rows = [
        {
            "unit": speaker.unit(row["unit"]),
            "n": int(row["n"]),
            "before": percent(row["before"]),
            "after": percent(row["after"]),
            "difference": signed(row["difference"]),
            "low": signed(row["low"]),
            "high": signed(row["high"]),
        }
        for row in _rows(report.gains)
    ]
    told = [f"{r['unit']}: {r['before']} → {r['after']}" for r in rows if r["before"]]
    alt = speaker.tr("Share of questions answered right, before and after") + ": "
    chart = drawn.chart(drawn.draw_gain, alt + "; ".join(told), report, speaker) if told else ""
    return {"rows": rows, "chart": chart, "known": bool(told)}


def _dates(report: Report, speaker: Speaker) -> list[dict[str, Any]]:
    submissions = report.counted.submissions
    people = report.counted.learners["learner"]
    more_time = running_extensions(report.counted)
    when = partial(moment, zone=report.cohort.timezone)
    rows = []
    for row in _rows(report.dates):
        # of what is due later nobody is waited for
        close = row["days"] <= SOON_DAYS
        of = submissions["assignment"] == row["assignment"]
        handed = set(submissions.loc[of, "learner"]) if close else set()
        extended = more_time[more_time["assignment"] == row["assignment"]]
        handed |= set(extended["learner"])
        waiting = [report.names[i] for i in people if i not in handed] if close else []
        rows.append(
            {
                "unit": speaker.unit(row["unit"]),
                "part": speaker.tr(PART_NAMES[row["part"]]),
                "due": when(row["due"]),
                "days": _until(row["days"], speaker),
                "soon": 0 <= row["days"] <= SOON_DAYS,
                "n": int(row["n"]),
                "handed_in": count(row["handed_in"]),
                "late": count(row["late"]),
                "waiting": _some(waiting, speaker),
                "extended": _some(
                    [
                        f"{report.names.get(one.learner, one.learner)} ({when(one.until)})"
                        for one in extended.itertuples(index=False)
                    ],
                    speaker,
                ),
            }
        )
    return rows


def _until(days: float, speaker: Speaker) -> str:
    n = math.ceil(abs(days))
    past = numbered(n, mark("1 day ago"), mark("{n} days ago"))
    ahead = numbered(n, mark("in 1 day"), mark("in {n} days"))
    return speaker.tr(past if days < 0 else ahead, n=n)


def _declared(report: Report, speaker: Speaker) -> dict[str, Any]:
    rows = [
        {
            "unit": speaker.unit(row["unit"]),
            "n": int(row["n"]),
            "cells": [count(row[use]) for use in USES],
        }
        for row in _rows(report.declared)
    ]
    names = [speaker.tr(USE_NAMES[use]) for use in USES]
    known = bool(report.declared["n"].ge(FEWEST).any())
    return {"names": names, "rows": rows, "known": known}


def _helped(report: Report, speaker: Speaker) -> dict[str, Any]:
    rows = [
        {
            "unit": speaker.unit(row["unit"]),
            "n": int(row["n"]),
            "unaided": count(row["unaided"]),
            "assisted": count(row["assisted"]),
        }
        for row in _rows(report.helped)
    ]
    return {"rows": rows, "known": any(row["unaided"] for row in rows)}


def _rules(report: Report, speaker: Speaker) -> list[str]:
    tr = speaker.tr
    rows = []
    for name in report.units:
        rule = report.programme.rules.get(name)
        if rule is None:
            rows.append(tr("{unit}: no rule in programme.toml", unit=speaker.unit(name)))
            continue
        text = tr(
            "{unit}: {practised:.0%} of the practice passed, {graded:.0%} of the graded points",
            unit=speaker.unit(name),
            practised=rule.practised_share,
            graded=rule.graded_share,
        )
        rows.append(tr("{rule}, used on own data", rule=text) if rule.applied else text)
    return rows
