"""The live run of a unit with a data contract: read an export, hold its statements, note it.

A unit's ``tools.py`` builds on it:

    class Tools(LiveTools):
        def hold(self, own: Own) -> Result:
            return self.held(own, clean=self.wb.mine("clean"))

Nothing here sends anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.identity import current_identity
from kit.model import Attempt, Reality

if TYPE_CHECKING:
    from kit.checking.invariants import InvariantFunction, Result
    from kit.data.own import Leaving, Own, Proposal


class LiveTools:
    """``wb.tools`` of a live run; ``data.toml`` beside ``tools.py`` says what is read."""

    def __init__(self, wb: Any) -> None:
        self.wb = wb

    def own(
        self,
        files: str | Path | Sequence[str | Path] = "inbox/*",
        columns: Mapping[str, str] | None = None,
    ) -> Own | Proposal:
        """Read your own export.

        ``files`` is a pattern in your home or a path. Columns that no name explains are shown
        first, and nothing is read until you confirm: ``own = own.confirm()``. ``columns`` says
        it at once: ``{"Volume": "disk"}``. DataError when there is nothing to read.
        """
        from kit.data.own import find_files, load_contract, read_own

        home = current_identity().home
        paths = find_files(home.root if home else Path.cwd(), files, self.wb.translate)
        contract = load_contract(self.wb.unit.folder)
        assert contract is not None
        return read_own(paths, contract=contract, roles=columns, home=home, say=self.wb.translate)

    def held(self, own: Own, extra: Sequence[InvariantFunction] = (), **mine: Any) -> Result:
        """The contract's statements and the unit's own ones (``extra``) on your functions."""
        from kit.checking.invariants import Result, hold

        found = hold(own, own.contract.invariants, extra, mine)
        return Result(found, self.wb.translate)

    def leaving(self, own: Own, result: Result, *, noted: bool | None = None) -> Leaving:
        """Show all that a note would hold, and what a hand-in would take of it; writes nothing."""
        from kit.data.own import Leaving
        from kit.progress.handin import practice_summary

        held = sum(one.held is True for one in result.invariants)
        data, unit = own.leaving(held, len(result.invariants)), self.wb.unit
        # what goes is taken from what makes the file of a hand-in, so that both agree
        note = Attempt("", "applied", unit.id, data=data)
        handed = practice_summary([note], unit, "", "")["applied"]
        return Leaving(data, handed, noted, self.wb.translate)

    def note(self, own: Own, result: Result) -> Leaving:
        """Note counts and hashes in your progress, if all held on real data; shows all of it."""
        applied = own.reality == Reality.REAL and result.held
        made = self.leaving(own, result, noted=applied)
        if applied:
            self.wb.record("applied", data=made.data)
        return made
