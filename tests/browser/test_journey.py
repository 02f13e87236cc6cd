"""A learner's whole way in a real browser: finding, workbook, help, restart, hand in, complete."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from journey_steps import (
    FIRST,
    UNIT,
    Words,
    answer,
    begin,
    drop,
    loaded_again,
    right_answer,
    right_items,
    solve_on_disk,
    write_export,
    wrong_answer,
)
from lab_notebook import LabNotebook
from playwright.sync_api import Locator, Page, expect

from kit.content import find_exercise
from kit.model import Part
from kit.server import fresh_kernel
from kit.server.kept import STAGES
from kit.server.page import share

pytestmark = [pytest.mark.browser, pytest.mark.grading]

HANGUL = re.compile("[가-힣]")
GRADING_MS = 240_000
NO_MODEL = "model not found"
EXERCISE = find_exercise(UNIT, FIRST)


@pytest.fixture(scope="module")
def kit(request, launch, tmp_path_factory):
    """A home with the unit as it ships, in one language."""
    language = getattr(request, "param", "en")
    return launch(tmp_path_factory.mktemp(f"journey-{language}") / "home", language)


def open_notebook(visit, page: Page, link: str) -> LabNotebook:
    with visit.context.expect_page() as opened:
        page.click(link)
    return LabNotebook(opened.value).ready()


def quiet(notebook: LabNotebook) -> None:
    """No dialog, no popup, and no widget without its model."""
    lab = notebook.lab
    # Lab draws saved widgets last; without a kernel their words stay instead
    said = notebook.code('wb.items("pre")').locator(".jp-OutputArea-output")
    if said.count():
        expect(said.locator(".upskill-items:visible, .upskill-static:visible")).to_have_count(1)
    assert lab.locator(".jp-Dialog").count() == 0
    assert lab.locator(".Toastify__toast").count() == 0
    expect(lab.get_by_text(NO_MODEL).locator("visible=true")).to_have_count(0)


def own_exports() -> list[Path]:
    """Real measurements, where there are some."""
    folder = Path(os.environ.get("UPSKILL_REAL_DATA", "")) / "cloudwatch"
    return sorted(folder.glob("ec2_cpu_utilization_*.csv"))


def expect_finding(page: Page, visit) -> Locator:
    finding = page.locator("#finding")
    expect(finding.locator(".machines li")).to_have_count(3)
    expect(finding.locator(".machines .question").first).not_to_be_empty()
    with visit.context.expect_page() as opened:
        finding.locator("a[target=_blank]").first.click()
    report = opened.value
    expect(report.locator("svg[role=img]:visible").first).to_be_visible()
    report.close()
    with page.expect_download() as download:
        finding.locator("a[href*='download']").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    return finding


def answer_items(notebook: LabNotebook, stage: str) -> None:
    """Answer the questions of a stage by clicking."""
    cell = notebook.code(f'wb.items("{stage}")')
    notebook.run(cell)
    items = [item for item in UNIT.items if item.stage == stage]
    blocks = cell.locator(".upskill-item")
    expect(blocks).to_have_count(len(items))
    for number, item in enumerate(items):
        block = blocks.nth(number)
        block.locator(f"input[value={right_items()[item.id]}]").check()
        block.get_by_role("slider").fill("80")
        block.locator(".upskill-foot button").click()
        expect(blocks.nth(number).locator("button")).to_have_count(0)


def fail(notebook: LabNotebook, words: Words) -> None:
    panel = first_panel(notebook)
    answer(notebook, wrong_answer())
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    expect(panel).to_contain_text(words.mistake())


def ask_and_pass(notebook: LabNotebook, words: Words) -> None:
    panel = first_panel(notebook)
    panel.locator("[data-action=hint]").click()
    expect(panel.locator(".upskill-hints li")).to_have_count(1)
    expect(panel).to_contain_text(words.piece(EXERCISE.hints[0]))
    answer(notebook, right_answer())
    expect(panel).to_have_attribute("data-outcome", "passed")
    expect(panel).to_contain_text(words("At work this means"))
    expect(panel).to_contain_text(words.piece(EXERCISE.at_work))


def first_panel(notebook: LabNotebook) -> Locator:
    return notebook.code(f'wb.check("{FIRST}")').locator(".upskill-panel:visible")


def restart_and_reload(notebook: LabNotebook, words: Words) -> None:
    """What was said stays readable without the kernel that said it."""
    notebook.restart()
    notebook.save()
    notebook.lab.reload()
    notebook.ready()
    expect(first_panel(notebook)).to_contain_text(words.piece(EXERCISE.at_work))
    expect(first_panel(notebook)).to_have_count(1)
    quiet(notebook)


def come_back(visit, page: Page, words: Words) -> None:
    """Continue lands at the next exercise, and a fresh kernel says what to run first."""
    notebook = open_notebook(visit, page, "#continue")
    heading = notebook.lab.get_by_role("heading", name=re.compile("^2 · "))
    expect(heading).to_be_in_viewport()
    outputs = notebook.run(notebook.code(f'wb.carry("{FIRST}")'))
    expect(outputs.first).to_contain_text(words.piece(fresh_kernel._TEXT))
    expect(outputs.first).to_contain_text("`wb`")
    expect(outputs.first).not_to_contain_text("Traceback")
    quiet(notebook)
    notebook.save()
    notebook.lab.close()


def solve_the_rest(notebook: LabNotebook) -> None:
    notebook.run_all()
    expect(notebook.panels).to_have_count(len(UNIT.of(Part.PRACTICE)))
    outcomes = notebook.panels.evaluate_all("all => all.map((p) => p.dataset.outcome)")
    assert set(outcomes) == {"passed"}
    expect(notebook.code('wb.ask("audit")').locator(".upskill-option")).to_have_count(12)
    answer_items(notebook, "post")
    quiet(notebook)
    notebook.save()
    notebook.lab.close()


def hand_in_and_rate(page: Page, words: Words) -> None:
    area = page.locator(f"#hand-in-{UNIT.id}")
    with loaded_again(page, GRADING_MS):
        page.get_by_role("button", name=words("Hand in and grade")).click()
    expect(area.locator(".result table")).to_have_count(2)
    expect(area.locator(".result")).to_contain_text(words("self-reported"))
    # judged points are missing until they are rated
    expect(area.locator(".note.good")).to_have_count(0)
    rating = area.locator("form.rating")
    for group in rating.locator("fieldset").all():
        group.locator("input[value='3']").check()
    with loaded_again(page, GRADING_MS):
        rating.get_by_role("button", name=words("Save my rating")).click()
    expect(area.locator(".note.good")).to_have_text(words("This unit is complete (self-reported)."))
    expect(page.locator(f"#unit-{UNIT.id} .chip.good").first).to_have_text(words("complete"))


def narrow_checks(notebook: LabNotebook) -> None:
    """In a narrow window chart and panel have room, and need no sideways scrolling."""
    expect(notebook.lab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    chart = notebook.code("wb.tools.raw_rows").locator(".jp-RenderedVegaCommon5")
    expect(chart.locator("svg")).to_be_visible()
    assert chart.evaluate("(node) => node.scrollWidth <= node.clientWidth + 1")
    panel = first_panel(notebook)
    assert panel.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert panel.bounding_box()["width"] > 250


WINDOWS = {"en": {}, "ko": {"width": 420, "color_scheme": "dark"}}
EXPORTS = {"en": "servers.csv", "ko": "서버_CPU.csv"}


@pytest.mark.parametrize(
    ("kit", "language"), [("en", "en"), ("ko", "ko")], indirect=["kit"], ids=["en", "ko"]
)
def test_from_an_export_to_a_completed_unit(new_visit, tmp_path, language):
    words = Words(language)
    visit = new_visit(**WINDOWS[language])
    page = visit.open_home()
    expect(page.locator("#drop-title")).to_have_text(words("Drop your export"))
    own = own_exports() if language == "en" else []
    drop(page, *(own or [write_export(tmp_path / EXPORTS[language], language)]))
    finding = expect_finding(page, visit)
    expect(finding.locator(".range")).to_contain_text({"en": "won", "ko": "원"}[language])
    if language == "ko":
        expect(finding.locator("h3")).to_contain_text(HANGUL)
        expect(finding.locator(".question").first).to_contain_text(HANGUL)

    notebook = open_notebook(visit, page, "#continue")
    quiet(notebook)
    begin(notebook)
    fail(notebook, words)
    if language == "ko":
        narrow_checks(notebook)
        # the menus that follow need room
        notebook.lab.set_viewport_size({"width": 1400, "height": 900})
    answer_items(notebook, "pre")
    ask_and_pass(notebook, words)
    restart_and_reload(notebook, words)
    notebook.lab.close()
    page.reload()
    expect(page.locator(".exercise.passed")).to_have_count(1)
    expect(page.locator(".exercise.passed")).to_contain_text(words("with help"))
    come_back(visit, page, words)

    solve_on_disk(visit.kit.home, Part.PRACTICE)
    solve_on_disk(visit.kit.home, Part.GRADED)
    solve_the_rest(open_notebook(visit, page, "#continue"))
    page.reload()
    hand_in_and_rate(page, words)
    after = words(STAGES["post"], right=4, n=4, sure=share(0.8, language))
    expect(page.locator(".kept")).to_contain_text(after)
    # Lab's console names each widget whose kernel is gone; the learner sees its words instead
    assert [error for error in visit.seen.errors if NO_MODEL not in error] == []


def test_by_keyboard_from_the_home_page_into_the_workbook(visit):
    page = visit.open_home()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "continue":
            break
    goal = page.get_attribute("#continue", "href") or ""
    with visit.context.expect_page() as opened:
        page.keyboard.press("Enter")
    notebook = LabNotebook(opened.value).ready()
    quiet(notebook)
    assert goal.split("#")[0] in notebook.lab.url
    expect(notebook.lab.locator(".jp-NotebookPanel .jp-RenderedMarkdown").first).to_be_visible()


def test_locked_cells_look_locked_and_answers_do_not(visit):
    notebook = open_notebook(visit, visit.open_home(), "a[href*='workbook.ipynb']")
    edge = "(node) => getComputedStyle(node).borderTopStyle"
    field = ".jp-InputArea-editor"
    locked = notebook.code(f'wb.check("{FIRST}")').locator(field)
    open_one = notebook.code("def clean(raw)").locator(field)
    assert locked.evaluate(edge) == "dashed"
    assert open_one.evaluate(edge) == "solid"
