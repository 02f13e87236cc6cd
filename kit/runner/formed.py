"""Whether a message is one that Jupyter's kernels send: a learner's code can send any other.

Parts are those of Jupyter's messaging protocol, version 5.4 (jupyter-client documentation,
"Messaging in Jupyter"), as far as anybody here reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.runner.wire import BUFFERS, Message

# lists in lists of a message; copying what is deeper would end in Python's recursion limit
DEEPEST = 64
Parts = Mapping[str, type]
_HEAD: Parts = {"header": dict, "parent_header": dict, "metadata": dict, "content": dict}
_BUNDLE: Parts = {"data": dict, "metadata": dict}
_ERROR: Parts = {"ename": str, "evalue": str, "traceback": list}
_PARTS: dict[str, Parts] = {
    "stream": {"name": str, "text": str},
    "display_data": _BUNDLE,
    "update_display_data": {**_BUNDLE, "transient": dict},
    "execute_result": {**_BUNDLE, "execution_count": int},
    "error": _ERROR,
    "status": {"execution_state": str},
    "execute_input": {"code": str, "execution_count": int},
    "execute_reply": {"status": str},
    "kernel_info_reply": {"language_info": dict},
    "comm_open": {"comm_id": str, "target_name": str, "data": dict},
    "comm_msg": {"comm_id": str, "data": dict},
    "comm_close": {"comm_id": str},
}
_SHOWN = ("display_data", "update_display_data", "execute_result")


def well_formed(message: Message) -> bool:
    """Whether everything that is read of a message is there and of its kind."""
    if not _has(message, _HEAD) or not _shallow(message):
        return False
    kind, content = message["header"].get("msg_type"), message["content"]
    if not isinstance(kind, str) or not _has(content, _PARTS.get(kind, {})):
        return False
    if kind == "execute_reply" and content["status"] == "error" and not _has(content, _ERROR):
        return False
    if kind == "error" or content.get("status") == "error":
        return all(isinstance(line, str) for line in content.get("traceback", ()))
    if kind.startswith("comm"):
        return _is_comm(content, message)
    return kind not in _SHOWN or _is_bundle(content)


def _has(value: Message, parts: Parts) -> bool:
    return all(isinstance(value.get(name), kind) for name, kind in parts.items())


def _is_bundle(content: Message) -> bool:
    if not isinstance(content.get("transient", {}), dict | None):
        return False
    shown = (content.get("transient") or {}).get("display_id")
    return isinstance(shown, str | None) and all(
        # what is no JSON is text, and a page shows it as it is
        isinstance(value, str) or name.endswith("json")
        for name, value in content["data"].items()
    )


def _is_comm(content: Message, message: Message) -> bool:
    data = content.get("data", {})
    state, paths = data.get("state", {}), data.get("buffer_paths", [])
    return (
        isinstance(state, dict)
        and isinstance(state.get("_model_name", ""), str | None)
        and isinstance(paths, list)
        and len(paths) <= len(message.get(BUFFERS) or ())
        and all(
            isinstance(path, list) and all(isinstance(part, str | int) for part in path)
            for path in paths
        )
    )


def _shallow(message: Message) -> bool:
    level: list[Any] = [message]
    for _ in range(DEEPEST):
        level = [
            below
            for value in level
            if isinstance(value, dict | list)
            for below in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return True
    return False
