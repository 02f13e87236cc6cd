"""An interrupt ends a server wherever it finds Python."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import clean_environment, free_port

# what a callback of a weak reference raises is printed and forgotten, an interrupt too
CODE = """
import signal, sys, weakref
from kit.cli.serving import build_server, serve

class Gone:
    pass

def ready():
    gone = Gone()
    watch = weakref.ref(gone, lambda _: signal.raise_signal(signal.SIGINT))
    del gone

options = ["root_dir=" + sys.argv[1], "port=" + sys.argv[2], "open_browser=False", "ip=127.0.0.1"]
options += ["allow_root=True", "answer_yes=True"]
serve(build_server([f"--ServerApp.{one}" for one in options]), ready)
print("stopped")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt there ends the tests, too")
def test_an_interrupt_in_a_callback_of_a_weak_reference_ends_it(tmp_path: Path) -> None:
    jupyter = {f"JUPYTER_{name}_DIR": str(tmp_path) for name in ("CONFIG", "DATA", "RUNTIME")}
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path), str(free_port())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        env=clean_environment(**jupyter),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "stopped"
