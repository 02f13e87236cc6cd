"""A proposal shows what was found, and answers nothing else before it is confirmed."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from kit.data.own import Contract, Proposal, read_own
from kit.errors import UsageError
from kit.i18n import Translator
from tests.unit.data.own.conftest import samples, written


@pytest.fixture(params=["en", "ko"])
def proposal(cpu: Contract, tmp_path: Path, request: pytest.FixtureRequest) -> Proposal:
    frame = samples().assign(**{"<b>": "-"})
    found = read_own(
        [written(tmp_path / "a&b.csv", frame)], contract=cpu, say=Translator(request.param)
    )
    assert isinstance(found, Proposal)
    return found


def test_each_column_is_shown_with_an_example_and_a_reason(proposal: Proposal) -> None:
    for shown in (repr(proposal), proposal._repr_html_()):
        for word in ("box", "srv-1", "machine", "figure", "cpu", "own.confirm()"):
            assert word in shown
    assert "a&b.csv" in repr(proposal)
    page = proposal._repr_html_()
    assert "<b>" not in page.replace("<p><b>", "") and "a&amp;b.csv" in page


def test_anything_else_asks_for_the_confirmation(proposal: Proposal) -> None:
    with pytest.raises(UsageError, match=r"a&b\.csv are not confirmed"):
        _ = proposal.machines
    with pytest.raises(AttributeError):
        _ = proposal._repr_png_
    assert copy.copy(proposal).roles == proposal.roles
