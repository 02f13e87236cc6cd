"""Strict mode on assert-based notebooks: attacks earn nothing, honest work what nbgrader gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import utils

from kit.grading.execute import ExecuteAs
from kit.grading.strict import PROOFS, Proof, Prover, is_locked_test, read_trainer, settled
from kit.runner.level import unfenced

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
POINTS = 5


def locked(source: str, name: str = "test", points: float | None = POINTS) -> Any:
    cell = nbformat.v4.new_code_cell(source)
    grade = points is not None
    cell.metadata["nbgrader"] = {
        "grade": grade, "solution": False, "locked": True, "task": False, "schema_version": 3,
        "grade_id": name, **({"points": points} if grade else {}),
    }  # fmt: skip
    return cell


class Strict(ExecuteAs):
    """As it runs in a batch, with a trainer's version that was given."""

    source: Path

    def _want_proof(self, nb: Any, resources: dict[str, Any]) -> None:
        found = read_trainer(nb.cells, self.source)
        self._prover = Prover(found, resources.setdefault(PROOFS, {}), self.source.parent)
        self._stack.callback(self._prover.close)


def run(folder: Path, *cells: Any, trainer: tuple[Any, ...] = (), **files: str) -> dict[str, Any]:
    """nbgrader's points and the proof of each locked test."""
    work = folder / "work"
    work.mkdir()
    for name, text in files.items():
        (work / f"{name}.py").write_text(text, encoding="utf-8")
    made = [nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in cells]
    theirs = [nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in trainer]
    source = folder / "source.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=theirs), source)
    steps = Strict(timeout=20)
    steps.source = source
    resources: dict[str, Any] = {"metadata": {"path": str(work)}}
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": PYTHON})
    ran, resources = steps.preprocess(notebook, resources)
    return {
        cell.metadata["nbgrader"]["grade_id"]: _both(cell, resources[PROOFS])
        for cell in ran.cells
        if is_locked_test(cell)
    }


def _both(cell: Any, proofs: dict[str, Proof]) -> tuple[float | None, Proof]:
    plain = utils.determine_grade(cell)[0]
    return plain, settled(cell, proofs[cell.metadata["nbgrader"]["grade_id"]], plain)


