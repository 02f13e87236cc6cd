"""Files too large to hold: a look at their first lines, and their rows kept on disk by machine."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from kit.data.own.contract import TableRule
from kit.data.own.masks import masker_of
from kit.data.own.rows import StoredRows
from kit.data.own.stored import Step, store_columns
from kit.data.own.tables import head_in, reader_names
from kit.data.readers.dispatch import claimants
from kit.data.readers.source import head_of, is_large
from kit.data.stream import Stored, store
from kit.errors import DataError
from kit.files import write_text
from kit.home import LearnerHome

FOLDER = "streamed"
_SOURCE = "source.txt"


def streams(path: Path) -> bool:
    """Whether a file is a plain table above 200 MB: text that no tool's own reader knows.

    Anything else of that size is refused where it is read.
    """
    if not is_large(path):
        return False
    try:
        source = head_of(path, path.name)
        return not (source.is_workbook or source.looks_json or claimants(source))
    except DataError:
        # no table in its first lines: the reader says so
        return False


def read_large(
    path: Path,
    roles: Mapping[str, str],
    home: LearnerHome | None,
    *,
    label: str,
    unit: str | None = None,
    step: Step | None = None,
    use: str = "",
) -> Stored:
    """Stream a table by confirmed roles; without any its own names say what is what.

    Samples lie in the home, in a folder for this very file and ``use``, until the file is gone.
    DataError as of ``kit.data.stream.store``.
    """
    head = head_in(path)
    names = reader_names(head, roles) if head and roles else {}
    return store(path, _place(home, path, use), names, unit=unit, label=label, step=step)


def read_large_rows(
    path: Path,
    roles: Mapping[str, str],
    rule: TableRule,
    home: LearnerHome | None,
    *,
    label: str,
    unit: str,
    step: Step | None = None,
) -> StoredRows:
    """Stream a table of rows by confirmed roles, people masked; ``unit`` is whose contract it is.

    Rows lie in the home as those of ``read_large``. DataError as of ``store_columns``.
    """
    # two units may read the same file by other columns
    use = f"rows-{sha256(f'{unit}/{rule.id}'.encode()).hexdigest()[:8]}-"
    place, masker = _place(home, path, use), masker_of(home) if home else None
    return store_columns(path, place, rule, roles, masker, label=label, step=step)


def _place(home: LearnerHome | None, path: Path, use: str) -> Path:
    if home is None:
        place = Path(tempfile.mkdtemp(prefix="upskill-"))
        atexit.register(shutil.rmtree, place, ignore_errors=True)
        return place
    root = home.state / FOLDER
    _drop_orphans(root)
    place = root / (use + sha256(str(path.resolve()).encode()).hexdigest()[:16])
    write_text(place / _SOURCE, f"{path.resolve()}\n")
    return place


def _drop_orphans(root: Path) -> None:
    """Remove what was kept of files that a person has deleted since."""
    for note in root.glob(f"*/{_SOURCE}"):
        if not Path(note.read_text(encoding="utf-8").strip()).is_file():
            shutil.rmtree(note.parent, ignore_errors=True)
