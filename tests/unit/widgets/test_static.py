"""No script of the kit makes markup out of text, or fetches anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kit

SCRIPTS = sorted(Path(kit.__file__).parent.rglob("*.js"))
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|srcdoc"
    r"|\beval\(|new Function"
)
ELSEWHERE = re.compile(
    r"https?://(?!www\.w3\.org/)|\bimport\s*\(|^import .* from \"(?!\.{1,2}/)", re.MULTILINE
)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_text_reaches_the_page_as_text(path: Path) -> None:
    assert not MARKUP.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert not ELSEWHERE.findall(path.read_text(encoding="utf-8"))


def test_each_widget_has_its_script_and_its_style() -> None:
    folder = Path(kit.__file__).parent / "widgets"
    names = {p.stem for p in (folder / "static").glob("*.js")}
    assert names >= {"panel", "items"}
    # a drawing with controls has no look but that of its parts
    plain = {"percentile", "breakeven"}
    shared = {"base", "lasting", "plot"}
    assert names - plain == {p.stem for p in (folder / "static").glob("*.css")} - shared
    assert names == {p.stem for p in (folder / "js").glob("*.js")} - {"base"}
