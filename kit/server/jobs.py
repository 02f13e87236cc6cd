"""The ``upskill`` command in its own process: what grades or reads exports never runs here.

Each job is one child; its standard output is one JSON object. Threads wait for the
children, because Jupyter's event loop on Windows cannot.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from kit.i18n import Translator

_KEPT = 20


@dataclass
class Job:
    """One run of a command. ``state`` is running, done or failed."""

    id: str
    kind: str
    started: float = field(default_factory=time.monotonic)
    state: str = "running"
    result: dict[str, Any] = field(default_factory=dict)
    error: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """What the page polls."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "seconds": round(time.monotonic() - self.started),
            "error": self.error,
            # what a fetch brought; the page shows it by loading itself again
            "changed": self.result.get("changed", 0),
            "dates": self.result.get("dates", False),
        }


class JobBoard:
    """Starts jobs and remembers the last ones."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._children: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()

    def get(self, job_id: str) -> Job | None:
        """A job by id, or None once it is forgotten."""
        return self._jobs.get(job_id)

    def running(self, kind: str) -> Job | None:
        """A job of this kind that has not ended."""
        with self._lock:
            jobs = list(self._jobs.values())
        return next((j for j in jobs if j.kind == kind and j.state == "running"), None)

    def start(
        self,
        kind: str,
        arguments: Sequence[str],
        tr: Translator,
        on_done: Callable[[dict[str, Any]], None] | None = None,
        on_fail: Callable[[dict[str, Any]], object] | None = None,
    ) -> Job:
        """Run ``upskill ARGUMENTS``; ``on_done`` gets the JSON of a success, ``on_fail`` others."""
        job = Job(uuid4().hex[:12], kind)
        with self._lock:
            self._jobs[job.id] = job
            # a page that stays open for weeks must not fill the memory
            for old in list(self._jobs)[:-_KEPT]:
                del self._jobs[old]
        threading.Thread(
            target=self._follow, args=(job, arguments, tr, on_done, on_fail), daemon=True
        ).start()
        return job

    def close(self) -> None:
        """End children that still run; called when the server stops."""
        with self._lock:
            children = list(self._children)
        for child in children:
            child.terminate()

    def _follow(
        self,
        job: Job,
        arguments: Sequence[str],
        tr: Translator,
        on_done: Callable[[dict[str, Any]], None] | None,
        on_fail: Callable[[dict[str, Any]], object] | None,
    ) -> None:
        try:
            code, output, complaint = self._run(arguments)
            value = _json_object(output)
            if code == 0 and value is not None:
                if on_done:
                    on_done(value)
                job.result, job.state = value, "done"
                return
            job.error = _error_of(value, complaint, tr)
            if on_fail and value is not None:
                on_fail(value)
        except Exception as error:
            # a thread has nobody to raise to: the page must learn of it
            job.error = {"what": str(error), "where": "", "fix": "upskill doctor"}
        job.state = "failed"

    def _run(self, arguments: Sequence[str]) -> tuple[int, str, str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "kit", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            # Windows would write its own code page, and Hangul would not come through
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        with self._lock:
            self._children.add(child)
        try:
            output, complaint = child.communicate()
        finally:
            with self._lock:
                self._children.discard(child)
        return child.returncode, output, complaint


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _error_of(value: dict[str, Any] | None, complaint: str, tr: Translator) -> dict[str, str]:
    stated = (value or {}).get("error")
    if isinstance(stated, dict):
        return {key: str(stated.get(key) or "") for key in ("what", "where", "fix")}
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    return {
        "what": tr("The command stopped without a result."),
        "where": lines[-1][:300] if lines else "",
        "fix": tr("Run it in a terminal to see all it says, or: upskill doctor"),
    }
