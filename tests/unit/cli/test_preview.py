"""A preview shows the Markdown as it stands, in a home that is gone when the look is over."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from kit.cli.preview import make_preview_home
from kit.cli.reset import run_reset
from kit.errors import ContentError
from kit.gate.build import targets
from kit.home import content_notebook
from kit.model import Part, Unit
from kit.notebooks import find_cell, read_notebook, source, write_notebook
from kit.update.run import plan_update
from kit.update.waiting import waiting
from tests.conftest import Server, clean_environment, free_port, serve


def preview(*options: str) -> list[str]:
    return [sys.executable, "-m", "kit", "author", "preview", *options, "--no-browser"]


def visited(address: str) -> str:
    """The page as a browser gets it: with the cookie that the token earns."""
    with build_opener(HTTPCookieProcessor()).open(address, timeout=60) as page:
        text: str = page.read().decode("utf-8")
        return text


@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[Server, list[str]]]:
    """A preview whose temporary files lie in ``folder``, and the addresses that it says."""
    folder.mkdir()
    command = preview("rightsizing", *options, "--port", str(free_port()))
    server = serve(command, clean_environment(TMPDIR=str(folder), UPSKILL_LANG="en"))
    try:
        yield server, [line.split()[-1] for line in server.printed if "?token=" in line]
    finally:
        server.stop()


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_of_a_preview(tmp_path: Path, ended_by: signal.Signals) -> None:
    folder = tmp_path / "temporary"
    with running(folder, "--lang", "ko") as (server, addresses):
        homes = list(folder.glob("*/ko"))
        assert [(home / "rightsizing-practice" / "workbook.ipynb").is_file() for home in homes]
        assert urlopen(addresses[0], timeout=60).status == 200
        server.process.send_signal(ended_by)
        assert server.process.wait(timeout=60) == 0
        server.reader.join(timeout=30)
        assert "Preview removed." in "".join(server.printed)
        assert list(folder.iterdir()) == []
        with pytest.raises(URLError):
            urlopen(addresses[0], timeout=5)


def test_both_languages_have_a_home_and_a_port_each(tmp_path: Path) -> None:
    with running(tmp_path / "temporary", "--lang", "both") as (server, addresses):
        # the first address was printed; the others come at once
        while len(addresses) < 4 and server.process.poll() is None:
            addresses = [line.split()[-1] for line in server.printed if "?token=" in line]
        pages = [visited(address) for address in addresses]
        assert '<html lang="en"' in pages[1]
        assert '<html lang="ko"' in pages[3]
        assert len({address.split("/")[2] for address in addresses}) == 2


def test_a_server_that_does_not_start_is_told_with_what_it_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    (broken / "jupyterlab").mkdir(parents=True)
    (broken / "jupyterlab" / "__init__.py").write_text('raise ImportError("no lab today")')
    (tmp_path / "temporary").mkdir()
    environment = clean_environment(
        PYTHONPATH=str(broken), TMPDIR=str(tmp_path / "temporary"), UPSKILL_LANG="en"
    )
    done = subprocess.run(
        preview("rightsizing"), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert "no lab today" in done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_home_shows_the_markdown_as_it_stands_and_the_checkout_stays(
    content: Unit, tmp_path: Path
) -> None:
    markdown = content.folder / "workbook.md"
    built = content_notebook(content, Part.PRACTICE).read_bytes()
    text = markdown.read_text(encoding="utf-8")
    markdown.write_text(text.replace("How many are there?", "A newer text."), encoding="utf-8")
    try:
        home = make_preview_home(content, tmp_path / "home", "en")
    finally:
        markdown.write_text(text, encoding="utf-8")
    prose = find_cell(read_notebook(home.notebook(content, Part.PRACTICE)), "count", "prose")
    assert prose is not None
    assert "A newer text." in source(prose)
    assert content_notebook(content, Part.PRACTICE).read_bytes() == built
    assert all(
        (home.notebook(content, t.part) if t.part else home.live_notebook(content)).is_file()
        for t in targets(content)
    )


def test_a_reset_and_an_update_in_a_preview_take_what_it_shows(
    content: Unit, tmp_path: Path
) -> None:
    markdown = content.folder / "workbook.md"
    text = markdown.read_text(encoding="utf-8")
    markdown.write_text(text.replace("count = ____", "count = ____  # newer"), encoding="utf-8")
    try:
        home = make_preview_home(content, tmp_path / "home", "en")
    finally:
        markdown.write_text(text, encoding="utf-8")
    path = home.notebook(content, Part.PRACTICE)
    notebook = read_notebook(path)
    shown = [source(cell) for cell in notebook["cells"]]
    assert "count = ____  # newer" in shown
    answer = find_cell(notebook, "count", "answer")
    assert answer is not None
    answer["source"] = "count = 99"
    write_notebook(path, notebook)
    assert waiting(home, content) is None
    assert plan_update(home, [content], lambda _: "").entries == ()
    run_reset("tiny:count", home.root, undo=False)
    assert [source(cell) for cell in read_notebook(path)["cells"]] == shown


@pytest.mark.parametrize(("language", "title"), [("en", "## Count"), ("ko", "## 디스크 세기")])
def test_each_home_is_in_its_language(
    content: Unit, tmp_path: Path, language: str, title: str
) -> None:
    home = make_preview_home(content, tmp_path / "home", language)
    prose = find_cell(read_notebook(home.notebook(content, Part.PRACTICE)), "count", "prose")
    assert prose is not None
    assert source(prose).startswith(title)


def test_markdown_that_cannot_be_built_is_told_before_anything_starts(
    content: Unit, tmp_path: Path
) -> None:
    markdown = content.folder / "workbook.md"
    text = markdown.read_text(encoding="utf-8")
    markdown.write_text(text.replace("count.answer", "cuont.answer"), encoding="utf-8")
    try:
        with pytest.raises(ContentError, match="cuont"):
            make_preview_home(content, tmp_path / "home", "en")
    finally:
        markdown.write_text(text, encoding="utf-8")
