"""A notebook's kernel until it has pandas, forked from the warm process, beside an ordinary one."""

from __future__ import annotations

import asyncio
import os
import time

from benchmarks.rows import Row
from kit.runner.provision import WARM, ForkedKernel, available
from tests.live_kernels import kernels

GOAL_SECONDS = 0.2
PATIENCE_SECONDS = 120
CELL = "import pandas"
FORKED, ORDINARY = "forked", "ordinary"


def rows(rounds: int) -> list[Row]:
    """Both take turns, so that a busy moment hits both."""
    if not available():
        return []
    WARM.start(os.environ)
    try:
        if not WARM.wait(PATIENCE_SECONDS):
            raise RuntimeError("the warm process did not become ready")
        times = [asyncio.run(_turn()) for _ in range(rounds * 3)]
    finally:
        WARM.close()
    ours, peer = (list(one) for one in zip(*times, strict=True))
    return [Row("kernel start → import pandas answered", ours, "ipykernel", peer, GOAL_SECONDS)]


async def _turn() -> tuple[float, float]:
    return await _seconds(FORKED), await _seconds(ORDINARY)


async def _seconds(kind: str) -> float:
    """From asking for a kernel, as a server does, to the answer of its first cell."""
    manager = kernels(kind)
    begin = time.perf_counter()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        asked = client.execute(CELL)
        # what waits for a client's own channels would hide the kernel's time
        reply = await client.get_shell_msg(timeout=PATIENCE_SECONDS)
        seconds = time.perf_counter() - begin
        answered = reply["content"]["status"], reply["parent_header"]["msg_id"]
        forked = isinstance(manager.provisioner.process, ForkedKernel)
        if answered != ("ok", asked) or forked != (kind == FORKED):
            raise RuntimeError(f"{kind}: {reply['content']}")
        return seconds
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
