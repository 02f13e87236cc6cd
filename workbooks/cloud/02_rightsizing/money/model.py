"""The business case as a spreadsheet with live formulas: change an input, see the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from kit.i18n import Translator, mark

from .ledger import FIELDS, FUTURES, LINES, OPTIONS, Inputs, Line
from .results import Results

if TYPE_CHECKING:
    from kit.artefacts.xlsx import Sheet

INPUTS, FLOWS, RESULT, OTHER = mark("Inputs"), mark("Flows"), mark("Result"), mark("Futures")
_TITLES = {"renew": mark("Renewal"), "cloud": mark("Cloud")}
_FUTURE_TITLES = {
    "stop": mark("Switched off after year 1"),
    "base": mark("As planned"),
    "grow": mark("Demand grows"),
}
# years stand in columns C (today), D, E, ...
_FIRST = 3
# columns for every length that somebody may try; years after the last one stay at 0
MOST_YEARS = 10
# what is billed only while machines are on
_HOURLY = ("compute", "help-compute")


@dataclass(frozen=True)
class Book:
    """Cell addresses of the model; rows are found by meaning, never counted twice."""

    m: Inputs
    tr: Translator

    def name(self, sheet: str) -> str:
        """A sheet's name as formulas quote it."""
        return f"'{self.tr(sheet)}'"

    def cell(self, key: str) -> str:
        """Address of an input."""
        return f"{self.name(INPUTS)}!$B${list(FIELDS).index(key) + 2}"

    def column(self, year: int) -> str:
        """Column letter of a year in the sheets of flows."""
        from xlsxwriter.utility import xl_col_to_name

        return str(xl_col_to_name(_FIRST + year - 1))

    @property
    def years(self) -> range:
        """Year 0 and each year that has a column."""
        return range(max(MOST_YEARS, int(self.m["years"])) + 1)

    @property
    def results(self) -> Results:
        """What the formulas give."""
        return Results(self.m, len(self.years))

    def flow_row(self, line_id: str) -> int:
        """Row of a line in the sheet of flows."""
        return [line.id for line in LINES].index(line_id) + 2

    def total_row(self, option: str) -> int:
        """Row of an option's sum in the sheet of flows."""
        return len(LINES) + 2 + OPTIONS.index(option)

    def product(self, line: Line) -> str:
        """One line's formula: its inputs multiplied."""
        factors = [self.cell(key) for key in line.inputs]
        return "*".join([f"{line.constant:g}", *factors])

    def present(self, sheet: str, row: int, last: int) -> str:
        """Present value of a row; a spreadsheet's NPV starts a year late, so today stands apart."""
        where = self.name(sheet)
        first, rest = self.column(0), f"{self.column(1)}{row}:{self.column(last)}{row}"
        return f"{where}!{first}{row}+NPV({self.cell('rate')},{where}!{rest})"


def model_sheets(m: Inputs, tr: Translator) -> list[Sheet]:
    """Inputs, flows, result, futures: every input is live, ``years`` up to ``MOST_YEARS``."""
    book = Book(m, tr)
    return [_inputs(book), _flows(book), _result(book), _futures(book)]


def _inputs(book: Book) -> Sheet:
    from kit.artefacts.xlsx import Column, Sheet

    tr = book.tr
    rows = [[key, book.m[key], tr(unit), tr(text)] for key, (unit, text) in FIELDS.items()]
    rows[list(FIELDS).index("years")][3] += tr(
        " (whole years, {most} at most)", most=book.years[-1]
    )
    columns = [Column(tr("Input"), 28), Column(tr("Value"), 18, "#,##0.####")]
    return Sheet(tr(INPUTS), [*columns, Column(tr("Unit"), 18), Column(tr("Meaning"), 80)], rows)


def _flows(book: Book) -> Sheet:
    from kit.artefacts.xlsx import WON, Column, Formula, Sheet

    tr = book.tr
    rows: list[list[Any]] = []
    for line in LINES:
        cells = map(partial(_flow, book, line), book.years, book.results.line(line))
        rows.append([tr(line.title), tr(_TITLES[line.option]), *cells])
    for option in OPTIONS:
        own = [book.flow_row(line.id) for line in LINES if line.option == option]
        sums = [
            Formula(f"=SUM({book.column(y)}{own[0]}:{book.column(y)}{own[-1]})", won)
            for y, won in enumerate(book.results.flows(option))
        ]
        rows.append([tr("Sum"), tr(_TITLES[option]), *sums])
    years = [Column(tr("Year {year}", year=year), 16, WON) for year in book.years]
    return Sheet(tr(FLOWS), [Column(tr("Line"), 26), Column(tr("Option"), 12), *years], rows)


