"""Model answers, run by the tests and the gate. Never copied to a learner."""

from .money.solution import ANSWERS as _MONEY
from .money.solution import INPUTS as _MONEY_INPUTS
from .money.solution import ITEM_ANSWERS as ITEM_ANSWERS
from .sizing.solution import ANSWERS as _SIZING
from .sizing.solution import INPUTS as _SIZING_INPUTS

ANSWERS: dict[str, str] = {**_SIZING, **_MONEY}
# random arguments by function, on which the gate shows that two ways to write it are one
INPUTS = {**_SIZING_INPUTS, **_MONEY_INPUTS}
