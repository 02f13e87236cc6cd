"""nbgrader's steps of autograding, as a course's configuration names them, and which are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor, ExecutePreprocessor
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from kit.errors import GradingError
from kit.grading.course import CONFIG_FILE, Course
from kit.grading.execute import ExecuteAs
from kit.grading.keep import KeepMarks, NoteKey
from kit.grading.links import before_converting
from kit.grading.metadata import CheckMetadata
from kit.grading.preprocessors import ScoreOutcome, TidyCells
from kit.grading.sources import KnownCells, KnownKernelspec, KnownNotebook

# steps that are taken as they are; the others are replaced, or left to who saves the marks
_PLAIN = {
    TidyCells, ClearOutput, DeduplicateIds, ScoreOutcome, IgnorePattern,
    ClearMetadataPreprocessor, LimitOutput,
}  # fmt: skip
_RUNS = {Execute, ExecuteAs}
_KNOWN = {OverwriteKernelspec: KnownKernelspec, OverwriteCells: KnownCells}
_CHEAPER = {CheckCellMetadata: CheckMetadata}
_SAVES = {SaveAutoGrades, AssignLatePenalties, NoteKey, KeepMarks}


def can_stage(course: Course) -> bool:
    """Whether all steps of the course's configuration are known here."""
    converter = _converter(course)
    known = _PLAIN | _RUNS | _KNOWN.keys() | _CHEAPER.keys() | _SAVES
    hooks = {converter.pre_convert_hook, converter.post_convert_hook} - {None, before_converting}
    plain = converter.create_student and not course.directory().groupshared
    return plain and not hooks and all(_class(step) in known for step in _all(converter))


def fence(course: Course) -> None:
    """Let nbgrader itself, with a course's own steps, run and save notebooks as we do.

    GradingError when a step of somebody else's runs them itself.
    """
    converter = _converter(course)
    for step in map(_class, _all(converter)):
        if isinstance(step, type) and issubclass(step, ExecutePreprocessor) and step not in _RUNS:
            raise GradingError(
                "A step of this course's own runs notebooks, and no fence is around it: {step}",
                where=str(course.root / CONFIG_FILE),
                fix="Leave it out, or for people whom you trust: --sandbox none",
                step=step.__name__,
            )
    if course.of_the_kit:
        return
    ours = dict.fromkeys(_RUNS, ExecuteAs) | {SaveAutoGrades: KeepMarks}
    course.config.Autograde.sanitize_preprocessors = [NoteKey, *converter.sanitize_preprocessors]
    course.config.Autograde.autograde_preprocessors = [
        ours.get(_class(step), step)
        for step in converter.autograde_preprocessors
        if _class(step) is not AssignLatePenalties
    ]


def taken(steps: Sequence[Any], exporter: Any, known: Mapping[str, KnownNotebook]) -> list[Any]:
    """Fresh steps for one notebook, those that save left out."""
    made = []
    for kind in map(_class, steps):
        if kind in _SAVES:
            continue
        mine = ExecuteAs if kind in _RUNS else {**_KNOWN, **_CHEAPER}.get(kind, kind)
        step = mine(parent=exporter)
        if mine in _KNOWN.values():
            step.known = known
        made.append(step)
    return made


def _converter(course: Course) -> Any:
    return Autograde(coursedir=course.directory(), config=course.config)


def _all(converter: Any) -> tuple[Any, ...]:
    return (*converter.sanitize_preprocessors, *converter.autograde_preprocessors)


def _class(step: Any) -> Any:
    if not isinstance(step, str):
        return step
    module, _, name = step.rpartition(".")
    return getattr(import_module(module), name, None)
