"""Attacks on the run itself: floods, bombs, deaths, forged messages, poisoned files."""

from __future__ import annotations

from kit.grading.remarks import DIED, STUCK, TOO_MUCH
from tests.attacks.world import Attack, Ran

FORGE = """\
import json, struct
pair = get_ipython().kernel.session.pair
parent = get_ipython().kernel.get_parent('shell')['header']
def raw(data):
    pair.sendall(struct.pack('!I', len(data)) + data)
def message(kind, content, **more):
    head = {'msg_type': kind, 'msg_id': 'x'}
    told = {'channel': 'iopub', 'header': head, 'parent_header': parent, 'metadata': {}}
    raw(json.dumps({**told, 'content': content, **more}, default=str).encode())
"""
CUT = str(TOO_MUCH).partition("{")[0]
FORGED = {
    "no content": "message('stream', None)",
    "no text": "message('stream', {'name': 'stdout', 'text': 5})",
    "a bundle of numbers": "message('display_data', {'data': {'text/html': {}}, 'metadata': {}})",
    "an error without a name": "message('error', {'traceback': 'x'})",
    "a comm without data": "message('comm_msg', {'comm_id': []})",
    "a state without names": "message('comm_open', {'comm_id': 'x', 'target_name': 'y',"
    " 'data': {'state': 7, 'buffer_paths': [1]}})",
    "no idle": "message('status', {})",
    "lists in lists": "raw(b'[' * 100_000)",
    "a deep bundle": "deep = 'x'\nfor _ in range(300): deep = [deep]\n"
    "message('display_data', {'data': {'application/json': deep}, 'metadata': {}})",
    "no message at all": "pair.sendall(b'\\xff' * 100)",
    "an answer of its own": "message('execute_reply', {'status': 'error'}, channel='shell')",
    "another channel": "message('stream', {'name': 'stdout', 'text': 'x'}, channel='control')",
}
MESSAGES = tuple(
    Attack(
        f"forged: {name}",
        ("1", FORGE + cell + "\nimport time\ntime.sleep(15)", "2"),
        ("1",),
        ends=str(DIED),
    )
    for name, cell in FORGED.items()
)
BOMB = """\
import os, time
made = 0
try:
    while made < 2000:
        if not os.fork():
            time.sleep(60)
            os._exit(0)
        made += 1
except OSError:
    pass
print(made < 1000)
"""
FILLING = """\
import errno, os
def fill(make):
    n = 0
    try:
        while n < 100_000:
            make(n)
            n += 1
    except OSError as error:
        return errno.errorcode[error.errno]
"""


def _nothing_late(ran: Ran) -> bool:
    return "late" not in ran.left


