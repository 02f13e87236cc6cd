"""The kernel of a fork: ipykernel's own, speaking over one socket instead of five."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config

from kit.runner.streams import Printed
from kit.runner.wire import Message, Unpacker, pack, receive_text, send_text

IOPUB, SHELL = "iopub", "shell"
# nobody is asked for a name here: one socket has one reader
_NOBODY = [b"driver"]
# of Session.send behind the first two; those that make a message
_ARGUMENTS = ("content", "parent", "ident", "buffers", "track", "header", "metadata")
_TOLD = ("content", "parent", "header", "metadata")
_PIECE = 1 << 16
# a driver that reads nothing for so long is gone
SEND_SECONDS = 600.0


class Interrupts:
    """SIGINT as Python has it, but not in the middle of a message: then right after it.

    Half a message is the end of a kernel, since nobody could tell where the next one begins.
    At all other times Python's own handler stands: one of ours would be seen in tracebacks.
    """

    def __init__(self) -> None:
        self._waiting = False

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._waiting = True

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Around what must not be interrupted; no other thread is ever."""
        main = threading.current_thread() is threading.main_thread()
        handler = signal.getsignal(signal.SIGINT)
        if not main or not callable(handler) or handler == self._note:
            yield
            return
        self._waiting = False
        signal.signal(signal.SIGINT, self._note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, handler)
            if self._waiting:
                signal.raise_signal(signal.SIGINT)


class PairSession(Session):  # type: ignore[misc]
    """Messages of a kernel, sent over ``pair`` with the name of their channel."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(key=b"", **traits)
        self.pair: socket.socket | None = None
        self._sending = threading.Lock()
        self.interrupts = Interrupts()

    def send(self, stream: Any, msg_or_type: Any, *args: Any, **named: Any) -> Any:
        """As Jupyter's; ``stream`` is the channel's name."""
        told, more = msg_or_type, {**dict(zip(_ARGUMENTS, args, strict=False)), **named}
        buffers = more.get("buffers")
        if not isinstance(told, dict):
            told = self.msg(told, **{name: more.get(name) for name in _TOLD})
        # a process that the learner forked has the socket too, and nothing to say on it
        if self.pair is not None and os.getpid() == self.pid:
            data = pack({**told, "channel": stream, "buffers": buffers or ()}, json_default)
            with self.interrupts.held_back(), self._sending:
                self.pair.sendall(data)
        return told


class PairKernel(IPythonKernel):
    """ipykernel's kernel for one notebook, cell after cell."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        # who drives it decides what runs after an error
        pass

    def answer(self, beside: socket.socket, function: str) -> None:
        """Answer a question that has come over ``beside``, between two cells."""
        kernel: Any = self
        module, _, name = function.partition(":")
        text = receive_text(beside, SEND_SECONDS)
        kernel.pre_handler_hook()
        try:
            told = getattr(importlib.import_module(module), name)(kernel.shell.user_ns, text)
        finally:
            kernel.post_handler_hook()
        beside.settimeout(SEND_SECONDS)
        send_text(beside, told)

    async def handle(self, message: Message) -> None:
        """Answer one request of the shell channel."""
        # ipykernel's methods have no types
        kernel: Any = self
        kernel.set_parent(_NOBODY, message, channel=SHELL)
        kernel._publish_status("busy", SHELL)
        handler = self.shell_handlers.get(message["header"]["msg_type"])
        if handler:
            # an interrupt is for a cell that runs; between cells it is ignored
            kernel.pre_handler_hook()
            try:
                answer = handler(SHELL, _NOBODY, message)
                if answer is not None:
                    await answer
            except KeyboardInterrupt:
                # it came between two of a cell's last messages: who drives it waits no longer
                pass
            finally:
                kernel.post_handler_hook()
        for printed in (sys.stdout, sys.stderr):
            printed.flush()
        kernel._publish_status("idle", SHELL)


def make_kernel() -> Any:
    """A ``PairKernel`` that has a shell and no socket yet; it may be forked."""
    config = Config()
    # its thread would not survive a fork, and nobody reads this history
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    kernel = PairKernel.instance(
        session=PairSession(), iopub_socket=IOPUB, log=logging.getLogger("kernel"), config=config
    )
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
    return kernel


def warm_up(kernel: Any, code: str) -> None:
    """Run some code for what it leaves in memory, and nothing in the learner's names."""
    asyncio.run(kernel.do_execute(code, silent=True, store_history=False))
    kernel.shell.reset(new_session=True, aggressive=False)
    kernel.shell.execution_count = 1


def serve(
    kernel: Any, pair: socket.socket, beside: socket.socket | None = None, function: str = ""
) -> None:
    """Answer what comes over ``pair`` until its other end is closed or asks for the end.

    Between cells another fork may ask over ``beside``: what it gets is what ``function``
    ("module:name") makes of the notebook's names and the text that it sent.
    """
    session = kernel.session
    session.pid, session.pair = os.getpid(), pair

    def send(name: str, text: str) -> None:
        content = {"name": name, "text": text}
        session.send(IOPUB, "stream", content, parent=kernel.get_parent(SHELL))

    sys.stdout, sys.stderr = Printed("stdout", 1, send), Printed("stderr", 2, send)
    # not asyncio.run, which takes interrupts for itself
    asyncio.new_event_loop().run_until_complete(_answer(kernel, pair, beside, function))


async def _answer(
    kernel: Any, pair: socket.socket, beside: socket.socket | None, function: str
) -> None:
    loop, unpacker = asyncio.get_running_loop(), Unpacker()

    def asked(beside: socket.socket) -> None:
        try:
            kernel.answer(beside, function)
        except (OSError, ValueError):
            # whoever asked is gone
            loop.remove_reader(beside)

    if beside:
        loop.add_reader(beside, asked, beside)
    # interrupts of an awaiting cell come through it
    kernel.io_loop = IOLoop.current()
    reading = pair.dup()
    reading.setblocking(False)
    # both are one file below, which now blocks no more: what is sent waits for room up to this
    pair.settimeout(SEND_SECONDS)
    while data := await loop.sock_recv(reading, _PIECE):
        for message in unpacker.feed(data):
            if message["header"]["msg_type"] == "shutdown_request":
                return
            await kernel.handle(message)
