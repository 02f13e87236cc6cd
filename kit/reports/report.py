"""Everything that a report says, computed once: pages and files are made of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kit.cohort import Cohort, aligned, enrolled
from kit.i18n import Translator
from kit.model import Exercise, ExerciseKind, Part, Programme, Reality, Unit
from kit.reports import figures
from kit.reports.mistakes import Words, words_of
from kit.reports.states import standing_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Report:
    """A cohort with the tables of ``kit.reports.states`` and ``kit.reports.figures``.

    ``units`` are those of the programme, in its order, and the course's others after them.
    ``names`` has what each learner is called, the id where no name is known. ``counted`` is
    the cohort without those who are not on its roster: statistics speak of it.
    """

    cohort: Cohort
    counted: Cohort
    units: Mapping[str, Unit]
    programme: Programme
    standing: pd.DataFrame
    evidence: pd.DataFrame
    funnel: pd.DataFrame
    difficulty: pd.DataFrame
    mistakes: pd.DataFrame
    gains: pd.DataFrame
    declared: pd.DataFrame
    helped: pd.DataFrame
    dates: pd.DataFrame
    names: Mapping[str, str]


def make_report(cohort: Cohort, units: Mapping[str, Unit], programme: Programme) -> Report:
    """Compute every table once, for the programme's units and what else the course has.

    A unit that the programme has no rule for is shown, and never counts as complete.
    """
    chosen, programme = with_others(cohort, units, programme)
    cohort = aligned(cohort)
    standing, evidence = standing_table(cohort, chosen, programme)
    counted, roster = enrolled(cohort), standing[standing["enrolled"]]
    return Report(
        cohort=cohort,
        counted=counted,
        units=chosen,
        programme=programme,
        standing=_texts(standing),
        evidence=_texts(evidence),
        funnel=_texts(figures.funnel_table(roster, programme)),
        difficulty=_texts(figures.difficulty_table(counted, chosen)),
        mistakes=_texts(figures.mistake_table(counted, chosen)),
        gains=_texts(figures.gain_table(counted, programme)),
        declared=_texts(figures.declared_table(roster, programme)),
        helped=_texts(figures.help_table(counted, programme)),
        dates=_texts(figures.date_table(counted, roster)),
        names=_names(cohort.learners),
    )


def _names(people: pd.DataFrame) -> dict[str, str]:
    ids = people["learner"].tolist()
    return {id_: name or id_ for id_, name in zip(ids, people["name"].tolist(), strict=True)}


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """The table with texts for categories: pages and files add to them and compare them."""
    return table.astype(dict.fromkeys(table.select_dtypes("category"), "str"))


def with_others(
    cohort: Cohort, units: Mapping[str, Unit], programme: Programme
) -> tuple[dict[str, Unit], Programme]:
    """The programme's units, then those of the course that no programme names.

    Of assignments that are nobody's unit here, the gradebook knows the exercises' names.
    """
    others = [name for name in cohort.assignments["unit"].unique() if name not in programme.units]
    chosen = {name: units[name] for name in programme.units}
    chosen |= {name: units.get(name) or _foreign(cohort, name) for name in others}
    return chosen, replace(programme, units=tuple(chosen))


def _foreign(cohort: Cohort, name: str) -> Unit:
    parts = cohort.assignments.loc[cohort.assignments["unit"] == name]
    of = dict(zip(parts["assignment"], parts["part"], strict=True))
    cells = cohort.exercises[cohort.exercises["assignment"].isin(list(of))]
    exercises = tuple(
        Exercise(
            id=exercise,
            title=exercise,
            part=Part(of[assignment]),
            kind=ExerciseKind.JUDGEMENT,
            reality=Reality.REAL,
            minutes=0,
            points=round(points),
        )
        for exercise, assignment, points in zip(
            cells["exercise"], cells["assignment"], cells["max_score"], strict=True
        )
    )
    # without texts of its own: no folder to look into
    return Unit(name, "", "", name, "", 0, (), date.max, Path(os.devnull), exercises)


class Speaker:
    """The words of a report in one language: the kit's own, and those of each unit."""

    def __init__(self, units: Mapping[str, Unit], language: str) -> None:
        self.tr = Translator(language)
        self._units = units
        self._of = {
            name: Translator(language, unit.folder / "locale") for name, unit in units.items()
        }

    def unit(self, name: str) -> str:
        """A unit's title."""
        unit = self._units.get(name)
        return self._of[name](unit.title) if unit else name

    def exercise(self, unit: str, name: str) -> str:
        """An exercise's title."""
        known = self._units[unit].exercises if unit in self._units else ()
        titles = [e.title for e in known if e.id == name]
        return self._of[unit](titles[0]) if titles else name

    def mistake(self, unit: str, exercise: str, label: str) -> Words:
        """A common mistake's title and what helps."""
        return words_of(self._units[unit], exercise, label, self._of[unit])
