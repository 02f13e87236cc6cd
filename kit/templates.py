"""Pages from Jinja2 templates, set up in one way."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def html_templates(folder: Path) -> Environment:
    """The templates of a folder; what they are given is escaped, unless marked safe.

    Rendering raises ``jinja2.UndefinedError`` for a name that was not given.
    """
    # only pages need jinja2; commands read the same rooms without it
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        # a typing error in a template must fail a test, not print nothing
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
