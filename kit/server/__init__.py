"""The learner's home page, a Jupyter server extension under ``/upskill/``.

It imports neither pandas nor nbgrader: what needs them runs as the ``upskill`` command in
a process of its own, and so does what kernels are forked from.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "kit.server"}]


def _load_jupyter_server_extension(server_app: Any) -> None:
    from kit.server.handlers import install
    from kit.server.kernels import warm_up

    install(server_app)
    warm_up(server_app)
