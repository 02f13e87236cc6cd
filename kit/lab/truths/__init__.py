"""What a check may believe of the lab: the kit's own findings where moto's answer proves nothing.

moto takes what AWS would refuse and answers what did not happen. A check that reads such an
answer grades moto. These functions look at the thing itself instead, and a test for each shows
moto's answer first, so that we notice when it is mended.
"""

from kit.lab.truths.claims import changed_resources, database_label, refuse_as_proof, run_handler
from kit.lab.truths.measured import allowed, group_faults, object_hash, percentile

__all__ = [
    "allowed",
    "changed_resources",
    "database_label",
    "group_faults",
    "object_hash",
    "percentile",
    "refuse_as_proof",
    "run_handler",
]
