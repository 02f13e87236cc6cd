from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kit.model import Part
from kit.notebooks import write_notebook
from kit.server.chart import finding_chart
from kit.server.page import STATIC, moment, render_home, share
from tests.cells import cell, notebook


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def links(page: str) -> list[str]:
    names = ("href", "src", "action")
    return [str(a[n]) for _, a in Tags(page).found for n in names if a.get(n)]


def test_the_page_shows_programme_next_step_and_continue(home, diary):
    diary("check", "count", "passed")
    page = render_home(home, "/", "token")
    for text in ("A tiny unit", "Count the disks.", "Next: Add the sizes", "Continue", "unaided"):
        assert text in page
    assert {
        "/lab/tree/tiny-practice/workbook.ipynb",
        "/lab/tree/tiny/assignment.ipynb",
        "/lab/tree/live/tiny.ipynb",
    } <= set(links(page))


def test_coming_back_to_a_stopped_kernel_says_what_to_run_first(home, unit, diary):
    path = home.notebook(unit, Part.PRACTICE)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_notebook(path, notebook(cell("markdown", "", "c-9", id="count")))
    said = "Run All Above Selected Cell"
    assert said not in render_home(home, "/", "token"), "a newcomer runs from the top anyway"
    diary("check", "count", "incorrect")
    assert said in render_home(home, "/", "token")
    running = frozenset({"tiny-practice/workbook.ipynb"})
    assert said not in render_home(home, "/", "token", running=running)


def test_the_page_says_how_much_was_done_alone_and_how_long_it_took(home, diary):
    diary("hint", "count")
    diary("check", "count", "passed")
    diary("check", "total", "passed")
    page = render_home(home, "/", "token")
    assert "Solved unaided: 1 of 2 (hints 1, taken 0, coach 0)" in page
    assert "Minutes at work, breaks left out: 2" in page
    assert page.count("1 min at work") == 2


def test_a_damaged_notebook_is_named_with_the_command_that_mends_it(home, unit, diary):
    assert "damaged in" not in render_home(home, "/", "token")
    path = home.notebook(unit, Part.PRACTICE)
    write_notebook(path, notebook(cell("markdown", "", "c-9", id="count"), None))
    diary("check", "count", "incorrect")
    page = render_home(home, "/", "token")
    for text in ("damaged in its cell 2", "upskill update", str(path), "Next: Count the disks"):
        assert text in page


def test_a_task_that_changed_since_its_pass_says_so_in_its_row(home, diary):
    diary("check", "count", "passed")
    said = "The task changed after you passed it"
    assert said not in render_home(home, "/", "token")
    diary("update", to="2", changed=["count"])
    assert said in render_home(home, "/", "token")
    diary("check", "count", "passed")
    assert said not in render_home(home, "/", "token")


def test_new_content_that_waits_is_announced_and_not_brought(home, unit):
    command = "upskill update --preview"
    assert command not in render_home(home, "/", "token")
    base = home.base_notebook(unit, Part.PRACTICE)
    given = json.loads(base.read_text(encoding="utf-8"))
    given["cells"].pop()
    base.write_text(json.dumps(given), encoding="utf-8")
    before = base.read_bytes()
    assert command in render_home(home, "/", "token")
    assert base.read_bytes() == before


def test_every_address_lies_under_the_servers_base(home):
    page = render_home(home, "/user/kim/", "token")
    for link in links(page):
        assert link.startswith(("/user/kim/", "#")), link


def test_nothing_on_the_page_is_inline_or_from_elsewhere(home, diary, put_result):
    put_result()
    page = render_home(home, "/", "token")
    for tag, attributes in Tags(page).found:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in re.sub(r"XMLHttpRequest", "", text), file.name


def test_text_from_results_is_shown_never_run(home, put_result):
    put_result(missing=["<script>alert(1)</script>"])
    page = render_home(home, "/", "token")
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>bold</b>" not in page


def test_manual_work_is_rated_with_the_four_levels_of_the_rubric(home, put_result):
    put_result(rated=2)
    page = render_home(home, "/", "token")
    radios = [a for tag, a in Tags(page).found if a.get("type") == "radio"]
    assert [r["value"] for r in radios] == ["0", "1", "2", "3"]
    assert {r["name"] for r in radios} == {"memo"}
    assert [r["value"] for r in radios if "checked" in r] == ["2"]


