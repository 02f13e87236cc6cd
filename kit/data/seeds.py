"""Seeds that give every learner data of their own.

The practice seed is open: anyone who knows the names can compute it, so a
result can be reproduced on another machine. The hidden seed needs a secret
that only the trainer's side holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata

from kit.errors import UsageError


def open_seed(course: str, learner: str, unit: str, purpose: str = "practice") -> int:
    """Return the open 64-bit seed: the first 8 bytes of SHA-256, big-endian.

    The same four names give the same number on every machine and in every
    Python process. ``purpose`` keeps streams apart ("practice", "second-case").
    """
    digest = hashlib.sha256(_message(course, learner, unit, purpose)).digest()
    return int.from_bytes(digest[:8], "big")


def hidden_seed(secret: bytes, course: str, learner: str, unit: str, purpose: str) -> int:
    """Return the hidden 64-bit seed: the first 8 bytes of HMAC-SHA256 (RFC 2104).

    Raises ``UsageError`` for an empty secret, which would make the seed open.
    """
    if not secret:
        raise UsageError(
            "The hidden seed needs a secret, and the secret given is empty.",
            where=f"course {course}, unit {unit}",
            fix="Pass the bytes of the secret that the trainer's side holds.",
        )
    message = _message(course, learner, unit, purpose)
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def _message(*parts: str) -> bytes:
    # JSON keeps ("ab", "c") and ("a", "bc") apart, which plain joining would not.
    # NFC: macOS hands out decomposed Hangul, and the same name must give one seed.
    normal = [unicodedata.normalize("NFC", part) for part in parts]
    return json.dumps(normal, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
