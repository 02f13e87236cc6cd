"""``____``: the place in a workbook where the learner's decision goes.

Arithmetic with it gives it again, so a stub that computes with it stays blank
instead of failing. Using it as a truth value or a number raises BlankUsed.
"""

from __future__ import annotations

from typing import Any, NoReturn


class BlankUsed(Exception):
    """Something still blank was used where a value is needed."""


class Blank:
    """The one blank. Equal to nothing but itself."""

    def __repr__(self) -> str:
        return "____"

    def _same(self, *_args: Any, **_kwargs: Any) -> Blank:
        return self

    def _refuse(self, *_args: Any) -> NoReturn:
        raise BlankUsed("Replace ____ with your own value or code, then run the cell again.")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = __mod__ = _same
    __call__ = __getitem__ = _same
    __lt__ = __le__ = __gt__ = __ge__ = _same
    __bool__ = __float__ = __int__ = __index__ = __iter__ = __len__ = _refuse
    # numpy would otherwise wrap a blank into an array of objects
    __array__ = _refuse


BLANK = Blank()


def has_blank(value: object, depth: int = 3) -> bool:
    """Whether a value is blank or a list, tuple, set or dict that holds one."""
    if value is BLANK:
        return True
    if depth == 0:
        return False
    if isinstance(value, dict):
        return any(has_blank(v, depth - 1) for pair in value.items() for v in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return any(has_blank(v, depth - 1) for v in value)
    return False
