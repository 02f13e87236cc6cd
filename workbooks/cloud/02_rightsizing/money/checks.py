"""Every check of the money half; the themes live in files of their own."""

from .audit import audit as audit
from .bet import bet as bet
from .defence import defence as defence
from .futures import assumptions as assumptions
from .futures import breakeven as breakeven
from .futures import futures as futures
from .futures import options as options
from .memo import memo as memo
from .npv import npv as npv
from .price import price as price

__all__ = [
    "assumptions",
    "audit",
    "bet",
    "breakeven",
    "defence",
    "futures",
    "memo",
    "npv",
    "options",
    "price",
]
