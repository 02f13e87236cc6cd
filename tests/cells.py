"""A small notebook as a unit ships it, as a learner leaves it, and as a tool damages it."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st


def cell(kind: str, text: str, cell_id: str, **kit: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": text}
    if kit:
        made["metadata"]["kit"] = kit
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def content() -> dict[str, Any]:
    return notebook(
        cell("markdown", "## Count\n\nHow many?", "count-prose", id="count", role="prose"),
        cell("code", "count = ____", "count-answer", id="count", role="answer"),
        cell("code", 'wb.check("count")', "count-check", id="count", role="check"),
        cell("markdown", "*Write here.*", "memo-manual", id="memo", role="manual"),
        cell("code", "total = ____", "total-answer", id="total", role="answer"),
    )


def worked() -> dict[str, Any]:
    """The content after a learner: two answers, a note, and an experiment between cells."""
    mine = content()
    answer = mine["cells"][1]
    answer["source"], answer["execution_count"] = "count = 3", 7
    answer["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "3"}]
    mine["cells"][3]["source"] = "My reason."
    mine["cells"][4]["source"] = "total = 9"
    mine["cells"].insert(2, cell("code", "print(count)", "mine-1"))
    return mine


WRONG = [None, 5, "x", [], {}, ["a", 5], {"kit": 5}, {"kit": {"id": [], "role": {}}}, {"tags": 5}]
# one part of a notebook changed: a cell, what stands in one, and what stands around them
DAMAGES = {
    "null": lambda made: made["cells"].append(None),
    "metadata": lambda made: made["cells"][1].update(metadata=5),
    "source": lambda made: made["cells"][1].update(source=["a", 5]),
    "type": lambda made: made["cells"][1].pop("cell_type"),
    "id": lambda made: made["cells"][1].update(id=["a"]),
    "format": lambda made: made.update(nbformat=3),
    "around": lambda made: made.update(metadata={"kit": 5}),
}


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """A copy in which something at any depth is gone, or is a value that no tool writes there."""
    result = where = copy.deepcopy(whole)
    while True:
        key = draw(st.sampled_from(list(where) if isinstance(where, dict) else range(len(where))))
        inner = where[key]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.booleans()):
            break
        where = inner
    if draw(st.booleans()):
        del where[key]
    else:
        where[key] = draw(st.sampled_from(WRONG))
    return result
