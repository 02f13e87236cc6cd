"""Exercise ``price``: what the servers may cost before the decision turns."""

from __future__ import annotations

from dataclasses import dataclass

from kit.checking import Mistake, Work, exercise_check, expect
from kit.i18n import mark

from .work import Model, model_of

MILLION = 1e6
# a price told to the million, whichever way it was rounded
NEAR = 1.0
# this many times the quote, or this small a part of it, is a sum in another unit
FAR = 10
WANTED = mark("The price of all servers together at which both options cost the same today.")


@dataclass(frozen=True)
class _Told:
    """The price given, the quote, and how far apart both options are: in million won."""

    price: float
    quote: float
    model: Model

    def gap(self, price: float) -> float:
        """Renewal minus cloud at this price of the servers."""
        return self.model.lead({**self.model.m, "capex": price * MILLION}) / MILLION

    @property
    def slope(self) -> float:
        """By how much the difference moves with the price: support follows it every year."""
        return self.gap(self.quote + 1) - self.gap(self.quote)

    def is_near(self, price: float) -> bool:
        return abs(self.price - price) <= NEAR


def _told(work: Work) -> _Told:
    model = model_of(work)
    price = expect.number(work.answer("price"), "price", low=0.0)
    return _Told(price, model.m["capex"] / MILLION, model)


@exercise_check("price")
def price(work: Work) -> None:
    """At the price given the learner's own two options are worth the same."""
    told = _told(work)
    gap = told.gap(told.price)
    if abs(gap) > NEAR * told.slope:
        raise Mistake(
            "options_still_differ",
            mark(
                "At {price:,.10g} million won for the servers, your two options are still "
                "{gap:,.1f} million won apart."
            ),
            required=WANTED,
            step=mark("Type this price into the row `capex` of your tornado: what stands there?"),
            price=told.price,
            gap=abs(gap),
        )


@price.diagnose
def difference_given(work: Work) -> Mistake | None:
    """The difference of the two options was taken for a price."""
    told = _told(work)
    if not told.is_near(abs(told.gap(told.quote))):
        return None
    return Mistake(
        "difference_for_price",
        mark("{price:,.10g} million won is how far apart the options are. Nobody sells for that."),
        required=WANTED,
        price=told.price,
    )


@price.diagnose
def other_unit(work: Work) -> Mistake | None:
    """Won, or hundreds of millions, where millions are asked for."""
    told = _told(work)
    if told.quote / FAR < told.price < told.quote * FAR:
        return None
    return Mistake(
        "won_for_millions",
        mark("Your price is {price:,.10g} million won. The vendor asks for {quote:,.0f} of them."),
        required=mark("Millions of won, as the unit beside the field says."),
        price=told.price,
        quote=told.quote,
    )


@price.diagnose
def quote_given(work: Work) -> Mistake | None:
    """The quote itself."""
    told = _told(work)
    if not told.is_near(told.quote):
        return None
    return Mistake(
        "quote_repeated",
        mark("{price:,.10g} million won is the quote. There one option is {gap:,.1f} cheaper."),
        required=WANTED,
        price=told.price,
        gap=abs(told.gap(told.quote)),
    )


@price.diagnose
def support_left_out(work: Work) -> Mistake | None:
    """The price moves by the whole difference, as if nothing else followed it."""
    told = _told(work)
    if not told.is_near(told.quote - told.gap(told.quote)):
        return None
    return Mistake(
        "support_follows_price",
        mark(
            "You move the price by the whole difference of the options. Support is {share:.1%} of "
            "that price each year, and moves along."
        ),
        required=mark("A price that takes with it what is paid as a share of it."),
        share=told.model.m["support_share"],
    )


@price.diagnose
def away(work: Work) -> Mistake | None:
    """The price moved the other way."""
    told = _told(work)
    at_quote, here = abs(told.gap(told.quote)), abs(told.gap(told.price))
    if here <= at_quote + told.slope * NEAR:
        return None
    return Mistake(
        "price_moved_away",
        mark(
            "At the quote your options are {at_quote:,.1f} million won apart, at your price "
            "{here:,.1f}."
        ),
        required=WANTED,
        step=mark("Which option is cheaper now? Must the servers become cheaper or dearer, then?"),
        at_quote=at_quote,
        here=here,
    )
