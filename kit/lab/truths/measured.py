"""Findings that are measured: bytes, counts, percentiles, allowed calls."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kit.i18n import Phrase, mark, phrase

_CHUNK = 1024 * 1024
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


def object_hash(s3: Any, bucket: str, key: str) -> str:
    """SHA-256 of an object as it comes back, in hexadecimal digits.

    moto takes an upload whose declared checksum is wrong, so the answer to a put is no proof.
    """
    digest = hashlib.sha256()
    for chunk in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def group_faults(group: Mapping[str, Any]) -> list[Phrase]:
    """What AWS would have refused of an Auto Scaling group as it is described.

    moto sets a desired capacity beyond the group's bounds, by a call and by a policy.
    """
    low, high = group["MinSize"], group["MaxSize"]
    counts = {
        mark("desired"): group["DesiredCapacity"],
        mark("in service"): len(group.get("Instances", [])),
    }
    return [
        phrase(
            "The group {name} has {n} machines {kind}, outside of {low} to {high}.",
            name=group["AutoScalingGroupName"],
            n=count,
            kind=kind,
            low=low,
            high=high,
        )
        for kind, count in counts.items()
        if not low <= count <= high
    ]


def percentile(values: Iterable[float], q: float) -> float:
    """The q-th percentile (0 to 100) by linear interpolation, as pandas does; NaN of nothing.

    moto's CloudWatch returns no percentile or fails.
    """
    import pandas as pd

    return float(pd.Series(list(values), dtype="float64").quantile(q / 100))


def allowed(call: Callable[[], Any]) -> bool:
    """Whether IAM lets a call through: for a table of probes while ``lab.enforce()`` is on.

    moto cannot simulate policies, so they are tried. Any other failure of the call is raised.
    """
    from botocore.exceptions import ClientError

    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] in _DENIED:
            return False
        raise
    return True
