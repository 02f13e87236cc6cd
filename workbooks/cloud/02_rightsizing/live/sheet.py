"""The pages of the sizing sheet: each machine by live formulas, the rule, the prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.artefacts import Column, Formula, Sheet
from kit.artefacts.xlsx import PERCENT, SHARE, WON
from kit.data.prices import HOURS_PER_MONTH, PriceCard
from kit.i18n import mark
from kit.quick.words import kind_text

from .own_data import OwnData

# what a cell says where nothing can be computed
_NONE = "-"
_MONEY = "LMN"
# sheets that formulas speak of by name
RULE, PRICES = mark("Rule"), mark("Prices")


def known(value: Any) -> bool:
    """Whether a plan's cell tells something."""
    return value is not None and value == value and value != ""


def sizing_rows(
    rows: Sequence[Mapping[str, Any]], headroom: float, card: PriceCard, say: Any
) -> Sheet:
    """One row a machine and their total."""
    columns = [
        Column(say("machine"), 22),
        Column(say("kind of load"), 18),
        Column(say("vCPU today"), 9),
        Column(say("CPU at the percentile, %"), 13, PERCENT),
        Column(say("vCPU needed"), 10, "0.00"),
        Column(say("vCPU by the rule"), 10),
        Column(say("vCPU chosen"), 10),
        Column(say("exception: why not the rule"), 34),
        Column(say("share of samples above it"), 12, SHARE),
        Column(say("coverage"), 10, SHARE),
        Column(say("memory need (GiB)"), 12, PERCENT),
        Column(say("won a month today"), 14, WON),
        Column(say("won a month then"), 14, WON),
        Column(say("won a month less"), 14, WON),
        Column(say("days of samples"), 10, PERCENT),
    ]
    sheet = Sheet(say("Sizing"), columns, [])
    cells = [
        _row(_Cells(row, sheet.row_of(n), headroom, card, say), say) for n, row in enumerate(rows)
    ]
    if cells:
        cells.append([say("Total"), *[None] * 10, *_totals(cells, sheet.row_of(0))])
    return Sheet(sheet.name, columns, cells)


def _totals(cells: Sequence[Sequence[Any]], first: int) -> list[Formula]:
    last, totals = first + len(cells) - 1, []
    for letter in _MONEY:
        told = [_shown(row[ord(letter) - ord("A")]) for row in cells]
        won = sum(value for value in told if not isinstance(value, str))
        totals.append(Formula(f"=SUM({letter}{first}:{letter}{last})", won))
    return totals


def _place(sheet: str, say: Any) -> str:
    """A sheet's name as formulas write it: quoted where it is no plain English word."""
    name = str(say(sheet))
    return name if name.isascii() and name.isidentifier() else f"'{name}'"


def _shown(cell: Any) -> Any:
    return cell.value if isinstance(cell, Formula) else cell


