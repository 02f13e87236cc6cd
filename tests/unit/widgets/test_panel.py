"""The panel widget answers its two buttons and nothing else."""

from __future__ import annotations

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
from kit.widgets.panel import ExercisePanel
from kit.widgets.view import panel_view

OUTCOME = Outcome("rule", OutcomeKind.INCORRECT, 0.0, Feedback("mean", "You took <the> mean."))
EXERCISE = Exercise(
    "rule", "The rule", Part.PRACTICE, ExerciseKind.JUDGEMENT, Reality.REAL, 5, 1, hints=("Peak.",)
)
VIEW = panel_view(EXERCISE, OUTCOME, Translator("en"), hints_seen=0, can_take=True)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def panel(asked: list[str]) -> ExercisePanel:
    def act(name: str) -> Any:
        asked.append(name)
        return replace(VIEW, heading=f"after {name}")

    return ExercisePanel(VIEW, act, OUTCOME.as_data())


def test_a_button_brings_the_next_view_in_place(panel: ExercisePanel, asked: list[str]) -> None:
    panel._receive(panel, {"action": "hint"}, [])
    panel._receive(panel, {"action": "take"}, [])
    assert asked == ["hint", "take"]
    assert panel.view["heading"] == "after take"
    assert "after take" in panel._repr_mimebundle_()[0]["text/plain"]


@pytest.mark.parametrize("content", [{}, {"action": "pass"}, {"action": None}, {"view": {}}])
def test_nothing_else_from_the_page_is_obeyed(
    panel: ExercisePanel, asked: list[str], content: dict[str, Any]
) -> None:
    before = panel.view
    panel._receive(panel, content, [])
    assert asked == []
    assert panel.view == before


def test_every_form_is_in_the_output(panel: ExercisePanel) -> None:
    data, _ = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "You took &lt;the&gt; mean." in data["text/html"]
    assert "You took <the> mean." in data["text/plain"]
    assert data[OUTCOME_MIME] == OUTCOME.as_data()
