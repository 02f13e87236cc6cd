"""Time zones as exports print them."""

from __future__ import annotations

from kit.i18n import phrase

# Other abbreviations mean different zones in different countries; they are not read.
_KNOWN_OFFSETS = {"Z": 0, "UTC": 0, "GMT": 0, "KST": 540}


def offset_of(zone: str) -> float:
    """Minutes east of UTC for a printed zone; NaN when none was printed."""
    if not zone:
        return float("nan")
    if zone in _KNOWN_OFFSETS:
        return float(_KNOWN_OFFSETS[zone])
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return float(-minutes if zone[0] == "-" else minutes)


def zone_note(minutes: float) -> str:
    """Say which zone the times of an export are printed in."""
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(int(minutes)), 60)
    zone = "UTC" if minutes == 0 else f"UTC{sign}{hours:02d}:{rest:02d}"
    return phrase("The export prints its times in {zone}; they are kept as printed.", zone=zone)
