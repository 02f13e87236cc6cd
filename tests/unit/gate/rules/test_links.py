"""Links lead to what the learner has; web addresses are asked only when that is wanted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.good_unit import build, edit, lint, of_the_unit


class Web(ThreadingHTTPServer):
    """A server of two addresses that keeps which were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.asked: list[str] = []


class Page(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200 if self.path == "/there" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def put(folder: Path, link: str) -> None:
    edit(folder / "live.md", "(../disks-practice/workbook.ipynb)", f"({link})")
    build(folder)


@pytest.mark.parametrize(
    ("link", "dead"),
    [
        ("../disks-practice/workbook.ipynb#Who-decides?", False),
        ("../disks-practice/workbook.ipynb#Who-decided?", True),
        ("../disks-practice/assignment.ipynb", True),
        ("#Your-own-disks", False),
        ("#your-own-disks", True),
        ("live.ipynb", True),
        ("mailto:somebody@example.com", False),
    ],
)
def test_a_link_is_followed_from_where_the_learner_reads_it(
    good: Path, link: str, dead: bool
) -> None:
    put(good, link)
    found = of_the_unit(lint(good, only=("links",)), good)
    assert [(f.rule, f.file.name) for f in found] == [("links", "live.md")] * dead


@pytest.mark.parametrize(
    ("korean", "dead"),
    [
        ("#켜진-것만-더하기", False),
        ("#Add-up-what-is-on", True),
        ("../disks/assignment.ipynb#가장-큰-디스크", False),
        ("../disks/assignment.ipynb#The-largest-disk", True),
        ("../disks/disk.ipynb", True),
    ],
)
def test_a_korean_link_leads_to_a_korean_heading(good: Path, korean: str, dead: bool) -> None:
    catalogue = good / "locale" / "ko.po"
    edit(catalogue, "(#켜진-것만-더하기)", f"({korean})")
    found = of_the_unit(lint(good, only=("links",)), good)
    assert [(f.rule, f.file) for f in found] == [("links", catalogue)] * dead
    lines = catalogue.read_text(encoding="utf-8").splitlines()
    assert all(korean in lines[f.line] for f in found)


def test_web_addresses_are_counted_and_asked_only_on_demand(good: Path, web: Web) -> None:
    here = f"http://127.0.0.1:{web.server_address[1]}"
    put(good, f"{here}/gone#part")
    edit(good / "workbook.toml", "It may be the only copy.", f"See <{here}/there>.")
    quiet = lint(good, only=("links",))
    assert (of_the_unit(quiet, good), quiet.counts["web addresses"]) == ([], 2)
    assert web.asked == []
    (finding,) = of_the_unit(lint(good, only=("links",), links=True), good)
    assert sorted(web.asked) == ["/gone", "/there"]
    assert (finding.rule, finding.file.name) == ("links", "live.md")
    assert "404" in finding.what
