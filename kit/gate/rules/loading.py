"""Whether a unit can be read at all: its TOML, its keys, its code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from kit.checking import unit_module
from kit.checking.engine import CHECK_SECONDS
from kit.checking.limits import TimeLimitPassed, time_limit
from kit.content import content_root, load_unit, read_toml
from kit.data.own import load_contract
from kit.errors import ContentError, KitError, UsageError
from kit.gate.findings import Report, line_of_key
from kit.gate.messages import released_files
from kit.gate.places import frame_place
from kit.gate.rehearse import need_answers
from kit.model import Unit
from kit.reports.mistakes import FILE

LOAD_SECONDS = CHECK_SECONDS
_UNKNOWN_KEY = re.compile(r"There is no key '.+' here\.")


def folders(ids: Sequence[str], root: Path | None = None) -> dict[str, Path]:
    """Folders of these units (none named: all) by id; a unit that does not load has one too."""
    tomls = sorted((root or content_root()).glob("workbooks/*/*/workbook.toml"))
    found = {_id_of(path): path.parent for path in tomls}
    for name in ids:
        if name not in found:
            raise UsageError(
                "There is no unit '{unit_id}'.",
                where="workbooks/",
                fix="Use one of: {known}",
                unit_id=name,
                known=", ".join(found),
            )
    return {name: found[name] for name in ids or found}


def _id_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        return str(tomllib.loads(text)["id"])
    except (tomllib.TOMLDecodeError, KeyError):
        found = re.search(r'^id\s*=\s*"([^"]+)"', text, re.M)
        return found[1] if found else path.parent.name


def open_unit(folder: Path, report: Report) -> Unit | None:
    """The unit, or None and why it cannot be read."""
    try:
        return load_unit(folder)
    except KitError as error:
        unknown = _UNKNOWN_KEY.fullmatch(error.what)
        report.add_error("keys" if unknown else "load", error, folder / "workbook.toml")
        return None


def prove_load(unit: Unit, report: Report) -> None:
    """Every Python file of the unit loads, and the model answers are there."""
    need_answers(unit, f"upskill author lint {unit.id}")
    for path in [*released_files(unit), unit.folder / "solution.py"]:
        name = ".".join(path.relative_to(unit.folder).with_suffix("").parts)
        if path.stem == "__init__":
            continue
        try:
            with time_limit(LOAD_SECONDS):
                unit_module(unit, name)
        except TimeLimitPassed as late:
            file, line = frame_place(unit, late.__cause__ or late) or (path, 0)
            report.add("load", file, "This file ran into the time limit while it was loaded.",
                       "Let it define only: work is done in functions.", line=line)  # fmt: skip
            # whatever imports it would wait for it again
            return
        except ContentError as error:
            cause = error.__cause__
            if isinstance(cause, SyntaxError) and cause.filename:
                file, line = Path(cause.filename), cause.lineno or 0
            else:
                file, line = (cause and frame_place(unit, cause)) or (path, 0)
            report.add("load", file, error.what, error.fix, line=line)


def prove_keys(unit: Unit, report: Report) -> None:
    """TOML files beside ``workbook.toml`` hold only what something reads."""
    path = unit.folder / FILE
    for key in read_toml(path) if path.is_file() else {}:
        if key != "titles":
            report.add("keys", path, f"There is no key '{key}' here.",
                       "Labels and their titles stand under [titles].",
                       line=line_of_key(path, key))  # fmt: skip


def prove_contract(unit: Unit, report: Report) -> None:
    """What ``data.toml`` says of own data can be read."""
    try:
        load_contract(unit.folder)
    except KitError as error:
        report.add_error("contract", error, unit.folder / "data.toml")
