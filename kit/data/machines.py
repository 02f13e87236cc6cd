"""What an hour of a named machine type, a database, a gateway costs, by a card of rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kit.content import read_toml
from kit.errors import ContentError, DataError

EXAMPLE = Path(__file__).parent / "machines.toml"
_RATES = (
    "vcpu_hour",
    "gib_hour",
    "burstable_share",
    "database_share",
    "database_storage_share",
    "gateway_hour",
    "balancer_hour",
    "object_gib_month",
)


@dataclass(frozen=True)
class Rates:
    """One provider's rates, in won. ``source`` and ``dated`` stand beside every figure."""

    source: str
    dated: date
    machines: dict[str, tuple[int, float]]
    vcpu_hour: float
    gib_hour: float
    burstable_share: float
    database_share: float
    database_storage_share: float
    gateway_hour: float
    balancer_hour: float
    object_gib_month: float

    def machine_hour(self, name: str) -> float | None:
        """Won an hour of a running machine; None for a type that the card does not have."""
        size = self.machines.get(name)
        if size is None:
            return None
        whole = size[0] * self.vcpu_hour + size[1] * self.gib_hour
        return whole * self.burstable_share if name.startswith("t") else whole

    def database_hour(self, name: str) -> float | None:
        """Won an hour of a running database of a class such as ``db.m5.large``."""
        hour = self.machine_hour(name.removeprefix("db."))
        return None if hour is None else hour * self.database_share


def read_rates(path: Path | None = None, provider: str = "A") -> Rates:
    """One provider's rates (default: the example card's); DataError names file and key."""
    card = path or EXAMPLE
    try:
        told: dict[str, Any] = read_toml(card)
        rates = told["providers"][provider]
        return Rates(
            source=f"{told['card']} ({card.name})",
            dated=told["dated"],
            machines={name: (int(v), float(g)) for name, (v, g) in told["machines"].items()},
            **{name: float(rates[name]) for name in _RATES},
        )
    except (ContentError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            "The card of rates cannot be used: {error}",
            where=str(card),
            fix="Compare it with the example, machines.toml of the kit.",
            error=error,
        ) from None
