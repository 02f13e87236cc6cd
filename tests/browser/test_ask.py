"""Every form in a real JupyterLab: answered by mouse and by keyboard, read in both themes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from lab_notebook import LabNotebook
from playwright.sync_api import Locator, expect

from kit.answers import AnswerFile
from kit.home import LearnerHome, make_home, open_home
from kit.identity import Identity
from kit.model import Part, Unit
from kit.workbook import Workbook
from tests.forms_unit import REASON, SEALED, only_forms, plan_of, right_answers
from tests.tiny_unit import seeing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("ask")]

NOTEBOOK = "forms-practice/workbook.ipynb"
TOO_WIDE = """
() => [...document.querySelectorAll(".upskill-ask, .upskill-ask *")]
  .filter((n) => n.checkVisibility())
  .filter((n) => n.getBoundingClientRect().right > innerWidth + 0.5)
  .map((n) => `${n.tagName} ${n.className} ${n.textContent.trim().slice(0, 60)}`)
"""


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    with only_forms(tmp_path_factory.mktemp("forms") / "content") as unit:
        yield unit


# by name: ``kit`` is the package here
@pytest.fixture(name="kit", scope="module")
def running_kit(
    request: pytest.FixtureRequest, forms: Unit, launch: Any, tmp_path_factory: Any
) -> Any:
    language = getattr(request, "param", "en")
    home = open_home(tmp_path_factory.mktemp(f"ask-{language}") / "home", language)
    make_home(home)
    folder = tmp_path_factory.mktemp("customize")
    # the server and its kernels see the unit of forms, as this process does
    text = seeing(forms.folder.parents[2])
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    before = os.environ.get("PYTHONPATH")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), before])))
        return launch(home.root, language)


def opened(visit: Any) -> LabNotebook:
    page = visit.context.new_page()
    page.goto(f"{visit.kit.url}lab/tree/{NOTEBOOK}?token={visit.kit.token}")
    notebook = LabNotebook(page).ready()
    notebook.run(notebook.code("kit.open_workbook"))
    return notebook


def form(notebook: LabNotebook, exercise: str) -> Locator:
    """Run the cell that asks, and return its form."""
    notebook.run(notebook.code(f'wb.ask("{exercise}")'))
    asked = notebook.code(f'wb.ask("{exercise}")').locator(".upskill-ask")
    expect(asked).to_be_visible()
    return asked


def save(asked: Locator) -> None:
    asked.locator(".upskill-foot button").click()
    expect(asked.locator(".upskill-status")).to_contain_text("Now run the check.")


def passes(notebook: LabNotebook, exercise: str) -> None:
    check = notebook.code(f'wb.check("{exercise}")')
    notebook.run(check)
    panel = check.locator(".upskill-live.upskill-panel")
    expect(panel).to_have_attribute("data-outcome", "passed")


def solved(home: LearnerHome, unit: Unit, folder: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The right answers of this home's case, and its plan."""
    wb = Workbook(unit, Part.PRACTICE, {}, Identity(home.course, home.learner, "en", None, home))
    plan = plan_of(wb.case())
    wb.bind({"plan": plan})
    return right_answers(unit, wb, folder), plan


def kept(home: LearnerHome, unit: Unit) -> dict[str, Any]:
    file = AnswerFile(home.assignment_folder(unit, Part.PRACTICE) / "answers.json")
    return {name: told["value"] for name, told in file.read().get("exercises", {}).items()}


