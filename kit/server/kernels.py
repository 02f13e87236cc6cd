"""Kernels that a home's server has ready before somebody opens a notebook."""

from __future__ import annotations

import os
from typing import Any

from kit.runner.provision import PROVISIONER, WARM


def warm_up(server_app: Any) -> None:
    """Start the warm process where this server's kernels are forked from one, and do not wait.

    Another server of this environment, such as a plain ``jupyter lab``, starts its kernels as
    ever.
    """
    specs = server_app.kernel_spec_manager.get_all_specs()
    metadata = specs.get("python3", {}).get("spec", {}).get("metadata", {})
    if metadata.get("kernel_provisioner", {}).get("provisioner_name") == PROVISIONER:
        WARM.start(os.environ)
