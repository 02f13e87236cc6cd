"""Model answers, run by the tests and the gate. Never copied to a learner."""

from .money_solution import ANSWERS as _MONEY
from .money_solution import ITEM_ANSWERS as ITEM_ANSWERS
from .sizing_solution import ANSWERS as _SIZING

ANSWERS: dict[str, str] = {**_SIZING, **_MONEY}
