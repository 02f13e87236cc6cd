"""Kernels as a server starts them: forked, and ordinary ones to compare them with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from kit.runner.provision import COMMAND, PROVISIONER, WARM, ForkedKernel

SECONDS = 60
Result = TypeVar("Result")


class Specs(KernelSpecManager):
    """The same kernel twice: as a home's server offers it, and as any other Jupyter does."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        more = {"kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return KernelSpec(
            argv=[*COMMAND, "-f", "{connection_file}"],
            language="python",
            display_name=kernel_name,
            metadata={
                "supported_encryption": ["curve"],
                **(more if kernel_name == "forked" else {}),
            },
        )


def kernels(kind: str, specs: Any = None) -> Any:
    return AsyncKernelManager(
        kernel_name=kind, kernel_spec_manager=specs or Specs(), transport_encryption="auto"
    )


def warm(environment: Mapping[str, str]) -> None:
    WARM.start(environment)
    assert WARM.wait(SECONDS)


class Notebook:
    """One kernel of a kind, and what it answers."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager, self.client = manager, client

    @property
    def process(self) -> Any:
        return self.manager.provisioner.process

    async def run(self, code: str, answer: str = "") -> str:
        """What a cell printed, and the name of its error."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("text", "") + content.get("ename", ""))

        reply = self.client.execute_interactive(
            code,
            timeout=SECONDS,
            allow_stdin=bool(answer),
            output_hook=hear,
            stdin_hook=lambda _question: self.client.input(answer),
        )
        await reply
        return "".join(said).strip()


@asynccontextmanager
async def opened(kind: str, user: dict[str, str], folder: Path) -> AsyncIterator[Notebook]:
    if kind == "forked":
        await asyncio.to_thread(warm, user)
    manager = kernels(kind)
    await manager.start_kernel(cwd=str(folder), env=user)
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=SECONDS)
        assert isinstance(manager.provisioner.process, ForkedKernel) == (kind == "forked")
        yield Notebook(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def launched(user: dict[str, str], folder: Path, specs: Any = None) -> type:
    """Start a kernel as a server does, whether or not a fork can be had."""
    manager = kernels("forked", specs)
    await manager.start_kernel(cwd=str(folder), env=user)
    kind = type(manager.provisioner.process)
    await manager.shutdown_kernel(now=True)
    return kind


def in_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Its result, from a loop in a thread of its own: a browser's may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def until(done: Callable[[], bool]) -> None:
    for _ in range(SECONDS * 10):
        if done():
            return
        await asyncio.sleep(0.1)
    pytest.fail("it still runs")
