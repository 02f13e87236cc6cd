"""What was found of a file's columns, shown before anything is read."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd

from kit.data.own.contract import TableRule
from kit.data.own.remember import header_key, remember
from kit.data.own.suggest import Guess, missing, roles_of, told
from kit.errors import UsageError
from kit.home import LearnerHome

if TYPE_CHECKING:
    from kit.data.own.export import Own

Again = Callable[[Mapping[str, Mapping[str, str]]], "Own | Proposal"]


@dataclass(frozen=True)
class Asked:
    """One file whose columns are known by their content only."""

    file: str
    header: tuple[str, ...]
    guesses: tuple[Guess, ...]


@dataclass(frozen=True)
class Proposal:
    """Suggested columns that nobody has confirmed yet; nothing has been read.

    ``roles`` is the suggestion (column to role) for the first file; ``confirm()`` takes it,
    ``confirm({"COLUMN": "cpu"})`` corrects it. Anything else asks for the confirmation.
    """

    asked: tuple[Asked, ...]
    rule: TableRule
    say: Callable[..., str] = field(repr=False)
    again: Again = field(repr=False)
    home: LearnerHome | None = field(default=None, repr=False)

    @property
    def roles(self) -> dict[str, str]:
        """Column to role, as suggested for the first file."""
        return roles_of(self.asked[0].guesses)

    def confirm(self, roles: Mapping[str, str] | None = None) -> Own | Proposal:
        """Take the suggestion, with ``roles`` in their place where it is wrong, and read.

        Kept in the home for exports with this very header. UsageError while a column that
        the unit needs is missing, and for a column that no file has.
        """
        said = dict(roles or {})
        self._require_known(said)
        answers: dict[str, dict[str, str]] = {}
        for one in self.asked:
            here = {column: role for column, role in said.items() if column in one.header}
            answer = roles_of(told(one.guesses, here))
            if lacking := missing(self.rule, answer.values()):
                raise self._lacks(one, lacking[0])
            answers[header_key(one.header)] = answer
        made = self.again(answers)
        for one in self.asked:
            # after reading: a mapping that reads nothing is not worth keeping
            if self.home:
                remember(self.home, one.header, answers[header_key(one.header)])
        return made

    def _require_known(self, said: Mapping[str, str]) -> None:
        there = {column for one in self.asked for column in one.header}
        for column in said:
            if column not in there:
                raise UsageError(
                    "There is no column '{column}'.",
                    where="confirm",
                    fix="Use one of: {known}",
                    column=column,
                    known=", ".join(sorted(there)),
                )

    def _lacks(self, one: Asked, role: str) -> UsageError:
        return UsageError(
            "No column of {file} is known to be: {role}.",
            where=one.file,
            fix='Say which one it is: own = own.confirm({{"{column}": "{role}"}})',
            file=one.file,
            role=role,
            column=next((g.column for g in one.guesses if not g.role), one.header[-1]),
        )

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            # a notebook asks every object for its pictures
            raise AttributeError(name)
        raise UsageError(
            "The columns of {file} are not confirmed yet, so nothing is read.",
            where="own",
            fix="Look at the table of columns, then: own = own.confirm()",
            file=self.asked[0].file,
        )

    # --- as people see it -------------------------------------------------------------

    def table(self, one: Asked) -> pd.DataFrame:
        """The suggestion for one file, with heads in the reader's language."""
        say = self.say
        rows = [
            (g.column, g.example, g.role or say("not read"), say(g.because)) for g in one.guesses
        ]
        heads = (say("column"), say("for example"), say("looks like"), say("because"))
        return pd.DataFrame(rows, columns=list(heads))

    def _head(self, one: Asked) -> str:
        return f"{one.file}: {self.say(self.rule.title)}"

    def _lines(self) -> tuple[str, str]:
        question = self.say(
            "Is this right? Nothing of these files is read until you confirm their columns."
        )
        step = self.say(
            "Right: own = own.confirm()   ·   wrong: own = own.confirm({example})",
            example='{"COLUMN": "ROLE"}',
        )
        return question, step

    def __repr__(self) -> str:
        question, step = self._lines()
        tables = [
            f"{self._head(one)}\n{self.table(one).to_string(index=False)}" for one in self.asked
        ]
        return "\n".join([question, *tables, step])

    def _repr_html_(self) -> str:
        question, step = self._lines()
        parts = [f"<p><b>{html.escape(question)}</b></p>"]
        for one in self.asked:
            parts.append(f"<p>{html.escape(self._head(one))}</p>{_html(self.table(one))}")
        return "".join(parts) + f"<p><code>{html.escape(step)}</code></p>"


def _html(frame: pd.DataFrame) -> Any:
    # pandas cuts texts at 50 characters
    with pd.option_context("display.max_colwidth", None):
        return frame.to_html(index=False, justify="left", notebook=True)
