"""A kernel manager and its client for nbclient, on top of a fork instead of zmq."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty
from typing import Any, BinaryIO

from jupyter_client.jsonutil import json_default
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

from kit.runner.formed import well_formed
from kit.runner.isolate import Fence
from kit.runner.spawn import OPEN, WARM, Fork, kept_environment
from kit.runner.wire import IOPUB, SHELL, Message, Unpacker, pack

_PIECE = 1 << 16
# messages of a channel that nobody has asked for yet
WAITING = 10_000
# a kernel that reads no request for so long is stuck
SEND_SECONDS = 30.0


class Channel:
    """Messages of one channel, in order."""

    def __init__(self, send: Any) -> None:
        self._waiting: asyncio.Queue[Message] = asyncio.Queue()
        self.send = send
        self._resume: Callable[[], None] | None = None

    def put(self, message: Message) -> None:
        """Called when a message has come."""
        self._waiting.put_nowait(message)

    def full(self) -> bool:
        """Whether more has come than anybody waits for."""
        return self._waiting.qsize() >= WAITING

    async def get_msg(self, timeout: float | None = None) -> Message:
        """The next message; queue.Empty after ``timeout`` seconds."""
        if self._waiting.empty():
            resume, self._resume = self._resume, None
            if resume:
                resume()
        try:
            return await asyncio.wait_for(self._waiting.get(), timeout)
        except TimeoutError:
            raise Empty from None

    def when_emptied(self, resume: Callable[[], None]) -> None:
        """Call ``resume`` once, when somebody waits and nothing is there."""
        self._resume = resume


class ForkedClient:
    """What nbclient and its widgets use of a ``KernelClient``."""

    allow_stdin = False

    def __init__(self, fork: Fork) -> None:
        self._fork = fork
        self.session = Session(key=b"")
        self.shell_channel = Channel(self._send)
        self.iopub_channel = Channel(self._send)
        self._channels = {SHELL: self.shell_channel, IOPUB: self.iopub_channel}
        self._unpacker = Unpacker()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start_channels(self) -> None:
        """Begin to listen, in this loop."""
        reading = self._fork.pair
        reading.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._listen()

    def _listen(self) -> None:
        if self._loop:
            self._loop.add_reader(self._fork.pair, self._read)

    def stop_channels(self) -> None:
        """Listen no more."""
        if self._loop and not self._loop.is_closed():
            self._loop.remove_reader(self._fork.pair)
        self._loop = None

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """A fork is ready from its birth."""

    async def is_alive(self) -> bool:
        """Whether the kernel still runs."""
        return self._fork.alive()

    def kernel_info(self) -> str:
        """Ask for the kernel's language; the request's id."""
        return self._ask("kernel_info_request", {})

    def execute(
        self, code: str, silent: bool = False, store_history: bool = True, **more: Any
    ) -> str:
        """Ask for some code to be run; the request's id."""
        content = {"code": code, "silent": silent, "store_history": store_history}
        told = {"user_expressions": {}, "allow_stdin": False, "stop_on_error": True, **more}
        return self._ask("execute_request", {**told, **content})

    def _ask(self, kind: str, content: dict[str, Any]) -> str:
        message = self.session.msg(kind, content)
        self._send(message)
        return str(message["header"]["msg_id"])

    def _send(self, message: Message) -> None:
        sending = self._fork.pair.dup()
        # both are one file below, which does not block: Python waits for room
        sending.settimeout(SEND_SECONDS)
        with sending:
            try:
                sending.sendall(pack(message, json_default))
            except OSError:
                # who waits for the answer asks whether it lives
                return

    def _read(self) -> None:
        try:
            data = self._fork.pair.recv(_PIECE)
            messages = list(self._unpacker.feed(data))
        except (BlockingIOError, InterruptedError):
            return
        except (OSError, ValueError):
            data, messages = b"", []
        for message in messages:
            channel = self._channels.get(str(message.get("channel")))
            if channel is None or not well_formed(message) or self.shell_channel.full():
                # no kernel of Jupyter says that, nor answers what nobody has asked
                data = b""
                break
            channel.put(_dated(message))
        if self.iopub_channel.full() and self._loop:
            # it prints faster than anybody listens: it waits, as at a full pipe
            self._loop.remove_reader(self._fork.pair)
            self.iopub_channel.when_emptied(self._listen)
        if not data:
            self.stop_channels()
            # whatever it is, it speaks no more, or nothing that can be understood
            self._fork.kill()


def _dated(message: Message) -> Message:
    header = message["header"]
    try:
        # jupyter_client's own reader of dates takes ten times as long
        header["date"] = datetime.fromisoformat(header["date"]).astimezone(UTC)
    except (LookupError, ValueError, TypeError, OverflowError):
        header.pop("date", None)
    return {**message, "msg_type": header["msg_type"], "msg_id": str(header.get("msg_id", ""))}


class ForkedKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """A kernel for one notebook, forked: what nbclient uses of a manager is replaced."""

    # so nbclient would pass it arguments for its history, which a fork does not keep
    ipykernel = False

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._fork: Fork | None = None

    @property
    def has_kernel(self) -> bool:
        """Whether one was started and not ended."""
        return self._fork is not None

    async def start_kernel(
        self,
        *,
        cwd: str | Path = ".",
        env: dict[str, str] | None = None,
        stderr: BinaryIO | None = None,
        fence: Fence = OPEN,
        beside: socket.socket | None = None,
        answers: str = "",
        **_unused: Any,
    ) -> None:
        """Fork the kernel in the folder ``cwd``; GradingError when it cannot be.

        ``beside`` and ``answers`` as in ``Warm.fork``.
        ``stderr`` takes what is printed past Jupyter, and why the kernel ended, if it did.
        """
        environment = kept_environment() if env is None else env
        with Path(os.devnull).open("wb") as nothing:
            file = (stderr or nothing).fileno()
            self._fork = WARM.fork(
                Path(cwd).resolve(), environment, file, fence, beside=beside, answers=answers
            )

    def look_into(self, place: str) -> int:
        """An open folder of the running kernel's, as ``Fork.look_into``."""
        if self._fork is None:
            raise RuntimeError("No kernel is running!")
        return self._fork.look_into(place)

    def client(self) -> ForkedClient:
        """A client of the running kernel."""
        if self._fork is None:
            raise RuntimeError("No kernel is running!")
        return ForkedClient(self._fork)

    async def is_alive(self) -> bool:
        """Whether the kernel still runs."""
        return self._fork is not None and self._fork.alive()

    async def interrupt_kernel(self) -> None:
        """As Ctrl+C in the kernel."""
        if self._fork:
            self._fork.interrupt()

    async def shutdown_kernel(self, **_how: Any) -> None:
        """End the kernel and all that it started."""
        if self._fork:
            self._fork.kill()

    async def cleanup_resources(self, **_how: Any) -> None:
        """Let go of what belongs to the kernel."""
        if self._fork:
            self._fork.kill()
            fork, self._fork = self._fork, None
            # the client looks away first
            asyncio.get_running_loop().call_soon(fork.close)
