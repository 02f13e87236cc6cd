"""Configure nbgrader for the kit's notebooks: for ``nbgrader`` commands and for our own calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def configure(c: Any, *, course: str = "upskill", folder: str | Path | None = None) -> None:
    """Set up an nbgrader course directory for units; ``c`` is traitlets' config object.

    ``course`` is the course id unless one is set already. It is part of every seed,
    so it must not change while a cohort runs. ``folder`` is the course directory or a
    file in it: plain nbgrader commands then find the exchange that ``upskill`` uses.
    """
    from nbgrader.converters import Autograde, GenerateAssignment
    from nbgrader.preprocessors import AssignLatePenalties, ClearSolutions, Execute, SaveAutoGrades

    from kit.grading.exchange import exchange_of
    from kit.grading.execute import ExecuteAs
    from kit.grading.feedback import KitFeedback
    from kit.grading.gather import CarefulCollect
    from kit.grading.keep import KeepMarks, NoteKey
    from kit.grading.late import LateByCohort
    from kit.grading.links import before_converting
    from kit.grading.preprocessors import ScoreOutcome, TidyCells
    from kit.grading.release import NameCourse
    from kit.grading.rubric import OfflineMaths, RubricBeside, ShieldTrainer, template_folders

    if "course_id" not in c.CourseDirectory:
        c.CourseDirectory.course_id = course
    if folder is not None and "root" not in c.Exchange:
        here = Path(folder).resolve()
        c.Exchange.root = str(exchange_of(here.parent if here.is_file() else here))
    if "collect" not in c.ExchangeFactory:
        c.ExchangeFactory.collect = CarefulCollect
    release = GenerateAssignment.preprocessors.default()
    # a stub is ____ in the source already, and ClearSolutions would replace the whole cell
    c.GenerateAssignment.preprocessors = [
        *(p for p in release if p is not ClearSolutions),
        NameCourse,
    ]
    if "plugin_class" not in c.AssignLatePenalties:
        c.AssignLatePenalties.plugin_class = LateByCohort
    sanitise = Autograde.sanitize_preprocessors.default()
    c.Autograde.sanitize_preprocessors = [NoteKey, TidyCells, *sanitise]
    steps: list[Any] = []
    for step in Autograde.autograde_preprocessors.default():
        if step is Execute:
            steps += [ExecuteAs, ScoreOutcome]
        elif step not in (SaveAutoGrades, AssignLatePenalties):
            steps.append(step)
    c.Autograde.autograde_preprocessors = [*steps, KeepMarks]
    if "pre_convert_hook" not in c.Autograde:
        c.Autograde.pre_convert_hook = before_converting
    c.GenerateFeedback.exporter_class = KitFeedback
    # Formgrader makes its grading page with this exporter
    told = c.HTMLExporter.get("preprocessors")
    before = told if isinstance(told, list) else []
    c.HTMLExporter.preprocessors = [*before, ShieldTrainer, OfflineMaths, RubricBeside]
    c.HTMLExporter.extra_template_basedirs = template_folders()
