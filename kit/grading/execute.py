"""Where a graded notebook is run: in place of nbgrader's Execute.

Our own Python, the grader's word on identity, fences where the system has them, and a run
that ends early instead of a grading that fails.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import zmq
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute
from traitlets import Bool, Unicode, default

from kit.errors import GradingError
from kit.grading.identity import grading_identity
from kit.grading.left import bring
from kit.grading.preprocessors import NAMED, Resources, coursedir_of
from kit.grading.remarks import DIED, STUCK
from kit.grading.room import keep_log, room, unfenced
from kit.i18n import LANGUAGES, phrase, resolve_language
from kit.identity import GRADING_VARIABLE
from kit.imports import FIRST_LINE
from kit.notebooks import kit_metadata
from kit.runner.manager import ForkedKernelManager
from kit.runner.mounts import WORK
from kit.runner.spawn import kept_environment

# in the resources: why a run ended early, for the trainer
STOPPED = "upskill_stopped"
# by this the kit's checks know where they run
NBGRADER = ("NBGRADER_EXECUTION", "NBGRADER_VALIDATING")
# characters of one cell's printing that are kept; a loop can print a gigabyte
SHOWN_LIMIT = 500_000


class _OwnKernelSpecs(KernelSpecManager):  # type: ignore[misc]
    """``python3`` is this very environment, whatever a user has registered by that name."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        if kernel_name != NATIVE_KERNEL_NAME:
            return super().get_kernel_spec(kernel_name)
        # -P: a file beside the notebook must not stand in for the kernel's own modules
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict(python_arguments=["-P"]))


class _OwnKernelManager(AsyncKernelManager):  # type: ignore[misc]
    @default("kernel_spec_manager")  # type: ignore[untyped-decorator]
    def _own_specs(self) -> KernelSpecManager:
        return _OwnKernelSpecs(parent=self)

    @default("transport_encryption")  # type: ignore[untyped-decorator]
    def _own_encryption(self) -> str:
        # other users of this machine could read hidden data off a plain local port
        return "auto" if zmq.has("curve") else "disabled"


class ExecuteAs(Execute):  # type: ignore[misc]
    """nbgrader's Execute with the grader's word on identity in the kernel's environment.

    A kernel that dies or no longer answers ends the run, not the grading: what ran
    before is kept.
    """

    language = Unicode("", help="Language of messages; default: the notebook's.").tag(config=True)
    kernel_log = Unicode("", help="File for what kernels write to the terminal.").tag(config=True)
    forked = Bool(help="Python notebooks run behind fences, in forks.").tag(config=True)

    @default("forked")  # type: ignore[untyped-decorator]
    def _where_it_can(self) -> bool:
        return not unfenced()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("kernel_manager_class", _OwnKernelManager)
        super().__init__(*args, **kwargs)
        self._word = ""
        self._shown: dict[tuple[int, bool], int] = {}

    def preprocess(self, nb: Any, resources: Resources, km: Any = None) -> tuple[Any, Resources]:
        """Called by nbgrader with the sanitised notebook."""
        self._word = self._identity(nb, resources["nbgrader"]) if "nbgrader" in resources else ""
        self._shown.clear()
        if any(map(kit_metadata, nb.cells)):
            # the learner is told how long it ran; other notebooks keep nbgrader's word
            shown = dict(self.error_on_timeout)  # type: ignore[has-type]
            self.error_on_timeout = {**shown, "evalue": str(self.timeout)}
        try:
            with ExitStack() as self._stack:
                return super().preprocess(nb, resources, km)  # type: ignore[no-any-return]
        except DeadKernelError:
            resources[STOPPED] = phrase(DIED)
        except CellTimeoutError:
            resources[STOPPED] = phrase(STUCK)
        self.log.error(resources[STOPPED])
        return nb, resources

    def _identity(self, nb: Any, names: dict[str, str]) -> str:
        course = coursedir_of(self)
        told = nb.metadata.get("kit", {}).get("language")
        return grading_identity(
            Path(course.root),
            course.course_id,
            names["student"],
            names["assignment"],
            self.language or (told if told in LANGUAGES else resolve_language()),
        )

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Called by nbclient for each message of the kernel; printing has a limit."""
        if msg["msg_type"] == "stream":
            # each by itself: nbgrader gives no points where anything is on stderr
            stream = cell_index, msg["content"].get("name") == "stderr"
            shown = self._shown.get(stream, 0) + len(msg["content"]["text"])
            self._shown[stream] = shown
            if shown > SHOWN_LIMIT:
                return None
        return super().process_message(msg, cell, cell_index)

    def create_kernel_manager(self) -> Any:
        """A fork where that is wanted, of Python's kernel; else a kernel of its own."""
        if self.forked:
            spec = self.nb.metadata.get("kernelspec", {})
            name, language = spec.get("name", NATIVE_KERNEL_NAME), spec.get("language", "python")
            if name != NATIVE_KERNEL_NAME and language.lower() != "python":
                # a learner chooses the name: it must not be the way around the fences
                raise GradingError(
                    "The notebook wants the kernel '{name}': only Python runs behind fences.",
                    where="kernelspec",
                    fix="For people whom you trust: --sandbox none",
                    name=name,
                )
            self.kernel_manager_class = ForkedKernelManager
        return super().create_kernel_manager()

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel; only its environment is told who is graded."""
        if isinstance(self.km, ForkedKernelManager):
            self._start_fenced(**kwargs)
            return
        # this process keeps a clean environment: the next submission is somebody else's
        environment = {**os.environ, **self._told()}
        if self.km.ipykernel:
            self.extra_arguments.append(f"--IPKernelApp.exec_lines={FIRST_LINE}")
        if not self.kernel_log:
            super().start_new_kernel(env=environment, **kwargs)
            return
        with Path(self.kernel_log).open("ab") as log:
            super().start_new_kernel(env=environment, stdout=log, stderr=log, **kwargs)

    def _told(self) -> dict[str, str]:
        return {GRADING_VARIABLE: self._word} if self._word else {}

    def _bring(self, ran: Path, graded: Path) -> None:
        if behind := bring(ran, graded):
            self.log.warning("Left behind: %s", ", ".join(behind[:NAMED]))

    def _start_fenced(self, **kwargs: Any) -> None:
        # without one, as nbgrader validates a notebook, it is the folder that we are in
        folder = Path(self.resources.get("metadata", {}).get("path") or Path.cwd())
        made = self._stack.enter_context(room(folder))
        if self.kernel_log:
            self._stack.callback(keep_log, made.log, Path(self.kernel_log))
        super().start_new_kernel(
            env={**kept_environment(*NBGRADER), **made.environment, **self._told()},
            cwd=str(made.folder),
            stderr=made.log,
            fence=made.fence,
            **kwargs,
        )
        # nobody else sees it, and it ends with who looks
        opened = self.km.look_into(str(made.folder / WORK))
        self._stack.callback(os.close, opened)
        self._stack.callback(self._bring, Path(f"/proc/self/fd/{opened}"), folder)
