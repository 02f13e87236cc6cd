"""``upskill similar``: pairs of submissions to look at; it accuses nobody, and scores nobody."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.content import find_unit
from kit.errors import GradingError, KitError
from kit.files import write_text
from kit.home import content_notebook, notebook_name
from kit.i18n import Translator, mark, phrase, resolve_language
from kit.model import Part, Unit
from kit.notebooks import Notebook, kit_metadata, read_notebook, source

if TYPE_CHECKING:
    from kit.grading.course import Course
    from kit.reports.similar import Pair

HINT = mark("This is a hint to look, never a verdict. Read both works, then talk with both.")
INNOCENT = (
    mark("they worked it out together, which practice invites"),
    mark("both followed the same example, lesson or documentation"),
    mark("both asked an AI the same question; see what each declares"),
    mark("the task leaves few ways to write it, above all a short one"),
    mark("few handed in, so that a usual answer looks unusual"),
)
# what is shown of a pair: enough to decide whether to open both works
PASSAGES, LINES = 3, 6
# of a file: two columns of code as it is usually written
WIDE = 210
_KINDS = {"code": mark("code"), "prose": mark("text")}


@dataclass(frozen=True)
class LeftOut:
    """A submission that could not be read, and why."""

    learner: str
    assignment: str
    why: str


def run_similar(
    unit_id: str, course_dir: Path | None, out: Path | None = None, *, as_json: bool = False
) -> None:
    """List the pairs of a unit's submissions that share unusual passages, side by side.

    Of a pair the longest few are shown, cut; all of them whole are in the JSON, and in
    the text file ``out``. GradingError when that cannot be written.
    """
    from kit.grading.course import open_course
    from kit.reports.similar import find_similar

    unit, language = find_unit(unit_id), resolve_language()
    answers, left_out = read_answers(open_course(course_dir), unit)
    pairs = find_similar(answers, _starters(unit))
    if as_json:
        # JSON is for programs: ASCII survives any console's encoding
        told = {"unit": unit.id, "note": HINT, "innocent": INNOCENT}
        rows = {"pairs": [asdict(p) for p in pairs], "left_out": [asdict(o) for o in left_out]}
        print(json.dumps({**told, **rows}))
        return
    tr, console = Translator(language, unit.folder / "locale"), Console(highlight=False)
    _show(console, pairs, left_out, unit, tr, whole=False)
    if out is not None:
        _write(out, pairs, left_out, unit, tr)
        console.print(Text(str(out)), soft_wrap=True)
    elif pairs:
        command = f"upskill similar {unit.id} --out FILE"
        console.print(Text(tr(mark("All passages, whole: {command}"), command=command)))


def read_answers(course: Course, unit: Unit) -> tuple[dict[str, dict[str, str]], list[LeftOut]]:
    """Answer cells by exercise and learner, and the submissions that could not be read."""
    answers: dict[str, dict[str, str]] = {exercise.id: {} for exercise in unit.exercises}
    left_out = []
    for part in Part:
        name = unit.assignment(part)
        for learner, folder in _submitted(course, name):
            try:
                found = _answers(_read(folder / notebook_name(part)))
            except (KitError, OSError, LookupError, TypeError, ValueError, RecursionError):
                why = phrase("{file} is missing, damaged or a link.", file=notebook_name(part))
                left_out.append(LeftOut(learner, name, why))
            else:
                for exercise in answers.keys() & found.keys():
                    answers[exercise][learner] = found[exercise]
    return answers, left_out


def _read(path: Path) -> Notebook:
    # a link could point at somebody else's work
    if path.is_symlink():
        raise ValueError(path)
    return read_notebook(path)


def _submitted(course: Course, assignment: str) -> Iterator[tuple[str, Path]]:
    base = course.submitted(".", ".")
    place = str(course.submitted("*", assignment).relative_to(base))
    for folder in sorted(base.glob(place)):
        yield folder.relative_to(base).parts[0], folder


def _answers(notebook: Notebook) -> dict[str, str]:
    """What stands in each exercise's answer cells, and in cells added behind them."""
    told: dict[str, list[str]] = {}
    here = ""
    for cell in notebook["cells"]:
        data = kit_metadata(cell)
        here = data.get("id", here)
        if data.get("role") in ("answer", "manual") or not data:
            # prose of a markdown cell is compared as that of a string is
            text = source(cell)
            code = cell["cell_type"] == "code"
            told.setdefault(here, []).append(text if code else repr(" ".join(text.split())))
    return {exercise: "\n".join(texts) for exercise, texts in told.items()}


