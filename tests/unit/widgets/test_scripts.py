"""The widgets' scripts: their logic by Node's own runner, their bundles by bundling again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "kit" / "widgets" / "static"
LOGIC = sorted((ROOT / "tests" / "js").glob("*.test.js"))


@pytest.fixture(scope="module")
def node(require_or_skip: Callable[[str], NoReturn]) -> str:
    """The machine's Node.js, or the one that drives the tests' browser."""
    found = shutil.which("node")
    if found is None:
        playwright = pytest.importorskip("playwright")
        brought = Path(playwright.__file__).parent / "driver" / "node"
        found = str(brought) if brought.is_file() else None
    return found or require_or_skip("no Node.js")


@pytest.mark.parametrize("path", LOGIC, ids=lambda p: p.stem)
def test_the_logic_of_scripts_holds(node: str, path: Path) -> None:
    done = subprocess.run([node, "--test", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    # a file without a test would pass, too
    assert "# pass 0" not in done.stdout and "ℹ pass 0" not in done.stdout


def test_bundles_are_what_their_sources_give(
    tmp_path: Path, require_or_skip: Callable[[str], NoReturn]
) -> None:
    if shutil.which("npx") is None or shutil.which("make") is None:
        require_or_skip("bundling needs make, and npx of Node.js")
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    command = ["make", "--silent", "js", f"SCRIPTS={tmp_path}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    bundled = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
    assert bundled.keys() == kept.keys()
    behind = [name for name in kept if kept[name] != bundled[name]]
    assert behind == [], "run: make js"
