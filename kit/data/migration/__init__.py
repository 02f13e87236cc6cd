"""Proof that a migration kept everything: canonical rows, hashes, corruptions, delta, cutover.

Nothing is imported here. What each module holds, and which of it a unit leaves to the learner:
``docs/migration.md``.
"""
