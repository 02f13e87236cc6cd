"""Requests under ``/upskill/``: the page, its language, dropped exports, jobs."""

from __future__ import annotations

import atexit
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import tornado.web as web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join

from kit.content import load_units
from kit.errors import KitError, UsageError
from kit.files import read_json, write_json
from kit.home import LearnerHome, find_root, make_home, open_home
from kit.i18n import LANGUAGES, Translator, resolve_language
from kit.model import CPU_UNITS
from kit.server.chart import finding_chart
from kit.server.inbox import (
    SIZE_LIMIT,
    Arriving,
    inbox_folder,
    inbox_path,
    safe_name,
    set_aside,
    too_large,
)
from kit.server.jobs import JobBoard
from kit.server.lab import set_lab_language
from kit.server.page import STATIC, render_home
from kit.server.results import new_finding_folder, results_folder

# stricter than Jupyter's own: nothing of ours comes from elsewhere or is inline
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)


def install(server_app: Any) -> None:
    """Add the routes to a Jupyter server; its root folder is the learner's home."""
    board = JobBoard()
    atexit.register(board.close)
    named = Path(server_app.root_dir)
    root = named if (named / ".upskill").is_dir() else find_root(named)
    shared = {"root": root, "board": board}

    def route(pattern: str) -> str:
        return str(url_path_join(server_app.base_url, "upskill", pattern))

    static = {"path": str(STATIC)}
    server_app.web_app.add_handlers(
        ".*$",
        [
            (route("?"), HomeHandler, shared),
            (route("language"), LanguageHandler, shared),
            (route("finding.svg"), ChartHandler, shared),
            (route("api/inbox/([^/]+)"), InboxHandler, shared),
            (route("api/jobs"), JobsHandler, shared),
            (route("api/jobs/([0-9a-f]+)"), JobHandler, shared),
            (route("static/(.*)"), StaticHandler, static),
        ],
    )


class _Shared:
    """What every handler of ours knows: the home's folder and the running jobs."""

    root: Path
    board: JobBoard

    def initialize(self, root: Path, board: JobBoard) -> None:
        self.root, self.board = root, board

    @property
    def home(self) -> LearnerHome:
        # read each time, since the command line may have changed the language
        return open_home(self.root)

    @property
    def translate(self) -> Translator:
        try:
            return Translator(self.home.language)
        except KitError:
            # a damaged home must still be able to say so
            return Translator(resolve_language())


class StaticHandler(web.StaticFileHandler):  # type: ignore[misc]
    """Styles and scripts: the same for everybody, so open like Jupyter's own."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self, path: str, include_body: bool = True) -> None:
        """One bundled file."""
        await super().get(path, include_body)


class HomeHandler(_Shared, JupyterHandler):  # type: ignore[misc]
    """The page itself."""

    @property
    def content_security_policy(self) -> str:
        """Jupyter's policy with ours added."""
        return f"{super().content_security_policy}; {_POLICY}"

    @web.authenticated  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Show the page; a problem of home or content is said on it."""
        if self.get_argument("token", ""):
            # the token has become a cookie; leave it out of the address and the history
            self.redirect(url_path_join(self.base_url, "upskill/"))
            return
        notice = self.get_argument("notice", "")
        xsrf = self.xsrf_token.decode()
        self.set_header("Cache-Control", "no-store")
        try:
            running = frozenset(await open_paths(self))
            self.finish(render_home(self.home, self.base_url, xsrf, notice, running))
        except KitError as error:
            self.set_status(500)
            self.set_header("Content-Type", "text/plain; charset=UTF-8")
            self.finish(error.text(self.translate))


class ChartHandler(_Shared, JupyterHandler):  # type: ignore[misc]
    """The last finding's chart, for an ``img``: a browser runs nothing in there."""

    @property
    def content_security_policy(self) -> str:
        """Nothing but the picture, even when its address is opened by itself."""
        return "default-src 'none'; style-src 'unsafe-inline'; sandbox"

    @web.authenticated  # type: ignore[untyped-decorator]
    def get(self) -> None:
        """The picture, with ``?theme=dark`` for a dark ground; 404 without a finding."""
        chart = finding_chart(self.home)
        if chart is None:
            raise web.HTTPError(404)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "image/svg+xml")
        self.finish(chart.dark if self.get_argument("theme", "") == "dark" else chart.svg)


