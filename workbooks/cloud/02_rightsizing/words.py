"""Words for what code names: heads of tables, options, sums of won."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from kit.i18n import mark

Say = Callable[..., str]
NAMES: Mapping[str, str] = {
    "time": mark("time"),
    "value": mark("value"),
    "unit": mark("unit"),
    "option": mark("option"),
    "vcpu": mark("size"),
    "memory_gib": mark("memory (GiB)"),
    "loss": mark("loss"),
    "won_month": mark("cost, won a month"),
    "claim": mark("claim"),
}
OPTIONS: Mapping[str, str] = {
    "fixed": mark("fixed"),
    "schedule": mark("schedule"),
    "burstable": mark("burstable"),
    "autoscale": mark("autoscale"),
}


def named(name: str, say: Say) -> str:
    """A column's head for people, with the name that code takes where the two differ."""
    word = say(NAMES[name])
    return name if word == name else f"{word} ({name})"


def headed(frame: pd.DataFrame, say: Say) -> pd.DataFrame:
    """The frame with heads for people; the one that is given stays as it is."""
    return frame.rename(columns={name: named(name, say) for name in frame if name in NAMES})


def option_text(option: str, say: Say) -> str:
    """An option in words, with the value that code takes where the two differ."""
    word = say(OPTIONS.get(option, option))
    return option if word == option else f"{word} ({option})"


class Won(float):
    """A sum that a template writes: ``{won:million}`` in English, ``{won:man}`` in Korean.

    A title wants what people say, not the exact won: whole millions, and tens of thousands
    below one million.
    """

    def __format__(self, spec: str) -> str:
        if spec == "million":
            large = abs(self) >= 1e6
            return f"{self / 1e6:,.0f} million won" if large else f"{round(self, -4):,.0f} won"
        if spec == "man":
            return self._korean()
        return super().__format__(spec)

    def _korean(self) -> str:
        step = 100 if abs(self) >= 1e6 else 1
        man = round(abs(self) / 1e4 / step) * step
        hundreds, rest = divmod(man, 10_000)
        parts = [f"{hundreds:,}억"] if hundreds else []
        parts += [f"{rest:,}만"] if rest else []
        sign = "-" if self < 0 and man else ""
        return f"{sign}{' '.join(parts)} 원" if parts else "0원"
