"""What is a message of a kernel, and what is none."""

from __future__ import annotations

from typing import Any

import pytest

from kit.runner.formed import DEEPEST, well_formed

SHOWN = {"data": {"text/plain": "x", "application/json": [1]}, "metadata": {}}
ERROR = {"ename": "E", "evalue": "", "traceback": ["x"]}
STATE = {"state": {"_model_name": "M"}, "buffer_paths": [["value", 0]]}


def message(kind: Any, content: Any, **more: Any) -> dict[str, Any]:
    told = {"header": {"msg_type": kind}, "parent_header": {}, "metadata": {}}
    return {**told, "content": content, **more}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", {"name": "stdout", "text": "x"}),
        ("display_data", {**SHOWN, "transient": None}),
        ("execute_result", {**SHOWN, "execution_count": 1}),
        ("error", ERROR),
        ("execute_reply", {"status": "error", **ERROR}),
        ("execute_reply", {"status": "ok", "payload": []}),
        ("comm_open", {"comm_id": "c", "target_name": "t", "data": STATE}),
        ("of another kernel", {"anything": 1}),
    ],
)
def test_what_kernels_send_is_taken(kind: str, content: dict[str, Any]) -> None:
    assert well_formed(message(kind, content, buffers=[b"x"]))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (5, {}),
        ("stream", None),
        ("stream", {"name": "stdout", "text": 5}),
        ("display_data", {"data": {"text/plain": {}}, "metadata": {}}),
        ("display_data", {**SHOWN, "transient": {"display_id": [1]}}),
        ("display_data", {**SHOWN, "transient": 5}),
        ("execute_result", SHOWN),
        ("error", {**ERROR, "traceback": [1]}),
        ("execute_reply", {"status": "error"}),
        ("comm_msg", {"comm_id": "c", "data": {"state": 7}}),
        ("comm_msg", {"comm_id": "c", "data": {**STATE, "buffer_paths": [["a"], ["b"]]}}),
        ("comm_msg", {"comm_id": "c", "data": {**STATE, "buffer_paths": [[{}]]}}),
    ],
)
def test_what_no_kernel_sends_is_not(kind: Any, content: Any) -> None:
    assert not well_formed(message(kind, content, buffers=[b"x"]))


def test_what_is_nested_too_deep_is_not() -> None:
    value: Any = "x"
    for _ in range(DEEPEST):
        value = [value]
    assert not well_formed(message("anything", {"deep": value}))
