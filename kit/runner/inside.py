"""The kernel of a fork: ipykernel's own, speaking over one socket instead of five."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Type
from traitlets.config import Config

from kit.runner.streams import Printed, watch
from kit.runner.wire import IOPUB, SHELL, Message, Unpacker, pack, receive_text, send_text

# nobody is asked for a name here: one socket has one reader
_NOBODY = [b"driver"]
# of Session.send behind the first two; those that make a message
_ARGUMENTS = ("content", "parent", "ident", "buffers", "track", "header", "metadata")
_TOLD = ("content", "parent", "header", "metadata")
_PIECE = 1 << 16
# a driver that reads nothing for so long is gone
SEND_SECONDS = 600.0
# as Python's inspect keeps the module of a file; no module has this name
_NO_MODULE = ""
_TEMPORARY = tempfile.gettempdir()


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
        self._held, self._holding = bytearray(), False
        self.interrupts = Interrupts()

    def hold(self) -> None:
        """Keep what is sent until ``let_go``: each waking of the driver costs both sides."""
        self._holding = True

    def let_go(self) -> None:
        """Send what was kept, and from now on each message at once."""
        with self.interrupts.held_back(), self._sending:
            self._holding = False
            if self.pair is not None and self._held:
                self.pair.sendall(self._held)
                self._held.clear()

    def send(self, stream: Any, msg_or_type: Any, *args: Any, **named: Any) -> Any:
        """As Jupyter's; ``stream`` is the channel's name."""
        told, more = msg_or_type, {**dict(zip(_ARGUMENTS, args, strict=False)), **named}
        buffers = more.get("buffers")
        if not isinstance(told, dict):
            told = self.msg(told, **{name: more.get(name) for name in _TOLD})
        # a process that the learner forked has the socket too, and nothing to say on it
        if self.pair is not None and os.getpid() == self.pid:
            data = pack({**told, "channel": stream, "buffers": buffers or ()}, json_default)
            with self._sending:
                # nothing is sent, so that an interrupt may come
                if held := self._holding:
                    self._held += data
            if not held:
                with self.interrupts.held_back(), self._sending:
                    self.pair.sendall(data)
        return told


class _Compiler(XCachingCompiler):
    def get_code_name(self, *cell: Any) -> str:
        # ipykernel's classes have no types
        plain: Any = super()
        file = str(plain.get_code_name(*cell))
        # warnings show it, and a run's own folder has another name each time
        if own := os.environ.get("TMPDIR"):
            file = file.replace(own, _TEMPORARY, 1)
        # a traceback looks for the module of each file, through all that there are
        inspect.modulesbyfile[file] = _NO_MODULE
        return file


class PairKernel(IPythonKernel):
    """ipykernel's kernel for one notebook, cell after cell."""

    compiler_class = Type(_Compiler)

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

    async def do_execute(self, code: str, *args: Any, **named: Any) -> Any:
        """As ipykernel's. What comes before and after the cell's own messages goes with them."""
        kernel: Any = self
        plain: Any = super()
        kernel.session.let_go()
        try:
            return await plain.do_execute(code, *args, **named)
        finally:
            kernel.session.hold()

    async def handle(self, message: Message) -> None:
        """Answer one request of the shell channel."""
        self.session.hold()
        try:
            await self._handle(message)
        finally:
            self.session.let_go()

    async def _handle(self, message: Message) -> None:
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
    # for messages that are still on their way through zmq
    kernel._execute_sleep = 0.0
    _format_errors_once(kernel.shell)
    return kernel


def _format_errors_once(shell: Any) -> None:
    """IPython formats an error for its history again, which it has just formatted to be shown."""
    show, store, shown = shell._showtraceback, shell._format_exception_for_storage, [0]

    def note(kind: type, error: BaseException, lines: list[str]) -> Any:
        shown[0] = id(error)
        return show(kind, error, lines)

    def stored(error: BaseException, *args: Any, **named: Any) -> Any:
        # who is the last one still lives, so that no other has its id
        if error is not getattr(sys, "last_value", None) or id(error) != shown[0] or args or named:
            return store(error, *args, **named)
        kind, lines = type(error).__name__, shell._last_traceback
        return {"ename": kind, "evalue": str(error), "traceback": lines}

    shell._showtraceback, shell._format_exception_for_storage = note, stored


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

    printed = Printed("stdout", 1, send), Printed("stderr", 2, send)
    sys.stdout, sys.stderr = printed
    watch(printed)
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
