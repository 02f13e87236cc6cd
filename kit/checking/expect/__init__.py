"""Expectations that several units need; each raises Mistake in learner-facing words."""

from kit.checking.expect.frames import frame
from kit.checking.expect.values import mapping, number, one_of
from kit.checking.expect.words import short

__all__ = ["frame", "mapping", "number", "one_of", "short"]