def test_what_was_not_handed_in_is_named_with_the_reason(home, put_result):
    put_result()
    page = render_home(home, "/", "token")
    assert "Not handed in: Practice" in page
    assert "Two blanks are left." in page


def test_titles_of_results_are_those_of_the_unit_today(home, put_result):
    put_result()
    path = home.state / "results" / "tiny.json"
    path.write_text(path.read_text().replace("A fresh case", "Title of old"), encoding="utf-8")
    page = render_home(home, "/", "token")
    assert "A fresh case" in page
    assert "Title of old" not in page


def test_the_learners_own_lines_are_shown_as_text(home, diary):
    diary("item", "a", stage="post", pair="a", right=True, confidence=75)
    diary("reflection", context="<i>May</i>")
    page = render_home(home, "/", "token")
    assert "Questions after: 1 of 1 right, 75 % sure" in page
    assert "&lt;i&gt;May" in page


def test_grades_of_a_self_learner_are_called_self_reported(home, put_result):
    put_result(rated=2, complete=True)
    page = render_home(home, "/", "token")
    assert "self-reported" in page
    assert "This unit is complete (self-reported)." in page
    assert "verified by a trainer" not in page


def put_finding(home, report_text="<p>", **changes):
    report = home.root / "artefacts" / "quick" / "가 1" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text(report_text, encoding="utf-8")
    value = {
        "headline": "Three machines",
        "report": "artefacts/quick/가 1/report.html",
        "workbook": "artefacts/quick/가 1/sizes.xlsx",
        "machines": [
            {"machine": "web-07", "question": "Why?", "why": "", "low_won": 1, "high_won": 2}
        ],
        "range_won": [1200000, 3400000],
        "ledger": {"read": 10, "kept": 8, "repaired": 1, "rejected": 1},
        **changes,
    }
    (home.state / "results").mkdir()
    (home.state / "results" / "quick.json").write_text(json.dumps(value), encoding="utf-8")


def test_a_finding_links_report_and_sheet(home):
    put_finding(home)
    page = render_home(home, "/", "token")
    assert "1.20 to 3.40 million won a month" in page
    assert "web-07" in page
    assert "/files/artefacts/quick/%EA%B0%80%201/report.html" in links(page)
    assert "/files/artefacts/quick/%EA%B0%80%201/sizes.xlsx?download=1" in links(page)


def test_the_range_says_which_size_it_assumes(home):
    put_finding(home, assumed_vcpu=8, assumed_machines=6, machines_read=7)
    assert "assuming 8 vCPU for 6 of 7 machines" in render_home(home, "/", "token")


def test_nothing_is_called_assumed_when_sizes_were_told(home):
    put_finding(home, vcpu=16)
    page = render_home(home, "/", "token")
    assert 'id="assumed"' not in page
    fields = [a for _, a in Tags(page).found if a.get("id") == "vcpu"]
    assert [field["value"] for field in fields] == ["16"]


def units_offered(page: str) -> list[tuple[str | None, bool]]:
    return [(a["value"], "selected" in a) for tag, a in Tags(page).found if tag == "option"]


def test_the_unit_is_asked_only_where_the_export_names_none(home):
    put_finding(home)
    page = render_home(home, "/", "token")
    assert 'id="again"' in page
    assert units_offered(page) == []


@pytest.mark.parametrize(("unclear", "told"), [(3, ""), (0, "fraction")])
def test_without_a_unit_the_page_asks_and_an_answer_can_be_changed(home, unclear, told):
    # nothing is sized before the unit is told, so the form stands without a range
    put_finding(home, range_won=None, unit_unclear=unclear, unit=told or None)
    offered = units_offered(render_home(home, "/", "token"))
    assert [value for value, _ in offered] == ["", "percent", "fraction"]
    assert [value for value, selected in offered if selected] == [told]


def test_the_form_names_the_same_files_again(home):
    put_finding(home, again=['odd "name".csv'])
    forms = [a for _, a in Tags(render_home(home, "/", "token")).found if a.get("id") == "again"]
    assert json.loads(str(forms[0]["data-files"])) == ['odd "name".csv']


