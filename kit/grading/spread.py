"""A batch on the workers of a Dask scheduler: the same job, on other machines.

The course's folder must be there under the same path for all of them. A job's result is
kept in that folder before the job ends, so that one whose worker died is simply run again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.grading import worker
from kit.grading.ledger import Task
from kit.grading.worker import Begun, Ended

# a job that took so many workers with it is run no more
TRIES = 3
CONNECT_SECONDS = 20
# what nbgrader changes while it runs, such as the environment, belongs to the whole process
_one_at_a_time = threading.Lock()
_prepared: list[Begun] = []


def spread(address: str, begun: Begun, tasks: list[Task]) -> Iterator[Ended]:
    """Results as they come; tasks of which none came have cost workers their lives.

    GradingError when there is no scheduler at ``address`` or Dask is not installed.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise GradingError(
            "There is no Dask scheduler: {error}",
            where=address,
            fix="Start one: dask scheduler. Its address is in what it prints.",
            error=error,
        ) from error
    # with the client its jobs end, too
    with client:
        shared = client.scatter(begun, broadcast=True)
        futures = [client.submit(_run, shared, task, pure=False, retries=TRIES) for task in tasks]
        for future in distributed.as_completed(futures, loop=client.loop):
            try:
                yield future.result()
            except distributed.KilledWorker:
                continue


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise GradingError(
            "Dask is not installed.",
            where="--dask",
            fix="pip install 'upskill-kit[dask]', here and where the workers run",
        ) from None
    return distributed


def _run(begun: Begun, task: Task) -> Ended:
    """On a worker: prepare it for the course at its first job, then grade."""
    root = Path(begun[0])
    with _one_at_a_time:
        if not root.is_dir():
            raise GradingError(
                "This worker does not see the course.",
                where=str(root),
                fix="Give all workers the course's folder under the same path.",
            )
        if begun not in _prepared:
            worker.begin(*begun)
            _prepared[:] = [begun]
        return worker.run(task)
