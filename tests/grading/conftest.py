"""A tiny unit, a learner's home made from it, and the real nbgrader on both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from feedback_helpers import new_course
from lifecycle_helpers import answer_all, joined_home, write_cohort

from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.grading.make_course import make_course
from kit.grading.release import release
from kit.home import LearnerHome, make_home, open_home
from kit.model import Unit

MakeHome = Callable[..., LearnerHome]


@pytest.fixture(scope="module", autouse=True)
def not_my_files(own_user: Path) -> None:
    """nbgrader keeps receipts for a user and not for a course: none of a real user's."""


@pytest.fixture(scope="module")
def new_home(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> MakeHome:
    def make(language: str = "en") -> LearnerHome:
        home = open_home(tmp_path_factory.mktemp("learner") / "home", language)
        make_home(home)
        return home

    return make


@pytest.fixture(scope="module")
def course(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A released course."""
    base = tmp_path_factory.mktemp("trainer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        made = make_course(base / "course", "mig26", write_cohort(base / "mig26.toml"))
        release(made, content)
        yield made


@pytest.fixture(scope="module")
def english_course(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A released course that speaks English, with an exchange of its own."""
    base = tmp_path_factory.mktemp("trainer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        patch.setenv("UPSKILL_LANG", "en")
        yield new_course(base, content)


@pytest.fixture
def learner(
    course: Course, content: Unit, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[LearnerHome]:
    """A learner of this test only, with everything answered."""
    name = "t" + hashlib.sha256(request.node.name.encode()).hexdigest()[:8]
    home = joined_home(course, exchange_root(course), name, tmp_path / "home")
    answer_all(home, content)
    yield home
