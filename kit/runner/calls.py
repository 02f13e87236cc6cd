"""seccomp: system calls that a learner's code has no use for end in "not permitted".

Linux documentation, userspace-api/seccomp_filter. The filter is classic BPF: it looks at the
machine, the call's number and, for three of them, at an argument.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kit.runner.libc import called, libc

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _MASKED, _MASK, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
# of struct seccomp_data: the number, the architecture, low halves of the first two arguments
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
_UNIX, _INTERNET, _ROUTES, _DATAGRAM = 1, (2, 10), 16, 2
_ANY_NAMESPACE = 0x7E020000 | 0x80
# the calls of x86_64 once more, under other numbers; no architecture has as many
_OTHER_NUMBERS = 0x40000000
# numbers from asm/unistd.h, first x86_64, then every newer architecture; NONE: it has no such
NONE = _OTHER_NUMBERS - 1
_DENIED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # files in memory have no size that anybody bounds
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    # watching others' files, though not reading them
    "inotify_init": (253, NONE),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "syslog": (103, 116),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "iopl": (172, NONE),
    "ioperm": (173, NONE),
    "modify_ldt": (154, NONE),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "pidfd_getfd": (438, 438),
    "open_by_handle_at": (304, 265),
    "mount_setattr": (442, 442),
}
_SOCKET, _SOCKETPAIR, _CLONE, _CLONE3 = (41, 198), (53, 199), (56, 220), (435, 435)
# AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64, and which of two numbers is theirs
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


def restrict_calls() -> None:
    """Deny them in this process and its children, for good. OSError on another machine."""
    program = _program(*_machine(), _INTERNET)
    lines = ctypes.create_string_buffer(program)
    told = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(lines))
    called(libc().prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_char_p(told), 0, 0))


@contextmanager
def filter_file() -> Iterator[int]:
    """The filter as an open file, for a program that puts it up: with what zmq needs of sockets.

    OSError on another machine.
    """
    with tempfile.TemporaryFile() as file:
        file.write(_program(*_machine(), (_UNIX, *_INTERNET, _ROUTES)))
        file.seek(0)
        yield file.fileno()


def _machine() -> tuple[int, int]:
    if platform.machine() not in _MACHINES:
        raise OSError(f"no list of system calls for {platform.machine()}")
    return _MACHINES[platform.machine()]


def _program(architecture: int, column: int, families: Sequence[int]) -> bytes:
    no = _ERRNO | errno.EPERM
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        # another architecture's numbers mean other calls
        (_EQUAL, 1, 0, architecture),
        (_ANSWER, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_NUMBERS),
        (_ANSWER, 0, 0, no),
    ]
    for numbers in _DENIED.values():
        lines += [(_EQUAL, 0, 1, numbers[column]), (_ANSWER, 0, 0, no)]
    # its arguments cannot be looked at; libraries fall back to clone
    lines += [(_EQUAL, 0, 1, _CLONE3[column]), (_ANSWER, 0, 0, _ERRNO | errno.ENOSYS)]
    # services of the machine listen on Unix and other sockets that no namespace hides
    lines += [
        (_EQUAL, 0, 2 * len(families) + 2, _SOCKET[column]),
        (_LOAD, 0, 0, _FIRST),
        *(line for one in families for line in ((_EQUAL, 0, 1, one), (_ANSWER, 0, 0, _ALLOW))),
        (_ANSWER, 0, 0, no),
        # a pair of streams reaches nobody else; one of datagrams can be sent on to anybody
        (_EQUAL, 0, 4, _SOCKETPAIR[column]),
        (_LOAD, 0, 0, _SECOND),
        (_MASK, 0, 0, 0xF),
        (_EQUAL, 0, 5, _DATAGRAM),
        (_ANSWER, 0, 0, no),
        (_EQUAL, 0, 3, _CLONE[column]),
        (_LOAD, 0, 0, _FIRST),
        (_MASKED, 0, 1, _ANY_NAMESPACE & ~0x80),
        (_ANSWER, 0, 0, no),
        (_ANSWER, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