def _flow(book: Book, line: Line, year: int, won: float) -> Any:
    """One cell: 0 where the line can never fall due, else a formula that asks for the year."""
    from kit.artefacts.xlsx import Formula

    years, refresh = book.cell("years"), book.cell("refresh_year")
    if line.when in ("today", "first"):
        due = year == (0 if line.when == "today" else 1)
        return Formula(f"={book.product(line)}", won) if due else 0
    if not year:
        return 0
    asked = {
        "each": f"{year}<={years}",
        "last": f"{year}={years}",
        "refresh": f"AND({year}={refresh},{year}<={years})",
    }
    return Formula(f"=IF({asked[line.when]},{book.product(line)},0)", won)


def _result(book: Book) -> Sheet:
    from kit.artefacts.xlsx import WON, Column, Formula, Sheet

    tr, last, results = book.tr, book.years[-1], book.results
    worth = {o: book.present(FLOWS, book.total_row(o), last) for o in OPTIONS}
    hours = "+".join(book.present(FLOWS, book.flow_row(line), last) for line in _HOURLY)
    idle = f"({worth['cloud']}-({hours}))"
    share = f"(({worth['renew']})-{idle})/(({hours})/{book.cell('on_share')})"
    rate, years = book.cell("rate"), book.cell("years")
    renew, cloud = (results.present(results.flows(option)) for option in OPTIONS)
    billed = sum(results.present(results.line(line)) for line in LINES if line.id in _HOURLY)
    told = [
        (mark("Renewal, today's won"), worth["renew"], renew, ""),
        (mark("Cloud, today's won"), worth["cloud"], cloud, ""),
        (
            mark("Renewal minus cloud"),
            "B2-B3",
            renew - cloud,
            mark("positive: the cloud is cheaper"),
        ),
        (
            mark("Renewal, won a year"),
            f"-PMT({rate},{years},B2)",
            results.yearly(renew),
            mark("annualised"),
        ),
        (
            mark("Cloud, won a year"),
            f"-PMT({rate},{years},B3)",
            results.yearly(cloud),
            mark("annualised"),
        ),
        (
            mark("Break-even on-time share u*"),
            share,
            results.u_star(billed),
            mark("of hours on; not CPU"),
        ),
    ]
    rows = [
        [tr(name), Formula(f"={text}", value), tr(note) if note else ""]
        for name, text, value, note in told
    ]
    columns = [Column(tr("Result"), 34), Column(tr("Value"), 20, f"[<10]0.000;{WON}")]
    return Sheet(tr(RESULT), [*columns, Column(tr("Note"), 40)], rows)


def _futures(book: Book) -> Sheet:
    from kit.artefacts.xlsx import WON, Column, Formula, Sheet

    tr = book.tr
    rows: list[list[Any]] = []
    for future in FUTURES:
        for option in OPTIONS:
            won = book.results.flows(option, future)
            texts = [_CELLS[future](book, option, year) for year in book.years]
            cells = [Formula(f"={text}", paid) for text, paid in zip(texts, won, strict=True)]
            today = book.present(OTHER, len(rows) + 2, book.years[-1])
            worth = Formula(f"={today}", book.results.present(won))
            rows.append([tr(_FUTURE_TITLES[future]), tr(_TITLES[option]), *cells, worth])
    years = [Column(tr("Year {year}", year=year), 16, WON) for year in book.years]
    heads = [Column(tr("Future"), 26), Column(tr("Option"), 12)]
    return Sheet(tr(OTHER), [*heads, *years, Column(tr("Today's won"), 18, WON)], rows)


def _base(book: Book, option: str, year: int) -> str:
    return f"{book.name(FLOWS)}!{book.column(year)}{book.total_row(option)}"


def _stop(book: Book, option: str, year: int) -> str:
    if year > 1:
        return "0"
    end = f"-{book.cell('resale_year1_won')}" if option == "renew" else f"+{book.cell('exit_won')}"
    return _base(book, option, year) + (end if year == 1 else "")


def _grow(book: Book, option: str, year: int) -> str:
    scaling = [line for line in LINES if line.option == option and line.scales]
    more, start = f"({book.cell('growth')}-1)", book.cell("growth_year")
    usage = "+".join(
        f"{book.name(FLOWS)}!{book.column(year)}{book.flow_row(line.id)}" for line in scaling
    )
    parts = [_base(book, option, year), f"IF({year}>={start},{more}*({usage}),0)"]
    if option == "renew":
        wait = f"{book.cell('lead_time_weeks')}*{book.cell('lost_won_week')}"
        parts += [
            f"IF(AND({year}={start}-1,{start}<={book.cell('years')}),{more}*{book.cell('capex')},0)",
            f"IF(AND({year}={start},{start}<={book.cell('years')}),{wait},0)",
        ]
    return "+".join(parts)


_CELLS: dict[str, Callable[[Book, str, int], str]] = {"stop": _stop, "base": _base, "grow": _grow}
