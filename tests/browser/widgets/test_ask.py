"""Forms: every kind by mouse and by keyboard, drafts, numbers, and who is sure of what.

With a real exercise, its check and its file: ``tests/browser/test_ask.py``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import GalleryPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser
SAVED = "Saved as your answer no. 1. Now run the check."


@pytest.fixture
def page(gallery: Callable[..., GalleryPage]) -> GalleryPage:
    return gallery("ask")


def said(form: Locator) -> Locator:
    """What the form has just said, for eyes and for ears."""
    return form.locator(".upskill-foot [role=status]")


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save the answer").click()
    expect(said(form)).to_have_text(SAVED)
    expect(form.get_by_text("Not saved yet.")).to_be_hidden()


def pick(page: GalleryPage) -> None:
    form = page.shown("choice")
    form.get_by_role("button", name="Save the answer").click()
    expect(said(form)).to_have_text("There is no answer yet.")
    form.get_by_text("Whoever wrote the tool").click()
    save(form)
    form = page.shown("choices")
    form.get_by_text("The tool", exact=True).click()
    form.get_by_text("Whoever wrote the tool").click()
    save(form)
    form = page.shown("ranking")
    form.get_by_role("button", name="Move up: Ask its owner").click()
    expect(said(form)).to_have_text("“Ask its owner” is now number 2 of 4.")
    save(form)


def fill_in(page: GalleryPage) -> None:
    form = page.shown("number")
    form.get_by_role("textbox").fill("２.５")
    save(form)
    form = page.shown("text")
    form.get_by_role("textbox").fill("한 번 실패하면\nthe old one is the only one")
    save(form)
    form = page.shown("defence")
    form.get_by_label("2. Which machine is kept?").fill("web-07")
    save(form)


def flag_and_list(page: GalleryPage) -> None:
    form = page.shown("audit")
    form.get_by_text("D2.").click()
    form.get_by_label("What is wrong with D2").fill("no word of its peaks")
    save(form)
    form = page.shown("table_answered")
    form.get_by_role("button", name="Remove row 2").click()
    form.get_by_label("Memory, row 2").fill("32")
    form.get_by_role("button", name="Save the answer").click()
    expect(said(form)).to_contain_text("answer no. 2")
    form = page.shown("file")
    machines = {"name": "목록.csv", "mimeType": "text/csv", "buffer": b"machine\n" * 300_000}
    form.get_by_label("Hand in your list of machines").set_input_files(machines)
    save(form)


GIVEN = {
    "choice": "'c'",
    "choices": "['a', 'c']",
    "ranking": "['switch', 'ask', 'copy', 'test']",
    "number": "2.5",
    "text": "'한 번 실패하면\\nthe old one is the only one'",
    "defence": "{'q1': None, 'q2': 'web-07'}",
    "audit": "{'D2': 'no word of its peaks'}",
    "table_answered": "[{'machine': 'web-07', 'memory': 8, 'keep': 'yes'}, "
    "{'machine': 'report-2', 'memory': 32, 'keep': 'yes'}]",
}


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_each_kind_is_answered_by_mouse_and_python_sees_it(
    gallery: Callable[..., GalleryPage], host: str
) -> None:
    page = gallery("ask", host)
    pick(page)
    fill_in(page)
    flag_and_list(page)
    asked = ", ".join(f"{name!r}: {name}_en.given" for name in GIVEN)
    found = page.python(f"print({{{asked}}}, file_en.given['name'])")
    told = ", ".join(f"{name!r}: {value}" for name, value in GIVEN.items())
    assert found.strip() == f"{{{told}}} 목록.csv"


def test_all_of_a_form_is_done_by_keyboard_alone(page: GalleryPage) -> None:
    form, keys = page.shown("sure"), page.notebook.lab.keyboard
    form.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "Tab", "ArrowRight", "ArrowRight", "Tab", "Tab", "Enter"):
        keys.press(key)
    expect(said(form)).to_have_text(SAVED)
    assert page.python("sure_en.given, sure_en.confidence") == "('b', 60)"


def test_a_tables_rows_come_and_go_by_keyboard_and_the_focus_stays_with_them(
    page: GalleryPage,
) -> None:
    form, keys = page.shown("table"), page.notebook.lab.keyboard
    form.get_by_role("button", name="Add a row").focus()
    for name in ("web-01", "web-02"):
        keys.press("Enter")
        # in the new row's first field, to be typed into at once
        keys.type(name)
        form.get_by_role("button", name="Add a row").focus()
    form.get_by_role("button", name="Remove row 1").focus()
    keys.press("Enter")
    expect(said(form)).to_have_text("Row 1 is removed.")
    expect(form.get_by_role("button", name="Remove row 1")).to_be_focused()
    expect(form.get_by_label("Machine, row 1")).to_have_value("web-01")
    keys.press("Enter")
    keys.press("Enter")
    expect(form.locator("tbody tr")).to_have_count(0)
    expect(form.get_by_role("button", name="Add a row")).to_be_focused()


def test_a_number_with_a_comma_is_told_and_nothing_is_lost(page: GalleryPage) -> None:
    form = page.shown("number")
    field = form.get_by_role("textbox")
    for typed in ("1,200", "12 vCPU"):
        field.fill(typed)
        form.get_by_role("button", name="Save the answer").click()
        expect(said(form)).to_contain_text(f"“{typed}” cannot be read as a number.")
        expect(field).to_be_focused()
        expect(field).to_have_value(typed)
        expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("1200")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    save(form)
    table = page.shown("table")
    table.get_by_label("Memory, row 1").fill("1,5")
    table.get_by_role("button", name="Save the answer").click()
    expect(table.get_by_label("Memory, row 1")).to_be_focused()
    assert page.python("number_en.given, table_en.given") == "(1200, None)"


def test_how_sure_is_said_by_somebody_or_not_at_all(page: GalleryPage) -> None:
    form = page.shown("sure")
    slider = form.get_by_role("slider", name="How sure are you?")
    form.get_by_text("The tool", exact=True).click()
    # a click on its label says nothing
    form.get_by_text("How sure are you?").click()
    expect(slider).to_have_attribute("aria-valuetext", "not said yet")
    form.get_by_role("button", name="Save the answer").click()
    expect(said(form)).to_contain_text("Say how sure you are: move the slider")
    expect(slider).to_be_focused()
    form.get_by_role("button", name="I am guessing").click()
    expect(slider).to_have_attribute("aria-valuetext", "33 %")
    save(form)
    assert page.python("sure_en.confidence") == "33"
    # where the thumb lies hidden, and in the middle
    slider.click(position={"x": 2, "y": 8})
    expect(slider).to_have_attribute("aria-valuetext", "0 %")
    slider.click()
    expect(slider).to_have_attribute("aria-valuetext", "50 %")


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_what_is_typed_is_kept_before_it_is_saved(
    gallery: Callable[..., GalleryPage], host: str
) -> None:
    page = gallery("ask", host)
    form = page.shown("text")
    field, mark = form.get_by_role("textbox"), form.get_by_text("Not saved yet.")
    expect(mark).to_be_hidden()
    field.click()
    # over several drafts: none of them may take the focus or a letter
    for word in ("One ", "two ", "three"):
        page.notebook.lab.keyboard.type(word)
        page.notebook.lab.wait_for_timeout(900)
    expect(field).to_be_focused()
    expect(field).to_have_value("One two three")
    expect(mark).to_be_visible()
    assert page.python("text_en.draft, text_en.given") == "('One two three', None)"
    # another look at the same form
    page.python("text_en")
    again = page.notebook.code("from kit.gallery").locator(".upskill-live")
    expect(again.get_by_role("textbox")).to_have_value("One two three")
    expect(again.get_by_text("Not saved yet.")).to_be_visible()
    page.notebook.restart()
    page.reopen()
    static = page.cell("text").locator(".upskill-static")
    expect(static).to_contain_text("Not saved yet.")
    expect(static).to_contain_text("One two three")
    # a plain Notebook hides it too, by a rule that the words bring along
    missing = page.cell("text").get_by_text("model not found")
    expect(missing).to_be_attached()
    expect(missing).to_be_hidden()


def test_who_types_without_a_kernel_is_told_before_saving(page: GalleryPage) -> None:
    form = page.shown("text")
    gone = form.locator(".upskill-gone")
    expect(gone).to_be_hidden()
    page.notebook.restart()
    expect(gone).to_be_visible()
    form.get_by_role("textbox").fill("typed into nothing")
    expect(said(form)).to_contain_text("The kernel has stopped.")
    expect(form.get_by_role("textbox")).to_have_value("typed into nothing")
    # who goes on as told finds it, and Python has it
    again = page.setup().shown("text")
    expect(again.get_by_role("textbox")).to_have_value("typed into nothing")
    expect(again.get_by_text("Not saved yet.")).to_be_visible()
    page.notebook.lab.wait_for_timeout(1000)
    assert page.python("text_en.draft") == "'typed into nothing'"


def test_a_refusal_is_said_and_what_was_typed_stays(page: GalleryPage) -> None:
    form = page.shown("number_answered")
    form.get_by_role("textbox").fill("-1")
    form.get_by_role("button", name="Save the answer").click()
    expect(said(form)).to_contain_text("'-1' is no answer here.")
    expect(form.get_by_role("textbox")).to_have_value("-1")
    expect(form.get_by_text("Not saved yet.")).to_be_visible()
    assert page.python("number_answered_en.given") == "1.5"


def test_markup_in_titles_options_and_answers_stays_text(page: GalleryPage) -> None:
    opened: list[str] = []
    page.notebook.lab.on("dialog", lambda dialog: opened.append(dialog.message))
    for example in ("markup", "markup_table"):
        form = page.shown(example)
        expect(form.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
        expect(page.cell(example).locator("img")).to_have_count(0)
    text = "<img src=x onerror=alert(1)> stays text"
    expect(form.get_by_label("Machine, row 1")).to_have_value(text)
    form.get_by_label("Machine, row 1").fill("<b onclick=alert(1)>x")
    save_again = form.get_by_role("button", name="Save the answer")
    save_again.click()
    expect(said(form)).to_contain_text("answer no. 2")
    expect(page.cell("markup_table").locator("b")).to_have_count(0)
    assert opened == []


def test_on_paper_the_answer_stands_without_its_buttons(page: GalleryPage) -> None:
    form = page.shown("text")
    form.get_by_role("textbox").fill("\n".join(f"line {n}" for n in range(30)))
    page.notebook.lab.emulate_media(media="print")
    expect(form.get_by_role("button", name="Save the answer")).to_be_hidden()
    hidden = "(field) => field.scrollHeight - field.clientHeight"
    assert form.get_by_role("textbox").evaluate(hidden) <= 1
