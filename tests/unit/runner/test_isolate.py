"""A learner's code behind the fences: what it may do, and what it tries in vain."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from kit.errors import GradingError
from kit.runner import landlock
from kit.runner.isolate import FENCES, NAMESPACES, NOBODY, Fence, probe
from kit.runner.manager import ForkedKernelManager
from kit.runner.spawn import supported
from tests.unit.runner.test_manager import notebook, text_of

pytestmark = pytest.mark.skipif(
    not supported() or not landlock.version(), reason="fences need Linux with Landlock"
)
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache")
ROOT = Path(__file__).parents[3]
USER = NOBODY + os.getpid()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """The run's own folder, which is all that it may write."""
    made = tmp_path / "room"
    made.mkdir()
    made.chmod(0o777)
    return made


def tried(room: Path, *cells: str, **more: Any) -> Any:
    read = (sys.prefix, sys.base_prefix, str(ROOT / "kit"), *SYSTEM)
    fence = Fence(read=read, write=(str(room),), user=USER, **more)
    client = NotebookClient(
        notebook(*cells), kernel_manager_class=ForkedKernelManager, allow_errors=True, timeout=60
    )
    return client.execute(cwd=room, fence=fence)


def refused(made: Any, place: int = 0) -> str:
    errors = [o for o in made.cells[place].outputs if o.output_type == "error"]
    assert errors, made.cells[place].outputs
    return str(errors[0].ename)


def test_ordinary_work_is_done_as_ever(room: Path) -> None:
    made = tried(
        room,
        "import pandas as pd\npd.Series([1, 2]).to_csv('a.csv')\nlen(pd.read_csv('a.csv'))",
        "import subprocess\nsubprocess.run(['echo', 'hello'])",
        "from threading import Thread\nt = Thread(target=print)\nt.start()\nt.join()\n'joined'",
        "import tempfile, os\nos.path.exists(tempfile.mkdtemp(dir='.'))",
    )
    assert [text_of(made, n).split()[-1] for n in range(4)] == [
        "2",
        "returncode=0)",
        "'joined'",
        "True",
    ]


def test_names_of_files_may_be_seen_that_cannot_be_read(room: Path) -> None:
    secret = room.parent / "unit" / "solution.py"
    secret.parent.mkdir()
    secret.write_text("answer = 1")
    made = tried(
        room,
        f"import os\nos.listdir({str(secret.parent)!r})",
        f"open({str(secret)!r}).read()",
        looked_into=(str(secret.parent),),
    )
    assert text_of(made, 0) == "['solution.py']"
    assert refused(made, 1) == "PermissionError"


@pytest.mark.parametrize("path", ["/etc/passwd", str(ROOT / "README.md"), "/proc/1/environ"])
def test_files_of_others_cannot_be_read(room: Path, path: str) -> None:
    assert refused(tried(room, f"open({path!r}).read()")) == "PermissionError"


def test_nothing_is_written_outside_its_own_folder(room: Path) -> None:
    beside = room.parent / "gradebook.db"
    beside.write_text("scores")
    beside.chmod(0o666)
    made = tried(room, f"open({str(beside)!r}, 'a').write('more')", "open('/tmp/upskill-x', 'w')")
    assert {refused(made, 0), refused(made, 1)} <= {"PermissionError", "OSError"}
    assert beside.read_text() == "scores"


def test_neither_mode_nor_time_of_others_files_changes(room: Path) -> None:
    beside = room.parent / "secret"
    beside.write_text("secret")
    # the run's own user, as where no root starts it: only the mount forbids it then
    os.chown(beside, USER, USER)
    made = tried(
        room,
        f"import os\nos.chmod({str(beside)!r}, 0o777)",
        f"os.utime({str(beside)!r}, (0, 0))",
        "open('own', 'w').close()\nos.chmod('own', 0o600)\noct(os.stat('own').st_mode)[-3:]",
    )
    assert [refused(made, n) for n in range(2)] == ["OSError"] * 2
    assert text_of(made, 2) == "'600'"


def test_what_is_thrown_away_is_written(room: Path) -> None:
    cell = "import subprocess\nsubprocess.run(['echo', 'x'], stdout=subprocess.DEVNULL).returncode"
    assert text_of(tried(room, cell), 0) == "0"


def test_a_link_leads_nowhere_else(room: Path) -> None:
    (room / "link").symlink_to(ROOT / "README.md")
    assert refused(tried(room, "open('link').read()")) == "PermissionError"


def test_the_driver_can_be_neither_read_nor_ended(room: Path) -> None:
    made = tried(
        room,
        f"open('/proc/{os.getpid()}/environ').read()",
        f"import os\nos.kill({os.getpid()}, 9)",
        f"open('/proc/{os.getpid()}/mem', 'rb')",
    )
    assert [refused(made, n) for n in range(3)] == [
        "PermissionError",
        "ProcessLookupError",
        "PermissionError",
    ]