class LanguageHandler(_Shared, JupyterHandler):  # type: ignore[misc]
    """Switch the language of page, notebooks and Lab."""

    @web.authenticated  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Store the choice; prose of notebooks follows unless one of them is open."""
        language = self.get_argument("language", "")
        if language not in LANGUAGES:
            raise web.HTTPError(400, "language is en or ko")
        home = replace(self.home, language=language, language_chosen=True)
        notice = ""
        if any(path.endswith(".ipynb") for path in await open_paths(self)):
            # Lab would save its old text over ours, or ask the learner which to keep
            settings = home.state / "home.json"
            write_json(settings, {**read_json(settings, {}), "language": language})
            notice = "open"
        else:
            make_home(home)
        set_lab_language(home)
        os.environ["UPSKILL_LANG"] = language
        query = f"?notice={notice}" if notice else ""
        self.redirect(url_path_join(self.base_url, "upskill/") + query)


async def open_paths(handler: JupyterHandler) -> list[str]:
    """What has a kernel now: paths relative to the home."""
    sessions = await handler.session_manager.list_sessions()
    return [str(row.get("path", "")) for row in sessions]


class _Api(_Shared, APIHandler):  # type: ignore[misc]
    """Calls of the page's script: JSON in and out, errors as what, where, fix."""

    def fail(self, status: int, error: KitError) -> None:
        """End the request with an error in the kit's three parts."""
        self.set_status(status)
        self.finish({"error": error.as_dict(self.translate)})


@web.stream_request_body
class InboxHandler(_Api):
    """Takes one dropped file, in chunks, so that 200 MB never lie in memory."""

    arriving: Arriving | None = None
    refused: KitError | None = None

    async def prepare(self) -> None:
        """Authenticate before the first chunk is taken."""
        await super().prepare()
        if self.current_user is None:
            raise web.HTTPError(403)
        if self.request.method != "PUT":
            return
        name = safe_name(unquote(self.path_args[0]))
        if int(self.request.headers.get("Content-Length") or 0) > SIZE_LIMIT:
            self.refused = too_large(name)
        else:
            self.arriving = Arriving(inbox_folder(self.home), name)

    def data_received(self, chunk: bytes) -> None:
        """Write one chunk; what arrives after a refusal is dropped."""
        if self.arriving is None or self.refused is not None:
            return
        try:
            self.arriving.write(chunk)
        except KitError as error:
            self.refused = error

    @web.authenticated  # type: ignore[untyped-decorator]
    async def put(self, _name: str) -> None:
        """Name the finished file."""
        if self.refused is not None or self.arriving is None:
            self.fail(413, self.refused or UsageError("No file arrived."))
            return
        path = self.arriving.finish()
        self.finish({"name": path.relative_to(self.arriving.folder).as_posix()})

    def on_finish(self) -> None:
        """Leave nothing of an upload that was refused."""
        if self.arriving is not None:
            self.arriving.discard()
        super().on_finish()

    def on_connection_close(self) -> None:
        """Leave nothing of an upload that was broken off."""
        if self.arriving is not None:
            self.arriving.discard()
        super().on_connection_close()


class JobsHandler(_Api):
    """Starts ``quick`` or ``submit`` in a process of its own."""

    @web.authenticated  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Body: {"kind": "quick", "files": [...]} or {"kind": "submit", "unit", "ratings"}.

        {"kind": "fetch"} gets a trainer's feedback.

        Without files, ``quick`` reads its built-in sample. ``vcpu`` (a number), ``prices``
        (a card in the inbox) and ``unit`` (percent or fraction) are optional.
        """
        body = self.get_json_body() or {}
        try:
            job = _START[body["kind"]](self.home, self.board, body)
        except (KeyError, TypeError, ValueError, AttributeError):
            self.fail(400, UsageError("The request was not understood."))
        except KitError as error:
            self.fail(400, error)
        else:
            self.set_status(202)
            self.finish(job.as_json())


class JobHandler(_Api):
    """Tells how far a job is."""

    @web.authenticated  # type: ignore[untyped-decorator]
    async def get(self, job_id: str) -> None:
        """The job's state; 404 once it is forgotten."""
        job = self.board.get(job_id)
        if job is None:
            raise web.HTTPError(404)
        self.finish(job.as_json())