@dataclass(frozen=True)
class _Cells:
    """The formulas of one machine's row, and what each of them gives."""

    plan: Mapping[str, Any]
    row: int
    headroom: float
    card: PriceCard
    say: Any

    @property
    def sized(self) -> bool:
        return known(self.plan["cpu_percentile"]) and known(self.plan["vcpu"])

    def _column(self, letter: str) -> str:
        return f"{_place(PRICES, self.say)}!${letter}$2:${letter}${len(self.card.sizes) + 1}"

    def _next(self, cell: str) -> str:
        # the prices ascend, so the sizes below a need count up to the one that covers it
        return f'COUNTIF({self._column("A")},"<"&{cell})+1'

    def need(self) -> Any:
        """vCPU by the rule before it meets a size on offer."""
        if not self.sized:
            return _NONE
        r, percent = self.row, float(self.plan["cpu_percentile"])
        used = 1 - self.headroom
        value = float(self.plan["vcpu"]) * percent / 100 / used if used else float("nan")
        return Formula(f"=C{r}*D{r}/100/(1-{_place(RULE, self.say)}!$B$3)", value)

    def ruled(self) -> Any:
        """The smallest size on offer that covers the need."""
        if not self.sized:
            return _NONE
        text = f'=IFERROR(INDEX({self._column("A")},{self._next(f"E{self.row}")}),"-")'
        # a spreadsheet compares 15 digits, so 8.000000000000002 is covered by 8
        need = float(f"{_shown(self.need()):.15g}")
        return Formula(text, next((v for v in self.card.vcpus if v >= need), _NONE))

    def chosen(self) -> Any:
        """The exception's size, or what the rule says."""
        if known(self.plan["size"]):
            return self.plan["size"]
        return Formula(f"=F{self.row}", _shown(self.ruled())) if self.sized else _NONE

    def _priced(self, letter: str, vcpu: Any) -> Formula:
        """A month's won of the smallest size that covers the cell's vCPU."""
        cell = f"{letter}{self.row}"
        month = f"INDEX({self._column('C')},{self._next(cell)})*{HOURS_PER_MONTH}"
        won: Any = _NONE
        if not isinstance(vcpu, str) and known(vcpu):
            fits = (size.won_per_hour for size in self.card.sizes if size.vcpu >= vcpu)
            won = next((hour * HOURS_PER_MONTH for hour in fits), _NONE)
        # text and an empty cell count no size below them: they would get the smallest one
        return Formula(f'=IF(ISNUMBER({cell}),IFERROR({month},"-"),"-")', won)

    def today_won(self) -> Formula:
        """The price of a size like today's."""
        return self._priced("C", self.plan["vcpu"])

    def then_won(self) -> Any:
        """The price of what was chosen: of the size, or the option's own."""
        hour, chosen = self.plan["won_per_hour"], _shown(self.chosen())
        if isinstance(self.chosen(), str):
            return _NONE
        if known(hour):
            return Formula(f"={float(hour)!r}*{HOURS_PER_MONTH}", float(hour) * HOURS_PER_MONTH)
        return self._priced("G", chosen)

    def less_won(self) -> Formula:
        """Today's price less the other."""
        today, then = _shown(self.today_won()), _shown(self.then_won())
        text = isinstance(today, str) or isinstance(then, str)
        return Formula(f'=IFERROR(L{self.row}-M{self.row},"-")', _NONE if text else today - then)


def _row(cells: _Cells, say: Any) -> list[Any]:
    plan = cells.plan
    memory = plan["memory_gib"]
    if not known(memory) or memory == "unknown":
        memory = say("unknown")
    return [
        plan["machine"],
        kind_text(str(plan["kind"]), say) if known(plan["kind"]) else None,
        plan["vcpu"],
        plan["cpu_percentile"],
        cells.need(),
        cells.ruled(),
        cells.chosen(),
        plan["exception"] or "",
        plan["burst_risk"],
        plan["coverage"],
        memory,
        cells.today_won(),
        cells.then_won(),
        cells.less_won(),
        plan["days"],
    ]


def rule_sheet(q: float, headroom: float, own: OwnData | None, card: PriceCard, say: Any) -> Sheet:
    """The rule in words; the sizing formulas read the headroom from it."""
    columns = [Column(say("Rule"), 30), Column(say("Value"), 14), Column(say("What it means"), 80)]
    statistic = say("values as exported, usually averages of each interval; linear interpolation")
    rows: list[list[Any]] = [
        [say("percentile"), q, statistic],
        [say("headroom"), headroom, say("share of the new size kept free; change it here")],
        [say("formula"), "", say("vCPU today × CPU at the percentile ÷ 100 ÷ (1 − headroom)")],
        [
            say("period"),
            own.period_text() if own else 14,
            say("days; a month end may not be in it"),
        ],
        [say("data"), say(own.reality if own else "SIMULATED"), ""],
        [say("prices"), card.dated, f"{say(card.source)}, {say(card.provider)}"],
    ]
    return Sheet(say(RULE), columns, rows)


def price_sheet(card: PriceCard, say: Any) -> Sheet:
    """The price card that the formulas look up."""
    columns = [
        Column("vCPU", 8),
        Column(say("memory (GiB)"), 12),
        Column(say("won an hour"), 12, WON),
    ]
    rows = [[size.vcpu, size.memory_gib, size.won_per_hour] for size in card.sizes]
    return Sheet(say(PRICES), columns, rows)
