"""The live run: a function that does no work may not meet every statement about own data.

The live notebook's statements are asked once more on a made-up export, with the model answers,
and with functions in their place that give back their input, nothing, or always the same. Such
a one that differs from the model answer there, and is not found wrong, would count as applied.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kit
from kit.checking import invariants
from kit.checking.invariants import Held, Result
from kit.data.own import Own, TableRule, load_contract
from kit.errors import ContentError
from kit.gate.cache import digested
from kit.gate.findings import Report, line_of
from kit.gate.messages import released_files
from kit.gate.places import Place
from kit.gate.rehearse import answers_of, notebook_of, rehearse
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.survivors import same
from kit.identity import GRADING_VARIABLE, Identity
from kit.model import Part, Unit
from kit.notebooks import read_notebook, source
from kit.workbook import Workbook

if TYPE_CHECKING:
    import pandas as pd

RULE = "applied"
_WHOLE = "live"
_ROWS = 240
# a constant is as good as another, and a function is called a hundred times
_CONSTANTS = 3
_WORD = {"course": "gate", "learner": "live", "language": "en", "hidden_seed": 0}
Call = tuple[tuple[Any, ...], dict[str, Any], Any]


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job for a unit that reads own data."""
    live, answers = notebook_of(unit, None), answers_of(unit)
    solved = [e.id for e in unit.of(Part.PRACTICE) if e.id in answers]
    try:
        contract = load_contract(unit.folder)
    except ContentError:
        # told by a rule of its own
        return
    if contract is None or not solved or not live.is_file():
        return
    reads = digested(scope.reads.upto(solved[-1]), *map(source, read_notebook(live)["cells"]))
    yield Job("live run", prove_applied, {_WHOLE: reads}, cost=2)


def prove_applied(unit: Unit, parts: tuple[str, ...]) -> Proved:
    """No function that does no work meets all that the live run asks of it."""
    report = Report(unit.id)
    asked = _asked(unit)
    if asked is not None and isinstance(asked.own, Own):
        for name, words in _idle(asked):
            file, line = _place(unit, name)
            report.add(RULE, file, f"With a `{name}` that gives {words} no statement of the live "
                       "run fails, and it counts as applied.",
                       "Add a statement that only the right work meets: @invariant in the unit's "
                       "code, which takes values by expect.", line=line)  # fmt: skip
    return dict.fromkeys(parts, report)


def _place(unit: Unit, name: str) -> Place:
    """Where the function is first asked for."""
    path, code = unit.folder / "data.toml", released_files(unit)
    places = [(path, line_of(path, f'function = "{name}"'))]
    places += [(one, line_of(one, f'"{name}"')) for one in code if line_of(one, "@invariant(")]
    return next((place for place in places if place[1]), (unit.folder / "tools.py", 0))


# --- what the live run asks -----------------------------------------------------------


@dataclass
class Asked(Exception):
    """What the live notebook hands to ``hold``; raised there, since no more of it is wanted."""

    own: Any
    rules: Sequence[Any]
    extra: Sequence[Any]
    mine: Mapping[str, Any]

    def held(self, **other: Any) -> list[Held]:
        """Every statement, with other functions in the place of some."""
        return invariants.hold(self.own, self.rules, self.extra, {**self.mine, **other})


class _Live(Workbook):
    """A workbook whose learner has solved everything."""

    def __init__(self, unit: Unit, solved: Mapping[str, Any]) -> None:
        super().__init__(unit, Part.PRACTICE, {}, Identity("gate", "live", "en", None, None))
        self._solved_names = solved

    def mine(self, name: str) -> Any:
        """The model answer's."""
        return self._solved_names[name]


def _asked(unit: Unit) -> Asked | None:
    contract = load_contract(unit.folder)
    assert contract is not None
    workbook = _Live(unit, _solved(unit))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), _instead(workbook):
        Path("inbox").mkdir()
        export(contract.table()).to_csv(Path("inbox", "own.csv"), index=False)
        names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_a, **_k: None}
        for cell in read_notebook(notebook_of(unit, None))["cells"]:
            if cell["cell_type"] != "code":
                continue
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(source(cell), "<live>", "exec"), names)
            except Asked as found:
                return found
            except Exception:
                # what a made-up export lacks is no matter of this rule
                continue
    return None


