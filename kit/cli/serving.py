"""A Jupyter server in this process, from its configuration to Ctrl+C."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from typing import Any


def build_server(arguments: Sequence[str], config: Any = None) -> Any:
    """JupyterLab's server, initialised; it prints no addresses of its own."""
    # Jupyter fixes its folders while it is imported, so only after the environment is set
    from jupyterlab.labapp import LabApp

    server = LabApp.initialize_server(argv=list(arguments), config=config)
    # Jupyter would print its own banner of addresses below ours
    server.identity_provider.token_generated = False
    return server


def serve(server: Any, ready: Callable[[], None]) -> None:
    """Serve until Ctrl+C; ``ready`` is called when the port answers."""

    def stop(_number: int, _frame: object) -> None:
        # told again, it ends at once
        signal.signal(signal.SIGINT, signal.default_int_handler)
        server.stop(from_signal=True)

    # Jupyter does so on a terminal only; elsewhere an interrupt that is raised while Python
    # calls back, as from a weak reference, is swallowed, and the server would run on
    signal.signal(signal.SIGINT, stop)
    # runs with the first turn of the loop, when the port already answers
    server.io_loop.add_callback(ready)
    server.start()
