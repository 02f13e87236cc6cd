"""The ``upskill`` command: parses, calls the library, translates errors into exit codes."""

from __future__ import annotations


def main() -> None:
    """Entry point of the console script."""
    from kit.cli.app import run

    run()
