"""A small notebook as a unit ships it, and as a learner leaves it."""

from __future__ import annotations

from typing import Any


def cell(kind: str, text: str, cell_id: str, **kit: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": text}
    if kit:
        made["metadata"]["kit"] = kit
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def content() -> dict[str, Any]:
    cells = [
        cell("markdown", "## Count\n\nHow many?", "count-prose", id="count", role="prose"),
        cell("code", "count = ____", "count-answer", id="count", role="answer"),
        cell("code", 'wb.check("count")', "count-check", id="count", role="check"),
        cell("markdown", "*Write here.*", "memo-manual", id="memo", role="manual"),
        cell("code", "total = ____", "total-answer", id="total", role="answer"),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


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
