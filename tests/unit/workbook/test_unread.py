"""An answer cell that does not compile is told from one that nobody has begun."""

from __future__ import annotations

import ast
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kit.home import LearnerHome
from kit.progress import ProgressLog
from kit.workbook.unread import Unread, unread
from tests.live_kernels import in_a_loop

# what was run, one cell after another, and (line, text of that line) of what is told
CASES: dict[str, tuple[list[str], tuple[int, str] | None]] = {
    "nothing": (["other = 1"], None),
    "a good cell": (["def NAME(x):\n    return x"], None),
    "a bracket": (["def NAME(x):\n    y = (x\n    return y"], (2, "y = (x")),
    "a colon": (["def NAME(x)\n    return x"], (1, "def NAME(x)")),
    "a value": (["NAME = 3 +"], (1, "NAME = 3 +")),
    "a value with a type": (["NAME: int = 3 +"], (1, "NAME: int = 3 +")),
    "one of two values": (["other, NAME = 3 +"], (1, "other, NAME = 3 +")),
    "empty lines at the head": (["\n  \nimport os\nNAME = 3 +\n"], (4, "NAME = 3 +")),
    "after a command of the notebook": (["%cd -q .\nNAME = 3 +"], (2, "NAME = 3 +")),
    "told by no parser": (["NAME = 1\nreturn NAME"], (2, "return NAME")),
    "an await": (["import asyncio\nNAME = await asyncio.sleep(0, 1)"], None),
    "a command that times": (["%%time\nNAME = 3"], None),
    "an error while it runs": (["NAME = 1 / 0"], None),
    "mended since": (["NAME = 3 +", "NAME = 3"], None),
    "broken since": (["NAME = 3", "NAME = 3 +", "other = 1"], (1, "NAME = 3 +")),
    "another name": (["NAMED = 3 +", "x.NAME = 3 +", "print(NAME == 3", "  (NAME"], None),
    "a blank": (["NAME = ____"], None),
}
ASKED = """\
from kit.workbook.unread import unread
print([[one.line, one.text] if (one := unread([n, n + "_too"], globals())) else None
       for n in {names}])"""


def printed(cells: list[str], last: str) -> str:
    """What the last cell prints in a kernel that has run all of them."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in (*cells, last)],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    client = NotebookClient(made, allow_errors=True, timeout=60)
    done: Any = in_a_loop(client.async_execute())
    outputs = done["cells"][-1]["outputs"]
    assert [one["output_type"] for one in outputs] == ["stream"], outputs
    return str(outputs[0]["text"])


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Of each case what is told, all of them in one kernel."""
    names = [f"name_{at}" for at in range(len(CASES))]
    cells = [
        text.replace("NAME", name)
        for name, (texts, _) in zip(names, CASES.values(), strict=True)
        for text in texts
    ]
    answers = ast.literal_eval(printed(cells, ASKED.format(names=names)))
    return {
        case: (one[0], one[1].replace(name, "NAME")) if one else None
        for case, name, one in zip(CASES, names, answers, strict=True)
    }


@pytest.mark.parametrize("case", CASES)
def test_the_newest_cell_that_defines_a_name_is_told_if_it_did_not_compile(
    told: dict[str, Any], case: str
) -> None:
    assert told[case] == CASES[case][1]


def test_outside_a_notebook_and_for_other_names_than_its_own_nothing_is_told() -> None:
    assert unread(["count"], {}) is None
    last = "from kit.workbook.unread import unread\nprint(unread(['a'], {}), unread([], globals()))"
    assert printed(["a = 3 +"], last) == "None None\n"


def test_the_error_is_pythons_own() -> None:
    last = "from kit.workbook.unread import unread\nprint(repr(unread(['a'], globals())))"
    expected = Unread("SyntaxError: '(' was never closed", 1, "a = (3")
    assert printed(["a = (3"], last) == f"{expected}\n"


@pytest.mark.usefixtures("kernels_see_tiny")
def test_a_check_names_the_line_and_no_earlier_run_hides_it(tiny_home: LearnerHome) -> None:
    opened = "import kit\nwb = kit.open_workbook('tiny')"
    right, wrong = "count = len(wb.case()['disks'])", "n = 1\ncount = (n"
    shown = "print(wb.check('count')._repr_mimebundle_()[0]['text/plain'])"
    for cells in ([opened, wrong], [opened, right, wrong]):
        said = printed(cells, shown)
        assert "Your code stopped" in said
        assert "It stops at line 2: SyntaxError: '(' was never closed\ncount = (n" in said
    assert "Passed" in printed([opened, wrong, right], shown)
    log = ProgressLog(tiny_home.progress_file).read()
    assert [(a.outcome, a.label) for a in log] == [("error", "exception")] * 2 + [("passed", "")]
