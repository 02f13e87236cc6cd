"""Cells as the notebook format (4.5) wants them, whatever a file held.

A learner's file may have been edited by any tool, or by hand. What the format does not
allow is mended where no text is lost by it, and left out otherwise; the source of a cell
always stays. Written without nbformat, whose import costs seconds.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from kit.notebooks import Cell

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TYPES = ("code", "markdown", "raw")
# nothing that Jupyter or a chart writes is nested deeper; Python's own limit is not far
_DEEPEST = 100
_LANGUAGE_WORDS = ("file_extension", "mimetype", "pygments_lexer")
_JSON_TYPE = re.compile(r"^application/(.*\+)?json$")


def clean(value: Any, depth: int = 0) -> Any:
    """A copy that Jupyter can write: no NaN, not too deep."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, (list, dict)):
        return value
    if depth >= _DEEPEST:
        return None
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return {str(key): clean(item, depth + 1) for key, item in value.items()}


def text_of(cell: Cell) -> str:
    """A cell's source as one string, for any JSON value that stands there."""
    value = cell.get("source", "")
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(part if isinstance(part, str) else _json(part) for part in value)
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def valid_cells(notebook: Any) -> list[Cell]:
    """The cells of any JSON value, each valid but for an ``id`` that may be empty."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return [_valid(clean(cell)) for cell in cells] if isinstance(cells, list) else []


def _valid(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        # never run, and nothing of it is lost
        return {"cell_type": "raw", "id": "", "metadata": {}, "source": _json(cell)}
    # an unknown type is text for all we know, and is not run
    kind = cell.get("cell_type")
    kind = kind if kind in _TYPES else "raw"
    found: Cell = {
        "cell_type": kind,
        "id": valid_id(cell.get("id")),
        "metadata": _metadata(cell.get("metadata"), kind),
        "source": cell.get("source") if _multiline(cell.get("source")) else text_of(cell),
    }
    if kind == "code":
        outputs = cell.get("outputs")
        kept = outputs if isinstance(outputs, list) else []
        found["outputs"] = [output for output in kept if _is_output(output)]
        found["execution_count"] = _count(cell.get("execution_count"))
    elif _is_attachments(cell.get("attachments")):
        found["attachments"] = cell["attachments"]
    return found


def valid_id(value: Any) -> str:
    """The id if the format allows it, else an empty string."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _multiline(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )


def _metadata(value: Any, kind: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    found = {key: item for key, item in value.items() if _allowed(key, item, kind)}
    if "tags" in found:
        tags = found["tags"] if isinstance(found["tags"], list) else []
        good = [tag for tag in tags if isinstance(tag, str) and re.search("^[^,]+$", tag)]
        found["tags"] = list(dict.fromkeys(good))
    return found


def _allowed(key: str, value: Any, kind: str) -> bool:
    if key == "name":
        return isinstance(value, str) and bool(re.search("^.+$", value))
    if key == "jupyter":
        return isinstance(value, dict)
    if kind == "raw":
        return key != "format" or isinstance(value, str)
    if kind == "code" and key == "execution":
        return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    if kind == "code" and key == "collapsed":
        return isinstance(value, bool)
    if kind == "code" and key == "scrolled":
        return isinstance(value, bool) or value == "auto"
    return True


def _is_attachments(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_bundle(bundle) for bundle in value.values())


def _is_bundle(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _JSON_TYPE.search(key) or _multiline(item) for key, item in value.items()
    )


_KEYS = {
    "execute_result": {"output_type", "data", "metadata", "execution_count"},
    "display_data": {"output_type", "data", "metadata"},
    "stream": {"output_type", "name", "text"},
    "error": {"output_type", "ename", "evalue", "traceback"},
}


def _is_output(value: Any) -> bool:
    kind = value.get("output_type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or set(value) != _KEYS.get(kind):
        return False
    if kind == "stream":
        return isinstance(value["name"], str) and _multiline(value["text"])
    if kind == "error":
        words = (value["ename"], value["evalue"], value["traceback"])
        return all(isinstance(w, str) for w in words[:2]) and _lines(words[2])
    counted = kind == "display_data" or _is_count(value["execution_count"])
    return counted and _is_bundle(value["data"]) and isinstance(value["metadata"], dict)


def _lines(value: Any) -> bool:
    return isinstance(value, list) and _multiline(value)


def _is_count(value: Any) -> bool:
    return value is None or _count(value) is not None


def valid_metadata(value: Any) -> dict[str, Any]:
    """A notebook's own metadata without what the format does not allow."""
    if not isinstance(value, dict):
        return {}
    return {key: item for key, item in clean(value).items() if _allowed_above(key, item)}


def _allowed_above(key: str, value: Any) -> bool:
    if key in ("kernelspec", "language_info"):
        needed = ("name", "display_name") if key == "kernelspec" else ("name",)
        return (
            isinstance(value, dict)
            and all(isinstance(value.get(k), str) for k in needed)
            and all(isinstance(value.get(k, ""), str) for k in _LANGUAGE_WORDS)
            and isinstance(value.get("codemirror_mode", ""), (str, dict))
        )
    if key == "title":
        return isinstance(value, str)
    if key == "authors":
        return isinstance(value, list)
    # the format forbids it in files
    return key != "orig_nbformat"
