"""A user for whom kernels are forked."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from kit.runner.provision import WARM


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a user who has an IPython profile of their own."""
    folder = tmp_path_factory.mktemp("ipython")
    profile = folder / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00-own.py").write_text("from_startup = 'mine'")
    setting = "get_config().InteractiveShell.ast_node_interactivity = 'all'"
    (profile / "ipython_kernel_config.py").write_text(setting)
    # under pytest, ipykernel does not look at what is written below Python
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    yield {**known, "IPYTHONDIR": str(folder)}
    WARM.close()
