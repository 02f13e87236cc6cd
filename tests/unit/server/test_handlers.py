"""The real server, spoken to as a browser speaks: cookies, XSRF, uploads, jobs."""

from __future__ import annotations

import http.cookiejar
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kit.content import load_programme
from kit.files import read_json
from kit.server.inbox import SIZE_LIMIT


class Visitor:
    """A browser without a screen. ``token`` False is somebody who does not have it."""

    def __init__(self, kit: Any, token: bool = True) -> None:
        self.kit = kit
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )
        if token:
            assert self.get("upskill/?token=" + kit.token)[0] == 200

    @property
    def xsrf(self) -> str:
        return next((c.value or "" for c in self.jar if c.name == "_xsrf"), "")

    def send(self, path: str, method: str, data: bytes | None, **headers: str) -> tuple[int, str]:
        # a browser says where a request comes from, and Jupyter looks at it
        headers = {"Referer": self.kit.url, **headers}
        request = urllib.request.Request(self.kit.url + path, data, headers, method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                self.headers = answer.headers
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get(self, path: str) -> tuple[int, str]:
        return self.send(path, "GET", None)

    def put(self, name: str, data: bytes, xsrf: str | None = None) -> tuple[int, Any]:
        path = f"upskill/api/inbox/{urllib.parse.quote(name)}"
        token = self.xsrf if xsrf is None else xsrf
        status, text = self.send(path, "PUT", data, **{"X-XSRFToken": token})
        return status, json.loads(text)

    def post(self, path: str, value: Any) -> tuple[int, Any]:
        headers = {"X-XSRFToken": self.xsrf, "Content-Type": "application/json"}
        status, text = self.send(path, "POST", json.dumps(value).encode(), **headers)
        return status, json.loads(text)

    def wait(self, job: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + 120
        while job["state"] == "running" and time.monotonic() < deadline:
            time.sleep(0.1)
            job = json.loads(self.get(f"upskill/api/jobs/{job['id']}")[1])
        return job


@pytest.fixture(scope="module")
def kit(launch, put_notebook, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("server") / "home"
    put_notebook(home)
    return launch(home)


@pytest.fixture
def visitor(kit: Any) -> Visitor:
    return Visitor(kit)


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(kit):
    visitor = Visitor(kit, token=False)
    request = urllib.request.Request(kit.home_url)
    with visitor.opener.open(request, timeout=60) as answer:
        assert answer.url == kit.url + "upskill/"
        assert "Upskill" in answer.read().decode()


def test_without_the_token_there_is_a_login_page_and_no_home(kit):
    text = Visitor(kit, token=False).get("upskill/")[1]
    assert 'id="continue"' not in text
    assert "password" in text


def test_without_the_token_no_call_is_answered(kit):
    assert Visitor(kit, token=False).get("upskill/api/jobs/0123456789ab")[0] == 403


def test_the_page_forbids_inline_and_foreign_content(visitor):
    visitor.get("upskill/")
    policy = visitor.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'self'" in policy


def test_a_post_from_another_site_is_refused(visitor, kit):
    before = read_json(kit.home / ".upskill" / "home.json")
    assert visitor.send("upskill/language", "POST", b"language=ko")[0] == 403
    assert visitor.put("a.csv", b"x", xsrf="guess")[0] == 403
    assert read_json(kit.home / ".upskill" / "home.json") == before


def test_an_upload_arrives_to_the_byte_under_its_own_name(visitor, kit):
    data = bytes(range(256)) * 20_000
    status, answer = visitor.put("서버 사용률.csv", data)
    assert (status, answer["name"]) == (200, "서버 사용률.csv")
    assert (kit.home / "inbox" / answer["name"]).read_bytes() == data


def test_a_name_that_points_elsewhere_stays_in_the_inbox(visitor, kit):
    path = "upskill/api/inbox/..%2F..%2Fescape.csv"
    status, text = visitor.send(path, "PUT", b"x", **{"X-XSRFToken": visitor.xsrf})
    assert (status, json.loads(text)["name"]) == (200, "escape.csv")
    assert (kit.home / "inbox" / "escape.csv").is_file()
    assert not list(kit.home.parent.glob("escape*"))


def test_more_than_the_limit_is_refused_before_it_is_sent(visitor, kit):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", int(kit.url.split(":")[2].strip("/")))
    cookies = "; ".join(f"{c.name}={c.value}" for c in visitor.jar)
    connection.putrequest("PUT", "/upskill/api/inbox/huge.csv")
    for name, value in {
        "Cookie": cookies,
        "Referer": kit.url,
        "X-XSRFToken": visitor.xsrf,
        "Content-Length": str(SIZE_LIMIT + 1),
    }.items():
        connection.putheader(name, value)
    connection.endheaders(b"first bytes")
    # the server answers once the client gives up sending
    connection.sock.shutdown(1)
    answer = b"".join(iter(lambda: connection.sock.recv(65536), b""))
    connection.close()
    assert not list((kit.home / "inbox").glob("*huge*"))
    assert b" 200 " not in answer.split(b"\r\n")[0]


def test_an_export_that_cannot_be_read_says_where_and_what_to_do(visitor):
    visitor.put("nonsense.csv", b"\x00\x01\x02\x03" * 10)
    status, job = visitor.post("upskill/api/jobs", {"kind": "quick", "files": ["nonsense.csv"]})
    assert status == 202
    job = visitor.wait(job)
    assert job["state"] == "failed"
    assert job["error"]["what"]
    assert job["error"]["fix"]


def test_the_example_becomes_a_finding_with_report_and_sheet(visitor, kit):
    job = visitor.wait(visitor.post("upskill/api/jobs", {"kind": "quick", "files": []})[1])
    assert job["state"] == "done", job
    kept = read_json(kit.home / ".upskill" / "results" / "quick.json")
    assert not Path(kept["report"]).is_absolute()
    assert visitor.get("files/" + urllib.parse.quote(kept["report"]))[0] == 200
    page = visitor.get("upskill/")[1]
    assert 'id="finding"' in page
    status, picture = visitor.get("upskill/finding.svg")
    assert status == 200
    assert visitor.headers["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in visitor.headers["Content-Security-Policy"]
    ElementTree.fromstring(picture)
    dark = visitor.get("upskill/finding.svg?theme=dark")[1]
    assert ElementTree.fromstring(dark)[0].tag.endswith("style")
    assert "<style" not in picture


def test_a_told_size_is_computed_with(visitor, kit):
    body = {"kind": "quick", "files": [], "vcpu": 2}
    job = visitor.wait(visitor.post("upskill/api/jobs", body)[1])
    assert job["state"] == "done", job
    small = read_json(kit.home / ".upskill" / "results" / "quick.json")
    assert small["vcpu"] == 2
    job = visitor.wait(visitor.post("upskill/api/jobs", body | {"vcpu": 64})[1])
    large = read_json(kit.home / ".upskill" / "results" / "quick.json")
    assert large["range_won"][1] > small["range_won"][1]


def fractions() -> bytes:
    """Two weeks of one machine whose CPU lies between 0 and 0.4, in a column that says no unit."""
    rows = [
        f"web-01,2026-03-{1 + n // 24:02d} {n % 24:02d}:{m:02d}:00,{(n * 12 + m) % 41 / 100}"
        for n in range(15 * 24)
        for m in range(0, 60, 5)
    ]
    return "\n".join(["machine,timestamp,cpu", *rows]).encode()


def test_a_told_unit_is_read_with_and_kept_for_the_page(visitor, kit):
    names = [visitor.put("shares.csv", fractions())[1]["name"]]
    kept = {}
    for unit in (None, "fraction", "percent"):
        body = {"kind": "quick", "files": names, "vcpu": 8, "unit": unit}
        job = visitor.wait(visitor.post("upskill/api/jobs", body)[1])
        assert job["state"] == "done", job
        kept[unit] = read_json(kit.home / ".upskill" / "results" / "quick.json")
        assert kept[unit]["unit"] == unit
    assert [kept[unit]["unit_unclear"] for unit in kept] == [1, 0, 0]
    assert kept[None]["range_won"] is None
    assert "40 %" in kept["fraction"]["machines"][0]["why"]
    assert "40 %" not in kept["percent"]["machines"][0]["why"]


def test_a_second_reading_is_refused_and_not_given_the_firsts_result(visitor, kit):
    first = visitor.post("upskill/api/jobs", {"kind": "quick", "files": [], "vcpu": 2})[1]
    other_tab = Visitor(kit)
    status, answer = other_tab.post("upskill/api/jobs", {"kind": "quick", "files": [], "vcpu": 64})
    assert status == 400
    assert "already" in answer["error"]["what"]
    assert answer["error"]["fix"]
    assert visitor.wait(first)["state"] == "done"
    kept = read_json(kit.home / ".upskill" / "results" / "quick.json")
    assert kept["vcpu"] == 2, "the first one's finding is on the page"
    again = other_tab.post("upskill/api/jobs", {"kind": "quick", "files": []})
    assert again[0] == 202, "when it has ended another may start"
    visitor.wait(again[1])


def test_a_second_handing_in_is_refused_so_that_no_rating_is_lost(visitor):
    body = {"kind": "submit", "unit": load_programme().units[0]}
    first = visitor.post("upskill/api/jobs", body)[1]
    status, answer = visitor.post("upskill/api/jobs", {**body, "ratings": {"memo": 3}})
    assert status == 400
    assert "already" in answer["error"]["what"]
    assert answer["error"]["fix"]
    visitor.wait(first)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "rm"}, 400),
        ({}, 400),
        ({"kind": "quick", "files": ["not-there.csv"]}, 400),
        ({"kind": "quick", "files": [], "vcpu": "many"}, 400),
        ({"kind": "quick", "files": [], "prices": "not-there.toml"}, 400),
        ({"kind": "quick", "files": [], "unit": "GB"}, 400),
        ({"kind": "quick", "files": [], "unit": ["percent"]}, 400),
        ({"kind": "submit", "unit": "no-such-unit"}, 400),
        ({"kind": "quick", "files": ["../../etc/passwd"]}, 400),
    ],
)
def test_a_request_that_makes_no_sense_starts_nothing(visitor, body, status):
    code, answer = visitor.post("upskill/api/jobs", body)
    assert code == status
    assert answer["error"]["what"]


