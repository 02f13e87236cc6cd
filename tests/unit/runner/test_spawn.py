"""One warm process, shared by all that were forked from the one that started it."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbclient.exceptions import DeadKernelError

from kit.runner.spawn import WARM, supported
from tests.kernel_outputs import notebook, text_of
from tests.unit.runner.test_manager import run

pytestmark = pytest.mark.skipif(not supported(), reason="forks need Linux")

LOADED = "import sys\nsorted({'altair', 'pandas', 'anywidget', 'ipywidgets'} & set(sys.modules))"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    WARM.close()
    yield
    WARM.close()


def said(code: str, folder: Path) -> Any:
    """What a cell's last line shows, as Python's own literals and JSON share them."""
    return json.loads(text_of(run(notebook(code), folder), 0).replace("'", '"'))


def test_it_imports_what_it_was_told_and_all_when_it_was_told_nothing(tmp_path: Path) -> None:
    WARM.load(["ipywidgets"])
    assert said(LOADED, tmp_path) == ["ipywidgets", "pandas"]
    WARM.close()
    assert said(LOADED, tmp_path) == ["altair", "anywidget", "ipywidgets", "pandas"]


def test_processes_that_share_it_get_kernels_at_one_time_and_end_nobody_elses(
    tmp_path: Path,
) -> None:
    WARM.load([])
    shared = WARM._process
    assert shared
    context = multiprocessing.get_context("fork")
    answers = context.Queue()

    def work(number: int) -> None:
        told = [said(f"[{number}, {turn}]", tmp_path) for turn in range(3)]
        WARM.close()
        answers.put([told, WARM._process is None])

    workers = [context.Process(target=work, args=(number,)) for number in range(3)]
    for worker in workers:
        worker.start()
    found = sorted(answers.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    assert found == [[[[n, turn] for turn in range(3)], True] for n in range(3)]
    assert shared.poll() is None
    assert said("[1]", tmp_path) == [1]
    assert WARM._process is shared


def test_a_kernel_has_no_way_to_the_process_that_it_is_a_fork_of(tmp_path: Path) -> None:
    code = (
        "import os, socket, stat\n"
        "files = [int(name) for name in os.listdir('/proc/self/fd')]\n"
        "found = []\n"
        "for file in files:\n"
        "    try:\n"
        "        if stat.S_ISSOCK(os.fstat(file).st_mode):\n"
        "            found.append(socket.socket(fileno=os.dup(file)).type.name)\n"
        "    except OSError:\n"
        "        pass\n"
        "sorted(set(found))"
    )
    # requests go over a socket that keeps their borders, and only they do
    assert said(code, tmp_path) == ["SOCK_STREAM"]


def test_a_worker_whose_shared_process_died_starts_its_own(tmp_path: Path) -> None:
    WARM.load([])
    assert WARM._process
    WARM._process.kill()
    WARM._process.wait()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(said, ("[2]", tmp_path)) == [2]


def test_another_path_of_commands_needs_no_other_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    WARM.load([])
    first = WARM._process
    monkeypatch.setenv("PATH", os.pathsep.join(["/nowhere", os.environ["PATH"]]))
    assert said("import os\n[os.environ['PATH'].split(':')[0]]", tmp_path) == ["/nowhere"]
    assert WARM._process is first
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    run(notebook("1"), tmp_path)
    assert WARM._process is not first


def test_what_is_kept_of_an_error_is_what_was_shown(tmp_path: Path) -> None:
    kept = "kept = get_ipython().history_manager.exceptions\n'\\n'.join(kept[{}]['traceback'])"
    made = run(
        notebook("def f():\n    1 / 0\nf()", kept.format(1), "1 +", kept.format(3)), tmp_path
    )
    for error, stored in ((0, 1), (2, 3)):
        shown = made.cells[error].outputs[-1]
        assert "Error" in shown.ename
        assert eval(text_of(made, stored)) == "\n".join(shown.traceback)
    group = "raise ExceptionGroup('several', [ValueError(1)])"
    made = run(notebook("1 / 0", group, kept.format(2)), tmp_path)
    assert "ValueError: 1" in eval(text_of(made, 2))


def test_what_was_printed_before_a_kernel_died_is_there(tmp_path: Path) -> None:
    made = notebook("print('first', flush=True)\nimport os\nos._exit(1)")
    with pytest.raises(DeadKernelError):
        run(made, tmp_path)
    assert made.cells[0].outputs[0].text == "first\n"
    assert made.cells[0].execution_count == 1
