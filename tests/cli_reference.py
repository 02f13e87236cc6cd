"""Writes docs/cli.md from the commands' own declarations, so that it cannot go stale.

python tests/cli_reference.py docs/cli.md        (or: make docs)
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

HEAD = """\
# Commands

Written by `make docs` from the commands' own help.

"""


def commands(app: typer.Typer, name: str) -> Iterator[tuple[str, Any]]:
    """Every command's full name and its function, groups included."""
    for command in app.registered_commands:
        function = command.callback
        yield f"{name} {command.name or function.__name__}", function
    for group in app.registered_groups:
        yield from commands(group.typer_instance, f"{name} {group.name}")


def examples(app: typer.Typer) -> dict[Any, str]:
    """What each command's help ends with, by function."""
    found = {command.callback: str(command.epilog or "") for command in app.registered_commands}
    for group in app.registered_groups:
        found |= examples(group.typer_instance)
    return found


def _section(name: str, function: Any, example: str) -> str:
    hints = typing.get_type_hints(function, include_extras=True)
    arguments, lines = [], []
    for parameter in inspect.signature(function).parameters.values():
        kind, info = typing.get_args(hints[parameter.name])[:2]
        plural = "list" in str(kind)
        if isinstance(info, typer.models.ArgumentInfo):
            shown = parameter.name.upper() + ("..." if plural else "")
            arguments.append(shown)
        else:
            shown = _option(parameter, kind, info)
        lines.append(f"- `{shown}`" + (f": {info.help}" if info.help else ""))
    usage = " ".join([name, *arguments])
    told = [inspect.getdoc(function) or "", "", example, ""]
    return "\n".join([f"## `{usage}`", "", *told, *lines, ""])


def flags(info: Any, name: str) -> list[str]:
    """What an option may be called, as declared or after its parameter."""
    # beside Annotated the first name lands where a default would stand
    declared = [str(each) for each in (info.default, *(info.param_decls or ()))]
    found = [each for each in declared if each.startswith("--")]
    return found or [f"--{name.replace('_', '-')}"]


def _option(parameter: inspect.Parameter, kind: object, info: Any) -> str:
    flag = flags(info, parameter.name)[0]
    if kind is bool:
        return flag
    words = {"int": "NUMBER", "Path": "PATH", "Language": "en|ko"}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        words = {kind.__name__: "|".join(kind)}
    value = info.metavar or next(
        (word for name, word in words.items() if name in str(kind)), "TEXT"
    )
    told = isinstance(parameter.default, int | StrEnum)
    default = f" (default {parameter.default})" if told else ""
    return f"{flag} {value}{default}"


def reference() -> str:
    from kit.cli.app import app

    ends = examples(app)
    body = "\n".join(_section(*told, ends[told[1]]) for told in commands(app, "upskill"))
    return f"{HEAD}{body}\n{app.info.epilog}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