def test_the_language_is_switched_and_kept(visitor, kit):
    form = f"language=ko&_xsrf={urllib.parse.quote(visitor.xsrf)}".encode()
    status, page = visitor.send("upskill/language", "POST", form)
    assert status == 200
    assert '<html lang="ko">' in page
    assert read_json(kit.home / ".upskill" / "home.json")["language"] == "ko"
    visitor.send("upskill/language", "POST", form.replace(b"=ko", b"=en"))
    assert '<html lang="en">' in visitor.get("upskill/")[1]


def test_text_of_an_open_notebook_waits_for_the_language(visitor, kit):
    folder = next(kit.home.glob("*-practice"))
    path = f"{folder.name}/workbook.ipynb"
    before = (kit.home / path).read_bytes()
    kernel = {"name": "python3"}
    session = {"path": path, "name": path, "type": "notebook", "kernel": kernel}
    assert visitor.post("api/sessions", session)[0] == 201
    form = f"language=ko&_xsrf={urllib.parse.quote(visitor.xsrf)}".encode()
    page = visitor.send("upskill/language", "POST", form)[1]
    assert "노트북이 열려 있어" in page
    assert (kit.home / path).read_bytes() == before
    visitor.send("upskill/language", "POST", form.replace(b"=ko", b"=en"))
    for row in json.loads(visitor.get("api/sessions")[1]):
        visitor.send(f"api/sessions/{row['id']}", "DELETE", None, **{"X-XSRFToken": visitor.xsrf})


