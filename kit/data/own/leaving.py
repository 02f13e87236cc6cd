"""All that is ever noted of an export, and the part of it that a hand-in takes along."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kit.i18n import mark

_WORDS: Mapping[str, str] = {
    "contract": mark("what was read"),
    "reality": mark("kind of data"),
    "machines": mark("machines in the export"),
    "rows": mark("records read"),
    "kept": mark("kept"),
    "repaired": mark("repaired"),
    "rejected": mark("rejected"),
    "held": mark("statements that held"),
    "checked": mark("statements checked"),
    "sha256": mark("SHA-256 of the files"),
    "at": mark("when it was noted"),
}
_STATES = {
    None: mark("This is all that would be noted in your progress, on this machine:"),
    True: mark("Noted in your progress: this unit counts as applied."),
    False: mark("Not noted: it counts when all holds, on data of your own."),
}


@dataclass(frozen=True)
class Leaving:
    """The record: ``data`` is ``Own.leaving()``, ``handed`` what a hand-in takes of it.

    ``applied`` None: nothing is noted yet; True: it stands in the progress as shown.
    """

    data: Mapping[str, object]
    handed: Mapping[str, object]
    applied: bool | None
    say: Callable[..., str] = field(repr=False)

    def _parts(self) -> tuple[str, list[str], list[str]]:
        """The state, the record with its keys in words, and what becomes of it."""
        rows = [f"{self._word(key)}: {self._told(value)}" for key, value in self.data.items()]
        handed = ", ".join(self._word(key) for key in self.handed)
        ends = [
            self.say("In a trainer's course, a hand-in takes along: {handed}.", handed=handed),
            self.say("Nothing else leaves this machine: no name, no value, no file."),
        ]
        return self.say(_STATES[self.applied]), rows, ends

    def __repr__(self) -> str:
        state, rows, ends = self._parts()
        return "\n".join([state, *(f"  {row}" for row in rows), *ends])

    def _repr_html_(self) -> str:
        state, rows, ends = self._parts()
        items = "".join(f"<li>{html.escape(row)}</li>" for row in rows)
        told = "".join(f"<p>{html.escape(line)}</p>" for line in ends)
        return f"<p><b>{html.escape(state)}</b></p><ul>{items}</ul>{told}"

    def _word(self, key: str) -> str:
        return self.say(_WORDS.get(key, key))

    def _told(self, value: object) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return self.say(value) if isinstance(value, str) else f"{value:,}"
