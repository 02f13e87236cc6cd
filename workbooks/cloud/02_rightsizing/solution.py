"""Model answers, run by the tests and the gate. Never copied to a learner."""

from .money.solution import ANSWERS as _MONEY
from .money.solution import ITEM_ANSWERS as ITEM_ANSWERS
from .sizing.solution import ANSWERS as _SIZING

ANSWERS: dict[str, str] = {**_SIZING, **_MONEY}
