"""Whose work it is and which hidden data it meets: the trainer's side decides, never the notebook.

The kernel is told through one environment variable, UPSKILL_GRADING, as JSON:
``course``, ``learner``, ``assignment``, ``language`` and ``hidden_seed``. The secret
behind the seed stays in a file of the course directory; no kernel sees it.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path

from kit.data.seeds import hidden_seed
from kit.errors import GradingError

SECRET_BYTES = 32


def course_secret(course_root: Path) -> bytes:
    """The course's secret, made at first need; only its owner can read the file."""
    path = course_root / "private" / "secret"
    try:
        secret = _make_secret(path) if not path.exists() else path.read_bytes()
    except FileExistsError:
        # another process made it between the two looks
        secret = path.read_bytes()
    except OSError as error:
        raise GradingError(
            "The course's secret cannot be kept: {reason}",
            where=str(path),
            fix="Make this folder yours and writable, then submit again.",
            reason=error.strerror or error,
        ) from None
    if len(secret) != SECRET_BYTES:
        raise GradingError(
            "The course's secret has {size} bytes instead of {needed}.",
            where=str(path),
            fix="Restore it from a backup, or delete it: hidden data will then be new.",
            size=len(secret),
            needed=SECRET_BYTES,
        )
    return secret


def _make_secret(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = secrets.token_bytes(SECRET_BYTES)
    # the mode is given at creation: there is no moment in which others can read it
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        # whole or not there: two workers make one at the same time, and any may be killed
        path.hardlink_to(name)
    finally:
        Path(name).unlink()
    return secret


def unit_of(assignment: str) -> str:
    """The unit that an nbgrader assignment belongs to."""
    return assignment.removesuffix("-practice")


def grading_identity(
    course_root: Path,
    course: str,
    learner: str,
    assignment: str,
    language: str,
    purpose: str = "hidden",
) -> str:
    """What UPSKILL_GRADING holds for one submission; another ``purpose`` has another seed."""
    seed = hidden_seed(course_secret(course_root), course, learner, unit_of(assignment), purpose)
    return json.dumps(
        {
            "course": course,
            "learner": learner,
            "assignment": assignment,
            "hidden_seed": seed,
            "language": language,
        },
        ensure_ascii=False,
    )
