"""What of a learner's cloud outlives its process: templates that were deployed, and objects.

    kept.json              {"folder": "kept-1a2b3c4d", "scenario": "migration:start"}
    kept-1a2b3c4d/
        stacks/001-shop.json        template, parameters; applied again in this order
        buckets/BUCKET/NAME.json    an object's key and what was said about it
        buckets/BUCKET/NAME.bin     its bytes

What moto records of itself restores only part of it, so this does not rely on that.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit.files import read_json, write_bytes, write_json
from kit.lab.state import Places

_HEADERS = {
    "content-type": "ContentType",
    "content-encoding": "ContentEncoding",
    "content-disposition": "ContentDisposition",
    "content-language": "ContentLanguage",
    "cache-control": "CacheControl",
}
_META = "x-amz-meta-"


@dataclass(frozen=True)
class Stack:
    """A template as it was deployed."""

    name: str
    template: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptObject:
    """An object of a bucket: its key, the arguments of boto3 for its headers, its bytes."""

    bucket: str
    key: str
    etag: str
    headers: dict[str, Any]
    file: Path


class Kept:
    """The folder that holds at the moment; each change of it is all or nothing."""

    def __init__(self, where: Places) -> None:
        self._where = where
        told = read_json(where.folder / "kept.json", {})
        self.scenario: str = told.get("scenario", "")
        self.folder = where.folder / told.get("folder", "kept-first")

    def stacks(self) -> Iterator[tuple[Path, Stack]]:
        """What was deployed, in order, with its file."""
        for path in sorted((self.folder / "stacks").glob("*.json")):
            yield path, Stack(**read_json(path))

    def keep_stack(self, stack: Stack) -> None:
        """Remember a stack; one that was there keeps its place."""
        known = {each.name: path for path, each in self.stacks()}
        if stack.name in known:
            path = known[stack.name]
        else:
            last = max((int(path.name[:3]) for path in known.values()), default=0)
            path = self.folder / "stacks" / f"{last + 1:03d}-{stack.name}.json"
        write_json(path, asdict(stack))

    def drop_stack(self, name: str) -> None:
        """Forget a stack."""
        for path, stack in list(self.stacks()):
            if stack.name == name:
                path.unlink()

    def buckets(self) -> list[str]:
        """The buckets that objects are kept of, or that were there and empty."""
        return sorted(path.name for path in (self.folder / "buckets").glob("*") if path.is_dir())

    def objects(self, bucket: str) -> dict[str, KeptObject]:
        """A bucket's kept objects by key."""
        found = {}
        for path in (self.folder / "buckets" / bucket).glob("*.json"):
            told = read_json(path)
            file = path.parent / told.pop("file")
            found[told["key"]] = KeptObject(bucket=bucket, file=file, **told)
        return found

    def keep_bucket(self, bucket: str) -> None:
        """Remember that a bucket is there."""
        (self.folder / "buckets" / bucket).mkdir(parents=True, exist_ok=True)

    def drop_bucket(self, bucket: str) -> None:
        """Forget a bucket and its objects."""
        shutil.rmtree(self.folder / "buckets" / bucket, ignore_errors=True)

    def keep_object(
        self, bucket: str, key: str, etag: str, headers: dict[str, Any], data: bytes
    ) -> None:
        """Remember an object: first its bytes under a new name, then who they are."""
        folder = self.folder / "buckets" / bucket
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        file = f"{name}-{hashlib.sha256(data).hexdigest()[:8]}.bin"
        write_bytes(folder / file, data)
        told = {"key": key, "etag": etag, "headers": headers, "file": file}
        write_json(folder / f"{name}.json", told)
        for old in folder.glob(f"{name}-*.bin"):
            if old.name != file:
                old.unlink()

    def drop_object(self, bucket: str, key: str) -> None:
        """Forget an object."""
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        for path in (self.folder / "buckets" / bucket).glob(f"{name}*"):
            path.unlink()

    def replace(self, source: Path | None, scenario: str) -> Kept:
        """Begin anew from a scenario's folder, or from nothing; returns what holds then."""
        folder = self._where.folder / f"kept-{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        if source is not None:
            new = Kept.__new__(Kept)
            new._where, new.scenario, new.folder = self._where, scenario, folder
            new._take_in(source)
        told = {"folder": folder.name, "scenario": scenario}
        write_json(self._where.folder / "kept.json", told)
        self._sweep(folder.name)
        return Kept(self._where)

    def _take_in(self, source: Path) -> None:
        for path in sorted(source.glob("*.y*ml")):
            # an order before the name is for sorting only
            name = re.sub(r"^\d+[-_]", "", path.stem)
            self.keep_stack(Stack(name, path.read_text(encoding="utf-8")))
        for file in sorted((source / "objects").rglob("*")):
            if file.is_file():
                bucket, *rest = file.relative_to(source / "objects").parts
                self.keep_object(bucket, "/".join(rest), "", {}, file.read_bytes())

    def _sweep(self, current: str) -> None:
        for path in self._where.folder.glob("kept-*"):
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)


def spelled(metadata: Any) -> dict[str, Any]:
    """moto's metadata of an object as the arguments that would put it again."""
    low = {str(name).lower(): value for name, value in dict(metadata).items()}
    told: dict[str, Any] = {
        ours: str(low[name]) for name, ours in _HEADERS.items() if low.get(name)
    }
    own = {k.removeprefix(_META): str(v) for k, v in low.items() if k.startswith(_META)}
    return told | ({"Metadata": own} if own else {})
