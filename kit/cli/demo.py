"""``upskill demo``: a cohort of generated learners through the real thing, to the report.

OUT/
    course/          an nbgrader course with its gradebook.db; every command works on it
    homes/           the learners' homes, with their feedback in them
    report.html, completion.csv
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from kit.cli.bar import Step, progress_bar
from kit.content import find_unit, load_programme, load_units
from kit.errors import UsageError
from kit.files import write_text
from kit.home import LearnerHome
from kit.i18n import Translator, mark, resolve_language
from kit.model import Part

if TYPE_CHECKING:
    from kit.demo import Person, Worked
    from kit.grading.course import Course

COURSE_ID = "demo"
UNIT = "rightsizing"
# the cohort's calendar: days before today
STARTED, DUE = 12, 3
LATE_PER_DAY = 0.1
# what the generated trainer gives, as levels of the rubric
LEVELS = (3, 2, 3, 1)
_MARK = """\
Everything in this folder is SYNTHETIC: generated learners, generated answers.
It was made by: upskill demo
"""


def run_demo(count: int, out: Path | None, lang: str | None) -> Path:
    """Make the demonstration and say where everything lies; returns its folder."""
    language = resolve_language(lang)
    say, console = Translator(language), Console(highlight=False)
    from kit.gate.rehearse import need_answers

    root = (out or Path("upskill-demo")).expanduser().resolve()
    need_answers(find_unit(UNIT), "upskill demo")
    _prove_free(root)
    with progress_bar(say(mark("Starting"))) as step:
        demo = _Demo(root, count, language, say, step)
        problems = demo.play()
    for line in (
        say(mark("{n} generated learners. Everything here is SYNTHETIC."), n=count),
        *problems,
        "",
        say(mark("Report: {path}"), path=root / "report.html"),
        say(mark("Completion: {path}"), path=root / "completion.csv"),
        say(mark("Course with its gradebook: {path}"), path=demo.course_folder),
        "",
        say(
            mark("Grade by hand: {command}"),
            command=f"upskill formgrader --course {root / 'course'}",
        ),
        say(
            mark("See it as a learner does: {command}"),
            command=f"upskill start --home {root / 'homes' / 'learner-01'}",
        ),
        say(mark("Then your own: {command}"), command="upskill course my-course --id my-course"),
    ):
        console.print(Text(line), soft_wrap=True)
    return root


def _prove_free(root: Path) -> None:
    if not root.exists() or not any(root.iterdir()):
        return
    if not (root / "SYNTHETIC.txt").is_file():
        raise UsageError(
            "This folder holds something else already.",
            where=str(root),
            fix="Name an empty one: upskill demo --out DIR",
        )
    # an earlier demonstration, and nothing else, is made anew
    for name in ("course", "homes"):
        shutil.rmtree(root / name, ignore_errors=True)


class _Demo:
    """One run; each method is a stage of the lifecycle, in the order they are played."""

    def __init__(self, root: Path, count: int, language: str, say: Translator, step: Step) -> None:
        from kit.demo import cast

        self.root, self.language, self.say, self.step = root, language, say, step
        self.course_folder = root / "course"
        self.people = cast(count, language)
        self.unit = find_unit(UNIT)
        today = datetime.now(UTC).date()
        self.started = datetime.combine(today - timedelta(days=STARTED), time(0, 30), UTC)
        self.due = today - timedelta(days=DUE)

    def play(self) -> list[str]:
        """From an empty folder to report and feedback; returns what the trainer is told."""
        from kit.cli.grade import summary
        from kit.grading.batch import grade
        from kit.grading.collect import collect
        from kit.runner.level import found

        course = self._course()
        worked = [self._work(person, course) for person in self.people]
        self._hand_in(worked)
        self._tell(mark("Collecting"))
        collect(course, self.unit)
        self._hand_in_again(worked)
        collect(course, self.unit)
        # these learners are our own: nothing is run that is not the kit's, so any will do
        graded = grade(course, self.unit, progress=self._graded, sandbox=found().level)
        self._judge(course)
        self._tell(mark("Writing feedback and report"))
        self._feedback(course, worked)
        left = self._report(course)
        return summary(
            [replace(g, to_grade=left[g.learner, g.assignment]) for g in graded], self.say
        )

    def _tell(self, text: str, done: int = 0, total: int = 0) -> None:
        self.step(self.say(text), done, total)

    def _graded(self, done: int, total: int, _text: str) -> None:
        told = self.say(mark("Grading with nbgrader, {done} of {total}"), done=done, total=total)
        self.step(told, done, total)

    def _course(self) -> Course:
        from kit.grading.cohort_file import SYNTHETIC_FILE, read_cohort_file
        from kit.grading.make_course import make_course
        from kit.grading.release import release

        self._tell(mark("Making the course and releasing the unit"))
        self.root.mkdir(parents=True, exist_ok=True)
        write_text(self.root / "SYNTHETIC.txt", _MARK)
        cohort = self.root / "cohort.toml"
        write_text(cohort, self._cohort())
        course = make_course(self.course_folder, COURSE_ID, cohort)
        write_text(course.root / SYNTHETIC_FILE, _MARK)
        release(course, self.unit, read_cohort_file(cohort))
        return course

    def _cohort(self) -> str:
        title = self.say(mark("Demonstration: Right-sizing"))
        lines = [
            "# Generated by upskill demo.",
            f'id = "{COURSE_ID}"',
            f'title = "{title}"',
            f'language = "{self.language}"',
            "",
            "[late]",
            f"per_day = {LATE_PER_DAY}",
            "most = 0.5",
            "",
            "[[units]]",
            f'unit = "{self.unit.id}"',
            f"practice_due = {self.due}",
            f"graded_due = {self.due}",
        ]
        for p in self.people:
            lines += ["", "[[learners]]", f'id = "{p.id}"', f'name = "{p.name}"']
            lines += [f'team = "{p.team}"', f'language = "{p.language}"']
        return "\n".join(lines) + "\n"

    def _work(self, person: Person, course: Course) -> Worked:
        from kit.demo.work import shared_out, work_through
        from kit.grading.exchange import exchange_root

        done = self.people.index(person)
        told = self.say(mark("{name} works"), name=person.name)
        self.step(told, done, len(self.people))
        home = LearnerHome(
            self.root / "homes" / person.id,
            person.id,
            COURSE_ID,
            person.language,
            exchange_root(course),
        )
        mistakes = shared_out(self.unit, self.people)[person.id]
        return work_through(person, home, self.unit, mistakes, self.started)

    def _hand_in(self, worked: list[Worked]) -> None:
        from kit.demo import Stage
        from kit.demo.work import damage

        self._tell(mark("Handing in through the exchange"))
        for one in worked:
            if one.person.stage is Stage.BROKEN:
                damage(one.home, self.unit, Part.PRACTICE)
            if one.person.hands_in_practice:
                self._submit(one, Part.PRACTICE, one.practised)
            if one.person.hands_in_graded:
                late = one.person.stage is Stage.LATE
                self._submit(one, Part.GRADED, self._after_due() if late else one.graded)

    def _after_due(self) -> datetime:
        return datetime.combine(self.due, time(12), UTC) + timedelta(days=2)

    def _submit(self, one: Worked, part: Part, moment: datetime) -> None:
        from kit.grading.hand_in import hand_in_part

        hand_in_part(one.home, self.unit, part, moment)

    def _hand_in_again(self, worked: list[Worked]) -> None:
        from kit.demo import Stage

        for one in worked:
            if one.person.stage is Stage.AGAIN:
                self._submit(one, Part.GRADED, one.graded + timedelta(hours=5))

    def _judge(self, course: Course) -> None:
        """The generated trainer rates manual work, all but that of those who wait."""
        from kit.demo import Stage
        from kit.grading.rate import rate

        waiting = {p.id for p in self.people if p.stage is Stage.WAITING}
        rated = [p for p in self.people if p.hands_in_graded and p.id not in waiting]
        for number, person in enumerate(rated):
            rate(course, self.unit, person.id, LEVELS[number % len(LEVELS)])

    def _feedback(self, course: Course, worked: list[Worked]) -> None:
        from kit.cli.fetch import fetch
        from kit.grading.give_feedback import give_feedback

        give_feedback(course, self.unit)
        for one in worked:
            fetch(one.home)

    def _report(self, course: Course) -> Counter[tuple[str, str]]:
        """Write the files; returns how many cells still wait, by learner and assignment."""
        from kit.grading.read import read_cohort
        from kit.reports import export, page
        from kit.reports.report import make_report

        cohort = read_cohort(course)
        report = make_report(cohort, load_units(), load_programme())
        write_text(self.root / "report.html", page.render(report, self.language))
        export.write_csv(report, self.root / "completion.csv", self.language)
        left: Counter[tuple[str, str]] = Counter()
        for row in cohort.submissions.to_dict("records"):
            left[row["learner"], row["assignment"]] = int(row["to_grade"])
        return left
