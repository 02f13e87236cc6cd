"""Where a work product comes from: what a reader needs in order to trust it or to redo it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import kit
from kit.i18n import Translator

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Provenance:
    """The footer of a work product. ``data`` maps an input's name to its SHA-256.

    ``reality`` is REAL for the learner's own data, SIMULATED for a unit's case, and SYNTHETIC
    for the built-in example of an export.
    ``ai_use`` and ``reviewer`` are declarations of the person who signs; empty is said
    as "not declared" and "none yet", never left out.
    """

    unit: str
    version: str
    reality: str
    data: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    ai_use: str = ""
    reviewer: str = ""
    made: date = field(default_factory=date.today)

    def lines(self, tr: Translator) -> list[tuple[str, str]]:
        """Label and text, in the translator's language."""
        data = [f"{name}: sha256 {digest}" for name, digest in self.data.items()]
        return [
            (tr("Made with"), f"upskill-kit {kit.__version__}, {self.unit} {self.version}".strip()),
            (tr("Date"), self.made.isoformat()),
            (tr("Data"), tr(self.reality)),
            (tr("Data files"), "\n".join(data) or tr("none")),
            (tr("Checks passed"), ", ".join(self.checks) or tr("none")),
            (tr("Use of AI"), self.ai_use or tr("not declared")),
            (tr("Reviewed by"), self.reviewer or tr("nobody yet")),
        ]


def hash_frame(frame: pd.DataFrame) -> str:
    """SHA-256 of a table's CSV text; the order of rows and columns counts."""
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
