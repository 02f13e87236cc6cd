"""The progress bar of a command that takes long; it is gone when the command ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[str, int, int], None]


@contextmanager
def progress_bar(first: str, *, counted: bool = False, quiet: bool = False) -> Iterator[Step]:
    """A bar on standard error, moved by ``step(text, done, total)``.

    It says ``first`` until a step has a text of its own. ``counted`` shows how many of how
    many and the time left, otherwise the time taken. Standard output carries results only.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Taken
    from rich.progress import TimeRemainingColumn as Left

    columns = (MofNCompleteColumn(), Left()) if counted else (Taken(),)
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *columns,
        console=Console(file=sys.stderr, quiet=quiet),
        transient=True,
    )
    with shown:
        task = shown.add_task(first, total=None)

        def step(text: str, done: int, total: int) -> None:
            shown.update(task, description=text or first, completed=done, total=total)

        yield step
