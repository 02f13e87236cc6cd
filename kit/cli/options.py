"""Options and arguments that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """What ``--lang`` takes; another word is refused with these."""

    EN = "en"
    KO = "ko"


class Shown(StrEnum):
    """What ``--lang`` of a preview takes."""

    EN = "en"
    KO = "ko"
    BOTH = "both"


Home = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="DIR", help="Learner's home; default ~/upskill or UPSKILL_HOME."
    ),
]
Lang = Annotated[
    Language | None,
    typer.Option("--lang", case_sensitive=False, help="en or ko; default: your locale."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]
Preview = Annotated[bool, typer.Option("--preview", help="Say what would change; write nothing.")]
Port = Annotated[
    int,
    typer.Option(
        min=1, max=65535, metavar="NUMBER", help="Port on 127.0.0.1; the next free one is taken."
    ),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
CohortFile = Annotated[
    Path | None,
    typer.Option("--cohort", metavar="FILE", help="Cohort (TOML): learners and dates."),
]
UnitId = Annotated[str, typer.Argument(help="A unit's id, such as rightsizing.")]
