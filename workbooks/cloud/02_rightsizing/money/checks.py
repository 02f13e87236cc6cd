"""Every check of the money half; the themes live in files of their own."""

from .audit import audit as audit
from .defence import defence as defence
from .futures import assumptions as assumptions
from .futures import breakeven as breakeven
from .futures import futures as futures
from .futures import options as options
from .memo import memo as memo
from .npv import npv as npv

__all__ = ["assumptions", "audit", "breakeven", "defence", "futures", "memo", "npv", "options"]
