"""Every text has its Korean, with the same placeholders."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import kit
from kit.gate.build import targets
from kit.gate.composed import composed
from kit.gate.findings import Report, line_of
from kit.gate.messages import (
    Message,
    entries,
    kit_messages,
    mismatched,
    missing,
    released_files,
    unit_messages,
)
from kit.gate.untranslated import english
from kit.i18n import read_catalogue
from kit.model import Unit

# other rules find a text's line in the catalogue from here
__all__ = ["RULE", "entries", "prove_korean"]

RULE = "korean"
# a unit that nobody has translated yet lacks hundreds
MOST = 10


def prove_korean(unit: Unit, report: Report) -> None:
    """The unit's catalogue and the kit's own are complete."""
    package = Path(kit.__file__).parent
    _prove_whole(unit, report)
    for messages, catalogue in (
        (unit_messages(unit), unit.folder / "locale" / "ko.po"),
        (_of_the_kit(package), package / "locale" / "ko.po"),
    ):
        lacking = missing(messages, catalogue)
        lines = _lines(catalogue) if lacking else {}
        for message in lacking[:MOST]:
            _tell(unit, report, catalogue, lines, message, "has no Korean",
                  "upskill author build adds it to the catalogue; translate it there.")  # fmt: skip
        if more := lacking[MOST:]:
            places = [f"line {lines[m.text]}" if m.text in lines else m.where for m in more]
            report.add(RULE, catalogue,
                       f"{len(more)} more texts have no Korean: {', '.join(places)}.",
                       f"upskill author build {unit.id} adds them; translate each empty msgstr.",
                       line=next((lines[m.text] for m in more if m.text in lines), 0))  # fmt: skip
        for message in mismatched(messages, catalogue):
            _tell(unit, report, catalogue, _lines(catalogue), message,
                  "has other placeholders in Korean", "Use the same {names} in both.")  # fmt: skip
        _prove_once(messages, catalogue, report)
        _prove_no_english(catalogue, package / "locale" / "ko.po", report)
        report.count("messages", len(messages))


def _prove_whole(unit: Unit, report: Report) -> None:
    """What a check tells stands in the code as one text, with places for values."""
    for path in released_files(unit):
        for line, code in composed(path):
            report.add(RULE, path, "The catalogue does not get this text, so everybody reads it in "
                       f"English: {code[:70]}",
                       'Mark one whole text, and give its values beside it: mark("{n} rows"), n=n',
                       line=line)  # fmt: skip


def _prove_once(messages: list[Message], catalogue: Path, report: Report) -> None:
    """A text is translated in one place: gettext reads one entry, and nobody the other."""
    wanted, first = {m.text for m in messages}, dict[str, tuple[str, int]]()
    for text, line in entries(catalogue):
        before, at = first.setdefault(" ".join(text.split()), (text, line))
        # prose may stand in two places with its lines broken elsewhere
        if at != line and not (text != before and {text, before} <= wanted):
            report.add(RULE, catalogue, f"{text[:70]!r} is translated in line {at} already: one of "
                       "the two is read by nobody.",
                       "Keep the better Korean in one entry, and delete the other.",
                       line=line)  # fmt: skip


def _prove_no_english(catalogue: Path, ours: Path, report: Report) -> None:
    """Korean is not the English once more."""
    lines = dict(entries(catalogue))
    for text in english(read_catalogue(catalogue), read_catalogue(ours)):
        report.add(RULE, catalogue, f"The Korean of {text[:70]!r} is no Korean.",
                   "Translate it. Code, and what stays as it is, stands in backticks in both.",
                   line=lines.get(text, 0))  # fmt: skip


def _tell(
    unit: Unit,
    report: Report,
    catalogue: Path,
    lines: dict[str, int],
    message: Message,
    what: str,
    fix: str,
) -> None:
    file, line = catalogue, lines.get(message.text, 0)
    if not line:
        # where the catalogue does not know it, its source is shown
        file, line = _source(unit, message)
    report.add(RULE, file, f"{message.text[:70]!r} {what} ({message.where}).", fix, line=line)


def _source(unit: Unit, message: Message) -> tuple[Path, int]:
    written = (t.source for t in targets(unit) if message.file in t.outputs)
    file = next(written, message.file)
    return file, message.line or line_of(file, message.text.splitlines()[0][:60])


@lru_cache(maxsize=1)
def _of_the_kit(package: Path) -> list[Message]:
    return kit_messages(package)


def _lines(catalogue: Path) -> dict[str, int]:
    if not catalogue.is_file():
        return {}
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as stream:
        return {str(m.id): m.lineno or 0 for m in read_po(stream) if m.id}
