"""The tiny unit of the fixtures as the only content that there is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import kit.content
import kit.home
from kit.content import find_unit, load_units
from kit.gate.build import build_unit
from kit.model import Unit

FIXTURES = Path(__file__).parent / "fixtures" / "units"
# before anything else of the kit is imported: modules take the function by its name
SEEING = """\
import pathlib
import kit.content
kit.content.content_root = lambda: pathlib.Path({root!r})
"""


@contextmanager
def only_tiny(root: Path, *beside: str) -> Iterator[Unit]:
    """A built copy of the unit at ``root`` is all that this process finds.

    ``beside`` names folders of other fixture units that are there too, not yet built.
    """

    def others(folder: str, names: list[str]) -> list[str]:
        return [n for n in names if Path(folder).name == "demo" and n not in ("01_tiny", *beside)]

    shutil.copytree(FIXTURES, root, ignore=others)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.content, "content_root", lambda: root)
        patch.setattr(kit.home, "content_root", lambda: root)
        load_units.cache_clear()
        unit = find_unit("tiny")
        build_unit(unit)
        yield unit
    load_units.cache_clear()


def seeing(root: Path) -> str:
    """Code by which another process finds the content at ``root``."""
    return SEEING.format(root=str(root))


@contextmanager
def seen_by_kernels(ipython: Path, root: Path) -> Iterator[None]:
    """Every kernel and worker started inside finds the content at ``root``."""
    write_startup(ipython, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(ipython))
        patch.setenv("PYTHONPATH", str(ipython))
        patch.setenv("JPY_PARENT_PID", "")
        patch.delenv("UPSKILL_LANG", raising=False)
        yield


def write_startup(ipython: Path, root: Path) -> None:
    """Kernels whose IPYTHONDIR is ``ipython`` find the content at ``root``.

    So do forked ones, which run nobody's startup files, and workers, of a process whose
    PYTHONPATH has the same folder.
    """
    startup = ipython / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-content.py").write_text(seeing(root), encoding="utf-8")
    theirs = ["kit.runner.warm", "--multiprocessing-fork", "autograde", "grade"]
    code = f"import sys\nif {{*{theirs}}} & {{*sys.orig_argv}}:\n    exec({seeing(root)!r})\n"
    (ipython / "sitecustomize.py").write_text(code, encoding="utf-8")


@contextmanager
def many_tiny(root: Path, titles: Sequence[str]) -> Iterator[list[Unit]]:
    """A programme of tiny units, one for each title, is all that this process finds."""
    shutil.copytree(FIXTURES, root)
    demo, programme = root / "workbooks" / "demo", root / "workbooks" / "programme.toml"
    shutil.rmtree(demo / "02_forms")
    head, rule = programme.read_text(encoding="utf-8").split("[[units]]\n")
    ids = [f"tiny{number:02d}" for number in range(1, len(titles) + 1)]
    for name, title in zip(ids, titles, strict=True):
        shutil.copytree(demo / "01_tiny", folder := demo / f"{name[4:]}_unit")
        told = (folder / "workbook.toml").read_text(encoding="utf-8")
        told = told.replace('id = "tiny"', f'id = "{name}"').replace("A tiny unit", title)
        (folder / "workbook.toml").write_text(told, encoding="utf-8")
    shutil.rmtree(demo / "01_tiny")
    units = [rule.replace('"tiny"', f'"{name}"') for name in ids]
    programme.write_text("[[units]]\n".join([head, *units]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.content, "content_root", lambda: root)
        patch.setattr(kit.home, "content_root", lambda: root)
        load_units.cache_clear()
        yield [build(name) for name in ids]
    load_units.cache_clear()


def build(name: str) -> Unit:
    """A unit with its notebooks built."""
    unit = find_unit(name)
    build_unit(unit)
    return unit