def test_the_findings_chart_is_a_picture_on_the_page(home):
    put_finding(home, '<svg>wide</svg><p><svg aria-label="6 machines &amp; CPU"><g/></svg>')
    pictures = [a for tag, a in Tags(render_home(home, "/", "token")).found if tag == "img"]
    assert [p["alt"] for p in pictures] == ["6 machines & CPU"]
    chart = finding_chart(home)
    assert chart is not None
    assert chart.svg.endswith("<g/></svg>")
    sources = [a for tag, a in Tags(render_home(home, "/", "token")).found if tag == "source"]
    assert [s["media"] for s in sources] == ["(prefers-color-scheme: dark)"]
    assert "theme=dark" in str(sources[0]["srcset"])
    assert re.match(r"<svg [^>]*><style>svg\{color:#\w+\}.*<g/></svg>$", chart.dark)


def test_a_report_without_a_chart_shows_no_broken_picture(home):
    put_finding(home)
    assert "<img" not in render_home(home, "/", "token")


def test_a_newcomer_finds_the_drop_zone_before_the_programme(home, diary):
    fresh = render_home(home, "/", "token")
    assert fresh.index('id="drop"') < fresh.index('id="unit-tiny"')
    diary("check", "count", "passed")
    begun = render_home(home, "/", "token")
    assert begun.index('id="unit-tiny"') < begun.index('id="drop"')


def test_the_korean_page_is_korean_and_says_who_reviewed_it(home):
    page = render_home(replace(home, language="ko"), "/", "token")
    assert '<html lang="ko">' in page
    assert "모니터링 데이터 올리기" in page
    assert "원어민의 검수를 받지 않았습니다" in page


def test_korean_labels_of_data_say_what_they_mean(home):
    put_finding(home, synthetic=True)
    page = render_home(replace(home, language="ko"), "/", "token")
    card = page[page.index('id="finding"') :]
    assert '<span class="chip">합성 데이터(SYNTHETIC)</span>' in card
    unit = page[page.index('id="unit-tiny"') :].split("</ul>")[0]
    plain = re.findall(r'class="chip plain"[^>]*>([^<]*)', unit)
    assert plain
    assert all(re.search("[가-힣]", label) for label in plain)


def test_the_rule_of_completion_writes_its_shares_as_korean_does(home):
    page = render_home(replace(home, language="ko"), "/", "token")
    rule = page[page.index("이수 기준") :][:60]
    assert re.search(r"\d%", rule)
    assert not re.search(r"\d\s%", page)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.6, "60 %"), (0.599, "59 %"), (0.29, "29 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_up_to_a_bar(value, shown):
    assert share(value, "en") == shown
    assert share(value, "ko") == shown.replace(" ", "")


def test_equal_ends_of_a_range_are_one_figure(home):
    machine = {
        "machine": "web-07",
        "question": "",
        "why": "",
        "low_won": 91_000,
        "high_won": 91_000,
    }
    put_finding(home, range_won=[265_720, 265_720], machines=[machine])
    page = render_home(home, "/", "token")
    assert page.count("265,720 won a month by either rule") == 1
    assert page.count("91,000 won a month by either rule") == 1
    assert "–" not in page[page.index('id="finding"') :].split("</ol>")[0]
    assert "어느 기준이든 월 27만 원" in render_home(replace(home, language="ko"), "/", "token")


def test_times_follow_the_language():
    assert moment("2026-11-02T12:00:00+00:00", "ko").startswith("2026년 11월")
    assert moment("yesterday", "en") == "yesterday"


def test_a_joined_home_hands_in_to_its_trainer_and_shows_the_receipt(home, put_result, tmp_path):
    row = {"name": "tiny", "part": "graded", "state": "handed in", "receipt": "ab12cd34ef567890"}
    put_result(assignments=[{**row, "submitted_at": "2026-11-02T10:00:00+00:00"}])
    page = render_home(replace(home, course="mig26", exchange=tmp_path), "/", "token")
    assert "goes to your trainer in the course mig26" in page
    assert "Hand in and grade" not in page
    assert "Receipt: ab12cd34ef56" in page
    # no grade is shown before there is one
    assert "0 of 0 points" not in page
