"""``--help`` and refusals of the command line in the learner's language.

Typer takes help texts where a command is defined, long before a language is known; so the
finished command tree is gone through and its texts are looked up. What Typer says about a
wrong call is a library's text: it follows a heading and a next step of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from kit.i18n import Translator, mark

_PANELS = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "ERRORS_PANEL_TITLE": mark("The command cannot be run like this"),
    "RICH_HELP": mark("How to use it: [blue]{command_path} {help_option}[/]"),
    "DEFAULT_STRING": mark("[default: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
}
_HELP = mark("Show this message and exit.")
_TEXTS = ("help", "short_help", "epilog", "rich_help_panel")


def texts(command: Any) -> Iterator[tuple[Any, str, str]]:
    """Each text of a command tree: the object that holds it, its attribute, the text."""
    for holder in (command, *command.params):
        for name in _TEXTS:
            text = getattr(holder, name, None)
            if text:
                yield holder, name, text
    for child in getattr(command, "commands", {}).values():
        yield from texts(child)


def in_language(app: typer.Typer, translate: Translator) -> Any:
    """The app's command with its texts in the language of ``translate``."""
    import typer.rich_utils as panels

    command = typer.main.get_command(app)
    for holder, name, text in list(texts(command)):
        setattr(holder, name, translate(text))
    for name, text in _PANELS.items():
        setattr(panels, name, translate(text))
    _translate_help_option(command, translate)
    return command


def _translate_help_option(command: Any, translate: Translator) -> None:
    original = command.get_help_option

    def told(context: Any) -> Any:
        option = original(context)
        if option is not None:
            option.help = translate(_HELP)
        return option

    # this one option is made when it is asked for, so there is nothing to go through before
    command.get_help_option = told
    for child in getattr(command, "commands", {}).values():
        _translate_help_option(child, translate)
