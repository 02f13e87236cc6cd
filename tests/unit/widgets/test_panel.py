"""The panel widget answers its own buttons and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kit.i18n import Translator
from kit.model import (
    OUTCOME_MIME,
    Exercise,
    ExerciseKind,
    Feedback,
    Outcome,
    OutcomeKind,
    Part,
    Reality,
)
from kit.widgets.panel import ExercisePanel, Shown
from kit.widgets.view import panel_view

OUTCOME = Outcome("rule", OutcomeKind.INCORRECT, 0.0, Feedback("mean", "You took <the> mean."))
PASSED = Outcome("rule", OutcomeKind.PASSED, 1.0)
EXERCISE = Exercise(
    "rule", "The rule", Part.PRACTICE, ExerciseKind.JUDGEMENT, Reality.REAL, 5, 1, hints=("Peak.",)
)
VIEW = panel_view(
    EXERCISE, OUTCOME, Translator("en"), hints_seen=0, can_take=True, can_reset=True, can_undo=True
)
CELL = {"id": "a", "cell_type": "code", "metadata": {"kit": {"id": "rule"}}, "source": "x = 1"}


@pytest.fixture
def asked() -> list[tuple[str, list[dict[str, Any]]]]:
    return []


def panel_of(asked: list[tuple[str, Any]], view: Any = VIEW, texts: Any = ()) -> ExercisePanel:
    def act(name: str, cells: Sequence[Any]) -> Shown:
        asked.append((name, list(cells)))
        return Shown(replace(view, heading=f"after {name}"), PASSED.as_data(), texts)

    shown = Shown(view, OUTCOME.as_data())
    return ExercisePanel(shown, say=Translator("en"), on_action=act)


@pytest.mark.parametrize("action", ["check", "hint", "take", "reset", "undo"])
def test_a_button_brings_the_next_view_and_its_outcome_in_place(
    asked: list[Any], action: str
) -> None:
    panel = panel_of(asked)
    panel._receive(panel, {"action": action}, [])
    assert asked == [(action, [])]
    assert panel.view["heading"] == f"after {action}"
    data, _ = panel._repr_mimebundle_()
    assert f"after {action}" in data["text/plain"]
    assert data[OUTCOME_MIME] == PASSED.as_data()


@pytest.mark.parametrize("content", [{}, {"action": "pass"}, {"action": None}, {"view": {}}])
def test_nothing_else_from_the_page_is_obeyed(asked: list[Any], content: dict[str, Any]) -> None:
    panel = panel_of(asked)
    before = panel.view
    panel._receive(panel, content, [])
    assert asked == []
    assert panel.view == before


@pytest.mark.parametrize("action", ["hint", "take", "reset", "undo"])
def test_a_button_that_is_not_there_cannot_be_pressed(asked: list[Any], action: str) -> None:
    done = panel_view(EXERCISE, PASSED, Translator("en"), hints_seen=1, can_take=False)
    panel = panel_of(asked, done)
    panel._receive(panel, {"action": action}, [])
    assert asked == []


def test_only_sound_cells_of_the_page_are_handed_on(asked: list[Any]) -> None:
    panel = panel_of(asked)
    broken = [{**CELL, "source": 3}, {**CELL, "cell_type": "x"}, {"id": "b"}, "cell", None]
    panel._receive(panel, {"action": "reset", "cells": [CELL, *broken]}, [])
    panel._receive(panel, {"action": "undo", "cells": "cells"}, [])
    assert asked == [("reset", [CELL]), ("undo", [])]


def test_texts_for_cells_are_sent_once_and_are_no_state(
    asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, sent = panel_of(asked, texts=(("a", "x = ____"),)), []
    monkeypatch.setattr(panel, "send", sent.append)
    panel._receive(panel, {"action": "reset", "cells": [CELL]}, [])
    assert sent == [{"texts": [{"id": "a", "source": "x = ____"}]}]
    assert "x = ____" not in str(panel.get_state())


def test_a_sign_of_life_comes_before_the_work(asked: list[Any]) -> None:
    panel, seen = panel_of(asked), []
    panel.observe(lambda change: seen.append((change["new"], len(asked))), "heard")
    panel._receive(panel, {"action": "check", "number": 7}, [])
    working, done = seen
    assert working == ({"number": 7, "fault": "", "working": True}, 0)
    assert done == ({"number": 7, "fault": ""}, 1)


def test_only_what_is_new_is_told_and_the_page_may_forget_it(asked: list[Any]) -> None:
    panel = panel_of(asked)
    assert panel.news == "Look again.\nYou took <the> mean."
    panel.news = ""
    panel.show(Shown(replace(VIEW, hints=("Look at the `peak`.",)), OUTCOME.as_data()))
    assert panel.news == "1. Look at the peak."


def test_every_form_is_in_the_output(asked: list[Any]) -> None:
    data, _ = panel_of(asked)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "You took &lt;the&gt; mean." in data["text/html"]
    assert "You took <the> mean." in data["text/plain"]
    assert data[OUTCOME_MIME] == OUTCOME.as_data()
