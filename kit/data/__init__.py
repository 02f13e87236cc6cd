"""Measurements: the readers of a learner's own export, and the seeded generators.

Nothing is imported here, so that ``import kit.data`` costs nothing.
"""
