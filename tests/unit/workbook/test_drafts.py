"""A draft is what can have been typed into its form, whoever edited the file that it lies in."""

from __future__ import annotations

import pytest

from kit.model import Form
from kit.workbook.drafts import LIMIT, fits

ROW = {"disk": "db", "size": "1,2"}


@pytest.mark.parametrize(
    ("form", "draft"),
    [("choice", "c"), ("choices", []), ("ranking", ["a", "gone"]), ("number", "12 G"),
     ("text", ""), ("table", [ROW, {}]), ("audit", {"D1": ""}), ("defence", {"q1": "x"})],
)  # fmt: skip
def test_what_is_not_yet_an_answer_can_be_a_draft(form: str, draft: object) -> None:
    assert fits(Form(form), draft)


@pytest.mark.parametrize(
    ("form", "draft"),
    [("choice", 3), ("choice", None), ("choices", ["fill", 3]), ("ranking", "ab"), ("number", 4),
     ("table", ["db"]), ("table", ROW), ("audit", {"D1": 3}), ("audit", []), ("file", "x.csv"),
     ("code", "x"), pytest.param("text", "x" * LIMIT, id="too long")],
)  # fmt: skip
def test_what_cannot_stand_in_a_form_is_no_draft(form: str, draft: object) -> None:
    assert not fits(Form(form), draft)
