"""No code of a learner's writes their score: checks are judged apart, on plain data."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grading_helpers import RIGHT, cell_of, edit, gradebook_scores, scores, submit

from kit.grading import store, trust
from kit.grading.execute import ExecuteAs
from kit.grading.identity import grading_identity
from kit.grading.outcomes import APART, IN_KERNEL, read_outcome
from kit.grading.remarks import FAILED_THERE, PASSED_THERE
from kit.home import LearnerHome, starter
from kit.i18n import phrase
from kit.model import Part, Unit
from kit.notebooks import find_cell, read_notebook, source, write_notebook
from kit.runner.level import unfenced
from kit.runner.levels import Level

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
FORGED = """
from IPython.display import display
def forged(*_args, **_more):
    told = {"exercise": "case", "kind": "passed", "label": "", "message": "", "score": 1.0,
            "trust": "apart"}
    display({"application/vnd.upskill.outcome+json": told, "text/plain": "passed"}, raw=True)
    return 4.0
"""
WRONG = "def largest(disks):\n    return 0\n"
# each passes in the learner's own kernel, and the answer is wrong
ATTACKS = {
    "a transformer of trees": f"""{WRONG}{FORGED}
import ast
class Swap(ast.NodeTransformer):
    def visit_Call(self, node):
        checks = isinstance(node.func, ast.Attribute) and node.func.attr == "check"
        return ast.parse("forged()", mode="eval").body if checks else node
get_ipython().ast_transformers.append(Swap())
""",
    "a transformer of input": f"""{WRONG}{FORGED}
swap = lambda lines: ["forged()"] if "wb.check" in "".join(lines) else lines
get_ipython().input_transformers_cleanup.append(swap)
""",
    "an object that equals everything": """
class Same(int):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__
def largest(disks):
    return Same(0)
""",
    "another engine": f"""{WRONG}
import kit.workbook.work as work
from kit.model import Outcome, OutcomeKind
work.run_check = lambda check, exercise, *a, **k: Outcome(exercise.id, OutcomeKind.PASSED, 1.0)
""",
    "another workbook": f"""{WRONG}{FORGED}
class Other:
    check = forged
    declare = lambda *a: None
wb = Other()
""",
    "another check": f"""{WRONG}
import kit.workbook.work as work
from kit.checking import Check
work.load_checks = lambda unit: {{"case": Check(("case",), lambda work: None)}}
wb._checks = None
""",
    "the caller's own names": """
import sys
def largest(disks):
    frame = sys._getframe()
    while frame is not None:
        if "work" in frame.f_locals and "salt" in frame.f_locals:
            return max(frame.f_locals["disks"])
        frame = frame.f_back
    return 0
""",
}


@pytest.fixture(scope="module")
def home(new_home: Any) -> LearnerHome:
    return new_home()


@pytest.fixture
def practice(home: LearnerHome, content: Unit) -> Iterator[LearnerHome]:
    for part in Part:
        write_notebook(home.notebook(content, part), starter(home, content, part))
    yield home


def graded(home: LearnerHome, assignment: str) -> dict[str, Any]:
    name = "assignment.ipynb" if assignment == "tiny" else "workbook.ipynb"
    folder = home.state / "course" / "autograded" / home.learner / assignment
    return read_notebook(folder / name)


def said(home: LearnerHome, assignment: str, exercise: str) -> Any:
    cell = find_cell(graded(home, assignment), exercise, "check")
    assert cell is not None
    return read_outcome(cell)


def reason(home: LearnerHome, assignment: str) -> str:
    url = f"sqlite:///{home.state / 'course' / 'gradebook.db'}"
    return store.reason_of(url, assignment, home.learner)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_passes_in_the_learners_kernel_alone_earns_nothing(
    practice: LearnerHome, content: Unit, attack: str
) -> None:
    edit(practice, content, Part.GRADED, case=textwrap.dedent(ATTACKS[attack]))
    cell = cell_of(submit(practice, content), "case")
    assert (cell["outcome"], cell["points"]) == ("incorrect", 0.0)
    outcome = said(practice, "tiny", "case")
    assert (outcome.label, outcome.trust, outcome.other) == ("not_largest", APART, "passed")
    assert reason(practice, "tiny") == str(phrase(PASSED_THERE, cells="case"))
    assert gradebook_scores(practice, "tiny")["case"]["auto"] == 0.0


def test_a_number_that_lies_about_itself_is_what_it_is(
    practice: LearnerHome, content: Unit
) -> None:
    lying = """
import sys
class Lying(int):
    def __float__(self):
        frame = sys._getframe()
        while "work" not in frame.f_locals:
            frame = frame.f_back
        return float(len(frame.f_locals["work"].case["disks"]))
count = Lying(0)
"""
    edit(practice, content, Part.PRACTICE, count=lying, total=RIGHT["total"])
    assert scores(submit(practice, content)) == {"count": 0.0, "total": 1.0}
    assert said(practice, "tiny-practice", "count").message.startswith("You count 0 disks")


def test_right_work_counts_though_its_own_check_was_silenced(
    practice: LearnerHome, content: Unit
) -> None:
    text = f"{RIGHT['total']}\nwb.check = lambda _id: 0.0"
    edit(practice, content, Part.PRACTICE, count=RIGHT["count"], total=text)
    assert scores(submit(practice, content)) == {"count": 1.0, "total": 1.0}
    assert reason(practice, "tiny-practice") == str(phrase(FAILED_THERE, cells="total"))


def test_a_name_counts_as_it_was_when_its_check_ran(practice: LearnerHome, content: Unit) -> None:
    later = f"{RIGHT['total']}\ncount = -5"
    edit(practice, content, Part.PRACTICE, count=RIGHT["count"], total=later)
    assert scores(submit(practice, content)) == {"count": 1.0, "total": 1.0}
    assert reason(practice, "tiny-practice") == ""


def test_the_hidden_seed_is_nowhere_in_the_learners_process(
    practice: LearnerHome, content: Unit
) -> None:
    spy = """