def _starters(unit: Unit) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in Part:
        path = content_notebook(unit, part)
        if path.is_file():
            found |= _answers(read_notebook(path))
    return found


def _write(
    out: Path, pairs: Sequence[Pair], left_out: Sequence[LeftOut], unit: Unit, tr: Translator
) -> None:
    page = Console(file=io.StringIO(), width=WIDE, highlight=False, color_system=None)
    with page.capture() as told:
        _show(page, pairs, left_out, unit, tr, whole=True)
    try:
        write_text(out, told.get())
    except OSError as error:
        raise GradingError(
            "The passages cannot be written: {reason}",
            where=str(out),
            fix="Name a file in a folder of yours: upskill similar {unit} --out FILE",
            reason=error.strerror or error,
            unit=unit.id,
        ) from None


def _show(
    console: Console,
    pairs: Sequence[Pair],
    left_out: Sequence[LeftOut],
    unit: Unit,
    tr: Translator,
    *,
    whole: bool,
) -> None:
    titles = {exercise.id: tr(exercise.title) for exercise in unit.exercises}
    for pair in pairs:
        _show_pair(console, pair, titles, tr, whole=whole)
    if pairs:
        for line in (HINT, mark("Innocent reasons, all of them common:")):
            console.print(Text(tr(line)), soft_wrap=True)
        for reason in INNOCENT:
            console.print(Text(f"  - {tr(reason)}"), soft_wrap=True)
    else:
        told = mark("No two submissions share unusual passages. That proves nothing either way.")
        console.print(Text(tr(told)), soft_wrap=True)
    for out in left_out:
        left = mark("Left out: {learner}, {assignment}: {why}")
        text = tr(left, learner=out.learner, assignment=out.assignment, why=tr(out.why))
        console.print(Text(text), soft_wrap=True)


def _show_pair(
    console: Console, pair: Pair, titles: Mapping[str, str], tr: Translator, *, whole: bool
) -> None:
    told = mark(
        "{exercise}: {first} and {second} share {share:.0%} of the unusual {kind}, in passages: {n}"
    )
    title = tr(
        told,
        exercise=titles.get(pair.exercise, pair.exercise),
        first=pair.first,
        second=pair.second,
        share=pair.share,
        kind=tr(_KINDS[pair.kind]),
        n=len(pair.passages),
    )
    table = Table(title=Text(title), title_justify="left", show_lines=True)
    # text of a learner's is no markup
    table.add_column(Text(pair.first), ratio=1, overflow="fold")
    table.add_column(Text(pair.second), ratio=1, overflow="fold")
    # two columns, three lines between and around them, a space on either side
    width = (console.width - 7) // 2
    for passage in pair.passages if whole else pair.passages[:PASSAGES]:
        both = (Text(passage.first), Text(passage.second))
        table.add_row(*(text if whole else _cut(console, text, width, tr) for text in both))
    console.print(table)
    more = 0 if whole else len(pair.passages) - PASSAGES
    if more > 0:
        console.print(Text(tr(mark("  and shorter passages: {n}"), n=more)))


def _cut(console: Console, text: Text, width: int, tr: Translator) -> Text:
    """The first lines as they will stand in a column, and how many are left out."""
    lines = text.wrap(console, width, overflow="fold")
    if len(lines) <= LINES:
        return text
    left = tr(mark("… lines left out: {n}"), n=len(lines) - LINES)
    return Text("\n").join([*(line.copy() for line in lines[:LINES]), Text(left, style="italic")])
