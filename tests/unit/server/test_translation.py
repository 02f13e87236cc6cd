"""Every message of the home page and its commands exists in Korean, with its values."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import kit
from kit.i18n import read_catalogue

ROOM = Path(kit.__file__).parent
COMMANDS = ("start", "status", "reset", "doctor")
IN_TEMPLATE = re.compile(r"""\btr\((["'])(.*?)\1""", re.DOTALL)
FIELD = re.compile(r"\{\w+\}")


def in_code(path: Path) -> set[str]:
    calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ("tr", "mark")]
    arguments = [c.args[0] for c in named if c.args]
    return {a.value for a in arguments if isinstance(a, ast.Constant)}


def messages() -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    files = [*(ROOM / "server").glob("*.py"), *(ROOM / "cli" / f"{c}.py" for c in COMMANDS)]
    for path in files:
        found |= dict.fromkeys(in_code(path), path.name)
    for path in (ROOM / "server" / "templates").iterdir():
        texts = {m[2] for m in IN_TEMPLATE.finditer(path.read_text("utf-8"))}
        found |= dict.fromkeys(texts, path.name)
    return sorted(found.items())


def test_messages_are_found_at_all():
    assert len(messages()) > 80


@pytest.mark.parametrize(("message", "file"), messages(), ids=lambda text: text[:40])
def test_a_message_has_korean_with_the_same_values(message, file):
    korean = read_catalogue(ROOM / "locale" / "ko.po").get(message, "")
    assert korean, f"{file}: no Korean for {message!r}"
    assert sorted(FIELD.findall(korean)) == sorted(FIELD.findall(message))
    assert re.search("[가-힣]", korean)
