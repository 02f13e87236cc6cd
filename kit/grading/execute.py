"""Where a graded notebook is run: in place of nbgrader's Execute.

Our own Python, the grader's word on identity, fences where the system has them, and a run
that ends early instead of a grading that fails.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearHiddenTests, Execute
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Enum, Integer, Unicode, default

from kit.errors import GradingError
from kit.grading.bounds import Clock, OutOfTime, Shown
from kit.grading.identity import grading_identity
from kit.grading.kernels import (
    OwnKernelManager,
    WrappedKernels,
    environment_of,
    is_ours,
    named,
    prefixes,
)
from kit.grading.left import bring
from kit.grading.preprocessors import (
    NAMED,
    Resources,
    coursedir_of,
    grade_id,
    source_of,
    take_roles,
)
from kit.grading.remarks import DIED, OUT_OF_TIME, STUCK, TOO_MUCH
from kit.grading.room import as_handed_in, keep_log, room
from kit.grading.strict import PROOFS, Prover, is_locked_test, read_trainer, trainers_files
from kit.grading.trust import Judge, distrust, forget, part_of
from kit.i18n import LANGUAGES, phrase, resolve_language
from kit.identity import GRADING_VARIABLE
from kit.imports import FIRST_LINE
from kit.notebooks import kit_metadata
from kit.runner.level import found
from kit.runner.levels import Level
from kit.runner.manager import ForkedKernelManager
from kit.runner.mounts import WORK
from kit.runner.spawn import kept_environment

# in the resources: why a run ended early, for the trainer; what stood around it
STOPPED, SANDBOX = "upskill_stopped", "upskill_sandbox"
# in a notebook's metadata: its hidden tests have run, and it has left files; those of another
# notebook have, and it could read them
LEFT, AFTER = "upskill_left", "upskill_after"
# the error of a test that was never reached
NOT_RUN = "NotRun"
# -P keeps files beside the notebook out while a kernel begins; then they come where IPython has
# them without it, behind Python's own modules. In a space of its own: no name is left behind
_BEGIN = f"""{FIRST_LINE}
ours = (number for number, path in enumerate(sys.path) if path.endswith("-packages"))
sys.path.insert(next(ours, len(sys.path)), "")
"""
# by this the kit's checks know where they run
NBGRADER = ("NBGRADER_EXECUTION", "NBGRADER_VALIDATING")
# what nbclient and what it calls run into when a message is none
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


class ExecuteAs(Execute):  # type: ignore[misc]
    """nbgrader's Execute with the grader's word on identity in the kernel's environment.

    A kernel that dies or no longer answers ends the run, not the grading: what ran
    before is kept.
    """

    language = Unicode("", help="Language of messages; default: the notebook's.").tag(config=True)
    kernel_log = Unicode("", help="File for what kernels write to the terminal.").tag(config=True)
    forked = Bool(help="Notebooks run in the best sandbox that this system has.").tag(config=True)
    notebook_timeout = Integer(
        1800, help="Seconds that all cells of a notebook may take together; 0: no limit."
    ).tag(config=True)

    memory_limit = Integer(
        4096, help="Megabytes of memory for a notebook's run, files that it makes included."
    ).tag(config=True)

    strict = Bool(False, help="Locked cells are to prove their pass.").tag(config=True)
    least = Enum(
        [level.value for level in Level], Level.CONTAINER.value,
        help="What must stand around a notebook at least, if anything has to.",
    ).tag(config=True)  # fmt: skip

    @default("forked")  # type: ignore[untyped-decorator]
    def _where_it_can(self) -> bool:
        return found().level is not Level.NONE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("kernel_manager_class", OwnKernelManager)
        super().__init__(*args, **kwargs)
        self.level: Level | None = None
        self._word = ""
        self._judge: Judge | None = None
        self._prover: Prover | None = None
        self._shown, self._clock = Shown(), Clock(0)
        # cells that came to their end
        self._run: set[int] = set()
        # where the run works and where its folder came from; None without a sandbox
        self._ran: Path | None = None
        self._graded, self._brought = Path(), 0
        # whether hidden tests have run, and what begins them
        self._hidden, self._begin = False, ClearHiddenTests(parent=self).begin_test_delimeter

    def preprocess(self, nb: Any, resources: Resources, km: Any = None) -> tuple[Any, Resources]:
        """Called by nbgrader with the sanitised notebook."""
        names = resources.get("nbgrader", {})
        self._word = self._identity(nb, names) if names else ""
        if names and part_of(names["assignment"]) is None:
            take_roles(nb.cells, source_of(coursedir_of(self), names))
        self.level, self._judge, self._prover, self._ran = None, None, None, None
        self._run.clear()
        self._hidden, self._brought = False, 0
        self._shown, self._clock = Shown(), Clock(self.notebook_timeout)
        if any(map(kit_metadata, nb.cells)):
            # the learner is told how long it ran; other notebooks keep nbgrader's word
            shown = dict(self.error_on_timeout)  # type: ignore[has-type]
            self.error_on_timeout = {**shown, "evalue": str(self.timeout)}
        try:
            with ExitStack() as self._stack:
                after = self._others_as_handed_in(resources)
                self._judge_apart(nb, resources)
                self._want_proof(nb, resources)
                nb, resources = super().preprocess(nb, resources, km)
            ended = [OUT_OF_TIME] if self._clock.over() else []
        except DeadKernelError:
            ended = [DIED]
        except CellTimeoutError:
            ended = [STUCK]
        except OutOfTime:
            ended = [OUT_OF_TIME]
        left = self._hidden and (self._brought or self._ran is None)
        nb.metadata.update({name: True for name, so in ((LEFT, left), (AFTER, after)) if so})
        if self.level:
            # of this very run: another machine, or another language, may allow another
            resources[SANDBOX] = self.level.value
        said = [phrase(one, seconds=self.notebook_timeout) for one in ended]
        if ended:
            self._mark_unrun(nb, said[0])
        if self._shown.cut:
            cells = ((index, nb.cells[index]) for index in sorted(self._shown.cut))
            names = dict.fromkeys(
                str(kit_metadata(cell).get("id") or grade_id(cell) or index + 1)
                for index, cell in cells
            )
            said.append(phrase(TOO_MUCH, cells=", ".join([*names][:NAMED])))
        if said:
            resources[STOPPED] = "\n".join(said)
            self.log.error(resources[STOPPED])
        return nb, resources

    def _get_timeout(self, cell: Any) -> float | None:
        return self._clock.for_cell(super()._get_timeout(cell))

    def _others_as_handed_in(self, resources: Resources) -> bool:
        """Keep the notebook from graded ones of its submission, and from its own hidden tests.

        Whether files may lie there that hidden tests of another one had a hand in.
        """
        names = resources.get("nbgrader", {"student": "."})
        # nbgrader also runs a trainer's own notebooks, as nobody's
        if names["student"] == ".":
            return False
        course = coursedir_of(self)
        handed_in = course.format_path(
            course.submitted_directory, names["student"], names["assignment"]
        )
        folder = Path(resources["metadata"]["path"])
        graded = self._stack.enter_context(as_handed_in(folder, Path(course.root, handed_in)))
        return any(LEFT.encode() in text for text in graded)

    def _judge_apart(self, nb: Any, resources: Resources) -> None:
        """Have a unit's checks judged a second time, where runs are fenced."""
        part = part_of(resources["nbgrader"]["assignment"]) if self._word else None
        if part and self._level(nb) is Level.FENCES:
            folder = Path(resources["metadata"]["path"])
            self._judge = Judge(*part, self._word, folder, self._stack)
            # the hidden seed goes there alone
            self._word = self._identity(nb, resources["nbgrader"], purpose="kernel")

    def _want_proof(self, nb: Any, resources: Resources) -> None:
        """Have locked cells prove their pass; those of a unit are judged apart already."""
        if self.strict and self._judge is None:
            course, converter = coursedir_of(self), self.parent.parent
            source = source_of(course, resources["nbgrader"])
            kept = converter.exclude_overwriting.get(resources["nbgrader"]["assignment"], [])
            files = trainers_files(source.parent, course.ignore, kept)
            proofs = resources.setdefault(PROOFS, {})
            self._prover = Prover(read_trainer(nb.cells, source), proofs, source.parent, files)
            self._stack.callback(self._prover.close)

    def preprocess_cell(self, cell: Any, resources: Resources, index: int) -> Any:
        """Called for each cell in turn."""
        if not self._hidden and self._begin in cell.source:
            self._hidden = True
            # from now on nothing changes what was shown before, which feedback shows
            self._display_id_map.clear()
        if self._prover and is_locked_test(cell):
            self._prover.prove(cell, self._get_timeout(cell))
        if self._judge is None or not self._judge.judges(cell):
            done = super().preprocess_cell(cell, resources, index)
            distrust(cell)
            self._run.add(index)
            return done
        try:
            done = super().preprocess_cell(cell, resources, index)
            run_sync(self._judge.settle)(cell, self.km.shutdown_kernel)
        except BaseException:
            # a cell that ended the run has said nothing that counts
            forget(cell)
            raise
        self._run.add(index)
        return done

    def _mark_unrun(self, nb: Any, why: str) -> None:
        """Take nbgrader's points for no output from the tests that came to no end."""
        for index, cell in enumerate(nb.cells):
            tested = cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
            # what is judged apart says by itself that nothing was said
            if tested and index not in self._run and not (self._judge and self._judge.judges(cell)):
                told = new_output("error", ename=NOT_RUN, evalue=why, traceback=[why])
                cell.outputs.append(told)

    def _identity(self, nb: Any, names: dict[str, str], purpose: str = "hidden") -> str:
        course = coursedir_of(self)
        told = kit_metadata(nb).get("language")
        return grading_identity(
            Path(course.root),
            course.course_id,
            names["student"],
            names["assignment"],
            self.language or (told if told in LANGUAGES else resolve_language()),
            purpose,
        )

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Called by nbclient for each message of the kernel; showing has a limit."""
        try:
            if not self._shown.takes(msg, cell_index, is_grade(cell)):
                return None
            return super().process_message(msg, cell, cell_index)
        except _MALFORMED:
            # no kernel says that: whoever does has taken its place
            raise DeadKernelError("malformed message") from None

    def create_kernel_manager(self) -> Any:
        """A kernel of the best level that its language and this system allow."""
        self.level = self._level(self.nb)
        if self.level is Level.FENCES:
            self.kernel_manager_class = ForkedKernelManager
        elif self.level is Level.BUBBLEWRAP:
            self.kernel_manager_class = WrappedKernels
        else:
            # never in silence, whichever command runs it
            self.log.warning("No sandbox, level '%s': %s", self.level, found().why or "not wanted")
        return super().create_kernel_manager()

    def _level(self, nb: Any) -> Level:
        name = self.kernel_name or named(nb)
        ours = is_ours(name)
        if not self.forked:
            return Level.NONE
        best = found(forks=ours)
        if best.level is Level.NONE:
            raise GradingError(
                "No sandbox for the kernel '{name}' can be set up here: {why}",
                where="kernelspec",
                fix="For people whom you trust: --sandbox none",
                name=name,
                why=best.why,
            )
        if not best.reaches(Level(self.least)):
            # of this machine and this language: who asked may have seen better ones
            raise GradingError(
                "'{least}' was asked for, and the kernel '{name}' has only '{level}' here: {why}",
                where="kernelspec",
                fix="Grade it where it can be had, or ask for less: --sandbox {level}",
                least=self.least,
                name=name,
                level=best.level.value,
                why=best.why,
            )
        return best.level

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel; only its environment is told who is graded."""
        if self.km.ipykernel:
            self.extra_arguments.append(f"--IPKernelApp.exec_lines=exec({_BEGIN!r}, {{}})")
        if isinstance(self.km, ForkedKernelManager | WrappedKernels):
            self._start_fenced(**kwargs)
            return
        # this process keeps a clean environment: the next submission is somebody else's
        environment = {**os.environ, **self._told()}
        if not self.kernel_log:
            super().start_new_kernel(env=environment, **kwargs)
            return
        with Path(self.kernel_log).open("ab") as log:
            super().start_new_kernel(env=environment, stdout=log, stderr=log, **kwargs)

    def _told(self) -> dict[str, str]:
        return {GRADING_VARIABLE: self._word} if self._word else {}

    def _bring(self, ran: Path, graded: Path) -> None:
        self._brought, behind = bring(ran, graded)
        if behind:
            self.log.warning("Left behind: %s", ", ".join(behind[:NAMED]))

    def _start_fenced(self, **kwargs: Any) -> None:
        # without one, as nbgrader validates a notebook, it is the folder that we are in
        folder = Path(self.resources.get("metadata", {}).get("path") or Path.cwd())
        spec = None if isinstance(self.km, ForkedKernelManager) else self.km.kernel_spec
        others = prefixes(spec) if spec else ()
        made = self._stack.enter_context(room(folder, self.memory_limit, others))
        kept = kept_environment(*NBGRADER)
        told = environment_of(spec, kept) if spec else {}
        if self.kernel_log:
            self._stack.callback(keep_log, made.log, Path(self.kernel_log))
        # only a fork can be asked
        asks = None if spec else self._judge or self._prover
        work = made.folder / WORK
        fence = self._prover.place(work, made.fence) if self._prover else made.fence
        given: AbstractContextManager[dict[str, Any]] = nullcontext({})
        with asks.beside() if asks else given as beside:
            super().start_new_kernel(
                env={**kept, **told, **made.environment, **self._told()},
                cwd=str(made.folder),
                stdout=made.log,
                stderr=made.log,
                fence=fence,
                **beside,
                **kwargs,
            )
        self._ran, self._graded = work, folder

    def start_new_kernel_client(self, **kwargs: Any) -> Any:
        """Wait for the kernel; its folder is opened, which nobody else sees and ends with it."""
        client = super().start_new_kernel_client(**kwargs)
        if self._ran:
            opened = self.km.look_into(str(self._ran))
            self._stack.callback(os.close, opened)
            self._stack.callback(self._bring, Path(f"/proc/self/fd/{opened}"), self._graded)
        return client
