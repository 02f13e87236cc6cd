"""Steps that the kit adds to nbgrader's own; each does one thing it leaves open.

TidyCells     before its sanitising: edited, doubled or deleted locked cells
ExecuteAs     in place of Execute: our Python, the grader's identity, a dead kernel
ScoreOutcome  before SaveAutoGrades: one plain number from what the check said
FlagOurFault  after SaveAutoGrades: an uncheckable cell goes to a person, never 0

``KeepOutcomes`` in keep.py comes last.
"""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import zmq
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Bool, Unicode, default

from kit.errors import GradingError
from kit.grading.identity import grading_identity
from kit.grading.outcomes import UNKNOWN, is_check, is_said, read_outcome
from kit.grading.remarks import CHANGED, DIED, GONE, STUCK, TWICE, UNANSWERED
from kit.grading.room import keep_log, room, unfenced
from kit.i18n import LANGUAGES, phrase, resolve_language
from kit.identity import GRADING_VARIABLE
from kit.imports import FIRST_LINE
from kit.notebooks import is_archived, kit_metadata
from kit.runner.manager import ForkedKernelManager
from kit.runner.spawn import kept_environment

Resources = dict[str, Any]
Cells = list[Any]
# in the resources: why a run ended early, for the trainer
STOPPED = "upskill_stopped"
# in a notebook's metadata, until its outcomes are kept: remarks for the trainer
TIDIED = "upskill_tidied"
# cells that a remark names
NAMED = 5
# by this the kit's checks know where they run
NBGRADER = "NBGRADER_EXECUTION"
# characters of one cell's printing that are kept; a loop can print a gigabyte
SHOWN_LIMIT = 500_000


def coursedir_of(preprocessor: Any) -> Any:
    """The course directory that a preprocessor works for."""
    # preprocessor -> exporter -> converter, which owns the course directory
    return preprocessor.parent.parent.coursedir


class TidyCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Bring the submission's nbgrader cells back to what the source says they are.

    nbgrader stops a whole batch at one doubled or edited id. Here each known cell
    gets the source's metadata, unknown and doubled ones lose theirs (the last copy
    counts, as in nbgrader), and deleted locked or manual cells come back in place.
    A deleted answer stays deleted: its work may stand in a cell of the learner's own.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader with the submitted notebook."""
        names = resources["nbgrader"]
        course = coursedir_of(self)
        folder = course.format_path(course.source_directory, ".", names["assignment"])
        path = Path(folder) / f"{names['notebook']}.ipynb"
        nb.metadata.pop(TIDIED, None)
        if path.is_file():
            source = nbformat.read(path, as_version=4).cells
            # nbgrader starts anew after sanitising: only the notebook itself travels
            nb.metadata[TIDIED] = tidied(nb.cells, source)
            nb.cells = tidy(nb.cells, source)
        return nb, resources


def tidied(submitted: Cells, source: Cells) -> list[str]:
    """What a trainer should know of what ``tidy`` will do."""
    there = Counter(grade_id(cell) for cell in submitted)
    known = [cell for cell in source if grade_id(cell)]
    missing = [cell for cell in known if not there[grade_id(cell)]]
    # the last of several copies is the one that counts
    texts = {grade_id(cell): _words(cell) for cell in submitted}
    found = {
        TWICE: [cell for cell in known if there[grade_id(cell)] > 1],
        GONE: [cell for cell in missing if _comes_back(cell)],
        UNANSWERED: [cell for cell in missing if not _comes_back(cell)],
        CHANGED: [
            cell
            for cell in known
            if is_said(cell) and texts.get(grade_id(cell), _words(cell)) != _words(cell)
        ],
    }
    return [
        str(phrase(said, cells=", ".join(_name(cell) for cell in cells[:NAMED])))
        for said, cells in found.items()
        if cells
    ]


def _words(cell: Any) -> list[str]:
    return str(cell.source).split()


def _name(cell: Any) -> str:
    """The exercise that a cell belongs to, or nbgrader's id where no unit has it."""
    return str(kit_metadata(cell).get("id") or grade_id(cell))


def _comes_back(cell: Any) -> bool:
    data = cell.metadata["nbgrader"]
    return bool(data["locked"] or data["grade"])


