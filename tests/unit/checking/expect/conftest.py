"""The label of the Mistake that an expectation raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kit.checking import Mistake
from kit.i18n import Translator

English = Translator("en")
Label = Callable[[Callable[[], Any]], str]


def label_of(call: Any) -> str:
    with pytest.raises(Mistake) as raised:
        call()
    mistake = raised.value
    for template in (mistake.seen, mistake.required, mistake.step):
        # every text can be filled in with what the mistake carries
        assert "{" not in English(template, **mistake.values)
    return mistake.label


@pytest.fixture
def label() -> Label:
    """``label(lambda: expect...)``: the label; each text can be filled in."""
    return label_of
