"""``python -m kit`` is the same as ``upskill``."""

from kit.cli import main

main()
