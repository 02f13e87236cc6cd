"""Column mappings that a person confirmed, by the header that they were confirmed for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from kit.files import read_json, write_json
from kit.home import LearnerHome

FILE = "mappings.json"
_FORMAT = 1


def header_key(header: Sequence[str]) -> str:
    """SHA-256 of a header: its names, exactly and in order."""
    return sha256(json.dumps(list(header), ensure_ascii=False).encode()).hexdigest()


def remembered(home: LearnerHome, header: Sequence[str]) -> dict[str, str]:
    """Column to role as confirmed for exactly this header; empty for any other."""
    roles = _read(home).get(header_key(header))
    return {str(k): str(v) for k, v in roles.items()} if isinstance(roles, dict) else {}


def remember(home: LearnerHome, header: Sequence[str], roles: Mapping[str, str]) -> None:
    """Keep a confirmed mapping for the next export with this header."""
    kept = _read(home) | {header_key(header): dict(roles)}
    write_json(home.state / FILE, {"format": _FORMAT, "mappings": kept})


def _read(home: LearnerHome) -> dict[str, Any]:
    try:
        data = read_json(home.state / FILE, {})
        kept = data.get("mappings", {}) if data.get("format") == _FORMAT else {}
        return kept if isinstance(kept, dict) else {}
    except (ValueError, AttributeError):
        # a damaged file costs one more confirmation, no reading
        return {}
