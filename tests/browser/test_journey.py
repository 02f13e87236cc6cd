"""A learner's whole way in a real browser: finding, workbook, help, restart, hand in, complete."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from journey_steps import (
    FIRST,
    UNIT,
    answer,
    begin,
    drop,
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

pytestmark = [pytest.mark.browser, pytest.mark.grading]

HANGUL = re.compile("[가-힣]")
GRADING_MS = 240_000
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
    assert lab.locator(".jp-Dialog").count() == 0
    assert lab.locator(".Toastify__toast").count() == 0
    expect(lab.get_by_text("model not found").locator("visible=true")).to_have_count(0)


def own_exports(tmp_path: Path) -> list[Path]:
    """Real measurements where there are some, a table like somebody's own otherwise."""
    folder = Path(os.environ.get("UPSKILL_REAL_DATA", "")) / "cloudwatch"
    real = sorted(folder.glob("ec2_cpu_utilization_*.csv"))
    return real or [write_export(tmp_path / "servers.csv")]


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
        block.get_by_role("button").click()
        expect(blocks.nth(number).locator("button")).to_have_count(0)


def fail_ask_and_pass(notebook: LabNotebook) -> None:
    panel = first_panel(notebook)
    answer(notebook, wrong_answer())
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    expect(panel).to_contain_text("rows say fraction")
    panel.get_by_role("button", name="Hint").click()
    expect(panel.locator(".upskill-hints li")).to_have_count(1)
    expect(panel).to_contain_text(EXERCISE.hints[0][:40])
    answer(notebook, right_answer())
    expect(panel).to_have_attribute("data-outcome", "passed")
    expect(panel).to_contain_text("At work this means")
    expect(panel).to_contain_text(EXERCISE.at_work[:40])


def first_panel(notebook: LabNotebook) -> Locator:
    return notebook.code(f'wb.check("{FIRST}")').locator(".upskill-panel:visible")


def restart_and_reload(notebook: LabNotebook) -> None:
    """What was said stays readable without the kernel that said it."""
    notebook.restart()
    notebook.save()
    notebook.lab.reload()
    notebook.ready()
    expect(first_panel(notebook)).to_contain_text(EXERCISE.at_work[:40])
    expect(first_panel(notebook)).to_have_count(1)
    quiet(notebook)


def solve_the_rest(notebook: LabNotebook) -> None:
    notebook.run_all()
    expect(notebook.panels).to_have_count(len(UNIT.of(Part.PRACTICE)))
    outcomes = notebook.panels.evaluate_all("all => all.map((p) => p.dataset.outcome)")
    assert set(outcomes) == {"passed"}
    answer_items(notebook, "post")
    quiet(notebook)
    notebook.save()
    notebook.lab.close()


def hand_in_and_rate(page: Page) -> None:
    page.click(f"[data-submit={UNIT.id}]")
    area = page.locator(f"#hand-in-{UNIT.id}")
    expect(area.locator(".result table")).to_have_count(2, timeout=GRADING_MS)
    expect(area.locator(".result")).to_contain_text("self-reported")
    # judged points are missing until they are rated
    expect(area.locator(".note.good")).to_have_count(0)
    rating = area.locator("form.rating")
    for group in rating.locator("fieldset").all():
        group.locator("input[value='3']").check()
    rating.get_by_role("button").click()
    expect(area.locator(".note.good")).to_contain_text("complete", timeout=GRADING_MS)
    expect(page.locator(f"#unit-{UNIT.id} .chip.good").first).to_contain_text("complete")


def test_from_an_export_to_a_completed_unit(visit, tmp_path):
    page = visit.open_home()
    drop(page, *own_exports(tmp_path))
    finding = expect_finding(page, visit)
    expect(finding.locator(".range")).to_contain_text("₩")

    notebook = open_notebook(visit, page, "#continue")
    quiet(notebook)
    begin(notebook)
    answer_items(notebook, "pre")
    fail_ask_and_pass(notebook)
    restart_and_reload(notebook)
    notebook.lab.close()
    page.reload()
    expect(page.locator(".exercise.passed")).to_have_count(1)
    expect(page.locator(".exercise.passed")).to_contain_text("with help")

    solve_on_disk(visit.kit.home, Part.PRACTICE)
    solve_on_disk(visit.kit.home, Part.GRADED)
    solve_the_rest(open_notebook(visit, page, "#continue"))
    page.reload()
    hand_in_and_rate(page)
    expect(page.locator(".kept")).to_contain_text("Questions after: 4 of 4 right")
    assert visit.seen.errors == []


@pytest.mark.parametrize("kit", ["ko"], indirect=True)
def test_in_korean_in_a_narrow_dark_window(new_visit, tmp_path):
    visit = new_visit(420, color_scheme="dark")
    page = visit.open_home()
    expect(page.locator("#drop-title")).to_have_text("모니터링 데이터 올리기")
    drop(page, write_export(tmp_path / "서버_CPU.csv", "ko"))
    finding = expect_finding(page, visit)
    expect(finding.locator("h3")).to_contain_text(HANGUL)
    expect(finding.locator(".question").first).to_contain_text(HANGUL)

    notebook = open_notebook(visit, page, "#continue")
    lab = notebook.lab
    expect(lab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    begin(notebook)
    chart = notebook.code("wb.tools.raw_rows").locator(".jp-RenderedVegaCommon5")
    expect(chart.locator("svg")).to_be_visible()
    assert chart.evaluate("(node) => node.scrollWidth <= node.clientWidth + 1")
    panel = first_panel(notebook)
    answer(notebook, wrong_answer())
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    expect(panel).to_contain_text(HANGUL)
    assert panel.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert panel.bounding_box()["width"] > 250, "the panel has room in a narrow window"

    answer(notebook, right_answer())
    expect(panel).to_have_attribute("data-outcome", "passed")
    quiet(notebook)
    page.reload()
    expect(page.locator(".exercise.passed")).to_have_count(1)
    assert visit.seen.errors == []


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
