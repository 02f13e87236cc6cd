"""The system's accounts by number and name. What needs them is a trainer's, and not on Windows."""

from __future__ import annotations

import pwd


def account_name(uid: int) -> str:
    """The name of an account, or its number where it has no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def has_account(name: str) -> bool:
    """Whether the system knows an account of this name."""
    try:
        pwd.getpwnam(name)
    except (KeyError, ValueError):
        return False
    return True
