"""Safe update: new content into a home's notebooks, and every answer stays.

``merge`` decides cell by cell and touches no file; ``plan_update``, ``apply_update`` and
``undo_update`` (in ``run``) work on a home, through a journal that survives a kill.
"""

from kit.update.merge import Merged, merge

__all__ = ["Merged", "merge"]
