"""What is typed into a form and not saved yet, as far as it can be that."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kit.model import Form

# more than anybody types; what is longer is no draft, and can still be saved
LIMIT = 200_000
_SHAPES: dict[Form, type] = {
    Form.CHOICE: str,
    Form.CHOICES: list,
    Form.RANKING: list,
    Form.NUMBER: str,
    Form.TEXT: str,
    Form.TABLE: list,
    Form.AUDIT: dict,
    Form.DEFENCE: dict,
}


def fits(form: Form, draft: object) -> bool:
    """Whether this can be what stands in such a form: texts as they were typed; None is not."""
    if not isinstance(draft, _SHAPES.get(form, ())):
        return False
    inner = draft.values() if isinstance(draft, dict) else draft
    kind = dict if form is Form.TABLE else str
    whole = isinstance(inner, Iterable) and all(isinstance(one, kind) for one in inner)
    return whole and len(json.dumps(draft)) <= LIMIT