def tidy(submitted: Cells, source: Cells) -> Cells:
    """The submitted cells with the source's metadata and what was deleted of it."""
    known = {grade_id(cell): cell for cell in source if grade_id(cell)}
    seen: set[str] = set()
    # from the end, so that the last of several copies is the one that counts
    for cell in reversed(submitted):
        name = grade_id(cell)
        if name in known and name not in seen:
            seen.add(name)
            cell.metadata["nbgrader"] = copy.deepcopy(known[name].metadata["nbgrader"])
            cell.metadata["kit"] = copy.deepcopy(known[name].metadata.get("kit", {}))
        else:
            cell.metadata.pop("nbgrader", None)
    result = list(submitted)
    place = 0
    for cell in source:
        name = grade_id(cell)
        if not name:
            continue
        # what is missing goes behind its neighbour in the source, wherever that is now
        if name in seen:
            place = next(i for i, c in enumerate(result) if grade_id(c) == name) + 1
        elif _comes_back(cell):
            result.insert(place, copy.deepcopy(cell))
            place += 1
    return result


def grade_id(cell: Any) -> str:
    """nbgrader's id of a cell, empty for one that it does not know or that is archived."""
    # what an update has put by comes last, where a copy would count as the answer
    if is_archived(cell):
        return ""
    data = cell.metadata.get("nbgrader", {})
    return str(data.get("grade_id", "")) if isinstance(data, Mapping) else ""


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
        self._shown: dict[int, int] = {}

    def preprocess(self, nb: Any, resources: Resources, km: Any = None) -> tuple[Any, Resources]:
        """Called by nbgrader with the sanitised notebook."""
        course = coursedir_of(self)
        told = nb.metadata.get("kit", {}).get("language")
        self._word = grading_identity(
            Path(course.root),
            course.course_id,
            resources["nbgrader"]["student"],
            resources["nbgrader"]["assignment"],
            self.language or (told if told in LANGUAGES else resolve_language()),
        )
        self._shown.clear()
        # the learner is told how long it ran
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

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Called by nbclient for each message of the kernel; printing has a limit."""
        if msg["msg_type"] == "stream":
            shown = self._shown.get(cell_index, 0) + len(msg["content"]["text"])
            self._shown[cell_index] = shown
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
        environment = {**os.environ, GRADING_VARIABLE: self._word}
        if self.km.ipykernel:
            self.extra_arguments.append(f"--IPKernelApp.exec_lines={FIRST_LINE}")
        if not self.kernel_log:
            super().start_new_kernel(env=environment, **kwargs)
            return
        with Path(self.kernel_log).open("ab") as log:
            super().start_new_kernel(env=environment, stdout=log, stderr=log, **kwargs)

    def _start_fenced(self, **kwargs: Any) -> None:
        made = self._stack.enter_context(room(Path(self.resources["metadata"]["path"])))
        if self.kernel_log:
            self._stack.callback(keep_log, made.log, Path(self.kernel_log))
        known = {**kept_environment(NBGRADER), **made.environment}
        with made.log.open("ab") as log:
            super().start_new_kernel(
                env={**known, GRADING_VARIABLE: self._word},
                cwd=str(made.folder),
                stderr=log,
                fence=made.fence,
                **kwargs,
            )


class ScoreOutcome(NbGraderPreprocessor):  # type: ignore[misc]
    """Leave nbgrader one plain number per check cell.

    Left alone it gives 0 for a warning on stderr and full points for no output.
    """

    def preprocess_cell(
        self, cell: Any, resources: Resources, _index: int
    ) -> tuple[Any, Resources]:
        """Called by nbgrader for each cell after execution."""
        if not is_check(cell):
            return cell, resources
        # without a bundle the share is 0: a pass needs proof
        share = read_outcome(cell).share or 0.0
        points = share * float(cell.metadata["nbgrader"]["points"])
        shown = [o for o in cell.outputs if o.output_type == "display_data"]
        errors = [o for o in cell.outputs if o.output_type == "error"]
        result = nbformat.v4.new_output(
            "execute_result", {"text/plain": repr(points)}, execution_count=cell.execution_count
        )
        cell.outputs = [*shown, *errors, result]
        return cell, resources


class FlagOurFault(NbGraderPreprocessor):  # type: ignore[misc]
    """Send cells that nobody could score to a person.

    An uncheckable cell has no automatic score at all; a check that said nothing
    keeps its 0 until somebody has looked.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader after its grades are saved."""
        names = resources["nbgrader"]
        found = [read_outcome(cell) for cell in nb.cells if is_check(cell)]
        doubtful = [o for o in found if o.share is None or o.kind == UNKNOWN]
        if doubtful:
            with Gradebook(names["db_url"]) as gradebook:
                for outcome in doubtful:
                    grade = gradebook.find_grade(
                        outcome.exercise,
                        names["notebook"],
                        names["assignment"],
                        names["student"],
                    )
                    grade.auto_score = outcome.share
                    grade.needs_manual_grade = True
                gradebook.db.commit()
        return nb, resources
