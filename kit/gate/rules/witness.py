"""Looks at every outcome that the gate makes: no fault of ours, and nothing given away."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.checking.limits import TimeLimitPassed
from kit.content import find_exercise
from kit.gate.findings import Report
from kit.gate.places import Place, check_place, frame_place, label_place, report_place
from kit.gate.rehearse import SlowCheck, Stage, answers_of
from kit.gate.rules.fresh import FreshResults, calls_of
from kit.gate.rules.labels import prove_label
from kit.gate.rules.leaks import RULE, Secrets
from kit.i18n import LANGUAGES, Translator
from kit.model import Exercise, Outcome, OutcomeKind, Unit

# how many answers that earn the same words are compared with the model answer, call by call
COMPARED = 2
# texts differ in every message, so that a label has to stand for its words
COMPARED_TEXTS = 6


class Noting(Translator):
    """A translator that notes which templates it was asked for."""

    def __init__(self, language: str, *folders: Path) -> None:
        super().__init__(language, *folders)
        self.asked: set[str] = set()

    def __call__(self, template: str, **values: object) -> str:
        """As any translator."""
        self.asked.add(str(template))
        return super().__call__(template, **values)


class Witness:
    """Judges answers of one stage: ``uncheckable``, ``diagnose``, ``leak-message``, ``labels``.

    Whoever tries answers, such as common mistakes and mutants, asks it instead of the stage.
    """

    def __init__(self, unit: Unit, stage: Stage, report: Report) -> None:
        self.unit, self.stage, self.report = unit, stage, report
        self._heard: set[str] = set()
        self._compared: Counter[str] = Counter()
        self._last: tuple[dict[str, Any], FreshResults] | None = None
        self._named: dict[str, list[bool]] = {}
        self._named_for: dict[str, Any] | None = None

    @cached_property
    def solved(self) -> dict[str, Any]:
        """The names after the model answer."""
        return self.stage.run(answers_of(self.unit)[self.stage.exercise])

    @cached_property
    def _secrets(self) -> Secrets:
        return Secrets(self.unit, self._exercise, self.solved)

    @property
    def _exercise(self) -> Exercise:
        return find_exercise(self.unit, self.stage.exercise)

    @cached_property
    def _place(self) -> Place:
        return check_place(self.unit, self.stage.exercise)

    def outcome(self, code: str, tried: str) -> Outcome:
        """The outcome of an answer cell; ``tried`` says in findings what it is."""
        return self.look(self.stage.run(code), code, tried)

    def outcome_with(self, tried: str, **replaced: Any) -> Outcome:
        """The outcome of the model answer with some of its names replaced."""
        code = answers_of(self.unit)[self.stage.exercise]
        return self.look({**self.solved, **replaced}, "", tried or code)

    def look(self, names: dict[str, Any], code: str, tried: str) -> Outcome:
        """The outcome with the names that ``code`` left behind."""
        slow: list[SlowCheck] = []

        def on_broken(diagnosis: str, error: Exception) -> None:
            self._blame("diagnose", frame_place(self.unit, error),
                        f"The diagnosis `{diagnosis}` of '{self.stage.exercise}' stops on "
                        f"{tried}: {type(error).__name__}: {error}",
                        "Take values by expect there too, or return None.")  # fmt: skip
            if isinstance(error, TimeLimitPassed):
                slow.append(SlowCheck(self.stage.exercise, f"The diagnosis `{diagnosis}`",
                                      frame_place(self.unit, error) or self._place))  # fmt: skip

        noting = Noting(self._translate.language, self._locale)
        with self._speaking(noting):
            outcome = self.stage.judged(names, on_broken)
        if slow:
            raise slow[0]
        if outcome.kind is OutcomeKind.UNCHECKABLE:
            last = " ".join(line.strip() for line in outcome.report.splitlines()[-2:])
            self._blame("uncheckable", report_place(self.unit, outcome.report),
                        f"The check of '{self.stage.exercise}' stops on {tried}: {last}",
                        "Take values by expect and work: what is wrong in them is then a "
                        "Mistake.")  # fmt: skip
        elif outcome.kind in (OutcomeKind.INCORRECT, OutcomeKind.ERROR):
            self.report.told |= noting.asked
            self._listen(outcome, names, code, tried)
            if outcome.kind is OutcomeKind.INCORRECT and outcome.feedback:
                prove_label(self.unit, outcome.feedback.label, self.report)
        return outcome

    def _listen(self, outcome: Outcome, names: dict[str, Any], code: str, tried: str) -> None:
        self._hear(outcome, names, code, tried)
        label = outcome.feedback.label if outcome.feedback else ""
        if label in self._heard:
            return
        # one message in another language shows how its translation writes the same values
        self._heard.add(label)
        for language in LANGUAGES:
            if language != self._translate.language:
                with self._speaking(Translator(language, self._locale)):
                    self._hear(self.stage.judged(names), names, code, tried)

    @property
    def _translate(self) -> Translator:
        return self.stage.workbook.translate

    @property
    def _locale(self) -> Path:
        return self.unit.folder / "locale"

    @contextlib.contextmanager
    def _speaking(self, translate: Translator) -> Iterator[None]:
        workbook, kept = self.stage.workbook, self._translate
        workbook.translate = translate
        try:
            yield
        finally:
            workbook.translate = kept

    def _hear(self, outcome: Outcome, names: dict[str, Any], code: str, tried: str) -> None:
        said = outcome.feedback
        if said is None:
            return
        mine = [names.get(name) for name in self._exercise.names or names]
        # the trace of an error quotes the learner's own cell
        text = "\n".join([said.seen, said.required, said.step])
        told = self._secrets.told_by(text, code, mine) or self._fresh_told(
            said.label, text, code, names, mine
        )
        if told:
            place = label_place(self.unit, said.label)
            self._blame(RULE, place if place[1] else None,
                        f"The message '{said.label}' of '{self.stage.exercise}' on {tried} "
                        f"tells {told}",
                        "Say what is wrong with their value, never the right one.")  # fmt: skip

    def _fresh_told(
        self, label: str, text: str, code: str, names: dict[str, Any], mine: list[Any]
    ) -> str:
        """A right value of the check's own inputs in ``text``; "" for none."""
        computed = self._secrets.computed(text, code, mine)
        shape = re.sub(r"[\d.,]+", "#", f"{label} {text}")
        # the figures of a message that is said in the same words come of one template
        here = self._calls(shape, names, COMPARED) if computed else None
        told = [w for w, number in computed if here and here.right(number)]
        if told:
            return f"a right value on fresh data: {told[0]}"
        if here := self._calls(label, names, COMPARED_TEXTS):
            return self._text_told(label, text, code, names, here)
        return ""

    def _text_told(
        self, label: str, text: str, code: str, names: dict[str, Any], here: FreshResults
    ) -> str:
        known = f"{self._secrets.read_by_all}\n{code}"
        if listed := here.listed(text, known):
            return f"all that is right on fresh data: {listed}"
        # an example is the right one by chance, and not each time
        named, tries = here.named(text, known), self._named.setdefault(label, [])
        if self._named_for is not names:
            self._named_for = names
            tries.append(bool(named))
        if named and len(tries) >= COMPARED and all(tries):
            return f"the right one on fresh data: {named}"
        return ""

    def _calls(self, shape: str, names: dict[str, Any], most: int) -> FreshResults | None:
        if self._last is None or self._last[0] is not names:
            self._compared[shape] += 1
            if self._compared[shape] > most:
                return None
            # the check runs once more
            self._last = names, FreshResults(calls_of(self.stage, names), self.solved)
        return self._last[1]

    def _blame(self, rule: str, place: Place | None, what: str, fix: str) -> None:
        file, line = place or self._place
        self.report.add(rule, file, what, fix, line=line)
