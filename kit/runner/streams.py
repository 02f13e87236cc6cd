"""What a kernel's code prints, in Python or below it, as stream messages."""

from __future__ import annotations

import io
import os
import select
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

# like ipykernel: what is printed is shown after this many seconds, or when this long
SECONDS = 0.2
LENGTH = 65_536
MOST = 1_000_000
Send = Callable[[str, str], None]


class Printed(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a kernel. ``send(name, text)`` takes what is shown.

    ``file`` is the descriptor of the same stream: what a subprocess or a C library writes
    there comes in order with the rest.
    """

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, name: str, file: int, send: Send) -> None:
        super().__init__()
        self.name, self._send = name, send
        self._file, self._process = file, os.getpid()
        self._texts: list[str] = []
        self._length, self._since = 0, time.monotonic()
        # a subprocess may print while Python does
        self._lock = threading.RLock()
        self._kept = os.dup(file)
        self.reading, writing = os.pipe()
        os.set_blocking(self.reading, False)
        os.dup2(writing, file)
        os.close(writing)

    def write(self, text: str) -> int:
        """Take a text; TypeError for anything else."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        with self._lock:
            self._drain()
            self._put(text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """The stream as it was before the kernel had it, as ipykernel gives it."""
        return self._kept

    def flush(self) -> None:
        """Show all that was printed so far."""
        if os.getpid() != self._process:
            # a child of the kernel writes where the kernel's reader finds it
            text, self._texts = "".join(self._texts), []
            os.write(self._file, text.encode("utf-8", self.errors))
            return
        with self._lock:
            self._drain()
            text = "".join(self._texts)
            self._texts.clear()
            self._length, self._since = 0, time.monotonic()
            # one message has a limit, and a loop can print more than that
            for start in range(0, len(text), MOST):
                self._send(self.name, text[start : start + MOST])

    def _put(self, text: str) -> None:
        self._texts.append(text)
        self._length += len(text)
        if self._length > LENGTH or time.monotonic() - self._since > SECONDS:
            self.flush()

    def _drain(self) -> None:
        if os.getpid() != self._process:
            return
        while data := self._read():
            self._texts.append(data.decode("utf-8", self.errors))

    def _read(self) -> bytes:
        try:
            return os.read(self.reading, LENGTH)
        except BlockingIOError:
            return b""

    def take(self) -> None:
        """Take what was written below Python."""
        with self._lock:
            if data := self._read():
                self._put(data.decode("utf-8", self.errors))

    def set_parent(self, _parent: Any) -> None:
        """Called by the shell before a cell: what came before belongs to the cell before."""
        self.flush()


def watch(printed: Iterable[Printed]) -> None:
    """Take what comes, in a thread: a pipe holds little, and who writes more would wait."""
    by_file = {one.reading: one for one in printed}

    def run() -> None:
        while True:
            for file in select.select(list(by_file), [], [])[0]:
                by_file[file].take()

    threading.Thread(target=run, daemon=True, name="output of subprocesses").start()
