"""A real PostgreSQL of the learner's own: the server, its rows, its journal.

Nothing is imported here: ``kit.lab.postgres.server`` needs the extra ``lab``.
"""
