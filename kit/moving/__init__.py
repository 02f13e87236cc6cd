"""Moving house: a learner's work in one file, taken in elsewhere without loss, or forgotten.

``export_home`` writes the file, ``read_bundle`` proves one before anything is written,
``plan_import`` says what it would change and ``apply_import`` does it.
"""

from kit.moving.bundle import Bundle, export_home, exported_files, read_bundle
from kit.moving.forget import forget, forgotten, prune_backups
from kit.moving.take_in import Change, Plan, apply_import, plan_import

__all__ = [
    "Bundle",
    "Change",
    "Plan",
    "apply_import",
    "export_home",
    "exported_files",
    "forget",
    "forgotten",
    "plan_import",
    "prune_backups",
    "read_bundle",
]
