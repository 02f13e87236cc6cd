"""Kernels that a home's server has ready before somebody opens a notebook."""

from __future__ import annotations

import os
from typing import Any

from kit.runner.provision import PROVISIONER, WARM

# the home page comes first; a learner is not at a notebook before
LATER_SECONDS = 1.0


def warm_up(server_app: Any) -> None:
    """Have the warm process started soon where this server's kernels are forked from one.

    Another server of this environment, such as a plain ``jupyter lab``, starts its kernels as
    ever.
    """
    specs = server_app.kernel_spec_manager.get_all_specs()
    metadata = specs.get("python3", {}).get("spec", {}).get("metadata", {})
    if metadata.get("kernel_provisioner", {}).get("provisioner_name") == PROVISIONER:
        server_app.io_loop.call_later(LATER_SECONDS, WARM.start, os.environ)
