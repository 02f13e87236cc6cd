"""The attack table: each attack is run as a graded notebook, and what must hold holds.

Attacks on scores (transformers of trees and of input, objects that equal everything, forged
outcomes) are in tests/grading/test_trust.py, beside the checks that judge apart, and in
tests/grading/test_strict.py, for tests of others' notebooks.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.runner.level import unfenced
from tests.attacks.reading import ESCAPING, READING
from tests.attacks.spoiling import ENDINGS, FLOODS, MESSAGES, POISONED
from tests.attacks.world import SECRET, Attack, World, make_course, run
from tests.conftest import remove

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
TABLE = (*READING, *ESCAPING, *MESSAGES, *FLOODS, *ENDINGS, *POISONED)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A course, a port and a service of this machine, and a secret in the environment."""
    base = tmp_path_factory.mktemp("world")
    make_course(base / "course")
    service = str(base / "service")
    with (
        pytest.MonkeyPatch.context() as patch,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as listening,
    ):
        listening.bind(service)
        listening.listen()
        Path(service).chmod(0o777)
        patch.setenv("COURSE_PASSWORD", SECRET)
        yield World(base / "course", server.getsockname()[1], service)


def survivors() -> list[str]:
    # other attacks may run beside these
    found = []
    for place in Path("/proc").glob("[0-9]*/comm"):
        try:
            if place.read_text().strip() == f"up{os.getpid()}":
                found.append(place.parent.name)
        except OSError:
            continue
    return found


@pytest.fixture
def graded(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "graded"
    remove(tmp_path)


@pytest.mark.parametrize("strict", [False, True], ids=["plain", "strict"])
@pytest.mark.parametrize("attack", TABLE, ids=lambda attack: attack.name)
def test_an_attack_gets_nowhere(attack: Attack, strict: bool, world: World, graded: Path) -> None:
    before = world.state()
    ran = run(attack, world, graded, strict)
    for said, wanted in zip(ran.texts, attack.says, strict=False):
        assert wanted in said
    assert attack.ends in ran.ended if attack.ends else ran.ended == ""
    assert attack.also is None or attack.also(ran)
    assert ran.proved == 0.0
    # and of every attack, whatever it tried
    assert world.state() == before
    assert SECRET not in "".join(ran.texts) + ran.ended
    assert not any(SECRET.encode() in data for data in ran.left.values())
    assert survivors() == []


def test_the_grader_works_on_as_before(world: World, tmp_path: Path) -> None:
    tools = Attack(
        "ordinary work",
        (
            "import pandas as pd\npd.Series([1, 2]).to_csv('a.csv')\nlen(pd.read_csv('a.csv'))",
            "import duckdb\nduckdb.sql('select 41 + 1').fetchall()",
            "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p:\n"
            "    print(p.map(abs, [-1, 2]))",
            "import ctypes\nctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(abs)(-7)",
            "import altair as alt\n"
            "alt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a').save('c.png')\n'drawn'",
        ),
    )
    ran = run(tools, world, tmp_path / "graded")
    for said, wanted in zip(ran.texts, ("2", "42", "[1, 2]", "7", "drawn"), strict=True):
        assert wanted in said
    assert {"a.csv", "c.png"} <= ran.left.keys()
    assert os.environ["COURSE_PASSWORD"] == SECRET