def _start_quick(home: LearnerHome, board: JobBoard, body: dict[str, Any]) -> Any:
    # there is one finding: of two at once the last would win, whoever asked for it
    if board.running("quick"):
        raise UsageError(
            "An export is being read already, perhaps from another tab.",
            fix="Wait until it has ended, then try again.",
        )
    inbox = inbox_folder(home)
    # one file dropped twice is one file
    paths = list(dict.fromkeys(inbox_path(inbox, str(name)) for name in body.get("files", [])))
    card = [inbox_path(inbox, str(body["prices"]))] if body.get("prices") else []
    if missing := [path for path in (*paths, *card) if not path.is_file()]:
        name = missing[0].name
        raise UsageError("The file is not in the inbox.", where=name, fix="Drop it again.")
    # the word "example" stands for the sample that the command brings along
    files = [str(path) for path in paths] or ["example"]
    now = datetime.now(UTC)
    out = new_finding_folder(home, now.astimezone())

    def keep(result: dict[str, Any]) -> None:
        for key in ("report", "workbook"):
            if result.get(key):
                path = (out / str(result[key])).resolve()
                result[key] = path.relative_to(home.root).as_posix()
        aside = refused(result)
        source = [path.relative_to(inbox).as_posix() for path in paths if path not in aside]
        result |= {"time": now.isoformat(timespec="seconds"), "source": source}
        # what was set aside as unreadable is not computed again
        kept = [path for path in paths if path.is_file()]
        result["again"] = [path.relative_to(inbox).as_posix() for path in kept]
        prices = card[0].relative_to(inbox).as_posix() if card else ""
        result |= {"vcpu": body.get("vcpu"), "prices": prices, "unit": body.get("unit")}
        write_json(results_folder(home) / "quick.json", result)

    told = [f"--vcpu={int(body['vcpu'])}"] if body.get("vcpu") else []
    told += [f"--prices={path}" for path in card]
    told += [f"--unit={_known_unit(body['unit'])}"] if body.get("unit") else []
    arguments = ["quick", *files, *told, "--json", "--out", str(out), *_who(home)]

    def refused(value: dict[str, Any]) -> list[Path]:
        unread = _paths_of(value.get("unread", []))
        aside = [path for path in paths if str(path) in unread]
        set_aside(inbox, aside)
        return aside

    return board.start("quick", arguments, Translator(home.language), keep, refused)


def _known_unit(told: object) -> str:
    if told not in CPU_UNITS:
        raise ValueError(told)
    return str(told)


def _paths_of(unread: list[dict[str, str]]) -> set[str]:
    # the command's own paths serve the moving only; the page gets names
    return {str(row.pop("path", "")) for row in unread}


def _start_submit(home: LearnerHome, board: JobBoard, body: dict[str, Any]) -> Any:
    unit = load_units().get(body["unit"])
    if unit is None:
        raise UsageError("There is no such unit.", where=str(body["unit"]))
    # two graders at once would wait for each other's gradebook, and the first one's grade
    # would leave out the second one's ratings
    if board.running("submit"):
        raise UsageError(
            "Grading is in progress already, perhaps from another tab.",
            fix="Wait until it has ended, then try again.",
        )
    known = {e.id for e in unit.exercises if e.manual}
    ratings = [
        f"--rate={exercise}={int(level)}"
        for exercise, level in (body.get("ratings") or {}).items()
        if exercise in known
    ]
    arguments = ["submit", unit.id, "--json", *ratings, *_who(home)]
    return board.start("submit", arguments, Translator(home.language))


def _start_fetch(home: LearnerHome, board: JobBoard, _body: dict[str, Any]) -> Any:
    if not home.joined:
        raise UsageError(
            "This home takes part in no trainer's course.",
            where=str(home.root),
            fix="upskill join COURSE --exchange DIR",
        )
    # a second tab waits for the first one's fetch
    running = board.running("fetch")
    return running or board.start(
        "fetch", ["fetch", "--json", *_who(home)], Translator(home.language)
    )


def _who(home: LearnerHome) -> list[str]:
    return ["--home", str(home.root), "--lang", home.language]


_START = {"quick": _start_quick, "submit": _start_submit, "fetch": _start_fetch}
