"""A batch on this machine: worker processes, and what becomes of work that ends one of them."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from kit.grading.ledger import Task
from kit.grading.worker import Begun, Ended, begin_process, run

# grades tasks; one that ends each process that runs it comes to no end
Run = Callable[[list[Task]], Iterator[Ended]]


def in_processes(jobs: int, begun: Begun, tasks: list[Task]) -> Iterator[Ended]:
    """Results as they come, of up to ``jobs`` tasks at once; see ``Run``."""
    left = dict.fromkeys(tasks)
    for ended in _pool(min(jobs, len(tasks)), begun, tasks):
        del left[ended.task]
        yield ended
    # a worker died, and took others' work along: one at a time shows at whose notebook
    for task in left:
        yield from _pool(1, begun, [task])


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