def test_there_is_no_network_and_no_service(room: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as service:
        service.bind(str(room / "service"))
        service.listen()
        (room / "service").chmod(0o777)
        port = server.getsockname()[1]
        made = tried(
            room,
            f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 3)",
            "socket.socket(socket.AF_UNIX).connect('service')",
            "socket.create_connection(('192.0.2.1', 80), 3)",
        )
    assert [refused(made, n) for n in range(3)] == ["PermissionError"] * 3


def test_processes_memory_and_files_have_limits(room: Path) -> None:
    bomb = (
        "import os, time\nmade = 0\n"
        "try:\n    while made < 500:\n        if not os.fork():\n            time.sleep(60)\n"
        "            os._exit(0)\n        made += 1\n"
        "except BlockingIOError:\n    print('stopped', made < 500)"
    )
    made = tried(
        room,
        "x = bytearray(700 * 2**20)",
        "open('big', 'wb').write(b'x' * (20 * 2**20))",
        bomb,
        memory=600,
        file_size=10,
        processes=50,
    )
    assert refused(made, 0) == "MemoryError"
    assert refused(made, 1) == "OSError"
    assert text_of(made, 2) == "stopped True\n"


def test_fences_cannot_be_left(room: Path) -> None:
    cell = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "{call} == -1 and ctypes.get_errno() == 1"
    )
    calls = [
        "libc.unshare(0x10000000)",
        "libc.ptrace(16, 1, 0, 0)",
        "libc.mount(0, b'/', 0, 4096, 0)",
    ]
    made = tried(room, *(cell.format(call=call) for call in calls))
    assert [text_of(made, n) for n in range(3)] == ["True"] * 3


HEARTBEAT = """
import ctypes, os, signal, threading, time
def beat():
    while True:
        open('alive', 'a').write('x')
        time.sleep(0.05)
threading.Thread(target=beat).start()
time.sleep(0.5)
"""


def test_a_kernel_that_leaves_its_group_and_its_parent_ends_too(room: Path) -> None:
    leaving = "os.setsid()\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\nos.path.getsize('alive') > 0"
    assert text_of(tried(room, HEARTBEAT + leaving), 0) == "True"
    assert not beats(room)


def beats(room: Path) -> bool:
    size = (room / "alive").stat().st_size
    time.sleep(1)
    return (room / "alive").stat().st_size > size


def test_a_kernel_whose_driver_was_killed_ends(room: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from tests.unit.runner.test_isolate import HEARTBEAT, tried\n"
        "tried(Path(sys.argv[1]), HEARTBEAT + 'while True: pass')"
    )
    driver = subprocess.Popen([sys.executable, "-c", script, str(room)], cwd=ROOT)
    for _ in range(600):
        if (room / "alive").exists():
            break
        time.sleep(0.1)
    assert beats(room)
    driver.kill()
    driver.wait()
    time.sleep(0.5)
    assert not beats(room)


def test_no_datagram_reaches_a_service(room: Path) -> None:
    cell = "import socket\nsocket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)"
    assert refused(tried(room, cell)) == "PermissionError"


def test_what_hides_in_a_session_of_its_own_ends_too(room: Path) -> None:
    cell = (
        "import os, time\n"
        "if not os.fork():\n    os.setsid()\n    if not os.fork():\n        while True:\n"
        "            open('alive', 'a').write('x')\n            time.sleep(0.05)\n    os._exit(0)\n"
        "time.sleep(1)\nos.path.getsize('alive') > 0"
    )
    assert text_of(tried(room, cell), 0) == "True"
    size = (room / "alive").stat().st_size
    with pytest.raises(DeadKernelError):
        # a second kernel takes longer than what is left of the first could wait
        tried(room, "import time, os\ntime.sleep(1)\nos._exit(0)")
    assert (room / "alive").stat().st_size == size


def test_a_probe_finds_what_the_system_allows(room: Path) -> None:
    assert probe() == ""
    # who is fenced already gets no second set
    code = (
        "import os\nfrom kit.runner.isolate import *\n"
        f"inner = enter(Fence(read=('/',), write=({str(room)!r},)))\n"
        "os.waitpid(inner.process, 0) if inner else print(probe(), flush=True)"
    )
    told = {**os.environ, "TMPDIR": str(room)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=told
    )
    assert NAMESPACES in done.stdout, done.stderr


def test_a_probe_that_the_system_ends_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\nos.kill(os.getpid(), 9)\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    assert "-9" in probe()


def test_a_fence_that_the_system_refuses_stops_the_run(room: Path) -> None:
    # inside fences no more namespaces can be made, as in many containers
    cell = (
        "from kit.runner.isolate import Fence, NotFenced, enter\n"
        "try:\n    enter(Fence(wanted=('namespaces',)))\nexcept NotFenced as error:\n"
        "    print(error.fence)"
    )
    assert text_of(tried(room, cell), 0) == f"{NAMESPACES}\n"


def test_a_wanted_fence_that_fails_is_said_with_the_next_step(room: Path) -> None:
    fence = Fence(write=(str(room),), memory=2**60, wanted=FENCES)
    client = NotebookClient(notebook("1"), kernel_manager_class=ForkedKernelManager)
    with pytest.raises(GradingError, match="limits"):
        client.execute(cwd=room, fence=fence)