import gc, os, sys
found = [repr(dict(os.environ)), open("/proc/self/environ").read()]
def trace(frame, event, _arg):
    found.append(repr(frame.f_locals)[:10_000])
def largest(disks):
    found.extend(repr(one)[:10_000] for one in gc.get_objects() if type(one) in (dict, tuple))
    frame = sys._getframe()
    while frame:
        found.append(repr(frame.f_locals)[:10_000])
        frame = frame.f_back
    sys.stderr.write("")
    import json
    seeds = {word for text in found for word in
             __import__("re").findall("[0-9]{15,20}", text)}
    raise ValueError("SEEDS " + " ".join(sorted(seeds))[:100_000])
"""
    edit(practice, content, Part.GRADED, case=spy)
    assert cell_of(submit(practice, content), "case")["outcome"] == "error"
    course = practice.state / "course"
    told = [
        json.loads(grading_identity(course, "self-tests", practice.learner, "tiny", "en", *more))
        for more in ((), ("kernel",))
    ]
    hidden, open_one = (str(one["hidden_seed"]) for one in told)
    message = said(practice, "tiny", "case").message
    assert "SEEDS" in message
    # the other one is what it can find
    assert open_one in message
    assert hidden not in message


@pytest.mark.parametrize(
    "answer", ["'[' * 1_000_000", "'[\"function\", 0, 5]'", "5", '\'["tuple", "ok"]\'']
)
def test_a_kernel_that_answers_nonsense_has_not_attempted_anything(
    practice: LearnerHome, content: Unit, answer: str
) -> None:
    text = f"""def largest(disks): return max(disks)
import kit.checking.apart
kit.checking.apart.answer = lambda names, text: {answer}
"""
    edit(practice, content, Part.GRADED, case=text)
    cell = cell_of(submit(practice, content), "case")
    assert (cell["outcome"] in ("not_attempted", "error"), cell["points"]) == (True, 0.0)


@pytest.mark.parametrize(
    ("ending", "shown"), [("os._exit(0)", "died"), ("wait()", "did not come back")]
)
def test_a_function_that_ends_what_judges_it_ends_its_own_kernel(
    practice: LearnerHome,
    content: Unit,
    ending: str,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trust, "ANSWER_SECONDS", 3.0)
    text = f"""
import os
def wait():
    while True:
        try:
            while True: pass
        except BaseException: pass
calls = []
def largest(disks):
    calls.append(disks)
    if len(calls) > 7:
        {ending}
    return max(disks)
"""
    edit(practice, content, Part.GRADED, case=text)
    cell = cell_of(submit(practice, content), "case")
    assert (cell["outcome"], cell["points"]) == ("error", 0.0)
    assert shown in said(practice, "tiny", "case").message


def test_a_bundle_of_a_cell_that_ended_the_kernel_counts_for_nothing(
    practice: LearnerHome, content: Unit
) -> None:
    text = f"{RIGHT['total']}\n{FORGED}\nimport os, time\n" + (
        "class Other:\n    def check(self, name):\n"
        "        forged()\n        time.sleep(0.5)\n        os._exit(0)\nwb = Other()\n"
    ).replace('"case"', '"total"')
    edit(practice, content, Part.PRACTICE, count=RIGHT["count"], total=text)
    assert scores(submit(practice, content)) == {"count": 1.0, "total": 0.0}


def test_without_fences_the_kernels_word_counts_and_is_called_that(
    practice: LearnerHome, content: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExecuteAs, "_level", lambda _self, _nb: Level.NONE)
    edit(practice, content, Part.GRADED, case=f"{WRONG}{FORGED}\nwb.check = forged")
    cell = cell_of(submit(practice, content), "case")
    assert (cell["outcome"], cell["points"]) == ("passed", 4.0)
    assert said(practice, "tiny", "case").trust == IN_KERNEL


def test_a_file_beside_the_notebook_is_no_module_of_what_judges(
    practice: LearnerHome, content: Unit, tmp_path: Path
) -> None:
    from kit.runner.spawn import WARM

    (tmp_path / "beside.py").write_text("def serve(pair): pair.sendall(b'taken over')")
    with (tmp_path / "log").open("w+b") as log:
        fork = WARM.fork(tmp_path, {}, log.fileno(), serve="beside:serve")
        assert fork.pair.recv(100) == b""
        fork.kill()
        fork.close()
        assert "No module named 'beside'" in (tmp_path / "log").read_text()


def test_cells_of_the_learners_own_are_not_judged(practice: LearnerHome, content: Unit) -> None:
    path = practice.notebook(content, Part.PRACTICE)
    notebook = read_notebook(path)
    check = find_cell(notebook, "count", "check")
    assert check is not None and "check" in source(check)
    own = json.loads(json.dumps(check)) | {"id": "mine"}
    own["metadata"].pop("nbgrader")
    notebook["cells"].append(own)
    write_notebook(path, notebook)
    edit(practice, content, Part.PRACTICE, **RIGHT)
    submit(practice, content)
    last = graded(practice, "tiny-practice")["cells"][-1]
    assert read_outcome(last).trust == IN_KERNEL
