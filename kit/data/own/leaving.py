"""All that is ever noted of an export, and the part of it that a hand-in takes along."""

from __future__ import annotations

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

    def __repr__(self) -> str:
        """The record with its keys in words; in the progress they stay as they are."""
        handed = ", ".join(self._word(key) for key in self.handed)
        lines = [
            self.say(_STATES[self.applied]),
            *(f"  {self._word(key)}: {self._told(value)}" for key, value in self.data.items()),
            self.say("In a trainer's course, a hand-in takes along: {handed}.", handed=handed),
            self.say("Nothing else leaves this machine: no name, no value, no file."),
        ]
        return "\n".join(lines)

    def _word(self, key: str) -> str:
        return self.say(_WORDS.get(key, key))

    def _told(self, value: object) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return self.say(value) if isinstance(value, str) else f"{value:,}"
