"""Handing in and grading with nbgrader; no other room may import nbgrader.

``submit`` grades a self-learner on the spot. ``configure`` prepares any nbgrader
course for the kit's notebooks; ``assignments/nbgrader_config.py`` calls it.
"""

from __future__ import annotations

from kit.grading.configure import configure
from kit.grading.submit import submit

__all__ = ["configure", "submit"]
