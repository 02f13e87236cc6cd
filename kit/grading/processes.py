"""A batch on this machine: worker processes, and what becomes of work that ends one of them."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from kit.grading.bounds import NOTEBOOK_SIZE
from kit.grading.ledger import Task
from kit.grading.trust import part_of
from kit.grading.worker import Begun, Ended, Known, begin_process, run
from kit.runner.level import found
from kit.runner.levels import Level
from kit.runner.spawn import PACKAGES, UNITS, WARM

# grades tasks; one that ends each process that runs it comes to no end
Run = Callable[[list[Task]], Iterator[Ended]]


def in_processes(jobs: int, begun: Begun, tasks: list[Task]) -> Iterator[Ended]:
    """Results as they come, of up to ``jobs`` tasks at once; see ``Run``."""
    left = dict.fromkeys(tasks)
    with _warmed(begun, tasks):
        for ended in _pool(min(jobs, len(tasks)), begun, tasks):
            del left[ended.task]
            yield ended
        # a worker died, and took others' work along: one at a time shows at whose notebook
        for task in left:
            yield from _pool(1, begun, [task])


@contextmanager
def _warmed(begun: Begun, tasks: list[Task]) -> Iterator[None]:
    """One warm process for all workers, which are forks of this one, where they use any."""
    _root, known, least, _strict = begun
    if least == Level.NONE or found().level is not Level.FENCES:
        yield
        return
    WARM.load(_named(known, tasks))
    try:
        yield
    finally:
        WARM.close()


def _named(known: Known, tasks: list[Task]) -> set[str]:
    """What notebooks of a batch speak of, the trainer's or a learner's: worth importing once."""
    if any(part_of(assignment) for assignment in known):
        return {*PACKAGES, UNITS}
    texts = chain(
        (cell.source.encode() for books in known.values() for book in books.values()
         for cell in book.cells),
        (_read(task.folder / name) for task in tasks for name in task.notebooks),
    )  # fmt: skip
    found: set[str] = set()
    for text in texts:
        found |= {
            name for name, words in PACKAGES.items() if any(w.encode() in text for w in words)
        }
        if len(found) == len(PACKAGES):
            break
    return found


def _read(notebook: Path) -> bytes:
    try:
        # a link or a pipe might never end
        plain = notebook.is_file() and not notebook.is_symlink()
        return notebook.read_bytes() if plain and notebook.stat().st_size <= NOTEBOOK_SIZE else b""
    except OSError:
        # whoever grades it says what is the matter
        return b""


def _pool(jobs: int, begun: Begun, tasks: list[Task]) -> Iterator[Ended]:
    """Results as they come; ends early when a worker process dies."""
    pool = ProcessPoolExecutor(
        jobs, mp_context=_context(), initializer=begin_process, initargs=begun
    )
    try:
        futures: list[Future[Ended]] = [pool.submit(run, task) for task in tasks]
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                continue
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _context() -> Any:
    """How workers begin: as forks of this process, which has imported all that they need."""
    kind = "fork" if sys.platform == "linux" else "spawn"
    return multiprocessing.get_context(kind)
