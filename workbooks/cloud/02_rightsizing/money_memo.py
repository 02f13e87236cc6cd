"""Exercise ``memo``: every figure is looked up in the learner's own model."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.checking import Mistake, NotAttempted, Work, exercise_check, expect
from kit.data.prices import HOURS_PER_MONTH
from kit.i18n import mark

from .money_audit import claims_of
from .money_draft import FAULTY
from .money_figures import HOURS, MONTHS, PERCENT, RATIO, WON, Figure, figures, words
from .money_ledger import FIELDS, FUTURES, LINES, OPTIONS
from .money_npv import TITLES
from .money_tornado import SHARES, Swing, check_ranges, swings
from .money_work import Model, every_future, model_of, passes

if TYPE_CHECKING:
    from .case import Case

MOST_WORDS = 250
_CPU = re.compile(r"CPU|processor|프로세서|사용률|이용률", re.IGNORECASE)
_DENIED = re.compile(
    r"\bnot\b|n't\b|\bno\b|\bnothing\b|\bnor\b|\bnever\b|아니|아닌|무관|않|≠|다르|다른|별개"
)


@dataclass
class Known:
    """What a memo's figures may stand for, by kind; ``ends`` are pairs that span a range.

    ``facts`` are sums that were handed out: to repeat them says nothing about a range.
    """

    won: list[float] = field(default_factory=list)
    percent: list[float] = field(default_factory=list)
    facts: list[float] = field(default_factory=list)
    ends: list[tuple[float, float]] = field(default_factory=list)
    flips: dict[str, list[float]] = field(default_factory=dict)

    def holds(self, figure: Figure) -> bool:
        """Whether some quantity of the model reads like this figure."""
        if figure.kind == WON:
            return any(figure.stands_for(value) for value in self.won)
        if figure.kind == PERCENT:
            return any(figure.stands_for(100 * value) for value in self.percent)
        if figure.kind == RATIO:
            return any(figure.stands_for(value) for value in self.flips[RATIO])
        return True

    def tells_a_flip(self, figure: Figure) -> bool:
        """Whether the figure names a value at which the decision would change."""
        return any(figure.stands_for(value) for value in self.flips.get(figure.kind, []))


def known(work: Work, model: Model) -> Known:
    """All that follows from the learner's inputs, functions, ranges."""
    m, found = model.m, Known()
    found.facts = [m[key] for key, (unit, _) in FIELDS.items() if unit.startswith("won")]
    found.won += found.facts
    found.won.append(m["admin_hours_year"] * m["admin_won_hour"])
    found.won += [_line(line.inputs, line.constant, m) for line in LINES]
    for option in OPTIONS:
        row = model.flows(option, m)
        found.won += [*row, sum(row), model.worth(option, "base", m)]
    found.percent += [m[key] for key in SHARES] + [1.0, 0.0, m["growth"]]
    _add_futures(found, model)
    bars = own_bars(work, model)
    _add_ranges(found, model, bars)
    _add_flips(found, model, bars)
    return found


def _line(inputs: Iterable[str], constant: float, m: dict[str, Any]) -> float:
    total = constant
    for key in inputs:
        total *= m[key]
    return total


def _add_futures(found: Known, model: Model) -> None:
    rate, years = model.m["rate"], model.m["years"]
    yearly = rate / (1 - (1 + rate) ** -years)
    table = {(f, o): model.worth(o, f, model.m) for f, o in every_future()}
    leads = {f: table[f, "renew"] - table[f, "cloud"] for f in FUTURES}
    found.won += [*table.values(), *leads.values()]
    found.won += [leads[f] - leads["base"] for f in ("stop", "grow")]
    found.won += [yearly * won for won in (table["base", "renew"], table["base", "cloud"])]
    found.won.append(yearly * leads["base"])
    found.percent += [leads["base"] / table["base", option] for option in OPTIONS]
    found.ends += [(leads[a], leads[b]) for a, b in itertools.combinations(FUTURES, 2)]


def own_bars(work: Work, model: Model) -> list[Swing]:
    """The learner's tornado; none while their ranges do not stand."""
    if not work.has("ranges") or not passes(
        lambda w: check_ranges(w.value("ranges"), model.m), work
    ):
        return []
    return swings(model, work.value("ranges"))


def _add_ranges(found: Known, model: Model, bars: list[Swing]) -> None:
    for bar in bars:
        found.ends.append((bar.lead_low, bar.lead_high))
        found.won += [bar.lead_low, bar.lead_high, bar.width]
        for option in OPTIONS:
            low, high = (
                model.worth(option, "base", {**model.m, bar.key: end})
                for end in (bar.low, bar.high)
            )
            found.ends.append((low, high))
            found.won += [low, high]
        for value in (bar.low, bar.high):
            found.percent += [value] if bar.key in SHARES else []
            found.percent += [value / model.m[bar.key] - 1] if model.m[bar.key] else []
            if FIELDS[bar.key][0].startswith("won"):
                found.won.append(value)


def _add_flips(found: Known, model: Model, bars: list[Swing]) -> None:
    u = model.u_star
    found.flips = {
        RATIO: [u],
        PERCENT: [100 * u],
        HOURS: [u * HOURS_PER_MONTH],
        WON: [],
        MONTHS: [],
    }
    found.percent.append(u)
    for key in {bar.key for bar in bars} | {"capex"}:
        value = model.tipping(key)
        unit = FIELDS[key][0]
        if value != value or value < 0:
            continue
        if unit.startswith("won"):
            found.flips[WON].append(value)
            found.won.append(value)
        elif key in SHARES:
            found.flips[PERCENT].append(100 * value)
            found.percent.append(value)
        elif unit == "months":
            found.flips[MONTHS].append(value)
        if model.m[key]:
            found.flips[PERCENT].append(100 * (value / model.m[key] - 1))
            found.percent.append(value / model.m[key] - 1)


