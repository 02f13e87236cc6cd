"""The home page as it stands for a newcomer, on the way, with dates, a finding and a grade."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from kit.content import find_unit, load_units
from kit.files import write_json
from kit.gallery import Page
from kit.home import LearnerHome, make_home
from kit.i18n import Translator
from kit.identity import COURSE_FILE
from kit.model import Attempt, Part
from kit.progress import ProgressLog
from kit.progress.due import keep_due
from kit.server.page import STATIC, render_home
from kit.server.results import results_folder

UNIT, COURSE = "rightsizing", "example"
# the page's own files cannot be asked for in a picture, and its script would find no server
STYLE = re.compile(r'<link rel="stylesheet"[^>]*>')
CONTENT, MARKUP = re.compile(r"<main.*?</main>", re.DOTALL), re.compile(r"<[^>]*>")
LEFT_OUT = re.compile(r"<script.*?</script>|<noscript>.*?</noscript>", re.DOTALL)


class HomePicture:
    """The home page of somebody who stands here, in a frame. Its buttons do nothing."""

    def __init__(self, page: str, title: str) -> None:
        self.page, self.title = page, title

    def _repr_mimebundle_(self, **_kwargs: Any) -> dict[str, str]:
        told = MARKUP.sub(" ", "".join(CONTENT.findall(self.page)))
        frame = (
            f'<iframe class="upskill-home" title="{html.escape(self.title)}" width="100%" '
            'height="900" style="box-sizing: border-box; border: 1px solid" '
            f'sandbox="allow-same-origin" srcdoc="{html.escape(self.page)}"></iframe>'
        )
        return {"text/plain": " ".join(html.unescape(told).split()), "text/html": frame}


def _new(_home: LearnerHome) -> None:
    """Nothing has been done."""


def _begun(home: LearnerHome) -> None:
    log, started = ProgressLog(home.progress_file), datetime.now(UTC) - timedelta(days=2)
    exercises = find_unit(UNIT).of(Part.PRACTICE)
    told = [("check", 0, "passed"), ("hint", 1, ""), ("check", 1, "passed")]
    for minute, (event, place, outcome) in enumerate([*told, ("check", 2, "incorrect")]):
        time = (started + timedelta(minutes=6 * minute)).isoformat(timespec="milliseconds")
        log.append(Attempt(time, event, UNIT, exercises[place].id, outcome))


def _due(home: LearnerHome) -> None:
    _begun(home)
    unit, now = find_unit(UNIT), datetime.now(UTC)
    assert home.exchange is not None
    for part, days in ((Part.PRACTICE, -1), (Part.GRADED, 5)):
        released = home.exchange / COURSE / "outbound" / unit.assignment(part)
        released.mkdir(parents=True)
        write_json(released / COURSE_FILE, {"due": (now + timedelta(days=days)).isoformat()})
    keep_due(home, load_units().values())


def _finding(home: LearnerHome) -> None:
    out = home.root / "artefacts" / "quick"
    command = [sys.executable, "-m", "kit", "quick", "example", "--json", "--out", str(out)]
    command += ["--home", str(home.root), "--lang", home.language]
    said = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    result = json.loads(said.stdout)
    for key in ("report", "workbook"):
        result[key] = (out / result[key]).resolve().relative_to(home.root).as_posix()
    write_json(results_folder(home) / "quick.json", result | {"time": _now()})


def _graded(home: LearnerHome) -> None:
    _due(home)
    unit = find_unit(UNIT)
    say = home.translator(unit)
    cells = [
        {
            "exercise": exercise.id,
            "title": say(exercise.title),
            # what is judged lies in the middle, what is checked has passed
            "points": exercise.points * (0.5 if exercise.manual else 1),
            "max_points": exercise.points,
            "manual": exercise.manual,
            "outcome": "" if exercise.manual else "passed",
        }
        for exercise in unit.of(Part.GRADED)
    ]
    score, most = (sum(float(cell[key]) for cell in cells) for key in ("points", "max_points"))
    when = {"submitted_at": _now(), "score": score, "max_score": most}
    page = {"page": f"feedback/{UNIT}.html", **when}
    graded = {"name": UNIT, "part": Part.GRADED, "cells": cells, "feedback": [page], **when}
    told = {"practised_share": 0.25, "graded_share": score / most, "verified": True}
    write_json(results_folder(home) / f"{UNIT}.json", {"assignments": [graded], **told})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache
def _picture(stage: Callable[[LearnerHome], None], language: str) -> HomePicture:
    with tempfile.TemporaryDirectory(prefix="upskill-gallery-") as folder:
        base = Path(folder).resolve()
        exchange = None if stage is _new else base / "exchange"
        home = LearnerHome(base / "home", "kim", COURSE, language, exchange, language_chosen=True)
        make_home(home)
        stage(home)
        page = render_home(home, "/", "")
    style = f"<style>{(STATIC / 'home.css').read_text(encoding='utf-8')}</style>"
    page = LEFT_OUT.sub("", STYLE.sub(lambda _found: style, page))
    return HomePicture(page, f"{stage.__name__.strip('_')} ({language})")


STAGES = (_new, _begun, _due, _finding, _graded)


def _shown(stage: Callable[[LearnerHome], None]) -> Callable[[Translator], HomePicture]:
    return lambda say: _picture(stage, say.language)


PAGE = Page(
    name="home",
    title="Home page",
    about="The programme's map, progress, the next step, dates, a finding of one's own export and "
    "a trainer's feedback. These are pictures of real homes: the gallery's own one lives at "
    "`/upskill` of this server.",
    used="Where `upskill start` begins.",
    examples={stage.__name__.removeprefix("_"): _shown(stage) for stage in STAGES},
    drawn="iframe.upskill-home",
)
