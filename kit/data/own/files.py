"""Which files a learner means, and how to get one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kit.data.readers.tools import KNOWN
from kit.errors import DataError


def is_export(path: Path) -> bool:
    """Whether this can be an export: not hidden, no lock file of an office program, no card."""
    # the home page keeps a dropped price card beside the exports
    card = path.suffix.casefold() == ".toml"
    return path.is_file() and not card and not path.name.startswith((".", "~$"))


def find_files(
    root: Path, files: str | Path | Sequence[str | Path], say: Callable[..., str]
) -> list[Path]:
    """Files that paths or patterns below ``root`` name; absolute ones stand for themselves.

    DataError, with a line on how to get an export from each tool, when there is none.
    """
    named = [files] if isinstance(files, str | Path) else list(files)
    found = [path for name in named for path in _matches(root, name) if is_export(path)]
    if not found:
        raise nothing_there(root, named, say)
    return found


def _matches(root: Path, name: str | Path) -> Iterator[Path]:
    path = Path(name).expanduser()
    base, pattern = (
        (Path(path.anchor), path.relative_to(path.anchor)) if path.is_absolute() else (root, path)
    )
    matched = sorted(base.glob(str(pattern)))
    # inbox/2 holds another file of a name that inbox has already
    again = [q for p in matched if p.is_dir() and p.name.isdigit() for q in p.iterdir()]
    return iter((*matched, *sorted(again)))


def nothing_there(root: Path, named: Sequence[str | Path], say: Callable[..., str]) -> DataError:
    """The error of an empty inbox: how to get an export from each tool, in one line each."""
    lines = [f"  {tool.label}: {say(tool.how)}" for tool in KNOWN]
    return DataError(
        say("There is no export yet."),
        where=", ".join(str(root / name) for name in named),
        fix="\n".join(
            [
                say("Drop one on the home page or put it into the folder inbox. How to get one:"),
                *lines,
                say('Or go on with a generated one: own = wb.tools.own("example")'),
            ]
        ),
    )
