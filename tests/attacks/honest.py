"""Right answers of many kinds under locked tests of many kinds: none of them is in doubt."""

from __future__ import annotations

from tests.attacks.forging import Forgery

_DATA = """
import datetime, decimal, enum, fractions, pathlib, uuid, collections, ipaddress, inspect, typing
class Colour(enum.Enum):
    RED = 1
class Flag(enum.IntFlag):
    A = 1
    B = 2
Pair = collections.namedtuple("Pair", "a b")
class Typed(typing.NamedTuple):
    a: int
def f(what):
    return {
        "date": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc),
        "span": datetime.timedelta(days=1), "money": decimal.Decimal("1.50"),
        "part": fractions.Fraction(1, 3), "path": pathlib.Path("a/b"), "id": uuid.UUID(int=7),
        "counts": collections.Counter("aab"), "queue": collections.deque([1, 2]),
        "many": collections.defaultdict(list, a=[1]), "colour": Colour.RED, "flags": Flag.A,
        "pair": Pair(1, 2), "typed": Typed(1), "net": ipaddress.ip_address("::1"),
    }[what]
"""
_DATA_TEST = """
import datetime, decimal, fractions, pathlib, uuid, collections, ipaddress, inspect
assert f("date") == datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
assert f("date") - datetime.timedelta(days=1) < f("date") and f("span").days == 1
assert f("money") * 2 == 3 and f("money").quantize(decimal.Decimal("1.0")) == decimal.Decimal("1.5")
assert f("part") == fractions.Fraction(1, 3) and round(f("part") * 3) == 1
assert f("path") == pathlib.Path("a") / "b" and f("path").name == "b"
assert f("id") == uuid.UUID(int=7) and f("net").is_loopback
assert f("counts") == {"a": 2, "b": 1} and f("counts").most_common(1) == [("a", 2)]
assert f("queue") == collections.deque([1, 2]) and list(f("queue")) == [1, 2]
assert f("many") == {"a": [1]} and f("many").get("a") == [1] and "a" in f("many").keys()
assert f("colour") == Colour.RED and f("colour") in Colour and f("colour").value == 1
assert f("flags") | Flag.B == Flag(3)
assert f("pair") == (1, 2) and f("pair").a == 1 and f("typed") == Typed(1)
assert list(inspect.signature(f).parameters) == ["what"]
assert inspect.signature(f).parameters["what"].default == inspect.Parameter.empty
assert f.__name__ == "f" and type(f) == type(lambda: 0)
"""
_FRAMES = """
import pandas as pd, numpy as np
def f():
    day = pd.Timestamp("2026-01-01")
    return pd.DataFrame({"when": [day, day], "who": ["a", None], "n": [1.0, np.nan],
        "kind": pd.Categorical(["x", "y"]), "any": [[1], {"a": 2}]},
        index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]))
"""
_FRAMES_TEST = """
import numpy as np, pandas as pd
t = f()
assert t.equals(f()) and t.n.isna().sum() == 1 and len(t) == 2
pd.testing.assert_frame_equal(t, f())
pd.testing.assert_index_equal(t.index, f().index)
assert (t.when == pd.Timestamp("2026-01-01")).all() and t.when.iloc[0].year == 2026
assert t.when.max() - t.when.min() == pd.Timedelta(0)
assert t.groupby("kind", observed=True).n.sum()["x"] == 1
assert t["kind"].dtype == "category" and list(t.kind.cat.categories) == ["x", "y"]
assert t.n.dtype == np.float64 and t.shape[0] == 2 and t.index.nlevels == 2
assert "who" in t and "who" in t.columns and "a" in t.who.values and t.loc[("a", 1), "n"] == 1
assert np.array_equal(t.n.to_numpy(), np.array([1, np.nan]), equal_nan=True)
assert t.who.iloc[0] == "a" and t.who.str.upper().iloc[0] == "A" and t["any"].iloc[0] == [1]
assert pd.isna(t.n.iloc[1]) and t.n.mean() == np.float64(1) and not t.empty
assert np.matrix([[1]]) == np.matrix([[1]]) and np.dtype("int64") == np.int64
assert t.pivot_table(index="when", values="n", aggfunc="sum").n.iloc[0] == 1.0
assert t.rolling(1, on="when").n.sum().iloc[0] == 1.0
"""
HONEST = {
    "plain data": Forgery(_DATA, _DATA_TEST),
    "tables": Forgery(_FRAMES, _FRAMES_TEST),
    "an approximation of the trainer's": Forgery(
        "def f(x): return x * 0.1",
        "import pytest\nfrom pytest import approx\nassert f(3) == pytest.approx(0.3)\n"
        "assert [f(3)] == approx([0.3])\nassert {'a': f(3)} == approx({'a': 0.3}, abs=0.01)\n"
        "with pytest.raises(TypeError):\n    f(None)",
    ),
    "a double of the trainer's": Forgery(
        "def f(call): return call(3)",
        "from unittest import mock\ncall = mock.Mock(return_value=9)\nassert f(call) == 9\n"
        "call.assert_called_once_with(3)\nassert call.called and call.call_count == 1\n"
        "with mock.patch('builtins.print') as p:\n    f(p)\nassert p.called",
    ),
    "a chart": Forgery(
        "import altair as alt, pandas as pd\n"
        "chart = alt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a')",
        "import altair as alt\nassert isinstance(chart, alt.Chart)\n"
        "assert chart.to_dict()['mark']['type'] == 'bar' and chart.encoding.x.shorthand == 'a'\n"
        "assert hasattr(chart, 'encoding') and type(chart) == alt.Chart",
    ),
    "one by one": Forgery(
        "def f(n):\n    for i in range(n):\n        yield i * i",
        "assert list(f(3)) == [0, 1, 4]\nassert 4 in f(3) and 5 not in f(3)\n"
        "assert next(f(1)) == 0 and sum(f(3)) == 5 and max(f(3)) == 4\n"
        "total = 0\nfor one in f(3):\n    total += one\nassert total == 5\n"
        "assert all(a == b for a, b in zip(f(3), [0, 1, 4]))\nassert set(f(3)) == {0, 1, 4}\n"
        "counts = {}\nfor one in f(3):\n    counts[one] = counts.get(one, 0) + 1\n"
        "assert counts[4] == 1 and counts.items() == {0: 1, 1: 1, 4: 1}.items()\n"
        "match next(f(1)):\n    case 0:\n        found = True\nassert found",
    ),
    "a class with words of its own": Forgery(
        "class Account:\n    def __init__(self): self.total = 0\n"
        "    def put(self, x):\n        self.total += x\n        return self.total\n"
        "class TooMuch(Exception): pass\ndef f(): raise TooMuch('a', 1)",
        "a = Account()\nassert a.put(3) == 3\na.total += 1\nassert a.total == 4\n"
        "try:\n    f()\nexcept TooMuch as error:\n    assert error.args == ('a', 1)\n"
        "    assert isinstance(error, TooMuch) and issubclass(TooMuch, Exception)\n"
        "assert a == a and a in [a] and a is not None and a",
    ),
    "files of one's own": Forgery(
        "import tempfile, json, os\nwith open('x.json', 'w') as file:\n    json.dump([1], file)\n"
        "folder = tempfile.mkdtemp()",
        "import json, os, tempfile\nassert json.load(open('x.json')) == [1]\n"
        "assert os.path.exists('x.json') and 'x.json' in os.listdir('.')\n"
        "assert os.listdir(folder) == [] and 'HOME' in os.environ\n"
        "with tempfile.NamedTemporaryFile() as file:\n    assert os.path.exists(file.name)",
    ),
}
