"""A whole cohort of generated learners: who they are, and the real work that they hand in."""

from __future__ import annotations

from kit.demo.people import Person, Stage, cast
from kit.demo.work import Worked, work_through

__all__ = ["Person", "Stage", "Worked", "cast", "work_through"]
