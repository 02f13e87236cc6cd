"""What must hold of any data: nobody knows the right answer for a stranger's export.

A unit's ``data.toml`` names kinds (``kit.checking.kinds``); what only the unit can say is a
function:

    @invariant("risk", says=mark("the risk is a share"), each=True)
    def risk(own: Own, mine: Mine, name: str, part: DataFrame) -> str:
        share = mine["burst_risk"](part["value"], 8, 4)
        return "" if 0 <= share <= 1 else phrase("a share of {share:.2f}", share=share)

An empty text means that it holds; else the text says what was seen. ``mine`` has the
learner's functions, guarded, and whatever else the unit passes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kit.checking.kinds import PART_KINDS, SAYS, WHOLE_KINDS, Asking, Seen
from kit.checking.mistakes import LearnerError, Mistake, NotAttempted
from kit.checking.work import guarded
from kit.i18n import Phrase, mark, phrase

if TYPE_CHECKING:
    import pandas as pd

    from kit.data.own import InvariantRule, Own

Mine = Mapping[str, Any]
Parts = Sequence[tuple[str, Any]]
# more of them add minutes and no insight; every class of load is among the first ones
PARTS_CHECKED = 12


@dataclass(frozen=True)
class Held:
    """One statement. ``held`` None: our check is broken, which costs nobody anything.

    ``says`` and ``seen`` are templates; ``told`` and ``values`` fill them.
    """

    id: str
    says: str
    held: bool | None
    seen: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class InvariantFunction:
    """A statement of the unit's own; made by ``invariant``."""

    id: str
    says: str
    function: Callable[..., str]
    each: bool


def invariant(
    name: str, *, says: str, each: bool = False
) -> Callable[[Callable[..., str]], InvariantFunction]:
    """Declare a statement that must hold: ``(own, mine) -> str``, "" when it does.

    With ``each`` it is asked of every part: ``(own, mine, name, part) -> str``.
    """

    def wrap(function: Callable[..., str]) -> InvariantFunction:
        return InvariantFunction(name, says, function, each)

    return wrap


def invariants_in(module: ModuleType) -> tuple[InvariantFunction, ...]:
    """The statements of a unit's file, in the order in which they stand there."""
    return tuple(one for one in vars(module).values() if isinstance(one, InvariantFunction))


def hold(
    own: Own,
    rules: Iterable[InvariantRule],
    extra: Iterable[InvariantFunction],
    mine: Mine,
) -> list[Held]:
    """Every statement about one export: the contract's for its table, then the unit's own.

    The learner's functions are guarded here: one that stops with an error is named by what
    it did. The first ``PARTS_CHECKED`` parts are looked at, and a first failure names its
    part; an export without parts has only the statements about the whole.
    """
    safe = {name: guarded(name, one) if callable(one) else one for name, one in mine.items()}
    parts: Parts = list(islice(own.parts(), PARTS_CHECKED))
    first = own.contract.table().id
    mine_of_table = [rule for rule in rules if (rule.table or first) == own.table.id]
    found = [_by_rule(rule, own, safe, parts) for rule in mine_of_table]
    found += [_by_function(one, own, safe, parts) for one in extra]
    return [one for one in found if one is not None]


def _by_rule(rule: InvariantRule, own: Own, mine: Mine, parts: Parts) -> Held | None:
    says = mark(rule.says) if rule.says else SAYS[rule.kind]
    told = {"function": rule.function, "column": rule.column}
    if rule.kind in WHOLE_KINDS:
        return _held(rule.id, says, lambda: WHOLE_KINDS[rule.kind](own), told)
    test, asking = PART_KINDS[rule.kind], Asking(own, rule, mine)
    return _held(rule.id, says, lambda: _over(parts, lambda _, part: test(asking, part)), told)


