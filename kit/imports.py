"""Libraries imported without what they would build and nobody here uses.

altair and nbgrader import jsonschema, which imports ``rfc3987_syntax`` where that happens to
be installed (Jupyter installs it), which builds forty grammars of addresses: one to two
seconds of each process, for a check of IRIs that no chart and no notebook makes. jsonschema
is written to do without it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

UNWANTED = "rfc3987_syntax"
# the same for all that a kernel imports, as its first line
FIRST_LINE = f"import sys; sys.modules.setdefault({UNWANTED!r}, None)"


@contextmanager
def lean_imports() -> Iterator[None]:
    """What is imported inside builds no grammars; afterwards they are there for others."""
    modules: Any = sys.modules
    if "jsonschema" in modules or UNWANTED in modules:
        yield
        return
    # Python's way to say that there is no such module
    modules[UNWANTED] = None
    try:
        yield
    finally:
        del modules[UNWANTED]
