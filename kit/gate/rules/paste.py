"""No function that the learner has passes when it is pasted as an answer."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import pkgutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from kit.blank import BlankUsed
from kit.checking import unit_module
from kit.checking.limits import time_limit
from kit.content import find_exercise
from kit.gate.build import targets
from kit.gate.findings import Report, line_of
from kit.gate.messages import released_files
from kit.gate.places import Place, check_place
from kit.gate.rehearse import CELL, Stage, answers_of, rehearse
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.rules.mutation import tried
from kit.model import OutcomeKind, Unit

# packages whose functions reach the learner and compute something
_RELEASED = ("kit.data", "kit.quick", "kit.checking", "kit.artefacts")
# what takes longer is no answer that anybody would wait for
SECONDS = 1.0
Function = Callable[..., Any]


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job for each exercise; of several with one check and one answer the first."""
    for exercise in tried(unit):
        reads = {exercise.id: scope.reads.upto(exercise.id)}
        yield Job(f"paste {exercise.id}", prove_paste, reads, cost=2)


def prove_paste(unit: Unit, parts: tuple[str, ...]) -> Proved:
    """Try each released function as each function of these exercises' answers."""
    proved = {}
    part = find_exercise(unit, parts[0]).part
    for stage in rehearse(unit, part, "paste", displays=False):
        if stage.exercise not in parts:
            continue
        proved[stage.exercise] = _pasted(unit, stage)
        if len(proved) == len(parts):
            break
    return proved


def _pasted(unit: Unit, stage: Stage) -> Report:
    report = Report(unit.id)
    solved = stage.run(answers_of(unit)[stage.exercise])
    candidates = [*released_functions(unit), *at_hand(unit, stage)]
    for name in find_exercise(unit, stage.exercise).names:
        if not inspect.isfunction(solved.get(name)):
            continue
        slot = _Slot(stage, solved, name)
        for label, candidate in candidates:
            if not _fits(candidate, solved[name]):
                continue
            report.count("pastes")
            if slot.passes(candidate):
                _tell(unit, stage, report, candidate,
                      f"`{label}` passes '{stage.exercise}' when pasted as `{name}`.")  # fmt: skip
    return report


def _tell(unit: Unit, stage: Stage, report: Report, candidate: Function, what: str) -> None:
    """A finding where what is pasted stands; where it is the kit's, at the check that takes it."""
    place = _source(unit, stage, candidate)
    fix = "Check by a property instead of by a function."
    if place:
        fix = (
            "Move it where no learner gets it, such as solution.py, and let the notebook do "
            "without it; if it is no answer, check by a property that it does not have."
        )
    file, line = place or check_place(unit, stage.exercise)
    report.add("paste", file, what, fix, line=line)


def _source(unit: Unit, stage: Stage, candidate: Function) -> Place | None:
    code = inspect.unwrap(candidate).__code__
    if code.co_filename == CELL:
        part = find_exercise(unit, stage.exercise).part
        source = next(target.source for target in targets(unit) if target.part is part)
        return source, line_of(source, f"def {code.co_name}(")
    file = Path(code.co_filename)
    return (file, code.co_firstlineno) if file.is_relative_to(unit.folder) else None


class _Slot:
    """One function of a model answer, into whose place others are put.

    Most of them stop on whatever the check gives them first. Where a function that only stops
    does not pass, none of these does, and the rest of the check need not be run.
    """

    def __init__(self, stage: Stage, solved: Mapping[str, Any], name: str) -> None:
        self._stage, self._solved, self._name = stage, solved, name
        self._first: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self._known: dict[Function, bool] = {}
        # with the time that a check has, to tell a slow one from slow candidates
        stage.judged({**solved, name: self._noting}, diagnose=False)
        self._must_run = not self._first or self._judged(_stop)

    def passes(self, candidate: Function) -> bool:
        """Whether the check takes it; the same function under another name is run once."""
        if candidate not in self._known:
            self._known[candidate] = (self._must_run or not self._stops(candidate)) and (
                self._judged(candidate)
            )
        return self._known[candidate]

    def _judged(self, candidate: Function) -> bool:
        names = {**self._solved, self._name: candidate}
        with warnings.catch_warnings(action="ignore"):
            found = self._stage.judged(names, seconds=SECONDS, diagnose=False)
        return found.kind is OutcomeKind.PASSED

    def _noting(self, *args: Any, **kwargs: Any) -> Any:
        if not self._first:
            self._first.append(copy.deepcopy((args, kwargs)))
        return self._solved[self._name](*args, **kwargs)

    def _stops(self, candidate: Function) -> bool:
        args, kwargs = copy.deepcopy(self._first[0])
        try:
            with warnings.catch_warnings(action="ignore"), time_limit(SECONDS):
                candidate(*args, **kwargs)
        except BlankUsed:
            # a check is told of a blank by another error
            return False
        except (Exception, SystemExit):
            return True
        return False


def _stop(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise RuntimeError


def _fits(candidate: Function, answer: Function) -> bool:
    arity = len(inspect.signature(answer).parameters)
    try:
        inspect.signature(candidate).bind(*range(arity))
    except (TypeError, ValueError):
        return False
    return True


def released_functions(unit: Unit) -> Iterator[tuple[str, Function]]:
    """What a learner can import, with its full name: functions, those of classes and tables."""
    for module in _released_modules(unit):
        for name, value in list(vars(module).items()):
            here = f"{module.__name__}.{name}"
            if inspect.isfunction(value) and value.__module__ == module.__name__:
                yield here, value
            elif inspect.isclass(value) and value.__module__ == module.__name__:
                members = inspect.getmembers_static(value)
                yield from ((f"{here}.{n}", getattr(value, n)) for n, m in members if _plain(m))
            elif isinstance(value, dict):
                yield from ((f"{here}[{k!r}]", v) for k, v in value.items() if _ours(v))
            elif isinstance(value, list | tuple):
                yield from ((f"{here}[{n}]", v) for n, v in enumerate(value) if _ours(v))


def _plain(value: object) -> bool:
    return inspect.isfunction(value) or isinstance(value, staticmethod | classmethod)


def _ours(value: object) -> bool:
    # a table may hold what a learner has just defined
    place = getattr(value, "__module__", None) or ""
    return _plain(value) and place.startswith(("kit.", "_upskill_unit_"))


def at_hand(unit: Unit, stage: Stage) -> Iterator[tuple[str, Function]]:
    """What stands ready in the notebook: methods of its tools, functions of its locked cells."""
    tools = stage.workbook.tools
    for name, value in inspect.getmembers(tools, inspect.ismethod):
        if value.__func__.__module__.startswith("_upskill_unit_"):
            yield f"wb.tools.{name}", value
    # what an earlier answer defined is the learner's own
    own = {
        node.id if isinstance(node, ast.Name) else getattr(node, "name", "")
        for answer in answers_of(unit).values()
        for node in ast.walk(ast.parse(answer))
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store)
    }
    for name, value in stage.names.items():
        if inspect.isfunction(value) and value.__code__.co_filename == CELL and name not in own:
            yield name, value


def _released_modules(unit: Unit) -> Iterator[ModuleType]:
    for path in released_files(unit):
        if path.stem != "__init__":
            yield unit_module(unit, ".".join(path.relative_to(unit.folder).with_suffix("").parts))
    for package in _RELEASED:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            yield importlib.import_module(info.name)
