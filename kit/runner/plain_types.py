"""Classes of plain data: what they say of equality and truth is Python's or a package's own code.

Anything else that takes part in a verdict could have been chosen for what it says:
``unittest.mock.ANY`` equals everything, an expression of altair's is true whatever it compares.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable

# by the module that a class names as its home, with all that are below a package
_MODULES = (
    "builtins", "collections", "_collections_abc", "types", "typing", "abc", "enum", "numbers",
    "datetime", "zoneinfo", "_zoneinfo", "decimal", "_decimal", "fractions", "statistics",
    "pathlib", "uuid", "ipaddress", "re", "array", "inspect", "os", "unittest",
    "numpy", "pandas", "pyarrow.lib",
)  # fmt: skip
# of these: whatever is masked passes, and what only writes down what it is compared with
_BUT = (
    "unittest.mock", "numpy.ma", "numpy.f2py", "numpy.lib._user_array_impl",
    "pandas.core.computation", "pandas.core.col", "pandas.io",
)  # fmt: skip
_BUT_NAMES = {("pandas.api.typing", "Expression")}
_PROXIES = {weakref.ProxyType, weakref.CallableProxyType, weakref.ReferenceType}
# their comparisons ask attributes, which a learner's subclass could replace: all others are
# compared in C, or by what they are
_WITHOUT_ATTRIBUTES = ("builtins", "_collections_abc", "abc", "enum", "typing", "unittest")


def plain_types(known: Iterable[type]) -> set[int]:
    """The ids of those of ``known`` that are plain data."""
    return {id(one) for one in known if one not in _PROXIES and _is_plain(one)}


def asking_types(known: Iterable[type]) -> set[int]:
    """The ids of those that look up attributes of what they are compared with."""
    return {
        id(one)
        for one in known
        if one not in _PROXIES and _is_plain(one) and not _below(_home(one), _WITHOUT_ATTRIBUTES)
    }


def _home(one: type) -> str:
    return str(type.__dict__["__module__"].__get__(one))


def _is_plain(one: type) -> bool:
    home = _home(one)
    if _below(home, _BUT) or (home, one.__name__) in _BUT_NAMES:
        return False
    return _below(home, _MODULES)


def _below(home: str, packages: tuple[str, ...]) -> bool:
    return any(home == one or home.startswith(f"{one}.") for one in packages)