FLOODS = (
    Attack("endless printing", ("print('x' * 30_000_000)", "2"), ("", "2"), ends=CUT),
    Attack(
        "endless pictures",
        ("for n in range(15):\n    display({'text/plain': 'x' * 10**6}, raw=True)", "2"),
        ("", "2"),
        ends=CUT,
    ),
    Attack(
        "endless widgets",
        ("import ipywidgets\nheld = [ipywidgets.HTML('x' * 10**6) for _ in range(15)]", "2"),
        ("", "2"),
        ends=CUT,
    ),
    Attack("one huge message", ("display({'text/plain': 'x' * 40_000_000}, raw=True)", "2"),
           ("TooBig", "2")),
    Attack("many processes", (BOMB, "2"), ("True", "2")),
    Attack("a full disk", (FILLING + "fill(lambda n: open(f'f{n}', 'wb').write(bytes(2**25)))",
                           "fill(lambda n: open(f'/dev/shm/g{n}', 'wb').write(bytes(2**25)))"),
           ("ENOSPC", "ENOSPC")),
    Attack("endless files", (FILLING + "fill(lambda n: open(f'f{n}', 'w').close())",),
           ("ENOSPC",)),
    Attack("one endless file", (FILLING + "f = open('f', 'wb')\n"
                                "fill(lambda n: f.write(bytes(2**25)))",), ("E",)),
    Attack("all memory", ("x = bytearray(2**33)", "2"), ("MemoryError", "2")),
    Attack(
        "shared memory",
        ("1", "import mmap\nheld = []\nwhile True:\n    held.append(mmap.mmap(-1, 2**25))\n"
         "    held[-1].write(b'x' * 2**25)"),
        ("1",), ends=str(DIED), limits={"memory_limit": 600},
    ),
    Attack("names in every script", (
        "for name in ('\\u202egnp.exe', 'a\\nb', b'\\xff', '가' * 80, '-rf', '$(reboot)'):\n"
        "    open(name, 'w').write('x')\n'ok'",),
           ("ok",)),
    Attack("folders without end", ("import os\nfor _ in range(1500):\n    os.mkdir('d')\n"
                                   "    os.chdir('d')\n'ok'",), ("ok",)),
)  # fmt: skip
ENDINGS = (
    Attack("an exit", ("1", "import os\nos._exit(0)", "3"), ("1",), ends=str(DIED)),
    Attack("an abort", ("1", "import os\nos.abort()"), ("1",), ends=str(DIED)),
    Attack("a crash", ("1", "import ctypes\nctypes.string_at(0)"), ("1",), ends=str(DIED)),
    Attack("a closed socket", ("1", FORGE + "import os\nos.close(pair.fileno())", "3"), ("1",),
           ends=str(DIED), limits={"timeout": 2}),
    Attack("a long sleep", ("import time\ntime.sleep(60)", "2"), ("CellTimeoutError", "2"),
           limits={"timeout": 1}),
    Attack("a loop that swallows interrupts",
           ("1", "import time\nwhile True:\n    try:\n        time.sleep(60)\n"
            "    except KeyboardInterrupt: pass"), ("1",), ends=str(STUCK),
           limits={"timeout": 1}),
    Attack("many slow cells", ("import time\ntime.sleep(1.5)",) * 3, ends="limit of 2 seconds",
           limits={"notebook_timeout": 2}),
    Attack("work at the end", ("import atexit\natexit.register(lambda: open('late', 'w'))\n"
                               "class C:\n    def __del__(self): open('late', 'w')\nc = C()",),
           also=_nothing_late),
    Attack("a survivor", (
        "import ctypes, os, signal, time\nif not os.fork():\n    os.setsid()\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    ctypes.CDLL(None).prctl(15, b'up<DRIVER>', 0, 0, 0)\n    time.sleep(60)\n1",),),
    Attack("orphans", ("import subprocess\nfor _ in range(600):\n"
                       "    subprocess.run(['sh', '-c', 'sleep 0 &'], check=True)\n'all ran'",),
           ("all ran",)),
)  # fmt: skip
NAMES = (
    "ipykernel_launcher.py", "json.py", "kit.py", "pandas.py", "sitecustomize.py",
    "usercustomize.py", "ipython_config.py", "asyncio/__init__.py", "kit/__init__.py",
    ".ipython/profile_default/startup/00.py", ".pythonrc.py", "matplotlibrc",
)  # fmt: skip
POISONED = (
    Attack(
        "files beside the notebook in place of modules",
        ("import json, asyncio, pandas, kit.workbook\nprint('fine', json.__file__)",),
        ("fine /",),
        files=dict.fromkeys(NAMES, "print('poisoned')\nopen('poisoned', 'w')"),
        also=lambda ran: "poisoned" not in ran.texts[0] and "poisoned" not in ran.left,
    ),
    Attack(
        "leaving files for the next one",
        (
            "import os, pathlib\nfor name in ('.cache', '.config/matplotlib', '.ipython'):\n"
            "    place = pathlib.Path.home() / name\n    place.mkdir(parents=True)\n"
            "    (place / 'startup.py').write_text('x')\n"
            "import json\nopen(json.__file__, 'a').close()",
        ),
        ("Error",),
    ),
    Attack(
        "finding what the last one left",
        (
            "import os\nprint(os.listdir(os.path.expanduser('~')), os.listdir('/dev/shm'),"
            " os.listdir(os.environ['TMPDIR']), os.listdir('.'))",
        ),
        ("[] [] [] []",),
    ),
    Attack(
        "a drawing library's backend",
        (
            "import os\nos.environ['MPLBACKEND'] = 'module://evil'\nimport evil\nprint('drawn')",
            "open('<COURSE>/private/secret').read()",
        ),
        ("drawn", "PermissionError"),
        files={"evil.py": "import os\nos.environ['X'] = 'x'\n"},
    ),
    Attack(
        "a pickle for the grader",
        (
            "import os, pickle\nclass Bad:\n    def __reduce__(self):\n"
            "        return os.system, ('echo x > <COURSE>/opened',)\n"
            "open('answers.pkl', 'wb').write(pickle.dumps(Bad()))\n"
            "display({'application/x-pickle': repr(pickle.dumps(Bad()))}, raw=True)",
        ),
        ("",),
    ),
)