def ranked_by_keyboard(notebook: LabNotebook, asked: Locator, said: str) -> None:
    """From the listed order to the right one with Tab and Enter alone."""
    keys, page = asked.locator("li"), notebook.lab
    expect(keys.first).to_be_visible()
    asked.locator("li[data-key=ask] button").first.focus()
    page.keyboard.press("Enter")
    expect(asked.get_by_role("status")).to_contain_text(said)
    # the same button again, without looking for it
    page.keyboard.press("Enter")
    # down with the button beside it, and up again
    for key in ("Tab", "Space", "Shift+Tab", "Enter"):
        page.keyboard.press(key)
    asked.locator("li[data-key=switch] button").last.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    # at its end a button stays where it is and does nothing
    page.keyboard.press("Enter")
    assert [row.get_attribute("data-key") for row in keys.all()] == SEALED["order"]
    while page.evaluate("document.activeElement.closest('li') !== null"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def faults(notebook: LabNotebook) -> list[tuple[str, list[str]]]:
    found = Axe().run(notebook.lab, context=".upskill-ask").response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def pick(notebook: LabNotebook, right: dict[str, Any]) -> None:
    asked = form(notebook, "who")
    asked.locator(".upskill-foot button").click()
    expect(asked.get_by_role("status")).to_have_text("There is no answer yet.")
    asked.get_by_label("Whoever signs the paper").check()
    save(asked)
    asked = form(notebook, "checks")
    for label in ("How full it was at its fullest", "Whether a backup can be restored"):
        asked.get_by_label(label).check()
    save(asked)
    ranked_by_keyboard(notebook, form(notebook, "order"), "“Ask its owner” is now number 2 of 4.")
    asked = form(notebook, "keeper")
    asked.locator(f"input[value={right['keeper']}]").check()
    asked.get_by_role("slider").press("End")
    save(asked)


def fill_in(notebook: LabNotebook, right: dict[str, Any]) -> None:
    asked = form(notebook, "size")
    asked.get_by_role("textbox").fill("-4")
    asked.locator(".upskill-foot button").click()
    expect(asked.get_by_role("status")).to_contain_text("Give a number from 0 to 100000 GB")
    asked.get_by_role("textbox").fill(str(right["size"]))
    save(asked)
    asked = form(notebook, "reason")
    asked.get_by_role("textbox").fill(right["reason"])
    save(asked)
    asked = form(notebook, "register")
    for place, row in enumerate(right["register"]):
        if place:
            asked.get_by_role("button", name="Add a row").click()
        asked.get_by_label(f"Disk, row {place + 1}").fill(row["disk"])
        asked.get_by_label(f"Size, row {place + 1}").fill(str(row["size"]))
        asked.get_by_label(f"Keep it?, row {place + 1}").select_option(row["keep"])
    asked.get_by_role("button", name="Add a row").click()
    asked.get_by_role("button", name="Remove row 5").click()
    save(asked)
    asked = form(notebook, "review")
    for claim, reason in right["review"].items():
        asked.locator(f"input[value={claim}]").check()
        asked.get_by_label(f"What is wrong with {claim}").fill(reason)
    save(asked)


def hand_in(notebook: LabNotebook, home: LearnerHome, forms: Unit, sheet: str) -> None:
    asked = form(notebook, "sheet")
    large = Path(sheet).with_name("large.csv")
    large.write_bytes(os.urandom(2_500_000))
    asked.locator("input[type=file]").set_input_files(large)
    save(asked)
    # in pieces, and whole again
    sha256 = hashlib.sha256(large.read_bytes()).hexdigest()
    assert kept(home, forms)["sheet"]["sha256"] == sha256
    asked.locator("input[type=file]").set_input_files(sheet)
    save(asked)
    expect(asked.get_by_text("디스크 목록.csv")).to_be_visible()


def test_every_form_is_answered_in_lab_and_passes(
    new_visit: Any, kit: Any, forms: Unit, tmp_path: Path
) -> None:
    home = open_home(kit.home)
    right, plan = solved(home, forms, tmp_path)
    notebook = opened(new_visit(color_scheme="light"))
    pick(notebook, right)
    fill_in(notebook, right)
    hand_in(notebook, home, forms, right["sheet"])
    notebook.write(notebook.code("plan = ____"), f"plan = {json.dumps(plan)}")
    notebook.run(notebook.code("plan = {"))
    asked = form(notebook, "defence")
    for field, answer in zip(asked.locator("input").all(), right["defence"].values(), strict=True):
        field.fill(str(answer))
    save(asked)

    # two groups of options are not one
    for exercise in ("who", "keeper"):
        expect(notebook.code(f'wb.ask("{exercise}")').locator("input:checked")).to_have_count(1)
    assert REASON in str(kept(home, forms)["review"])
    for exercise in right:
        passes(notebook, exercise)
    assert faults(notebook) == []
    assert notebook.lab.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("kit", ["ko"], indirect=True)
def test_a_narrow_dark_window_in_korean(new_visit: Any, kit: Any, forms: Unit) -> None:
    home = open_home(kit.home)
    notebook = opened(new_visit(width=420, color_scheme="dark"))
    expect(notebook.lab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    for exercise in ("who", "checks", "size", "reason", "sheet", "register", "review"):
        form(notebook, exercise)
    asked = form(notebook, "order")
    ranked_by_keyboard(notebook, asked, "“소유자에게 문의”은(는) 이제 4개 중 2번째입니다.")
    expect(asked.get_by_role("status")).to_contain_text("1번째 답으로 저장했습니다")
    assert kept(home, forms)["order"] == SEALED["order"]
    assert faults(notebook) == []
    assert notebook.lab.evaluate(TOO_WIDE) == []


def test_what_was_given_is_there_again_after_a_restart(
    new_visit: Any, kit: Any, forms: Unit
) -> None:
    answers = open_home(kit.home).assignment_folder(forms, Part.PRACTICE) / "answers.json"
    answers.unlink(missing_ok=True)
    notebook = opened(new_visit())
    asked = form(notebook, "who")
    asked.get_by_label("Whoever signs the paper").check()
    save(asked)
    sized = form(notebook, "size")
    sized.get_by_role("textbox").fill("4")
    save(sized)
    written = form(notebook, "reason")
    written.get_by_role("textbox").fill("A copy can fail, ")
    expect(written.get_by_text("Not saved yet.")).to_be_visible()
    # somebody who goes elsewhere has left the form: that is kept at once
    asked.get_by_label("Whoever wrote the tool").focus()
    notebook.restart()
    # without its kernel the form says so; nothing is lost silently
    asked.get_by_label("Whoever wrote the tool").check()
    asked.locator(".upskill-foot button").click()
    expect(asked.get_by_role("status")).to_contain_text("The kernel has stopped.")
    notebook.run(notebook.code("kit.open_workbook"))
    asked = form(notebook, "who")
    sized = form(notebook, "size")
    expect(sized.get_by_role("textbox")).to_have_value("4")
    expect(sized.get_by_role("status")).to_contain_text("your answer no. 1")
    # and so is what was chosen without a kernel, or typed, and never saved
    expect(asked.get_by_label("Whoever wrote the tool")).to_be_checked()
    expect(asked.get_by_text("Not saved yet.")).to_be_visible()
    assert kept(open_home(kit.home), forms)["who"] == SEALED["who"]
    written = form(notebook, "reason")
    expect(written.get_by_role("textbox")).to_have_value("A copy can fail, ")
    expect(written.get_by_text("Not saved yet.")).to_be_visible()
    assert "reason" not in kept(open_home(kit.home), forms)
    # the words beside the widget are hidden while it lives
    expect(notebook.code('wb.ask("who")').locator(".upskill-static")).to_be_hidden()
