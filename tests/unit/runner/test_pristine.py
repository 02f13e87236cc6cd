"""An interpreter that a learner's code has bent, put back; in a process made for it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

BENT = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from kit.runner.pristine import keep, kept
assert kept() is None
shell = InteractiveShell.instance()
import decimal, math, numpy.testing, unittest, types, builtins, statistics, tempfile, textwrap
def wrapping(inner):
    return lambda: inner()
class Base:
    level = 1
class Child(Base):
    pass
textwrap.seven = wrapping(lambda: 7)
tempfile.tempdir = "/elsewhere"
keep()
first = kept(); keep(); assert kept() is first
before = dict(abs=abs, load=json.loads, close=numpy.testing.assert_allclose, hook=sys.displayhook,
              path=list(sys.path), meta=list(sys.meta_path), run=shell.run_cell.__func__)

builtins.abs = lambda x: 9
json.loads = lambda *a: 9
textwrap.dedent.__code__ = (lambda text: "bent").__code__
statistics.mean.__defaults__ = (1,)
unittest.TestCase.assertEqual = lambda *a: None
textwrap.TextWrapper.__lt__ = lambda *a: True
sys.modules["numpy.testing"] = types.ModuleType("numpy.testing")
sys.modules["mine"] = types.ModuleType("mine")
sys.meta_path.insert(0, object())
sys.path.insert(0, "/elsewhere")
sys.displayhook = lambda value: None
math.pi = 3
class False_: level = 9
Child.__bases__ = (False_,)
Base.level = 2
textwrap.seven.__closure__[0].cell_contents = lambda: 8
sys.path_importer_cache["/elsewhere"] = object()
sys.modules = dict(sys.modules)
forged = types.ModuleType("forged")
forged.__spec__ = types.SimpleNamespace(origin=sys.prefix + "/forged.py")
sys.modules["forged"] = forged
sys.settrace(lambda *a: None)
shell.run_cell = lambda *a: None
shell.ast_transformers.append(object())
shell.events.register("pre_run_cell", lambda *a: None)
shell.set_custom_exc((Exception,), lambda *a: None)
class Learners: pass
def of_the_learners(): pass

first.restore(shell, "/the-trainers")
import xml.dom.minidom
told = {
    "builtins": abs(-2) == 2 and builtins.abs is before["abs"],
    "names of modules": json.loads is before["load"],
    "code of functions": textwrap.dedent("  a") == "a",
    "defaults": statistics.mean.__defaults__ is None,
    "members of classes": unittest.TestCase.assertEqual.__qualname__ == "TestCase.assertEqual",
    "members that were added": "__lt__" not in vars(textwrap.TextWrapper),
    "modules": sys.modules["numpy.testing"].assert_allclose is before["close"],
    "modules that were added": "mine" not in sys.modules,
    "finders": sys.meta_path == before["meta"],
    "the path": sys.path == [*before["path"], "/the-trainers", ""],
    "where modules were found": "/elsewhere" not in sys.path_importer_cache,
    "modules that claim to be installed": "forged" not in sys.modules,
    "constants": 3.14 < math.pi < 3.15 and Base.level == 1,
    "bases": Child.__bases__ == (Base,),
    "what functions enclose": textwrap.seven() == 7,
    "the folder for temporary files": tempfile.gettempdir() != "/elsewhere",
    "hooks": sys.displayhook is before["hook"] and sys.gettrace() is None,
    "the shell": shell.run_cell.__func__ is before["run"] and shell.ast_transformers == [],
    "events": not any(shell.events.callbacks.values()) and shell.custom_exceptions == (),
    "known classes": first.knows(dict) and first.knows(decimal.Decimal),
    "installed later": first.knows(xml.dom.minidom.Document),
    "a learner's class": not first.knows(Learners),
    "trusted": first.trusts(len) and first.trusts(json.dumps) and first.trusts([].append),
    "a learner's function": not first.trusts(of_the_learners) and not first.trusts(Learners),
}
Learners.__module__, Learners.__qualname__ = "decimal", "Decimal"
told["a class under another name"] = not first.knows(Learners)
print(json.dumps(told))
"""
PARTS = (
    "builtins", "names of modules", "code of functions", "defaults", "members of classes",
    "members that were added", "modules", "modules that were added", "finders", "the path",
    "where modules were found", "modules that claim to be installed", "constants", "bases",
    "what functions enclose", "the folder for temporary files", "hooks", "the shell", "events",
    "known classes", "installed later", "a learner's class", "trusted", "a learner's function",
    "a class under another name",
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> Any:
    run = subprocess.run([sys.executable, "-c", BENT], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("part", PARTS)
def test_it_is_as_it_was_and_knows_its_own(part: str, told: dict[str, bool]) -> None:
    assert told.keys() == set(PARTS)
    assert told[part] is True
