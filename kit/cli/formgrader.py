"""``upskill formgrader``: nbgrader's own Formgrader on a course, in a browser, on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from kit.cli.serving import build_server, serve
from kit.i18n import Translator, mark, resolve_language

if TYPE_CHECKING:
    from kit.grading.course import Course

PAGE = "formgrader"
# what shows a learner's work loads nothing from elsewhere and stands in no foreign frame;
# nbgrader's pages and Lab have scripts of their own, and Lab shows Formgrader in a frame
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "connect-src 'self' ws://127.0.0.1:*; frame-ancestors 'self'; base-uri 'self'"
)
# explicit, since a learner's configuration of this machine may switch them off
EXTENSIONS = {
    "jupyterlab": True,
    "nbgrader.server_extensions.formgrader": True,
    "nbgrader.server_extensions.validate_assignment": False,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "kit.server": False,
}


def run_formgrader(folder: Path | None, *, port: int, browser: bool) -> None:
    """Serve Formgrader until Ctrl+C. GradingError when there is no course here."""
    from kit.grading.course import open_course

    console, tr = Console(highlight=False), Translator(resolve_language())
    with console.status(tr(mark("Starting Formgrader …"))) as spinner:
        course = open_course(folder)
        course.prepare()
        # nbgrader reads the configuration of the folder that it runs in
        os.chdir(course.root)
        os.environ["PATH"] = _path_with_ours()
        server = _build(course, port, browser)

        def ready() -> None:
            spinner.stop()
            _announce(console, tr, course, server)

        serve(server, ready)
    _say(console, tr(mark("Formgrader has stopped. Scores are in the gradebook.")))


def server_config(course: Course) -> Any:
    """The server's settings, over what this machine has for Jupyter."""
    from traitlets.config import Config

    from kit.grading.exchange import exchange_root

    config = Config()
    config.ServerApp.jpserver_extensions = dict(EXTENSIONS)
    config.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": POLICY}}
    config.LabApp.news_url = None
    config.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    if "root" not in course.config.Exchange:
        # Formgrader's buttons use the same folder as `upskill release` and `collect`
        config.Exchange.root = str(exchange_root(course))
    return config


def _build(course: Course, port: int, browser: bool) -> Any:
    arguments = [
        f"--ServerApp.root_dir={course.root}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=50",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.answer_yes=True",
        "--ServerApp.allow_root=True",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        f"--LabApp.default_url=/{PAGE}",
        # whatever a learner's work might bring the trainer's browser to, no shell is in reach
        "--ServerApp.terminals_enabled=False",
    ]
    return build_server(arguments, server_config(course))


def _announce(console: Console, tr: Translator, course: Course, server: Any) -> None:
    token = server.identity_provider.token
    url = f"http://127.0.0.1:{server.port}{server.base_url}{PAGE}?token={token}"
    _say(console, tr(mark("Course: {path}"), path=course.root))
    _say(console, tr(mark("Formgrader is ready. If no browser opens, copy this address:")))
    console.print(url, style="bold", soft_wrap=True, markup=False)
    _say(
        console,
        tr(mark("Open a submission under Manual Grading: each judged cell has its rubric.")),
    )
    _say(console, tr(mark("Only this machine can reach it. Stop with Ctrl+C.")))


def _path_with_ours() -> str:
    # a new gradebook asks the alembic command for its version
    ours = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    return path if ours in path.split(os.pathsep) else os.pathsep.join([ours, path])


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
