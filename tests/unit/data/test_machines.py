from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import find_unit
from kit.data.machines import EXAMPLE, read_rates
from kit.data.prices import read_prices
from kit.errors import DataError


@pytest.mark.parametrize("provider", ["A", "B", "C"])
def test_the_rates_give_the_prices_of_the_sizing_card(provider: str) -> None:
    """Two cards of one provider must not contradict each other by more than they round."""
    rates = read_rates(provider=provider)
    card = read_prices(find_unit("rightsizing").folder / "prices.toml", provider)
    for size in card.sizes:
        won = size.vcpu * rates.vcpu_hour + size.memory_gib * rates.gib_hour
        assert won == pytest.approx(size.won_per_hour, abs=1)


def test_there_are_about_thirty_types_and_an_unknown_one_has_no_price() -> None:
    rates = read_rates()
    assert len(rates.machines) == 30
    assert rates.machine_hour("m5.large") == 2 * 28 + 8 * 6
    assert rates.machine_hour("t3.large") == pytest.approx(0.7 * (2 * 28 + 8 * 6))
    assert rates.database_hour("db.m5.large") == pytest.approx(1.6 * 104)
    assert rates.machine_hour("x1.huge") is None


def test_a_card_without_a_rate_is_refused_by_name(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace("gateway_hour = 62\n", "")
    own.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="gateway_hour") as caught:
        read_rates(own)
    assert caught.value.where == str(own)
