"""Which kernel a graded notebook gets: its kernelspec's, as nbgrader has it.

``python3``, and whatever else starts ipykernel in the interpreter that we run in, is ours and can
be forked. An environment of the course, or another language, is an ordinary kernel.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

import zmq
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import (
    NATIVE_KERNEL_NAME,
    KernelSpec,
    KernelSpecManager,
    NoSuchKernel,
)
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

from kit.errors import GradingError
from kit.runner.bubblewrap import WrappedKernelManager

# of a kernelspec that starts ipykernel, behind the interpreter and its options
_IPYKERNEL = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
# Jupyter takes these words for the interpreter that it runs in itself
_NATIVE = {"python", "python3", f"python3.{sys.version_info.minor}"}


class OwnKernelSpecs(KernelSpecManager):  # type: ignore[misc]
    """``python3`` is this very environment, whatever a user has registered by that name."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        """The spec of a name; NoSuchKernel for one that is not installed."""
        if kernel_name != NATIVE_KERNEL_NAME:
            return super().get_kernel_spec(kernel_name)
        # -P: a file beside the notebook must not stand in for the kernel's own modules
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict(python_arguments=["-P"]))


class OwnKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """An ordinary kernel."""

    @default("kernel_spec_manager")  # type: ignore[untyped-decorator]
    def _own_specs(self) -> KernelSpecManager:
        return OwnKernelSpecs(parent=self)

    @default("transport_encryption")  # type: ignore[untyped-decorator]
    def _own_encryption(self) -> str:
        # other users of this machine could read hidden data off a plain local port
        return "auto" if zmq.has("curve") else "disabled"


class WrappedKernels(WrappedKernelManager):
    """An ordinary kernel under bubblewrap."""

    @default("kernel_spec_manager")  # type: ignore[untyped-decorator]
    def _own_specs(self) -> KernelSpecManager:
        return OwnKernelSpecs(parent=self)


def named(nb: Any) -> str:
    """The kernel that a notebook names, as nbclient reads it."""
    return str(nb.metadata.get("kernelspec", {}).get("name") or NATIVE_KERNEL_NAME)


def is_ours(name: str) -> bool:
    """Whether a kernel is ipykernel in the interpreter that we run in.

    GradingError for a name that is not installed.
    """
    # Jupyter's managers take the first for the second
    if name in ("python", NATIVE_KERNEL_NAME):
        return True
    try:
        spec = OwnKernelSpecs().get_kernel_spec(name)
    except NoSuchKernel:
        raise GradingError(
            "The notebook's kernel '{name}' is not installed here; those that are:"
            " jupyter kernelspec list",
            where="kernelspec",
            fix="In its environment: python -m ipykernel install --user --name {name}",
            name=name,
        ) from None
    return spec.argv[-len(_IPYKERNEL) :] == _IPYKERNEL and not spec.env and _is_this(spec.argv[0])


def _is_this(program: str) -> bool:
    if program in _NATIVE:
        return True
    mine, its = Path(sys.executable), Path(shutil.which(program) or program)
    # two environments have links to one interpreter, one folder can hold several of them
    return (mine.parent.resolve(), mine.resolve()) == (its.parent.resolve(), its.resolve())


def environment_of(spec: Any, known: Mapping[str, str]) -> dict[str, str]:
    """What a kernelspec adds to the environment ``known``, as Jupyter fills it in."""
    return {name: Template(text).safe_substitute(known) for name, text in spec.env.items()}


def prefixes(spec: Any) -> tuple[str, ...]:
    """The installations of Python that a kernelspec's command stands on: its own, and the base."""
    return tuple(dict.fromkeys(map(str, _prefixes(Path(shutil.which(spec.argv[0]) or "")))))


def _prefixes(program: Path) -> Iterator[Path]:
    places = [program]
    # an environment's interpreter is a link, perhaps to another one
    while program.is_symlink() and len(places) < 10:
        program = Path(os.path.normpath(program.parent / program.readlink()))
        places.append(program)
    for place in (*places, program.resolve()):
        prefix = place.parent.parent
        if next(prefix.glob("lib*/python3*"), None):
            yield prefix