WRONG = "def f(x):\n    return -1\n"
RIGHT = "def f(x):\n    return x * x\n"
TEST = "assert f(3) == 9\nassert f(4) == 16"
IMPORTS = "import numpy as np\nimport pandas as pd\nfrom numpy.testing import assert_allclose"
LIAR = """
class Liar{base}:
    def __eq__(self, other): return True
    __hash__ = None
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0
    def __array__(self, *a, **k): return __import__('numpy').array(9)
    def equals(self, other): return True
def f(x):
    return {made}
"""
PLAIN = LIAR.format(base="", made="Liar()")
TRANSFORMER = (
    WRONG
    + """
import ast
class Gone(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Gone())
"""
)
SHELL = "ip = get_ipython()\n" + WRONG
# name: the learner's cell, the test, what it says
ATTACKS = {
    "a transformer of trees": (TRANSFORMER, TEST),
    "a transformer of input": (
        SHELL + "ip.input_transformers_post.append(lambda lines: ['pass\\n'])", TEST),
    "a transformer that cleans up": (
        SHELL + "ip.input_transformers_cleanup.append(lambda lines: ['pass\\n'])", TEST),
    "another compiler": (
        SHELL + "ip.compile.ast_parse = lambda *a, **k: __import__('ast').parse('pass')", TEST),
    "another run_cell": (SHELL + "ip.run_cell = lambda *a, **k: None", TEST),
    "another run_code": (
        SHELL + "async def quiet(*a, **k): return False\nip.run_code = quiet", TEST),
    "another showtraceback": (SHELL + "ip.showtraceback = lambda *a, **k: None\n"
                              "ip._showtraceback = lambda *a, **k: None", TEST),
    "another handler of exceptions": (
        SHELL + "ip.set_custom_exc((Exception,), lambda *a, **k: None)", TEST),
    "an event": (WRONG + "def later(*_):\n    global f\n    f = lambda x: x * x\n"
                 "get_ipython().events.register('pre_run_cell', later)", TEST),
    "an object that equals everything": (PLAIN, TEST),
    "an object with arithmetic of its own": (PLAIN, "assert abs(f(3) - 9) < 0.01"),
    "an object in a list": (LIAR.format(base="", made="[Liar()]"), "assert f(3) == [9]"),
    "an object in a table": (
        LIAR.format(base="", made="__import__('pandas').DataFrame({'a': [Liar()]}, dtype=object)"),
        "import pandas as pd\npd.testing.assert_frame_equal(f(3), pd.DataFrame({'a': [9]}),"
        " check_dtype=False)"),
    "a float that lies": (LIAR.format(base="(float)", made="Liar(1)"), TEST),
    "a dict that lies": (LIAR.format(base="(dict)", made="Liar()"), "assert f(3) == {'a': 9}"),
    "a list that lies": (LIAR.format(base="(list)", made="Liar()"), "assert f(3) == [9]"),
    "a table that lies": (PLAIN, "assert f(3).equals(9)"),
    "a class whose class lies": (
        "class Meta(type):\n    def __eq__(cls, other): return True\n    __hash__ = type.__hash__\n"
        "class f(metaclass=Meta):\n    def __init__(self, x): pass\n"
        "f.__new__ = lambda cls, x: cls", TEST),
    "a false module's object": (
        "import types\nfake = types.SimpleNamespace(equals=lambda other: True)\n"
        "def f(x): return fake", "assert f(3).equals(9)"),
    "len": ("import builtins\nreal = len\ndef f(x): return ['wrong']\n"
            "builtins.len = lambda x: 9 if x == ['wrong'] else real(x)", "assert len(f(3)) == 9"),
    "isinstance": (
        "def f(x): return 'wrong'\nimport builtins\nreal = isinstance\n"
        "builtins.isinstance = lambda a, b: a is f(3) or real(a, b)",
        "assert isinstance(f(3), int)"),
    "a name in place of a builtin": (WRONG + "all = abs = lambda *a: 9",
                                     "assert abs(f(3)) == 9\nassert all([f(3) == 9])"),
    "__import__": (
        WRONG + "import builtins, types\nold = builtins.__import__\n"
        "fake = types.SimpleNamespace(assert_equal=lambda *a: None)\n"
        "builtins.__import__ = lambda n, *a, **k: fake if 'numpy' in n else old(n, *a, **k)",
        "from numpy.testing import assert_equal\nassert_equal(f(3), 9)"),
    "__build_class__": (
        WRONG + "import builtins\nbuiltins.__build_class__ = lambda *a, **k: (lambda: None)",
        "class Check:\n    def __init__(self):\n        assert f(3) == 9\nCheck()"),
    "AssertionError": (WRONG + "import builtins\nclass Quiet(Exception):\n    pass\n"
                       "builtins.AssertionError = Quiet",
                       "try:\n    assert f(3) == 9\nexcept AssertionError:\n    raise"),
    "numpy's test, replaced": (
        WRONG + "import numpy.testing as t\nt.assert_equal = t.assert_allclose = lambda *a: None",
        "import numpy as np\nnp.testing.assert_allclose(f(3), 9)"),
    "numpy's test, its code replaced": (
        WRONG + "import numpy.testing as t\nt.assert_allclose.__code__ = (lambda *a, **k: None)"
        ".__code__", "import numpy as np\nnp.testing.assert_allclose(f(3), 9)"),
    "pandas' test, replaced": (
        "import pandas as pd\npd.testing.assert_frame_equal = lambda *a: None\ndef f(x): return 1",
        "import pandas as pd\npd.testing.assert_frame_equal(f(3), pd.DataFrame({'a': [9]}))"),
    "a method of pandas' replaced": (
        "import pandas as pd\npd.DataFrame.equals = lambda *a: True\n"
        "def f(x): return pd.DataFrame()",
        "import pandas as pd\nassert f(3).equals(pd.DataFrame({'a': [9]}))"),
    "a method of one table's": (
        "import pandas as pd\ndef f(x):\n    made = pd.DataFrame()\n"
        "    object.__setattr__(made, 'equals', lambda other: True)\n    return made",
        "import pandas as pd\nassert f(3).equals(pd.DataFrame({'a': [9]}))"),
    "a module of that name": (
        WRONG + "import sys, types\nfake = types.ModuleType('numpy.testing')\n"
        "fake.assert_equal = lambda *a: None\nsys.modules['numpy.testing'] = fake",
        "from numpy.testing import assert_equal\nassert_equal(f(3), 9)"),
    "a finder of modules": (
        WRONG + "import sys, importlib.util as u\nclass Finder:\n"
        "    def find_spec(self, name, *a): return u.spec_from_loader(name, self)\n"
        "    def create_module(self, spec): return None\n"
        "    def exec_module(self, m): m.check = lambda *a: None\n"
        "sys.meta_path.insert(0, Finder())",
        "from judges import check\ncheck(f(3))"),
    "a way out": ("import sys\ndef f(x): sys.exit(0)", TEST),
    "an end": ("import os\ndef f(x):\n    if os.getppid() > 1: pass\n    raise KeyboardInterrupt",
               TEST),
    "the tracer": (
        WRONG + "import sys\ndef trace(frame, event, arg):\n"
        "    if 'locked' in frame.f_code.co_filename: frame.f_trace_lines = False\n"
        "    return trace\nsys.settrace(trace)", TEST),
    "a shown value": (
        "import sys\nget_ipython().displayhook.compute_format_data = "
        "lambda *a: ({'text/plain': '5'}, {})\ndef f(x): return 0", "f(3)"),
    "a value beyond": ("class Five(int):\n    def __repr__(self): return '5'\n"
                       "def f(x): return Five(0)", "f(3)"),
    "nothing to check": ("def f(x): return []", "for one in f(3):\n    assert one == 9"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing(name: str, tmp_path: Path) -> None:
    answer, test = ATTACKS[name]
    ((_plain, proof),) = run(tmp_path, answer, locked(test)).values()
    assert (proof.points, bool(proof.why)) in {(0.0, True), (0.0, proof.points != _plain)}, proof


def test_a_replaced_test_that_the_trainer_imports_is_the_trainers(tmp_path: Path) -> None:
    answer = IMPORTS + "\nassert_allclose = lambda *a: None\n" + WRONG
    test = "assert_allclose(f(3), 9)"
    ((plain, proof),) = run(tmp_path, answer, locked(test), trainer=(IMPORTS,)).values()
    assert (plain, proof.points) == (POINTS, 0.0)


def test_a_replaced_helper_of_a_locked_cell_is_the_trainers(tmp_path: Path) -> None:
    helper = locked("def check(x, y):\n    assert x == y", "helper", None)
    answer = "check = lambda x, y: None\n" + WRONG
    ((plain, proof),) = run(tmp_path, helper, answer, locked("check(f(3), 9)")).values()
    assert (plain, proof.points) == (POINTS, 0.0)


HONEST = {
    "asserts": (RIGHT, TEST, POINTS),
    "wrong": (WRONG, TEST, 0),
    "an error": ("def f(x): return x / 0", TEST, 0),
    "missing": ("", TEST, 0),
    "a way to see a NameError": (
        "def g(x): return x\ndef f(x): return g(x)",
        "old = g\ndel g\ntry:\n    f(1)\nexcept NameError:\n    pass\n"
        "else:\n    raise AssertionError('no')\nfinally:\n    g = old", POINTS),
    "a mock": (
        "def g(x): return x\ndef f(x): return g(x) + 1",
        "real = g\ndef g(x): return 100\nassert f(1) == 101\ng = real", POINTS),
    "a partial value": (RIGHT, "score = 0\nif f(3) == 9:\n    score += 2\nscore", 2),
    "nothing shown": (RIGHT, "f(2);", POINTS),
    "text": (RIGHT, "assert f(2) == 4\n'well done'", POINTS),
    "numpy": ("import numpy as np\ndef f(x): return np.arange(x)",
              "import numpy as np\nnp.testing.assert_array_equal(f(3), np.array([0, 1, 2]))\n"
              "assert (f(2) == np.array([0, 1])).all()\nassert np.allclose(f(2), [0, 1])", POINTS),
    "pandas": ("import pandas as pd\ndef f(x): return pd.DataFrame({'a': ['x', 'y']})",
               "import pandas as pd\nassert f(1).shape == (2, 1)\nassert isinstance(f(1), "
               "pd.DataFrame)\npd.testing.assert_frame_equal(f(1), pd.DataFrame({'a': ['x', 'y']}))"
               "\nassert list(f(1).a) == ['x', 'y'] and f(1).equals(f(1))", POINTS),
    "raises": ("def f(x):\n    if x < 0: raise ValueError('x')\n    return x",
               "from numpy.testing import assert_raises\nassert_raises(ValueError, f, -1)\n"
               "with assert_raises(ValueError):\n    f(-1)", POINTS),
    "a class that was asked for": (
        "class Stack:\n    def __init__(self): self.items = []\n    def push(self, x):\n"
        "        self.items.append(x)\n    def __len__(self): return len(self.items)\n"
        "    def empty(self): return not self.items",
        "s = Stack()\nassert s.empty()\ns.push(1)\nassert len(s) == 1\nassert not s.empty()\n"
        "assert isinstance(s, Stack) and hasattr(s, 'push')\nassert s.items == [1]", POINTS),
    "comprehensions, names and magics": (
        RIGHT, "%precision 3\nxs = [f(x) for x in range(4) if f(x) >= 0]\n"
        "assert 'f' in globals() and 'xs' in dir() and callable(f)\n"
        "assert all(a == b for a, b in zip(xs, [0, 1, 4, 9]))\nassert (n := f(3)) == 9 and n\n"
        "for k, v in {1: 1}.items():\n    assert f(k) == v, f'{k} {v}'\nassert 0 < f(3) < 10",
        POINTS),
    "await": ("async def f(x): return x", "assert await f(3) == 3", POINTS),
    "a helper of its own": (RIGHT, "from math import *\ndef check(n):\n    y: int = n * n\n"
                            "    assert f(n) == y\ncheck(3)\ncheck(4)\nassert sqrt(f(3)) == 3",
                            POINTS),
    "unittest": (RIGHT, "import unittest\nt = unittest.TestCase()\nt.assertEqual(f(3), 9)\n"
                 "class T(unittest.TestCase):\n    def test(self):\n"
                 "        super().setUp()\n        self.assertEqual(f(2), 4)\n"
                 "assert unittest.TextTestRunner(stream=__import__('io').StringIO()).run("
                 "unittest.defaultTestLoader.loadTestsFromTestCase(T)).wasSuccessful()", POINTS),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_gets_what_nbgrader_gives(name: str, tmp_path: Path) -> None:
    answer, test, points = HONEST[name]
    ((plain, proof),) = run(tmp_path, answer, locked(test)).values()
    assert (plain, proof) == (points, Proof(points, proof.why if points == 0 else ""))


def test_right_work_with_a_warning_gets_its_points(tmp_path: Path) -> None:
    answer = "import warnings\ndef f(x):\n    warnings.warn('old')\n    return x * x"
    ((plain, proof),) = run(tmp_path, answer, locked(TEST)).values()
    assert (plain, proof.points) == (0, POINTS)
    assert "standard error" in proof.why


def test_a_number_of_numpys_counts_as_the_number_that_it_is(tmp_path: Path) -> None:
    test = locked("import numpy as np\nnp.float64(1.5)")
    ((plain, proof),) = run(tmp_path, RIGHT, test).values()
    assert (plain, proof.points) == (POINTS, 1.5)
    assert "the number 1.5" in proof.why


def test_an_exercise_may_ask_for_a_builtin_of_ones_own(tmp_path: Path) -> None:
    answer, test = "def sorted(xs):\n    return 'mine'", locked("assert sorted([2]) == 'mine'")
    trainer = ("def sorted(xs):\n    return xs", test)
    ((plain, proof),) = run(tmp_path, answer, test, trainer=trainer).values()
    assert (plain, proof) == (POINTS, Proof(POINTS))


def test_proof_leaves_nothing_behind_in_the_learners_kernel(tmp_path: Path) -> None:
    answer = "calls = []\ndef f(x):\n    calls.append(x)\n    return x * x"
    tests = (locked(TEST, "one"), locked("assert calls == [3, 4]", "two"))
    found = run(tmp_path, answer, *tests)
    assert [plain for plain, _ in found.values()] == [POINTS, POINTS]
    assert [proof for _, proof in found.values()] == [Proof(POINTS), Proof(POINTS)]


def test_a_files_class_is_the_learners_and_its_module_no_packages(tmp_path: Path) -> None:
    answer = "from beside import f"
    ((plain, proof),) = run(tmp_path, answer, locked(TEST), beside=PLAIN).values()
    assert (plain, proof.points, proof.ask) == (POINTS, 0.0, True)
    assert "'Liar'" in proof.why


def test_cells_after_a_death_prove_nothing_and_those_before_keep_theirs(tmp_path: Path) -> None:
    cells = (RIGHT, locked(TEST, "one"), "import os\nos._exit(0)", locked(TEST, "two"))
    resources: dict[str, Any] = {}
    del resources
    work = [c if not isinstance(c, str) else nbformat.v4.new_code_cell(c) for c in cells]
    steps = Strict(timeout=20)
    steps.source = tmp_path / "none.ipynb"
    told: dict[str, Any] = {"metadata": {"path": str(tmp_path)}}
    notebook = nbformat.v4.new_notebook(cells=work, metadata={"kernelspec": PYTHON})
    _, told = steps.preprocess(notebook, told)
    assert told[PROOFS] == {"one": Proof(POINTS)}


def test_a_test_under_a_cell_magic_is_left_to_a_person(tmp_path: Path) -> None:
    ((plain, proof),) = run(tmp_path, RIGHT, locked("%%time\n" + TEST)).values()
    assert (plain, proof.points, proof.ask) == (POINTS, POINTS, True)
