"""What was set or typed in a widget and is no answer: kept beside the progress, never handed in.

HOME/.upskill/settings/UNIT/PART.json    plain JSON, by key
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kit.files import read_json, write_json
from kit.home import LearnerHome


def draft_key(exercise: str) -> str:
    """The key of what was typed into an exercise's form and not saved."""
    return f"draft {exercise}"


class Settings:
    """The settings of one part of a unit in one home."""

    def __init__(self, home: LearnerHome, unit: str, part: str) -> None:
        self.path: Path = home.state / "settings" / unit / f"{part}.json"

    def read(self) -> dict[str, Any]:
        """All of them; a damaged file holds none, for they can be set again."""
        try:
            kept = read_json(self.path, {})
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def update(self, settings: Mapping[str, object]) -> None:
        """Keep these, None for one that is gone; a disk that takes nothing costs nothing else."""
        kept = {**self.read(), **settings}
        with suppress(OSError):
            write_json(self.path, {key: value for key, value in kept.items() if value is not None})

    def drafts(self, exercises: Iterable[str]) -> dict[str, Any]:
        """The drafts of these exercises that there are, by their keys."""
        kept = self.read()
        return {key: kept[key] for one in exercises if (key := draft_key(one)) in kept}
