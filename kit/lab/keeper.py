"""Keeps a cloud's objects while they change, and applies all again after a start."""

from __future__ import annotations

import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from kit.errors import KitError
from kit.lab.clients import REGION, session
from kit.lab.deploy import apply
from kit.lab.kept import Kept, spelled
from kit.lab.state import Door, Places

# the longest import of a service, on a machine that is busy with other things
IMPORT_SECONDS = 20


class Keeper:
    """The lab's process holds one; ``changed`` is called with each change of the cloud."""

    def __init__(self, where: Places, door: Door, seed: int) -> None:
        self._where, self._door, self._seed = where, door, seed
        self._kept = Kept(where)
        self._lock = threading.RLock()
        self._known: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {}
        # what is applied again is not kept again
        self._restoring = True

    def changed(self, service: str, path: str) -> None:
        """Keep what a change has made of the buckets."""
        if self._restoring or service not in ("s3", "cloudformation"):
            return
        with self._lock:
            if "moto.s3.models" not in sys.modules:
                return
            buckets = _buckets()
            for gone in set(self._kept.buckets()) - set(buckets):
                self._kept.drop_bucket(gone)
                self._known.pop(gone, None)
            name, _, key = path.encode("latin-1").decode("utf-8").lstrip("/").partition("/")
            if service == "s3" and name in buckets:
                self._keep(name, buckets[name], key)

    def _keep(self, name: str, bucket: Any, key: str) -> None:
        """Keep one object, or all of a bucket where the call named none."""
        self._kept.keep_bucket(name)
        if name not in self._known:
            kept = self._kept.objects(name).values()
            self._known[name] = {each.key: (each.etag, each.headers) for each in kept}
        known = self._known[name]
        for each in [key] if key else sorted(set(known) | {str(k) for k in bucket.keys}):
            item = bucket.keys.get(each)
            # what a versioned bucket has of a deleted object is a marker without bytes
            if hasattr(item, "etag"):
                now = (item.etag, spelled(item.metadata))
                if known.get(each) != now:
                    self._kept.keep_object(name, each, *now, item.value)
                    known[each] = now
            elif known.pop(each, None) is not None:
                self._kept.drop_object(name, each)

    def restore(self) -> tuple[dict[str, int], list[str]]:
        """Apply what is kept to an empty cloud; counts by kind, and what could not be applied."""
        self._restoring = True
        self._post(f"/moto-api/seed?a={self._seed}")
        counts, problems = {"stacks": 0, "objects": 0}, []
        cloud = session(self._door)
        for _path, stack in self._kept.stacks():
            try:
                apply(cloud, stack)
                counts["stacks"] += 1
            except KitError as error:
                problems.append(error.text())
        if self._kept.buckets():
            counts["objects"] = self._put_objects(cloud.client("s3"))
        self._restoring = False
        return counts, problems

    def _put_objects(self, s3: Any) -> int:
        there = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
        count = 0
        for name in self._kept.buckets():
            if name not in there:
                s3.create_bucket(
                    Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
                )
            for each in self._kept.objects(name).values():
                with each.file.open("rb") as body:
                    s3.put_object(Bucket=name, Key=each.key, Body=body, **each.headers)
                count += 1
        return count

    def reset(self, told: dict[str, Any]) -> dict[str, Any]:
        """Empty the cloud, then apply a scenario's folder if one is named."""
        with self._lock:
            source = Path(told["folder"]) if told.get("folder") else None
            self._restoring = True
            self._empty()
            self._post("/moto-api/reset-auth", b"inf")
            self._where.denied.unlink(missing_ok=True)
            self._known.clear()
            self._kept = self._kept.replace(source, told.get("scenario", ""))
            restored, problems = self.restore()
        return {"restored": restored, "problems": problems}

    def _empty(self) -> None:
        """Ask moto for an empty cloud, which fails while any thread imports one of its services."""
        for _ in range(IMPORT_SECONDS * 20):
            try:
                self._post("/moto-api/reset")
            except HTTPError as error:
                error.close()
                time.sleep(0.05)
            else:
                return
        self._post("/moto-api/reset")

    def _post(self, path: str, data: bytes = b"") -> None:
        call(self._door, path, data)


def call(door: Door, path: str, data: bytes = b"", timeout: float = 60) -> bytes:
    """One call of the lab's own, with its token; no proxy is asked."""
    # urllib would call the body a form, and moto take it apart
    headers = {
        "User-Agent": f"upskill app/{door.token}",
        "Content-Type": "application/octet-stream",
    }
    request = urllib.request.Request(door.endpoint + path, data=data, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=timeout) as answer:
        told: bytes = answer.read()
        return told


def _buckets() -> dict[str, Any]:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    found: dict[str, Any] = dict(s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets)
    return found
