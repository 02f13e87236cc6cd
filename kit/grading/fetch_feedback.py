"""A learner of a trainer's course fetches what was released, by nbgrader's own exchange class."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.content import load_units
from kit.errors import GradingError
from kit.grading.course import nbgrader_config, quiet
from kit.grading.exchange import handing, handing_note
from kit.grading.give_feedback import feedback_data
from kit.home import LearnerHome, notebook_name
from kit.model import Part, Unit

FOLDER = "feedback"


@dataclass(frozen=True)
class Fetched:
    """One feedback page in the home. ``data`` is the summary that it carries."""

    page: Path
    data: dict[str, Any]


def fetch_feedback(home: LearnerHome) -> None:
    """Fetch the released feedback on everything that was handed in from this home.

    It lies in HOME/<assignment>/feedback/<time of the submission>/. Nothing released is
    no error; GradingError when the exchange cannot be read.
    """
    if home.exchange is None or not (home.exchange / home.course).is_dir():
        raise GradingError(
            "The course's exchange folder is not there.",
            where=str(home.exchange or home.root),
            fix="Ask your trainer whether it has moved; then: upskill join {course} --exchange DIR",
            course=home.course,
        )
    if not (home.exchange / home.course / FOLDER).is_dir():
        return
    log_file = home.state / "exchange.log"
    try:
        with quiet(log_file) as log:
            try:
                _fetch(home)
            except Exception:
                log.exception("Fetching feedback failed")
                raise
    except Exception as error:
        raise GradingError(
            "Feedback could not be fetched: {error}",
            where=str(home.exchange),
            fix="Your work is unchanged. Show this to your trainer, with {log}",
            error=error,
            log=str(log_file),
        ) from error


def _fetch(home: LearnerHome) -> None:
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory

    from kit.grading.whole import settle

    # a hand-in that was killed as it arrived has left the name of its feedback half-way
    with handing(home):
        settle(handing_note(home))
    config = copy.deepcopy(nbgrader_config(None))
    config.CourseDirectory.course_id = home.course
    config.Exchange.root = str(home.exchange)
    config.Exchange.assignment_dir = str(home.root)
    config.Exchange.cache = str(_receipts(home, config))
    for unit in load_units().values():
        for part in Part:
            directory = CourseDirectory(
                config=config, assignment_id=unit.assignment(part), student_id=home.learner
            )
            factory = ExchangeFactory(config=config)
            authenticator = Authenticator(config=config)
            factory.FetchFeedback(coursedir=directory, authenticator=authenticator).start()


def _receipts(home: LearnerHome, config: Any) -> Path:
    """nbgrader's copies of what this home handed in, in a cache of the home's own.

    Each holds the secret that names its feedback. nbgrader keeps one cache for all
    homes of a user, and another one where Jupyter's folders are set, as under
    ``upskill start``: it would mix homes up, or find nothing.
    """
    own = home.state / "nbgrader_cache"
    for cache in _caches(home, config):
        for folder in (cache / home.course).glob(f"{home.learner}+*"):
            kept = own / home.course / folder.name
            if kept.is_dir():
                continue
            kept.mkdir(parents=True)
            for path in (*folder.glob("*.ipynb"), *folder.glob("submission_secret.txt")):
                shutil.copyfile(path, kept / path.name)
    return own


def _caches(home: LearnerHome, config: Any) -> Iterator[Path]:
    from jupyter_core.paths import jupyter_data_dir

    told = config.Exchange.get("cache")
    if told:
        yield Path(str(told))
    name = "nbgrader_cache"
    yield Path(jupyter_data_dir()) / name
    yield home.state / "jupyter" / "data" / name
    # what a terminal uses; `quiet` restores the environment
    os.environ.pop("JUPYTER_DATA_DIR", None)
    yield Path(jupyter_data_dir()) / name


def fetched_pages(home: LearnerHome, unit: Unit, part: Part) -> list[Fetched]:
    """The feedback pages on one part that lie in the home, newest submission first."""
    assignment = unit.assignment(part)
    folders = sorted((home.assignment_folder(unit, part) / FOLDER).glob("*"), reverse=True)
    page = Path(notebook_name(part)).with_suffix(".html").name
    found = [Fetched(f / page, feedback_data(f / page)) for f in folders if (f / page).is_file()]
    mine = {"assignment": assignment, "course": home.course, "learner": home.learner}
    return [one for one in found if mine.items() <= one.data.items()]
