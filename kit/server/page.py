"""The home page as HTML: templates, figures in the reader's manner, one context."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from kit.data.money import range_text
from kit.home import LearnerHome
from kit.i18n import Translator, mark
from kit.server.chart import finding_chart
from kit.server.dates import due_words, together
from kit.server.inbox import SIZE_LIMIT
from kit.server.results import read_finding
from kit.server.standing import (
    ALONE,
    AT_WORK,
    NEW_CONTENT,
    PREVIEW,
    STATES,
    NextStep,
    read_standing,
)
from kit.templates import html_templates

ROOM = Path(__file__).parent
STATIC = ROOM / "static"
# a track that is not named here yet is called after its folder
TRACKS = {"cloud": mark("Cloud migration")}


@lru_cache(maxsize=1)
def static_version() -> str:
    """Changes with the bundled files, so that a browser never mixes two releases."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def moment(stamp: str, language: str) -> str:
    """An ISO 8601 time as a local date and time of day; text that is no time stays."""
    from babel.dates import format_datetime

    try:
        when = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return stamp
    # babel's own Korean pattern has 오전/오후, which tables and logs at work do not
    pattern = "y년 M월 d일 HH:mm" if language == "ko" else "d MMMM y, HH:mm"
    return str(format_datetime(when, pattern, locale=language))


def share(value: float, language: str) -> str:
    """A share of 0 to 1 as a whole percentage, never rounded up to a bar it missed."""
    # the tiny addend: 0.29 * 100 is 28.999999999999996
    percent = int(value * 100 + 1e-9)
    # Korean writes the sign against the number
    return f"{percent}%" if language == "ko" else f"{percent} %"


def track_text(track: str, tr: Translator) -> str:
    """A track's name in words."""
    return tr(TRACKS[track]) if track in TRACKS else track.replace("_", " ").capitalize()


def points(value: float) -> str:
    """Points without an idle decimal."""
    return f"{value:g}"


class Links:
    """Addresses under the server's base URL."""

    def __init__(self, base_url: str) -> None:
        self.base = base_url.rstrip("/") + "/"

    def lab(self, path: str, fragment: str = "") -> str:
        """Open a notebook in Lab, at a cell when ``fragment`` names one."""
        tail = f"#{quote(fragment, safe='=')}" if fragment else ""
        return f"{self.base}lab/tree/{quote(path)}{tail}"

    def file(self, path: str, download: bool = False) -> str:
        """A file of the home; Jupyter serves it in a sandbox."""
        return f"{self.base}files/{quote(path)}" + ("?download=1" if download else "")

    def page(self, path: str = "") -> str:
        """A page or call of ours."""
        return f"{self.base}upskill/{path}"

    def static(self, name: str) -> str:
        """A bundled file."""
        return f"{self.base}upskill/static/{name}?v={static_version()}"

    def step(self, step: NextStep) -> str:
        """Where the Continue button leads."""
        if step.path:
            return self.lab(step.path, step.fragment)
        return f"#rate-{step.unit}" if step.kind == "rate" else f"#hand-in-{step.unit}"


def render_home(
    home: LearnerHome,
    base_url: str,
    xsrf: str,
    notice: str = "",
    running: frozenset[str] = frozenset(),
) -> str:
    """The whole page; ``xsrf`` is Jupyter's token for forms and calls.

    ``running`` holds the notebooks that have a kernel, relative to the home.
    """
    language = home.language
    tr = Translator(language)
    template = html_templates(ROOM / "templates").get_template("home.html")
    return str(
        template.render(
            home=home,
            language=language,
            tr=tr,
            links=Links(base_url),
            xsrf=xsrf,
            notice=notice,
            running=running,
            standing=read_standing(home),
            finding=read_finding(home),
            chart=finding_chart(home),
            states=STATES,
            words={
                "alone": ALONE,
                "at_work": AT_WORK,
                "new_content": NEW_CONTENT,
                "preview": PREVIEW,
            },
            asdict=asdict,
            size_limit=SIZE_LIMIT,
            moment=lambda stamp: moment(stamp, language),
            range_text=lambda low, high: range_text(low, high, tr),
            share=lambda value: share(value, language),
            points=points,
            track=lambda name: track_text(name, tr),
            together=together,
            due_words=lambda date: due_words(date, tr),
        )
    )
