"""Price cards: won an hour by machine size, from a TOML file that a learner can replace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kit.content import read_toml
from kit.errors import ContentError, DataError

HOURS_PER_MONTH = 730
HOURS_PER_YEAR = 8760


@dataclass(frozen=True)
class Size:
    """One machine size. ``baseline`` is the share of the vCPU that is always there, 1 if all."""

    vcpu: int
    memory_gib: float
    won_per_hour: float
    baseline: float = 1.0


@dataclass(frozen=True)
class PriceCard:
    """One provider's prices. ``source`` and ``dated`` stand beside every figure made from it."""

    source: str
    dated: date
    currency: str
    provider: str
    sizes: tuple[Size, ...]
    burstable: tuple[Size, ...]
    storage_gib_month: float
    egress_gib: float
    support_share: float

    @property
    def vcpus(self) -> tuple[int, ...]:
        """The vCPU counts of the general sizes, ascending."""
        return tuple(size.vcpu for size in self.sizes)

    def of(self, vcpu: int) -> Size:
        """The general size with this many vCPU; DataError names those that exist."""
        for size in self.sizes:
            if size.vcpu == vcpu:
                return size
        raise DataError(
            "The price card has no size with {vcpu} vCPU.",
            where=self.source,
            fix="Use one of {known}, or add the size to the card.",
            vcpu=vcpu,
            known=", ".join(map(str, self.vcpus)),
        )


def read_prices(path: Path, provider: str | None = None) -> PriceCard:
    """One provider of a card (default: the first); DataError names file and key."""
    if not path.is_file():
        raise DataError(
            "There is no price card here.",
            where=str(path),
            fix="Check the path. A card to start from is prices.toml of the unit rightsizing.",
        )
    card = _read_card(path)
    try:
        name = provider or next(iter(card["providers"]))
        told: dict[str, Any] = card["providers"][name]
        return PriceCard(
            source=f"{card['card']} ({path.name})",
            dated=card["dated"],
            currency=str(card["currency"]),
            provider=str(told["name"]),
            sizes=_sizes(told["sizes"]),
            burstable=_sizes(told.get("burstable", [])),
            storage_gib_month=float(told["storage_gib_month"]),
            egress_gib=float(told["egress_gib"]),
            support_share=float(told["support_share"]),
        )
    except (KeyError, StopIteration) as error:
        raise DataError(
            "The price card lacks {error}.",
            where=str(path),
            fix="Compare it with the example card, prices.toml of the unit rightsizing.",
            error=error,
        ) from None
    except (TypeError, ValueError) as error:
        raise DataError(
            "The price card has a wrong value: {error}",
            where=str(path),
            error=error,
        ) from None


def _read_card(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except ContentError as error:
        # a card is the learner's own file, and what is wrong with it theirs to read
        raise DataError(
            "The price card is no valid TOML file: {error}",
            where=str(path),
            fix="Compare it with the example card, prices.toml of the unit rightsizing.",
            error=error.what,
        ) from None


def _sizes(rows: list[list[float]]) -> tuple[Size, ...]:
    sizes = [Size(int(vcpu), float(gib), float(won), *rest) for vcpu, gib, won, *rest in rows]
    if any(size.vcpu <= 0 or size.won_per_hour <= 0 for size in sizes):
        raise ValueError("a size needs a vCPU count and a price above 0")
    return tuple(sorted(sizes, key=lambda size: size.vcpu))