def _by_function(one: InvariantFunction, own: Own, mine: Mine, parts: Parts) -> Held | None:
    def whole() -> Seen:
        seen = _caught(lambda: one.function(own, mine))
        return Seen(not seen, seen, {})

    def each() -> Seen | None:
        return _over(parts, lambda name, part: one.function(own, mine, name, part))

    return _held(one.id, one.says, each if one.each else whole, {})


def _held(
    name: str, says: str, ask: Callable[[], Seen | None], told: Mapping[str, object]
) -> Held | None:
    """The answer of one statement; an error of the author's is our fault and said to be so."""
    try:
        seen = ask()
    except Exception as error:
        ours = mark("could not be checked, which is our fault: {error}")
        return Held(name, says, None, ours, {"error": f"{type(error).__name__}: {error}"}, told)
    return Held(name, says, seen.held, seen.text, seen.values, told) if seen else None


def _over(parts: Parts, test: Callable[[str, pd.DataFrame], str]) -> Seen | None:
    """A statement about every part; None without parts."""
    if not parts:
        return None
    for name, part in parts:
        if seen := _caught(partial(test, name, part)):
            text = phrase("{machine}: {seen}", machine=name, seen=seen) if name else seen
            return Seen(False, text, {})
    if parts[0][0]:
        return Seen(True, mark("on {n} machines"), {"n": len(parts)})
    return Seen(True, mark("on {n:,} rows"), {"n": sum(len(part) for _, part in parts)})


def _caught(ask: Callable[[], str]) -> str:
    """What was seen, or how the learner's function ended."""
    try:
        return ask()
    except NotAttempted as gap:
        return phrase("`{name}` is not there yet, or still has a blank in it.", name=gap.name)
    except Mistake as mistake:
        return phrase(mistake.seen, **mistake.values)
    except LearnerError as error:
        return _learners(error)


def _learners(error: LearnerError) -> Phrase:
    if error.slow:
        return phrase(
            "`{name}` did not come back within {seconds:.0f} seconds and was stopped.",
            name=error.name,
            seconds=error.slow,
        )
    last = error.trace.splitlines()[-1] if error.trace else ""
    return phrase("`{name}` stopped with an error: {error}", name=error.name, error=last)


@dataclass(frozen=True)
class Result:
    """Every statement with what was seen, as a notebook shows it."""

    invariants: Sequence[Held]
    say: Callable[..., str] = field(repr=False)

    @property
    def held(self) -> bool:
        """Whether nothing is wrong and something was checked; a broken check of ours aside."""
        return any(one.held for one in self.invariants) and not any(
            one.held is False for one in self.invariants
        )

    def _rows(self) -> list[tuple[str, str, str]]:
        words = {True: mark("holds"), False: mark("look here"), None: mark("not checked")}
        return [
            (
                self.say(words[one.held]),
                self._filled(one.says, one.told),
                self._filled(one.seen, one.values),
            )
            for one in self.invariants
        ]

    def _filled(self, template: str, values: Mapping[str, Any]) -> str:
        return self.say(template, **{name: self._word(value) for name, value in values.items()})

    def _word(self, value: Any) -> Any:
        if isinstance(value, tuple):
            from kit.data.own.words import column_word

            return ", ".join(column_word(str(name), self.say) for name in value)
        return self.say(value) if isinstance(value, Phrase) else value

    def __repr__(self) -> str:
        return "\n".join(f"{state:10} {says}: {seen}" for state, says, seen in self._rows())

    def _repr_html_(self) -> str:
        head = (self.say("state"), self.say("what must hold"), self.say("seen in your data"))
        lines = [_line("th", head), *(_line("td", row) for row in self._rows())]
        return f"<table><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


def _line(tag: str, cells: Sequence[str]) -> str:
    # names of code stand in backticks, as everywhere in a notebook's text
    texts = (re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(cell)) for cell in cells)
    inner = (f"<{tag} style='text-align:left'>{text}</{tag}>" for text in texts)
    return f"<tr>{''.join(inner)}</tr>"
