"""Every check of the money half; the themes live in files of their own."""

from .money_audit import audit as audit
from .money_defence import defence as defence
from .money_futures import assumptions as assumptions
from .money_futures import breakeven as breakeven
from .money_futures import futures as futures
from .money_futures import options as options
from .money_memo import memo as memo
from .money_npv import npv as npv

__all__ = ["assumptions", "audit", "breakeven", "defence", "futures", "memo", "npv", "options"]
