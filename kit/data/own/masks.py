"""Names that only this home can read: a keyed hash in place of each.

Without the key a guess cannot be tried, as it could with a plain hash; the same name has
the same mask in every file that one home makes, and another one in another home.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from kit.errors import HomeError
from kit.home import LearnerHome

KEY_FILE = "mask.key"
_KEY_BYTES = 32
# 40 bits: among ten thousand names two share a mask once in 20,000 homes
_DIGITS = 10
_SHORT = 3


class Masker:
    """Masks names with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mask(self, name: str, kind: str = "host") -> str:
        """``host-7f3a2c91d0`` for a name; capitals and full-width letters change nothing."""
        plain = unicodedata.normalize("NFKC", name).strip().casefold()
        digest = hmac.new(self._key, f"{kind}\0{plain}".encode(), sha256)
        return f"{kind}-{digest.hexdigest()[:_DIGITS]}"

    def masked(self, text: str, names: Mapping[str, str]) -> str:
        """A sentence in which each of ``names`` (name to kind) is masked, the longest first."""
        kinds = {name.casefold(): kind for name, kind in names.items() if name.strip()}
        if not kinds:
            return text
        known = sorted(kinds, key=len, reverse=True)
        pattern = re.compile("|".join(map(_pattern, known)), re.IGNORECASE)
        return pattern.sub(lambda found: self.mask(found[0], kinds[found[0].casefold()]), text)


def _pattern(name: str) -> str:
    # a name inside a longer word is hidden too; of "db" that would take whole sentences apart
    alone = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])" if len(name) < _SHORT else "{}"
    return alone.format(re.escape(name))


def masker_of(home: LearnerHome) -> Masker:
    """The home's own masks; its key is made at the first use and readable by its owner only.

    HomeError for a key that is damaged or cannot be read.
    """
    path = home.state / KEY_FILE
    try:
        key = _read_or_make(path)
    except OSError as error:
        raise HomeError(
            "The key for masks cannot be read: {reason}",
            where=str(path),
            reason=error.strerror or error,
        ) from None
    if len(key) != _KEY_BYTES:
        raise HomeError(
            "The key for masks is damaged.",
            where=str(path),
            fix="Delete it: names then get other masks than in the files made before.",
        )
    return Masker(key)


def _read_or_make(path: Path) -> bytes:
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        # whole at once and never over another kernel's: linking fails when one is there
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
