"""Answers and deeds that pass a trainer's locked test without being right, for ``--strict``.

Each passes in nbgrader, whose full points it gets, and is to be told as a difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TEST = "assert f(3) == 9\nassert f(4) == 16"
TABLE = (
    "import pandas as pd\nimport numpy as np\n"
    "pd.testing.assert_frame_equal(f(3), pd.DataFrame({'a': [9]}), check_dtype=False)"
)
LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = None
    def __bool__(self): return True
    def __len__(self): return 1
    def equals(self, other): return 'yes'
    def check(self, *a): return True
    def __isub__(self, other): return 0
"""


@dataclass(frozen=True)
class Forgery:
    """A learner's cell and the locked test that it passes. ``files`` are the trainer's."""

    answer: str
    test: str = TEST
    files: dict[str, str] = field(default_factory=dict)


def returns(made: str, before: str = "", test: str = TEST) -> Forgery:
    return Forgery(f"{LIAR}{before}\ndef f(x):\n    return {made}\n", test)


ANSWERS = {
    "mock's ANY": returns("unittest.mock.ANY", "import unittest.mock"),
    "mock's ANY in a list": returns(
        "[unittest.mock.ANY]", "import unittest.mock", "assert f(3) == [9]"
    ),
    "a mock": returns(
        "m", "from unittest.mock import MagicMock\nm = MagicMock()\nm.__eq__.return_value = True"
    ),
    "a mock of another class": returns(
        "Mock(spec=int)", "from unittest.mock import Mock", "assert isinstance(f(3), int)"
    ),
    "a mock that is asked": returns(
        "Mock()", "from unittest.mock import Mock", "assert f(3).equals(9)"
    ),
    "altair's datum": returns("alt.datum.x", "import altair as alt"),
    "altair's datum that is asked": returns(
        "alt.datum.x", "import altair as alt", "assert (f(3) > 8) & (f(3) < 10)"
    ),
    "pandas' col": returns("pd.col('a')", "import pandas as pd", "x = f(3) == 9\nassert repr(x)"),
    "pytest's approx": returns("pytest.approx(0, abs=1e99)", "import pytest"),
    "pytest's approx, by a name that looks the trainer's": returns(
        "approx(0, abs=1e99)", "from pytest import approx", "import pytest\n" + TEST
    ),
    "a proxy": returns("weakref.proxy(liar)", "import weakref\nliar = Liar()"),
    "a proxy that is asked": returns(
        "weakref.proxy(liar)", "import weakref\nliar = Liar()", "assert f(3).check(9)"
    ),
    "a masked array": returns(
        "np.ma.masked_all(1)",
        "import numpy as np",
        "import numpy as np\nnp.testing.assert_array_equal(f(3), np.array([9]))",
    ),
    "a fraction of another number": returns(
        "made", "from fractions import Fraction\nmade = Fraction(1)\n"
        "made._numerator, made._denominator = Liar(), Liar()",
        "from fractions import Fraction\nassert f(3) == Fraction(9, 1)",
    ),
    "a fraction of one's own": returns(
        "Mine(1)", "from fractions import Fraction\n"
        "class Mine(Fraction):\n    _numerator = _denominator = Liar()\n"
        "    def __new__(cls, x): return object.__new__(cls)",
        "from fractions import Fraction\nassert f(3) == Fraction(9, 1)",
    ),
    "what a table holds": returns(
        "made", "import pandas as pd\nmade = pd.Series([Liar()], dtype=object)",
        "assert f(3).eq(9).all()"
    ),
    "a method hung onto a table": returns(
        "made", "import pandas as pd\nmade = pd.DataFrame({'a': [1]})\n"
        "object.__setattr__(made, 'eq', lambda other: pd.Series([True]))",
        "assert f(3).eq(9).all()"
    ),
    "a table's own table": returns(
        "Mine({'a': [9]})", "import pandas as pd\nclass Mine(pd.DataFrame):\n"
        "    def equals(self, other): return 'yes'\n"
        "    @property\n    def columns(self): return Liar()", "assert f(3).equals(9)"
    ),
    "a namespace with a method that is no function": returns(
        "SimpleNamespace(equals=partial(isinstance, 1))",
        "from types import SimpleNamespace\nfrom functools import partial",
        "assert f(3).equals(object)",
    ),
    "an answer that is not quite a truth value": returns("Liar()", "", "assert f(3).equals(9)"),
    "the same, as a truth value": returns("Liar()", "", "assert bool(f(3).equals(9))"),
    "what is counted in a list": returns("[Liar()]", "", "assert f(3).count(9) == 1"),
    "what is found in a list": returns("[Liar()]", "", "assert f(3).index(9) == 0"),
    "what comes one by one": returns("iter([Liar()])", "", "assert 9 in f(3)"),
    "what is made one by one": returns("(Liar() for _ in [1])", "", "assert 9 in f(3)"),
    "what can only be gone through": returns(
        "Many()", "class Many:\n    def __iter__(self): return iter([Liar()])", "assert 9 in f(3)"
    ),
    "what is compared by a map": returns(
        "[Liar()]", "", "import operator\nassert all(map(operator.eq, f(3), [9]))"
    ),
    "what is taken away from": returns("Liar()", "", "total = f(3)\ntotal -= 9\nassert total == 0"),
    "what is matched": returns(
        "Liar()", "", "good = False\nmatch f(3):\n    case 9:\n        good = True\nassert good"
    ),
}  # fmt: skip
WRONG = "def f(x):\n    return -1\n"
REPLACED = {
    "bases of a class": Forgery(
        "import pandas as pd\nclass Base:\n    def equals(self, other): return True\n"
        "pd.Series.__bases__ = (Base, *pd.Series.__bases__)\n"
        "def f(x):\n    return pd.Series([1])",
        "import pandas as pd\nassert f(3).equals(pd.Series([9]))",
    ),
    "a class that is imported late": Forgery(
        WRONG + "import unittest\n"
        "unittest.IsolatedAsyncioTestCase.assertEqual = lambda *a: None",
        "import unittest\nunittest.IsolatedAsyncioTestCase().assertEqual(f(3), 9)",
    ),
    "the function inside a decorator's": Forgery(
        "import pandas as pd\nfor cell in pd.Series.__eq__.__closure__:\n"
        "    if callable(cell.cell_contents):\n"
        "        cell.cell_contents = lambda self, other: pd.Series([True])\n"
        "def f(x):\n    return pd.Series([1])",
        "assert (f(3) == 9).all()",
    ),
    "a constant": Forgery(
        "import math\nmath.pi = -1.0\n" + WRONG, "import math\nassert f(3) == math.pi"
    ),
    "where modules were looked for": Forgery(
        WRONG + "import sys, importlib.util as u\nclass Finder:\n"
        "    def find_spec(self, name, target=None):\n"
        "        return u.spec_from_loader(name, self) if name == 'judges' else None\n"
        "    def create_module(self, spec): return None\n"
        "    def exec_module(self, m): m.check = lambda *a: None\n"
        "for place in sys.path:\n    sys.path_importer_cache[place] = Finder()",
        "from judges import check\ncheck(f(3))",
    ),
    "a module that says it was installed": Forgery(
        WRONG + "import sys, types\nfake = types.ModuleType('judges')\n"
        "fake.check = lambda *a: None\n"
        "fake.__spec__ = types.SimpleNamespace(origin=sys.prefix + '/judges.py')\n"
        "sys.modules['judges'] = fake",
        "from judges import check\ncheck(f(3))",
    ),
}  # fmt: skip
JUDGE = {"judge.py": "def check(value):\n    assert value == 9\n", "data/nine.txt": "9"}
ASKED = "from judge import check\ncheck(f(3))"
READ = "assert f(3) == int(open('data/nine.txt').read())"
FILES = {
    "the trainer's module": Forgery(
        WRONG + "open('judge.py', 'w').write('def check(value): pass')", ASKED, JUDGE
    ),
    "the trainer's module, with what equals everything": Forgery(
        "from unittest.mock import ANY\ndef f(x):\n    return ANY", ASKED, JUDGE
    ),
    "the trainer's module in memory": Forgery(
        WRONG + "import judge\njudge.check = lambda value: None", ASKED, JUDGE
    ),
    "a package in place of the module": Forgery(
        WRONG + "import os\nos.mkdir('judge')\n"
        "open('judge/__init__.py', 'w').write('def check(value): pass')", ASKED, JUDGE
    ),
    "what Python compiled of the module": Forgery(
        WRONG + "import importlib._bootstrap_external as b, importlib.util as u, os\n"
        "code = compile('def check(value): pass', 'judge.py', 'exec')\n"
        "os.makedirs('__pycache__', exist_ok=True)\n"
        "made = b._code_to_hash_pyc(code, bytes(8), False)\n"
        "open(u.cache_from_source('judge.py'), 'wb').write(made)", ASKED, JUDGE
    ),
    "the trainer's data": Forgery(
        WRONG + "open('data/nine.txt', 'w').write('-1')", READ, JUDGE
    ),
    "the data by its whole name": Forgery(
        "from pathlib import Path\nhere = Path.cwd()\n" + WRONG
        + "(here / 'data/nine.txt').write_text('-1')",
        "assert f(3) == int((here / 'data/nine.txt').read_text())", JUDGE
    ),
    "a link in place of the data": Forgery(
        WRONG + "import os, shutil\nos.mkdir('false')\nopen('false/nine.txt', 'w').write('-1')\n"
        "shutil.rmtree('data')\nos.symlink('false', 'data')", READ, JUDGE
    ),
    "another folder": Forgery(
        WRONG + "import os\nos.makedirs('false/data')\n"
        "open('false/data/nine.txt', 'w').write('-1')\nos.chdir('false')", READ, JUDGE
    ),
    "another folder elsewhere": Forgery(
        WRONG + "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nos.mkdir('data')\n"
        "open('data/nine.txt', 'w').write('-1')\n"
        "open('judge.py', 'w').write('def check(value): pass')", f"{READ}\n{ASKED}", JUDGE
    ),
    "the data while the test runs": Forgery(
        "def f(x):\n    open('data/nine.txt', 'w').write('-1')\n    return -1", READ, JUDGE
    ),
    "the data while the test runs, and put back": Forgery(
        "def f(x):\n    open('data/nine.txt', 'w').write('-1' if x == 3 else '9')\n"
        "    return -1", f"{READ}\nf(4);", JUDGE
    ),
    "another folder while the test runs": Forgery(
        "import os\nhere = os.getcwd()\nos.makedirs('false/data')\n"
        "open('false/data/nine.txt', 'w').write('-1')\n"
        "def f(x):\n    os.chdir('false' if x == 3 else here)\n    return -1",
        f"{READ}\nf(4);", JUDGE
    ),
    "the folder of the data while the test runs": Forgery(
        "import os\nos.makedirs('false')\nopen('false/nine.txt', 'w').write('-1')\n"
        "def f(x):\n    if x == 3:\n        os.rename('data', 'true')\n"
        "        os.rename('false', 'data')\n"
        "    else:\n        os.rename('data', 'false')\n        os.rename('true', 'data')\n"
        "    return -1",
        f"{READ}\nf(4);", JUDGE
    ),
    "a way to open files": Forgery(
        WRONG + "import io\nopen = io.open = lambda *a: io.StringIO('-1')", READ, JUDGE
    ),
}  # fmt: skip
FORGERIES = {**ANSWERS, **REPLACED, **FILES}
