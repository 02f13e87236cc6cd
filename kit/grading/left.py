"""Files that a learner's code leaves where it is graded: hidden data that no page shows.

nbgrader carries every file of a graded folder on into the feedback folder.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Collection
from pathlib import Path

# what nbgrader's exchange needs beside a page to release it
OF_THE_EXCHANGE = frozenset({"timestamp.txt", "submission_secret.txt"})


def take_back(graded: Path, *origins: Path) -> None:
    """Bring the folder of a graded submission back to the files of ``origins``.

    What a run has changed comes from the first origin that has it; what it has made goes.
    Notebooks of the same name stay: nbgrader writes those itself.
    """
    for here, folders, files in os.walk(graded, topdown=False):
        for name in (*files, *folders):
            path = Path(here, name)
            place = path.relative_to(graded)
            origin = next((o / place for o in origins if (o / place).exists()), None)
            if path.is_dir() and not path.is_symlink():
                if origin is None:
                    shutil.rmtree(path)
            elif origin is None:
                path.unlink()
            elif not _same(path, origin):
                path.unlink()
                shutil.copy(origin, path)


def _same(path: Path, origin: Path) -> bool:
    # a link or a pipe in a file's place would be read later, by the grader
    if path.is_symlink() or not path.is_file():
        return False
    return path.suffix == ".ipynb" or filecmp.cmp(path, origin, shallow=False)


def only_pages(folder: Path, notebooks: Collection[str]) -> None:
    """Leave in a feedback folder the pages of ``notebooks``, by name, and the exchange's files."""
    kept = {f"{name}.html" for name in notebooks} | OF_THE_EXCHANGE
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in kept:
            path.unlink()
