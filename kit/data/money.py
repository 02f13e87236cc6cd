"""Won as people say it: sums, and ranges between two sizing rules. Words only, no pandas."""

from __future__ import annotations

from kit.i18n import Translator


def won_text(won: float, tr: Translator) -> str:
    """A sum that people can say: three figures for large ones. The exact sum is in the workbook."""
    divisor, unit = _scale(won, tr)
    whole = divisor in (1.0, 1e4)
    number = f"{won / divisor:,.0f}" if whole else _figures(won / divisor)
    # Korean writes its units of ten thousand against the number
    return f"{number}{unit}" if tr.language == "ko" else f"{number} {unit}"


def range_text(low: float, high: float, tr: Translator) -> str:
    """What hangs on the rule, per month, against today's size.

    ``low`` and ``high`` are won a month; equal ends, and an end of nothing, are one figure.
    """
    if round(low) == round(high) == 0:
        return tr("nothing: no rule asks for a smaller size")
    if round(low) == round(high):
        return tr("{won} a month by either rule", won=won_text(low, tr))
    if round(low) == 0:
        return tr("up to {won} a month", won=won_text(high, tr))
    # both ends in the unit of the larger one, as people say it
    divisor, unit = _scale(high, tr)
    figures = ",.0f" if divisor in (1.0, 1e4) else ",.2f"
    return tr(
        "{low} to {high} {unit} a month",
        low=format(low / divisor, figures),
        high=format(high / divisor, figures),
        unit=unit,
    )


def _figures(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _scale(won: float, tr: Translator) -> tuple[float, str]:
    if tr.language == "ko":
        return (1e8, "억 원") if won >= 1e8 else (1e4, "만 원") if won >= 1e5 else (1.0, "원")
    return (1e6, "million won") if won >= 1e6 else (1.0, "won")
