"""A fictional wholesaler's order system in SQLite, as such files are found at work.

Nothing is imported here: ``kit.data.legacy.shop`` makes the file and knows its truth.
"""
