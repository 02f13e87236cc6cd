"""IAM in the lab's process: the lab's own key is the account's root, and refusals are noted.

moto checks every call alike when its enforcement is on, also those that show the lab to its
owner. On AWS no policy binds the root user, and so none binds the lab's own key.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.lab.state import Door


def watch(door: Door, denied: Path) -> None:
    """Let the lab's key pass moto's checks, and append what others are denied to a file."""
    from moto.core.authorization import ActionAuthenticatorMixin as Checks

    check: Any = Checks._authenticate_and_authorize_action

    def checked(self: Any, *args: Any, **named: Any) -> None:
        signed = self.headers.get("Authorization", "")
        if f"Credential={door.key}/" not in signed:
            _note_refusals(denied)
            check(self, *args, **named)

    vars_of: Any = Checks
    vars_of._authenticate_and_authorize_action = checked


_lock = threading.Lock()
_noting: list[Path] = []


def _note_refusals(denied: Path) -> None:
    """moto's module of policies is imported with the first call that it checks."""
    with _lock:
        if _noting:
            return
        _noting.append(denied)
    from moto.iam.access_control import IAMRequestBase as Request

    permitted: Any = Request.check_action_permitted

    def noted(self: Any, resource: str) -> None:
        try:
            permitted(self, resource)
        except Exception:
            line = {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "who": self._access_key.arn,
                "action": self._action,
                "resource": resource,
            }
            with _lock, denied.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            raise

    vars_of: Any = Request
    vars_of.check_action_permitted = noted
