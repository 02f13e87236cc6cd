"""The trainer's page: whole in one file, honest about its data, kind to its readers."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from kit.cohort import Cohort, table
from kit.model import Programme, Unit
from kit.reports.evidence import SELF
from kit.reports.figures import difficulty_table
from kit.reports.grid import GRID_LIMIT
from kit.reports.page import render, render_html
from kit.reports.report import make_report
from tests.unit.reports.cohorts import NOW, make_cohort, several_units

FEW = {"en": "fewer than five", "ko": "다섯 명 미만"}


def page(cohort: Cohort, language: str = "en", units: int = 1) -> str:
    return render_html(cohort, *several_units(units), language)


def text_of(rendered: str) -> str:
    plain = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", " ", rendered, flags=re.S)
    return " ".join(html.unescape(plain).split())


def section(rendered: str, name: str) -> str:
    found = re.search(rf'<section[^>]*id="{name}">.*?</section>', rendered, flags=re.S)
    return found[0] if found else ""


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("count", [0, 1, 4, 5, 12])
def test_a_cohort_of_any_size_has_a_page(count: int, language: str) -> None:
    rendered = page(make_cohort(count), language)
    assert f'<html lang="{language}">' in rendered
    assert rendered.count("<tr class=") == count
    assert "nan" not in text_of(rendered).lower().split()


def test_page_asks_for_nothing_and_runs_nothing() -> None:
    rendered = page(make_cohort(12))
    assert "<script" not in rendered
    assert "<link" not in rendered
    assert re.findall(r'(?:src|href)="(?!#)', rendered) == []
    assert "url(http" not in rendered
    assert "default-src 'none'" in rendered


def test_synthetic_learners_are_named_so_on_the_head_and_on_every_chart() -> None:
    rendered = page(make_cohort(12))
    charts = re.findall(r"<figure>.*?</figure>", rendered, flags=re.S)
    assert len(charts) == 3
    assert all("SYNTHETIC" in chart for chart in charts)
    assert "SYNTHETIC" in rendered.split("<h1>")[0].split("<main>")[1]
    assert rendered.split("<title>")[1].startswith("SYNTHETIC")


def test_many_units_have_bars_in_their_tables_for_charts_and_say_synthetic_there_too() -> None:
    few, many = (page(make_cohort(12, several_units(n)[0]), units=n) for n in (3, 4))
    assert few.count("<svg") == 3
    assert 'style="--share' not in few
    assert "<svg" not in many
    for name in ("difficulty", "gains"):
        assert "SYNTHETIC" in section(many, name)
        assert re.search(r"--share: \d+%", section(many, name))


def test_real_learners_are_not_called_synthetic() -> None:
    assert "SYNTHETIC" not in page(replace(make_cohort(12), synthetic=False))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_small_groups_are_named_as_such_and_have_no_charts(language: str) -> None:
    rendered = page(make_cohort(4), language)
    assert "<figure>" not in rendered
    for name in ("funnel", "difficulty", "gains", "help"):
        assert FEW[language] in section(rendered, name)


def test_people_are_in_the_order_of_names() -> None:
    names = re.findall(r'<th scope="row">([^<]+)<small>', section(page(make_cohort(40)), "cohort"))
    assert len(names) == 40
    assert names == sorted(names)


def test_notes_of_the_reader_stand_above_everything_else() -> None:
    note = "kim: assignment.ipynb is no notebook"
    rendered = page(make_cohort(12, notes=(note,)))
    assert note in section(rendered, "notes")
    assert rendered.index('id="notes"') < rendered.index("<section id=")


def test_what_people_wrote_stays_text() -> None:
    cohort = make_cohort(12)
    bad = "<img src=x onerror=alert(1)>"
    hostile = replace(
        cohort,
        title=bad,
        learners=cohort.learners.assign(name=bad, team=bad),
        requests=cohort.requests.assign(because=bad, answer=bad),
        declarations=cohort.declarations.assign(note=bad),
        notes=(bad,),
    )
    rendered = page(hostile)
    assert "<img" not in rendered
    assert html.escape(bad) in rendered


def test_help_is_named_kindly_with_who_is_still_on_it() -> None:
    cohort = make_cohort(12)
    met = {
        "learner": [f"learner-{i:04d}" for i in range(6)],
        "unit": "rightsizing",
        "exercise": "npv",
        "label": "sunk_cost_counted",
        "solved": [True] * 4 + [False] * 2,
        "verified": True,
    }
    rendered = page(replace(cohort, mistakes=table("mistakes", met)))
    told = text_of(section(rendered, "mistakes"))
    assert "A sunk cost counted Two options in today's money" in told
    assert "6 of 11 met it, 4 have solved it since." in told
    assert "Only what the decision can still change is in the flows." in told
    names = dict(zip(cohort.learners["learner"], cohort.learners["name"], strict=True))
    stuck = sorted(names[f"learner-{i:04d}"] for i in (4, 5))
    assert told.endswith(f"Still on it {', '.join(stuck)}")


def test_korean_page_speaks_korean() -> None:
    told = text_of(page(make_cohort(12), "ko"))
    assert "학습자별 진도" in told
    assert "매몰비용을 넣음" in told
    assert re.findall(r"\b(?:learners|handed|graded|practised|helps)\b", told) == []


def test_requests_wait_at_the_top_with_their_reason() -> None:
    told = text_of(section(page(make_cohort(12)), "requests"))
    assert told.count("“My range stands in the last sentence.”") == 2
    assert told.index("· open") < told.index("· answered")


def test_declared_use_of_ai_stands_beside_the_graded_work() -> None:
    cohort = make_cohort(12)
    said = table(
        "declarations",
        {
            "learner": ["learner-0004"],
            "unit": ["rightsizing"],
            "use": ["draft"],
            "note": ["the first memo"],
        },
    )
    told = section(page(replace(cohort, declarations=said)), "cohort")
    (row,) = [r for r in told.split("<tr") if "the first memo" in r]
    assert "AI drafted parts" in row
    assert "정하은" in row


def test_teams_filter_without_a_script() -> None:
    rendered = page(make_cohort(12))
    assert "body:has(#team-1:checked) .grid tbody tr:not(.t-1) { display: none; }" in rendered
    assert rendered.count('type="radio"') == 5


def test_a_large_cohort_is_counted_and_sent_to_the_csv() -> None:
    rendered = page(make_cohort(GRID_LIMIT + 1))
    told = section(rendered, "cohort")
    assert "upskill report --format csv" in told
    assert "<tr class=" not in told
    assert "Verified completions by team" in told


def test_guests_stand_below_the_roster_and_are_waited_for_by_nobody() -> None:
    cohort = make_cohort(12)
    guests = ["learner-0000", "learner-0002", "learner-0006"]
    known = ~cohort.learners["learner"].isin(guests)
    rendered = page(replace(cohort, learners=cohort.learners.assign(enrolled=known)))
    names = dict(zip(cohort.learners["learner"], cohort.learners["name"], strict=True))
    above, below = section(rendered, "cohort").split('class="guests"')
    assert "Not on the roster" in below
    assert [names[one] in below for one in guests] == [True, True, True]
    assert [names[one] in above for one in guests] == [False, False, False]
    assert text_of(rendered).count("9 learners") == 1
    assert "3 not on the roster" in text_of(rendered)
    # untouched, yet nobody expects anything of them
    assert [names[one] in section(rendered, "dates") for one in guests] == [False, False, False]
    # their work is the trainer's all the same
    assert cohort.submissions.set_index("learner").loc["learner-0002", "to_grade"].sum() > 0
    tiles = [re.findall(r"(\d+) wait to be graded", text_of(p)) for p in (rendered, page(cohort))]
    assert tiles[0] == tiles[1] != []
    assert 'class="guests"' not in page(cohort)


def test_who_has_more_time_is_not_named_as_overdue() -> None:
    cohort = make_cohort(12)
    rows = {"learner": ["learner-0000"], "assignment": ["rightsizing-practice"], "days": [4.0]}
    given = replace(cohort, extensions=table("extensions", rows))
    name = cohort.learners["name"][0]
    practice = section(page(cohort), "dates").split("</tr>")[1]
    assert name in practice
    practice = section(page(given), "dates").split("</tr>")[1]
    overdue, more = practice.split("More time, until (UTC):")
    assert name not in overdue
    assert re.search(rf"{name} \(\d{{4}}-\d\d-\d\d", more)


def test_a_gradebook_of_ones_own_says_so() -> None:
    told = text_of(page(make_cohort(12, verifier=SELF)))
    assert "everything is self-reported, nothing verified" in told
    assert "✔ complete, verified" not in told


def test_verifier_rule_dates_and_versions_are_shown() -> None:
    told = text_of(page(make_cohort(12)))
    assert "trainer-kim, who keeps the gradebook" in told
    assert "75% of the practice passed, 60% of the graded points" in told
    assert "as of 2026-11-20 09:00 UTC" in told
    assert f"content {several_units(1)[0]['rightsizing'].version}" in told


def test_assignments_that_no_programme_names_are_shown_and_never_complete() -> None:
    units, _ = several_units(2)
    cohort = make_cohort(12, units)
    first: dict[str, Unit] = {"rightsizing": units["rightsizing"]}
    programme: Programme = several_units(1)[1]
    rendered = render_html(cohort, first, programme, "en")
    assert "rightsizing-2: no rule in programme.toml" in text_of(rendered)
    rows = section(rendered, "cohort").split("<tr")[2:]
    assert all(row.count('class="s-complete"') <= 1 for row in rows)
    assert any('class="s-graded"' in row for row in rows)


def test_practice_and_grading_of_an_exercise_each_have_their_number_of_learners() -> None:
    cohort = make_cohort(12)
    shown = section(page(cohort), "difficulty")
    head = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", shown)
    found = difficulty_table(cohort, several_units(1)[0])
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in shown.split("<tr>")[2:]]
    assert head[1::5] == ["learners practising", "learners with a grade"]
    assert [row[5] for row in rows] == [f"{n:.0f}" for n in found["n_graded"]]
    tried = [f"{n:.0f}" if part == "practice" else "–" for n, part in _parts(found)]
    assert [row[0] for row in rows] == tried


def _parts(found: pd.DataFrame) -> list[tuple[float, str]]:
    return list(zip(found["n"], found["part"], strict=True))


def test_the_grid_never_rounds_a_share_up_to_the_rule() -> None:
    made = make_report(make_cohort(12), *several_units(1))
    short = made.standing.assign(graded=0.597, practised=0.747)
    told = text_of(section(render(replace(made, standing=short), "en"), "cohort"))
    assert "graded 59%" in told
    assert "practised 74%" in told
    assert "60%" not in told


def cell_of(rendered: str, name: str) -> str:
    (row,) = [r for r in section(rendered, "cohort").split("<tr") if f">{name}<" in r]
    return text_of(f"<tr{row}")


def test_the_grid_says_which_part_is_late_and_by_how_many_days_begun() -> None:
    cohort = make_cohort(12)
    practice = cohort.submissions["assignment"] == "rightsizing-practice"
    late = cohort.submissions.assign(late=practice.map({True: 86_401.0, False: 60.0}), penalty=0.5)
    made = replace(cohort, submissions=late)
    told = cell_of(page(made), "정하은")
    assert "practice: 2 days late · graded assignment: 1 day late · 1 point taken off" in told
    assert "실습: 2일 늦음 · 평가 과제: 1일 늦음" in cell_of(page(made, "ko"), "정하은")


def test_points_of_work_that_still_waits_are_points_so_far() -> None:
    cohort = make_cohort(12)
    waiting, done = cell_of(page(cohort), "박지우"), cell_of(page(cohort), "정하은")
    assert re.search(r"graded \d+% so far", waiting)
    assert "so far" not in done
    assert "(채점 중)" in cell_of(page(cohort, "ko"), "박지우")


def met_by(cohort: Cohort, **stuck: int) -> Cohort:
    """All ten who are active have met each mistake (of npv); so many are still on it."""
    people = [f"learner-{i:04d}" for i in range(12) if i % 6]
    rows = [(one, label, i >= n) for label, n in stuck.items() for i, one in enumerate(people)]
    learner, label, solved = zip(*rows, strict=True)
    found = {"learner": learner, "unit": "rightsizing", "exercise": "npv", "label": label}
    return replace(
        cohort, mistakes=table("mistakes", {**found, "solved": solved, "verified": True})
    )


def headings(rendered: str) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", section(rendered, "mistakes"))


def test_only_mistakes_that_somebody_is_on_have_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.reports.page.OFTEN", 11)
    cohort = met_by(make_cohort(12), sunk_cost_counted=1, clipped=0, mean_rule=9)
    rendered = page(cohort)
    told = text_of(section(rendered, "mistakes"))
    assert headings(rendered)[1:] == ["Sized by the mean", "A sunk cost counted"]
    assert "10 of 10 met it, 1 has solved it since." in told
    assert "10 of 10 met it, 9 have solved it since." in told
    assert "1 more was met and solved; all are in the spreadsheet:" in told
    # of as many as have met it, one that all have solved is worth telling
    monkeypatch.setattr("kit.reports.page.OFTEN", 10)
    assert "Impossible values cut to the limits" in headings(page(cohort))


def test_who_is_graded_and_short_of_the_rule_is_named_without_any_mistake() -> None:
    cohort = replace(make_cohort(12), mistakes=table("mistakes"))
    made = make_report(cohort, *several_units(1))
    short = made.standing[(made.standing["state"] == "graded") & made.standing["wants_graded"]]
    assert len(short) == 2
    rendered = render(made, "en")
    told = text_of(section(rendered, "mistakes"))
    assert headings(rendered) == ["Graded, and short of the rule"]
    assert told.endswith(f"Graded, and short of the rule {', '.join(sorted(short['name']))}")
    enough = replace(made, standing=made.standing.assign(wants_graded=False))
    assert "No common mistake was met so far." in section(render(enough, "en"), "mistakes")


def test_mistakes_as_common_as_each_other_stand_as_the_course_does() -> None:
    cohort = make_cohort(12)
    exercises = ["npv", "memo", "rule", "repair"]
    met = {"learner": "learner-0001", "unit": "rightsizing", "exercise": exercises}
    rows = {**met, "label": "clipped", "solved": False, "verified": True}
    cohort = replace(cohort, mistakes=table("mistakes", pd.DataFrame(rows)))
    order = [e.id for e in several_units(1)[0]["rightsizing"].exercises]
    found = list(make_report(cohort, *several_units(1)).mistakes["exercise"])
    assert found == sorted(exercises, key=order.index) != sorted(exercises)


def test_a_small_cohort_has_a_sentence_for_each_statistic_and_keeps_the_names() -> None:
    cohort = make_cohort(4)
    rows = {"learner": ["learner-0001"], "unit": "rightsizing", "exercise": "npv"}
    met = {**rows, "label": "sunk_cost_counted", "solved": False, "verified": True}
    rendered = page(replace(cohort, mistakes=table("mistakes", pd.DataFrame(met))))
    for name in ("funnel", "difficulty", "gains", "help"):
        assert section(rendered, name).count("fewer than five") == 1
        assert "<table" not in section(rendered, name)
    told = text_of(section(rendered, "mistakes"))
    assert told.endswith("Still on it 이민준")
    assert "fewer than five" not in told


def test_times_are_of_the_cohorts_zone_which_is_named() -> None:
    told = text_of(page(replace(make_cohort(12), timezone="Asia/Seoul")))
    assert "as of 2026-11-20 18:00 Asia/Seoul" in told
    assert "Due (Asia/Seoul)" in told
    assert "2026-11-24 18:00 in 4 days" in told
    assert "UTC" not in told


def test_one_of_anything_is_told_as_one() -> None:
    cohort = make_cohort(1)
    told = text_of(page(replace(cohort, assignments=cohort.assignments.assign(due=NOW))))
    assert "1 learner 0" in told
    day = cohort.assignments.assign(due=NOW + timedelta(hours=20))
    assert "in 1 day " in text_of(page(replace(cohort, assignments=day)))


def test_the_chart_names_exercises_in_full_and_what_its_shares_are_of() -> None:
    figure = re.findall(r"<figure>.*?</figure>", page(make_cohort(12)), flags=re.S)[1]
    drawn = [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", figure)]
    assert not [text for text in drawn if "…" in text]
    assert "Three futures and what flips the decision" in drawn
    assert "The memo*" in drawn
    assert "share of learners, or of points*" in drawn
