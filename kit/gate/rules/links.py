"""Links in prose: what they point to is there, as the learner will have it."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import unquote

from kit.content import load_unit
from kit.gate.build import targets
from kit.gate.cache import digested
from kit.gate.findings import Report
from kit.gate.messages import unit_messages
from kit.gate.rehearse import notebook_of
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.rules.korean import entries
from kit.i18n import Translator, read_catalogue
from kit.model import Part, Unit
from kit.notebooks import read_notebook, source, translated

RULE = "links"
SECONDS = 15.0
_LINK = re.compile(r"\[[^\]\n]*\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)|\b(?:href|src)=\"([^\"]+)\"")
_BARE = re.compile(r"<(https?://[^>\s]+)>")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
_WEB = ("http://", "https://")


@dataclass(frozen=True)
class Link:
    """A link as written, and where."""

    target: str
    file: Path
    line: int
    part: Part | None


def links_of(unit: Unit) -> Iterator[Link]:
    """Links in the Markdown sources, and in hints and other texts of ``workbook.toml``."""
    places = [(t.source, t.part) for t in targets(unit) if t.source.is_file()]
    for file, part in [*places, (unit.folder / "workbook.toml", Part.PRACTICE)]:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            for target in _targets_in(line):
                yield Link(target, file, number, part)


def _targets_in(text: str) -> Iterator[str]:
    for found in _LINK.finditer(text):
        yield found[1] or found[2]
    for found in _BARE.finditer(text):
        yield found[1]


def _korean_links(unit: Unit) -> Iterator[tuple[Link, str]]:
    """Links of the translations, each with the English that it stands for."""
    catalogue = unit.folder / "locale" / "ko.po"
    korean, lines = read_catalogue(catalogue), dict(entries(catalogue))
    parts = {path: target.part for target in targets(unit) for path in target.outputs}
    for message in unit_messages(unit):
        for target in _targets_in(korean.get(message.text, "")):
            part = parts.get(message.file, Part.PRACTICE)
            yield Link(target, catalogue, lines.get(message.text, 0), part), message.text


def prove_links(unit: Unit, report: Report) -> None:
    """Relative targets and anchors exist in the learner's home; web addresses are counted."""
    home = _home(unit)
    for link in links_of(unit):
        if link.target.startswith(_WEB):
            report.count("web addresses")
        elif ":" not in link.target:
            _tell(link, _dead(unit, link, home, "en"), report)
            report.count("links")
    for link, english in _korean_links(unit):
        # a place that is nowhere is told of the English; headings have other names in Korean
        if ":" not in link.target and ("#" in link.target or link.target not in english):
            _tell(link, _dead(unit, link, home, "ko"), report)


def _tell(link: Link, told: str, report: Report) -> None:
    if told:
        report.add(RULE, link.file, told, "Link to what the learner's home has: "
                   "NOTEBOOK.ipynb, or #Its-Heading in the same language.",
                   line=link.line)  # fmt: skip


# a place in a learner's home to the unit and the notebook that it is made from
Home = Mapping[str, tuple[Unit, Path]]


def _dead(unit: Unit, link: Link, home: Home, language: str) -> str:
    path, _, anchor = unquote(link.target).partition("#")
    here = _at_home(unit, link.part)
    place = normpath(join(here, "..", path)) if path else here
    if place not in home:
        return f"'{link.target}' is not in the learner's home, seen from {here}."
    if anchor and anchor not in _anchors(*home[place], language):
        spoken = " in Korean" if language == "ko" else ""
        return f"{place} has no heading for '#{anchor}'{spoken}."
    return ""


def _home(unit: Unit) -> Home:
    """Notebooks of all units as paths in a learner's home, with what they are made from."""
    found = {}
    for toml in sorted(unit.folder.parents[1].glob("*/*/workbook.toml")):
        # a neighbour that does not load is a finding of its own
        other = unit if toml.parent == unit.folder else load_unit(toml.parent)
        for part in (Part.PRACTICE, Part.GRADED, None):
            path = notebook_of(other, part)
            if path.is_file():
                found[_at_home(other, part)] = other, path
    return found


def _at_home(unit: Unit, part: Part | None) -> str:
    if part is None:
        return f"live/{unit.id}.ipynb"
    name = "workbook.ipynb" if part is Part.PRACTICE else "assignment.ipynb"
    return f"{unit.assignment(part)}/{name}"


def _anchors(unit: Unit, notebook: Path, language: str) -> set[str]:
    """JupyterLab makes an anchor of a heading by putting - for each blank."""
    shown = translated(read_notebook(notebook), Translator(language, unit.folder / "locale"))
    text = "\n".join(source(cell) for cell in shown["cells"] if cell["cell_type"] == "markdown")
    return {heading.replace(" ", "-") for heading in _HEADING.findall(text)}


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """Web addresses, once a day, and only when asked for: a test needs no network."""
    if not scope.links:
        return
    found: dict[str, Link] = {}
    for link in links_of(unit):
        if link.target.startswith(_WEB):
            found.setdefault(link.target.partition("#")[0], link)
    for address, link in found.items():
        reads = {"web": digested(address, date.today().isoformat())}
        yield Job(f"link {address}", partial(prove_address, address=address, link=link), reads)


def prove_address(unit: Unit, parts: tuple[str, ...], *, address: str, link: Link) -> Proved:
    """The address answers."""
    report = Report(unit.id)
    try:
        # some servers refuse HEAD, and many what does not look like a browser
        request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0"})
        with urllib.request.urlopen(request, timeout=SECONDS):
            report.count("web addresses tested")
    except (OSError, ValueError) as error:
        said = (
            f"{error.code} {error.reason}" if isinstance(error, urllib.error.HTTPError) else error
        )
        report.add(RULE, link.file, f"{address} does not answer: {said}",
                   "Link to what is there now, or say it without a link.",
                   line=link.line)  # fmt: skip
    return dict.fromkeys(parts, report)