@pytest.mark.parametrize(
    ("plugin", "name", "value"),
    [
        ("@jupyterlab/apputils-extension:notification", "fetchNews", "false"),
        ("@jupyterlab/apputils-extension:notification", "checkForUpdates", False),
        ("@jupyterlab/apputils-extension:themes", "adaptive-theme", True),
        ("@jupyter-widgets/jupyterlab-manager:plugin", "saveState", True),
        ("@jupyterlab/docmanager-extension:plugin", "autosaveInterval", 15),
    ],
)
def test_lab_serves_the_defaults_that_a_learner_needs(visitor, plugin, name, value):
    answer = json.loads(visitor.get("lab/api/settings/" + plugin)[1])
    assert answer["schema"]["properties"][name]["default"] == value


def test_the_server_process_loads_neither_pandas_nor_nbgrader():
    import subprocess
    import sys

    code = (
        "import sys, kit.server, kit.server.handlers, kit.cli.start, kit.cli.status\n"
        "print([m for m in ('pandas', 'nbgrader', 'sqlalchemy', 'openai', 'altair', 'IPython')"
        " if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_bad_file_beside_a_good_one_is_named_and_set_aside(visitor, kit):
    good = "timestamp,cpu_percent\n" + "".join(
        f"2026-03-{2 + n // 24:02d} {n % 24:02d}:00:00,{20 + n % 7}\n" for n in range(15 * 24)
    )
    sent = [("cpu.csv", good), ("cpu.csv", good), ("diary.csv", "dear diary\nnothing today\n")]
    names = [visitor.put(name, text.encode())[1]["name"] for name, text in sent]
    assert names == ["cpu.csv", "cpu.csv", "diary.csv"]
    job = visitor.wait(visitor.post("upskill/api/jobs", {"kind": "quick", "files": names})[1])
    assert job["state"] == "done", job
    kept = read_json(kit.home / ".upskill" / "results" / "quick.json")
    assert kept["source"] == ["cpu.csv"]
    assert [row["file"] for row in kept["unread"]] == ["diary.csv"]
    assert (kit.home / "inbox" / "unread" / "diary.csv").is_file()
    assert not (kit.home / "inbox" / "diary.csv").exists()
    assert "diary.csv" in visitor.get("upskill/")[1]


def test_a_file_that_cannot_be_read_is_set_aside(visitor, kit):
    visitor.put("noise.csv", b"\x00\x01\x02\x03" * 10)
    body = {"kind": "quick", "files": ["noise.csv"]}
    assert visitor.wait(visitor.post("upskill/api/jobs", body)[1])["state"] == "failed"
    assert [p.name for p in (kit.home / "inbox" / "unread").glob("noise*")] == ["noise.csv"]
    assert not (kit.home / "inbox" / "noise.csv").exists()
