"""From the home page into JupyterLab: a kernel, no dialogs, nothing of a trainer's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.content import load_programme, load_units
from kit.model import Part

pytestmark = pytest.mark.browser

FIRST = load_units()[load_programme().units[0]].of(Part.PRACTICE)[0].id
MENUS = ".lm-MenuBar-itemLabel"


def heading(lab: Page, exercise: str) -> Locator:
    return lab.get_by_role("heading", name=f"Exercise {exercise}", exact=True)


def test_begin_opens_the_notebooks_top_with_an_idle_kernel_and_no_dialog(visit):
    lab = visit.click_into_lab(visit.open_home(), "#continue")
    expect(heading(lab, FIRST)).to_be_in_viewport()
    # the popup about news comes a moment after the start
    lab.wait_for_timeout(3000)
    assert lab.locator(".jp-Dialog").count() == 0
    assert lab.locator(".Toastify__toast").count() == 0
    assert not any("activat" in error for error in visit.seen.errors)


def test_a_later_exercise_is_scrolled_to(new_visit, kit):
    visit = new_visit()
    page = visit.open_home()
    ids = [e.id for e in load_units()[load_programme().units[0]].of(Part.PRACTICE)]
    later = ids[-1]
    page.evaluate(
        "(cell) => { document.querySelector('#continue').hash = `cell-id=${cell}`; }",
        f"fixture-{later}",
    )
    lab = visit.click_into_lab(page, "#continue")
    expect(heading(lab, later)).to_be_in_viewport()


def test_menus_hold_the_way_home_and_nothing_of_a_trainers(visit):
    lab = visit.click_into_lab(visit.open_home(), "#continue")
    labels = lab.locator(MENUS).all_inner_texts()
    assert "Upskill" in labels
    assert not any("grader" in label.lower() for label in labels)
    assert lab.locator("[title*='Create Assignment']").count() == 0
    assert lab.locator("text=Formgrader").count() == 0
    lab.click(f"{MENUS}:has-text('Upskill')")
    with visit.context.expect_page() as opened:
        lab.click(".lm-Menu-itemLabel:has-text('Home page')")
    expect(opened.value.locator("#continue")).to_be_visible()


def test_the_kernel_is_our_python_in_the_learners_home(visit):
    import sys

    lab = visit.click_into_lab(visit.open_home(), "#continue")
    cell = lab.locator(".jp-CodeCell .cm-content").first
    cell.click()
    lab.keyboard.press("Control+A")
    lab.keyboard.type("import sys, os; print(sys.executable, os.environ['UPSKILL_HOME'])")
    lab.keyboard.press("Shift+Enter")
    output = lab.locator(".jp-OutputArea-output").first
    expect(output).to_contain_text(sys.executable)
    expect(output).to_contain_text(str(visit.kit.home))


@pytest.mark.parametrize(("scheme", "light"), [("light", "true"), ("dark", "false")])
def test_lab_follows_the_systems_theme(new_visit, scheme, light):
    visit = new_visit(color_scheme=scheme)
    lab = visit.click_into_lab(visit.open_home(), "#continue")
    expect(lab.locator("body")).to_have_attribute("data-jp-theme-light", light)


@pytest.mark.parametrize("kit", ["ko"], indirect=True)
def test_a_korean_home_has_a_korean_lab(visit):
    page = visit.open_home()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    lab = visit.click_into_lab(page, "#continue")
    expect(lab.locator(MENUS).first).to_have_text("파일")
