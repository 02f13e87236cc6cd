from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from tornado.ioloop import IOLoop

from kit.runner import provision
from kit.runner.provision import PROVISIONER, WARM
from kit.runner.spawn import supported
from kit.server.kernels import LATER_SECONDS, warm_up
from kit.server.lab import prepare_lab
from tests.live_kernels import in_a_loop

pytestmark = pytest.mark.skipif(not supported(), reason="forks need Linux")


def started_by_a_server(kernels: list[str]) -> bool:
    """Whether a server that finds its kernels in these folders has a warm process soon."""

    async def serve() -> bool:
        specs = KernelSpecManager(kernel_dirs=kernels, ensure_native_kernel=False)
        warm_up(SimpleNamespace(kernel_spec_manager=specs, io_loop=IOLoop.current()))
        await asyncio.sleep(LATER_SECONDS * 1.5)
        return WARM._process is not None

    WARM.close()
    try:
        return in_a_loop(serve())
    finally:
        WARM.close()


def kernel_of(home) -> Path:
    prepare_lab(home)
    return Path(home.state, "jupyter", "data", "kernels", "python3", "kernel.json")


def test_a_homes_server_has_a_warm_process(home):
    assert started_by_a_server([str(kernel_of(home).parents[1])])


def test_any_other_server_of_this_environment_has_none(home):
    file = kernel_of(home)
    spec = json.loads(file.read_text("utf-8"))
    del spec["metadata"]["kernel_provisioner"]
    file.write_text(json.dumps(spec), encoding="utf-8")
    assert not started_by_a_server([str(file.parents[1])])
    assert not started_by_a_server([])


def test_the_homes_kernel_is_forked_and_keeps_what_ipykernel_says_of_itself(home):
    metadata = json.loads(kernel_of(home).read_text("utf-8"))["metadata"]
    assert metadata["kernel_provisioner"] == {"provisioner_name": PROVISIONER}
    assert metadata["debugger"]


def test_a_provisioner_that_is_not_installed_is_not_named(home, monkeypatch):
    # Jupyter would offer no kernel at all
    monkeypatch.setattr(provision, "PROVISIONER", "not-installed")
    assert "kernel_provisioner" not in json.loads(kernel_of(home).read_text("utf-8"))["metadata"]