def draft_figures(case: Case) -> list[tuple[str, float]]:
    """Kind and value of what the faulty claims of the draft say, and the model does not."""
    keys = {"straight": ("straight", 1.0), "months": ("month", 1.0), "slip": ("slip", 1e6)}
    found = []
    for claim in claims_of(case):
        if claim.form == FAULTY and claim.family in keys:
            name, scale = keys[claim.family]
            found.append((WON, claim.values[name] * scale))
        if claim.family == "u-star":
            found.append((PERCENT, 100 * claim.values["u"]))
    return found


@exercise_check("memo", "graded-memo")
def memo(work: Work) -> None:
    """Length, then each figure, then what a decision needs: a range and what would change it."""
    text, recommend = work.value("memo"), work.value("recommend")
    expect.one_of(recommend, "recommend", OPTIONS)
    if not isinstance(text, str) or not text.strip() or "____" in text:
        raise NotAttempted("memo")
    if words(text) > MOST_WORDS:
        raise Mistake(
            "too_long",
            mark("Your memo has {count} words; what a CFO reads between two meetings ends at 250."),
            required=mark("At most 250 words (Korean: 어절)."),
            count=words(text),
        )
    model = model_of(work)
    table, told = known(work, model), figures(text)
    for figure in told:
        check_figure(figure, table, work.case)
    check_decision(told, table, model, recommend)


def check_figure(figure: Figure, table: Known, case: Case) -> None:
    """One figure: in the model, and break-even not sold as load of a processor."""
    as_u = figure.kind in (PERCENT, RATIO) and any(
        figure.stands_for(u) for u in table.flips[figure.kind][:1]
    )
    if as_u and _CPU.search(figure.sentence) and not _DENIED.search(figure.sentence):
        raise Mistake(
            "ustar_as_cpu",
            mark("“{sentence}” Here your u* of {figure} reads like a load of the CPU."),
            required=mark(
                "u* is a share of hours that machines are on. A machine at 5 % CPU that is "
                "always on is billed for all hours."
            ),
            sentence=figure.sentence.strip()[:160],
            figure=figure.text,
        )
    drafted = [value for kind, value in draft_figures(case) if kind == figure.kind]
    copied = figure.kind == WON and _among(figure, drafted) and not _among(figure, table.won)
    if table.holds(figure) and not copied:
        return
    if copied or any(figure.stands_for(value) for value in drafted):
        raise Mistake(
            "figure_from_draft",
            mark("{figure} stands in the draft that you audited, and nowhere in your model."),
            required=mark("What you sign comes from your own inputs and functions."),
            figure=figure.text,
        )
    _raise_unknown(figure, table)


def _among(figure: Figure, values: Iterable[float]) -> bool:
    # a round figure may lie near a dozen sums; copied from the draft it meets one exactly
    return any(abs(abs(value) - figure.value) <= 0.001 * figure.value for value in values)


def _raise_unknown(figure: Figure, table: Known) -> None:
    for power in (1, -1, 2, -2, 3, -3, 4, -4):
        scale = 10.0**power
        shifted = Figure("", WON, figure.value * scale, figure.slack * scale, "")
        if figure.kind == WON and any(shifted.stands_for(won) for won in table.won):
            raise Mistake(
                "unit_slip",
                mark(
                    "{figure} are {won:,.0f} won. Nothing in your model is of that size; with the "
                    "point or the unit moved, something would be."
                ),
                required=mark("One unit throughout: 1억 = 100 million, 100만 = 1 million."),
                figure=figure.text,
                won=figure.value,
            )
    raise Mistake(
        "figure_not_in_model",
        mark("{figure} ({kind}): your inputs, functions, ranges and futures do not give that."),
        required=mark("The CFO's analyst recomputes each figure from your model and finds it."),
        step=mark("Write it as an f-string of what you computed, so that it cannot drift."),
        figure=figure.text,
        kind=figure.kind,
    )


def _spanned(low: float, high: float, sums: list[Figure]) -> bool:
    """Whether two different figures name both ends."""
    at_low = {f.text for f in sums if f.stands_for(low)}
    at_high = {f.text for f in sums if f.stands_for(high)}
    return any(a != b for a in at_low for b in at_high)


def check_decision(told: list[Figure], table: Known, model: Model, recommend: str) -> None:
    """A range, what would change the decision, and no recommendation against it unsaid."""
    sums = [f for f in told if f.kind == WON and not _among(f, table.facts)]
    if not any(_spanned(low, high, sums) for low, high in table.ends):
        raise Mistake(
            "point_estimate",
            mark("Your memo gives one outcome. The first question will be how sure you are of it."),
            required=mark(
                "A range of the difference in won: at both ends of one of your ranges, or in "
                "two of your futures."
            ),
        )
    if not any(table.tells_a_flip(figure) for figure in told):
        raise Mistake(
            "nothing_would_change",
            mark("Nothing in your memo says at which value the decision would turn."),
            required=mark("u*, or the value of an input at which both options are worth the same."),
            step=mark("`wb.tools.tipping(ranges)` shows it for each of your ranges."),
        )
    lead = model.lead()
    named = any(figure.kind == WON and figure.stands_for(lead) for figure in told)
    dearer = recommend == ("renew" if lead > 0 else "cloud")
    if dearer and not named:
        raise Mistake(
            "contradicts_model",
            mark("You recommend “{option}”; in your own model it is the dearer one, as planned."),
            required=mark(
                "A dearer option can be right, for what it makes possible. Then the memo says "
                "what it costs more."
            ),
            option=TITLES[recommend],
        )