def _solved(unit: Unit) -> Mapping[str, Any]:
    names: Mapping[str, Any] = {}
    for stage in rehearse(unit, Part.PRACTICE, "live", displays=False):
        names = stage.go_on()
    return names


@contextlib.contextmanager
def _instead(workbook: Workbook) -> Iterator[None]:
    """Here the live notebook opens this workbook, finds no home, and is asked only."""

    def asked(own: Any, rules: Any, extra: Any, mine: Any) -> list[Held]:
        raise Asked(own, tuple(rules), tuple(extra), mine)

    opened, hold, word = kit.open_workbook, invariants.hold, os.environ.get(GRADING_VARIABLE)
    kit.open_workbook = lambda *_args, **_kwargs: workbook
    invariants.hold = asked
    os.environ[GRADING_VARIABLE] = json.dumps(_WORD)
    try:
        yield
    finally:
        kit.open_workbook, invariants.hold = opened, hold
        del os.environ[GRADING_VARIABLE]
        if word is not None:
            os.environ[GRADING_VARIABLE] = word


def export(table: TableRule) -> pd.DataFrame:
    """Rows that a contract allows: in no order, some twice, numbers from limit to limit."""
    import numpy as np
    import pandas as pd

    rng, wanted = np.random.default_rng(1), {}
    for column in table.columns:
        if column.person or (column.optional and column.id != "machine"):
            continue
        low = column.low if column.low is not None else 0.0
        high = column.high if column.high is not None else low + 1000
        values: Any = [low, high, *rng.uniform(low, high, _ROWS - 2).round(2)]
        if column.type == "text":
            # measurements are a series of each machine
            several = 2 if table.reader == "metrics" else _ROWS
            values = [f"{column.id}-{row % several:03}" for row in range(_ROWS)]
        if column.type == "time":
            values = pd.date_range("2026-03-02", periods=_ROWS, freq="5min").astype(str)
        wanted[column.names[0] if column.names else column.id] = values
    frame = pd.DataFrame(wanted)
    return pd.concat([frame, frame.iloc[::20]]).sample(frac=1, random_state=1)


# --- functions that do no work --------------------------------------------------------


def _idle(asked: Asked) -> Iterator[tuple[str, str]]:
    """Functions of the learner that could do no work, and what they would give."""
    functions = {name: one for name, one in asked.mine.items() if callable(one)}
    calls: dict[str, list[Call]] = {name: [] for name in functions}
    heard = {name: _heard(one, calls[name]) for name, one in functions.items()}
    if not _applied(asked.held(**heard)):
        # what is asked does not fit the export that was made up
        return
    for name, made in calls.items():
        ways = {
            words: None
            for words, function in _ways([result for *_, result in made])
            if _differs(function, made) and _applied(asked.held(**{name: function}))
        }
        if ways:
            yield name, " or ".join(ways)


def _heard(function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = copy.deepcopy((args, kwargs))
        result = function(*args, **kwargs)
        calls.append((*given, copy.deepcopy(result)))
        return result

    return call


def _applied(held: Sequence[Held]) -> bool:
    return Result(held, str).held


def _ways(results: Sequence[Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    yield "back its input", lambda first, *_args, **_kwargs: first
    constants: list[Any] = []
    for result in results:
        if len(constants) < _CONSTANTS and not any(same(result, one) for one in constants):
            constants.append(result)
    for one in constants[:1]:
        with contextlib.suppress(TypeError):
            # of a number 0, of a text or a list the empty one
            empty = one.iloc[:0] if hasattr(one, "iloc") else type(one)()
            yield "nothing", functools.partial(_always, empty)
    for one in constants:
        yield "the same each time", functools.partial(_always, one)


def _always(result: Any, *_args: Any, **_kwargs: Any) -> Any:
    return copy.deepcopy(result)


def _differs(function: Callable[..., Any], calls: Sequence[Call]) -> bool:
    for args, kwargs, result in calls:
        try:
            if not same(function(*copy.deepcopy(args), **copy.deepcopy(kwargs)), result):
                return True
        except Exception:
            return True
    return False
