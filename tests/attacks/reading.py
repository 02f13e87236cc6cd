"""Attacks that read or write what is not theirs."""

from __future__ import annotations

from tests.attacks.world import Attack

DENIED = "PermissionError"
THEIRS = ("source/a/a.ipynb", "private/secret", "submitted/lee/a/a.ipynb", "gradebook.db")


def opens(path: str) -> str:
    return f"print(open({path!r}, errors='replace').read())"


READING = (
    Attack("variables of the environment", ("import os\nprint(dict(os.environ))",), ("HOME",)),
    Attack("its own first environment", (opens("/proc/self/environ"),), ("",)),
    Attack(
        "other processes",
        (opens("/proc/<DRIVER>/environ"), opens("/proc/<DRIVER>/mem"), opens("/proc/1/environ")),
        (DENIED, DENIED, DENIED),
    ),
    Attack(
        "hidden tests, the course's secret, others' work, the gradebook",
        tuple(opens(f"<COURSE>/{name}") for name in THEIRS),
        (DENIED,) * 4,
    ),
    Attack("names of the course's files", ("import os\nos.listdir('<COURSE>')",), (DENIED,)),
    Attack("the system's accounts", (opens("/etc/shadow"), opens("/etc/passwd")), (DENIED,) * 2),
    Attack(
        "writing the gradebook",
        (
            "open('<COURSE>/gradebook.db', 'w').write('198')",
            "import sqlite3\nsqlite3.connect('<COURSE>/gradebook.db').execute('create table t(a)')",
            "import os\nos.remove('<COURSE>/gradebook.db')",
            "os.rename('<COURSE>/gradebook.db', 'mine')",
        ),
        ("Error", "OperationalError", "Error", "Error"),
    ),
    Attack(
        "a process that writes the gradebook later",
        (
            "import subprocess\nsubprocess.Popen(['sh', '-c', 'while true; do"
            " echo 198 > <COURSE>/gradebook.db; sleep 0.01; done'])\n1",
        ),
        ("1",),
    ),
    Attack(
        "modes and times of others' files",
        (
            "import os\nos.chmod('<COURSE>/gradebook.db', 0o777)",
            "os.utime('<COURSE>/gradebook.db', (0, 0))",
            "os.setxattr('<COURSE>/gradebook.db', 'user.x', b'1')",
        ),
        ("Error",) * 3,
    ),
    Attack(
        "links out of its folder",
        (
            "import os\nos.symlink('<COURSE>/gradebook.db', 'data.csv')\nopen('data.csv').read()",
            "os.symlink('/etc', 'etc')\nprint(os.path.exists('etc'))",
            "os.link('<COURSE>/private/secret', 'mine')",
        ),
        (DENIED, "", "Error"),
    ),
    Attack(
        "files that the grader has open",
        (
            "import os\nfor n in os.listdir('/proc/self/fd'):\n    try:\n"
            "        print(os.readlink('/proc/self/fd/' + n))\n    except OSError: pass",
        ),
        also=lambda ran: "course" not in ran.texts[0],
    ),
    Attack(
        "another user",
        ("import os\nos.setuid(0)", "os.setgroups([0])", "import os\nos.getuid() > 1000"),
        (DENIED, DENIED, "True"),
    ),
    # the name is that of IPython's own error where nobody can be asked
    Attack("a question to the grader", ("input('password? ')",), ("StdinNotImplementedError",)),
)
MACHINE = """\
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def refused(number, *words):
    ctypes.set_errno(0)
    return libc.syscall(number, *words) == -1 and ctypes.get_errno() == errno.EPERM
"""
# numbers of x86_64: tracing, mounting, keys, memory of others, files in memory, rings
CALLS = (
    (101, 16, 1, 0, 0), (310, 1, 0, 0, 0, 0, 0), (165, 0, 0, 0, 4096, 0), (272, 0x10000000),
    (308, 0, 0), (161, 0), (155, 0, 0), (250, 0, -3, 0), (248, 0, 0, 0, 0, -3), (321, 0, 0, 0),
    (298, 0, 0, 0, 0, 0), (323, 0), (425, 1, 0), (426, 0, 0, 0, 0), (319, 0, 0), (447, 0),
    (29, 0, 4096, 0o1600), (294, 0), (300, 0, 0), (438, 0, 0, 0), (304, 0, 0, 0), (428, 0, 0, 0),
    (432, 0, 0, 0), (0x40000000 | 39,), (0x40000000 | 101, 16, 1, 0, 0),
)  # fmt: skip
ESCAPING = (
    Attack(
        "system calls",
        (MACHINE + f"print([one for one in {CALLS!r} if not refused(*one)])",),
        ("[]",),
    ),
    Attack(
        "signals",
        (
            "import os\nos.kill(<DRIVER>, 9)",
            "os.kill(os.getppid(), 9)\nos.kill(1, 9)\n'still here'",
            "os.killpg(<DRIVER>, 9)",
        ),
        ("ProcessLookupError", "", "ProcessLookupError"),
    ),
    Attack(
        "the network",
        (
            "import socket\nsocket.create_connection(('127.0.0.1', <PORT>), 3)",
            "socket.create_connection(('192.0.2.1', 80), 3)",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', <PORT>))",
            "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:<PORT>', timeout=3)",
        ),
        (DENIED, DENIED, "Error", "Error"),
    ),
    Attack(
        "services of the machine",
        (
            "import socket\nsocket.socket(socket.AF_UNIX).connect('<SERVICE>')",
            "socket.socket(socket.AF_UNIX).connect('\\0upskill-attack')",
            "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', '<SERVICE>')",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
            "socket.socket(40, socket.SOCK_STREAM)",
        ),
        (DENIED,) * 5,
    ),
)
