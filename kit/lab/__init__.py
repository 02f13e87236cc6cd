"""The embedded cloud: start, stop, reset, persist, inspect; on this machine and nowhere else.

``lab = kit.open_lab()`` starts the home's lab or joins the one that runs.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import LabError
from kit.home import open_home

if TYPE_CHECKING:
    from kit.lab.lab import Lab

__all__ = ["need_packages", "open_lab"]


def open_lab(home: Path | str | None = None) -> Lab:
    """The lab of a home (default: where this notebook lies); starts it if it does not run."""
    need_packages()
    from kit.lab.lab import Lab

    return Lab(open_home(Path(home) if home else None))


def need_packages() -> None:
    """LabError with the command that installs them, where the lab's packages are missing."""
    missing = [name for name in ("moto", "boto3", "cfnlint", "fasteners") if not find_spec(name)]
    if missing:
        raise LabError(
            "The cloud lab needs packages that are not installed: {names}",
            fix='Install them: pip install "upskill-kit[lab]"',
            names=", ".join(missing),
        )
