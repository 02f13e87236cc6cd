"""``upskill join | ask``: a learner takes part in a trainer's course."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from kit.cli.reset import parse_target
from kit.content import load_units
from kit.errors import GradingError, HomeError, UsageError
from kit.home import LearnerHome, make_home, open_home
from kit.i18n import Translator, mark
from kit.model import Part


def run_join(
    course: str, exchange: Path | None, learner: str | None, root: Path | None, lang: str | None
) -> None:
    """Make the home part of a course; earlier work is copied before anything changes."""
    home = open_home(root, lang)
    tr, console = Translator(home.language), Console(highlight=False)
    with console.status(tr(mark("Looking for the course …"))):
        joined, kept = join(home, course, exchange, learner)
    # from here on the course's language, where the learner has chosen none
    tr = Translator(joined.language)
    told = mark("You take part in {course} as {learner}. Home: {path}")
    _say(
        console,
        tr(told, course=joined.course, learner=joined.learner, path=joined.root),
    )
    if kept is not None:
        _say(
            console,
            tr(
                mark(
                    "Your case has other numbers now: run your notebooks again from the top. "
                    "What you had is copied to {path}"
                ),
                path=kept,
            ),
        )
    _say(console, tr(mark("Next: upskill start. Hand in with: upskill submit UNIT")))


def join(
    home: LearnerHome, course: str, exchange: Path | None = None, learner: str | None = None
) -> tuple[LearnerHome, Path | None]:
    """Join a course; returns the home and where earlier work was copied to, if there was any.

    Raises GradingError when the exchange does not hold the course, UsageError for an id
    that nbgrader cannot use; the home is unchanged then. A learner who has chosen no
    language gets the course's, where it names one, and it does not count as chosen.
    """
    from kit.grading.exchange import course_language, learner_exchange, prove_course
    from kit.progress.due import keep_due

    place = learner_exchange(exchange)
    prove_course(place, _usable(course, "COURSE"), load_units().values())
    told = "" if home.language_chosen else course_language(place, course, load_units().values())
    joined = replace(
        home,
        course=_usable(course, "COURSE"),
        learner=_usable(learner or home.learner, "--learner"),
        exchange=place,
        language=told or home.language,
    )
    changed = (home.course, home.learner) != (joined.course, joined.learner)
    kept = _keep_earlier_work(home) if changed else None
    make_home(joined)
    keep_due(joined, load_units().values())
    return joined, kept


def _usable(name: str, where: str) -> str:
    from kit.grading.cohort_file import valid_id

    try:
        return valid_id(name)
    except ValueError:
        raise UsageError(
            "nbgrader cannot use the name '{name}'.",
            where=where,
            fix="Letters, digits, dot, @, hyphen and underscore will do, without spaces.",
            name=name,
        ) from None


def _keep_earlier_work(home: LearnerHome) -> Path | None:
    """Copy the notebooks of another course, set its results aside; None without any work."""
    if not home.progress_file.is_file() and not _answered(home):
        return None
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    target = home.root / "earlier" / f"{stamp}-{home.course}"
    try:
        target.mkdir(parents=True)
        for unit in load_units().values():
            for part in Part:
                folder = home.assignment_folder(unit, part)
                if folder.is_dir():
                    shutil.copytree(folder, target / folder.name)
            result = home.state / "results" / f"{unit.id}.json"
            if result.is_file():
                # grades of another course say nothing about this one
                shutil.move(result, target / f"result-{unit.id}.json")
        if home.progress_file.is_file():
            shutil.copy2(home.progress_file, target)
    except OSError as error:
        raise HomeError(
            "Your earlier work could not be copied: {reason}",
            where=str(error.filename or target),
            fix="Free some space, then join again. Nothing was changed.",
            reason=error.strerror or error,
        ) from None
    return target


def _answered(home: LearnerHome) -> bool:
    from kit.grading.snapshot import not_ready_because

    try:
        return any(
            not not_ready_because(home, unit, part)
            for unit in load_units().values()
            for part in Part
            if unit.of(part)
        )
    except HomeError:
        # a damaged notebook is work too
        return True


def run_ask(text: str, because: str, root: Path | None, lang: str | None) -> None:
    """Ask the trainer to look at the grade of one exercise again."""
    from kit.grading.hand_in import ask_again

    home, target = open_home(root, lang), parse_target(text)
    tr, console = Translator(home.language), Console(highlight=False)
    _prove_joined(home)
    if target.exercise is None or target.exercise.part is not Part.GRADED:
        graded = ", ".join(e.id for e in target.unit.of(Part.GRADED))
        raise UsageError(
            "Name one exercise of the graded assignment.",
            where=text,
            fix="Graded exercises: {graded}",
            graded=graded,
        )
    if not because.strip():
        raise UsageError("Say what should be looked at.", where="--because", fix="One sentence.")
    receipt = ask_again(home, target.unit, target.exercise.id, because.strip())
    _say(
        console,
        tr(
            mark("Your request was handed in at {time}. Your work stays as it was handed in."),
            time=receipt["submitted_at"],
        ),
    )


def _prove_joined(home: LearnerHome) -> None:
    if not home.joined:
        raise GradingError(
            "This home takes part in no trainer's course.",
            where=str(home.root),
            fix="upskill join COURSE --exchange DIR",
        )


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
