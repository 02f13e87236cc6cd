"""What reaches a learner: no model answer, no common mistake, nothing that names a right option."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import kit
from kit.gate.build import targets
from kit.gate.findings import Report, line_of
from kit.gate.rehearse import answers_of, notebook_of
from kit.gate.rules.leaks import code_shingles, public_text, shingles
from kit.gate.rules.options import RULE, prove_options
from kit.model import Part, Unit
from kit.notebooks import kit_metadata, read_notebook, source

# shorter lines and functions, and lines that name one thing, are what anybody would write
LINE = 25
WORDS = 3
NODES = 12
# tokens of a piece: fewer are an idiom of the library
RUN = 8
_PRIVATE = re.compile(r"solution|misconception|private|mutants", re.I)
_TEXTS = {".py", ".toml", ".po", ".ipynb", ".csv", ".json", ".txt", ".html", ".md"}
_FIX = "Keep it in solution.py, misconceptions/ or private/: those are released to nobody."


def released_tree(unit: Unit) -> list[Path]:
    """Files of the unit and its assignments that the wheel and ``release`` hand out."""
    root = unit.folder.parents[2]
    folders = [unit.folder, *{path.parent for t in targets(unit) for path in t.outputs}]
    paths = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    kept = []
    for path in sorted(paths):
        told = path.relative_to(root)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in told.parts)
        if not hidden and not any(_fits(told.as_posix(), pattern) for pattern in _excluded()):
            kept.append(path)
    return kept


@lru_cache(maxsize=1)
def _excluded() -> tuple[str, ...]:
    """What the wheel leaves out, as pyproject.toml says."""
    path = Path(kit.__file__).parents[1] / "pyproject.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(told["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"])


def _fits(path: str, pattern: str) -> bool:
    # git's patterns, as far as the wheel's use them
    plain = pattern.removeprefix("/").replace("**/", "*")
    return fnmatch(path, f"{plain}*" if plain.endswith("/") else plain)


def prove_tree(unit: Unit, report: Report) -> None:
    """No released file holds a function, a line or a piece of a model answer, or is named so."""
    functions = dict(_solved_functions(unit))
    lines, runs = _secret_lines(unit), _secret_runs(unit)
    plain = []
    for path in released_tree(unit):
        inside = path.relative_to(unit.folder.parents[2]).as_posix()
        if _PRIVATE.search(inside):
            report.add(RULE, path, "A learner would get this file.", _FIX)
            continue
        if path.suffix not in _TEXTS:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix not in (".py", ".ipynb"):
            plain.append(path)
        if path.suffix == ".py":
            for line, name in _same(text, functions):
                report.add(RULE, path, f"This is `{name}` of the model answers.", _FIX, line=line)
        told = sorted(_told(path, text, lines))
        for answer in told:
            written = json.dumps(answer, ensure_ascii=False)[1:-1]
            line = line_of(path, answer) or line_of(path, written)
            report.add(RULE, path, f"A line of the model answers: {answer}", _FIX, line=line)
        if not told:
            for line, run in _pieces(path, text, runs):
                report.add(RULE, path, f"A piece of the model answers: {run}", _FIX, line=line)
        report.count("released files")
    prove_options(unit, report, plain)


def _solved_functions(unit: Unit) -> Iterator[tuple[str, str]]:
    for answer in answers_of(unit).values():
        for node in ast.walk(ast.parse(answer)):
            if isinstance(node, ast.FunctionDef) and len(list(ast.walk(node))) >= NODES:
                yield node.name, normalised(node)


def _same(text: str, functions: dict[str, str]) -> Iterator[tuple[int, str]]:
    known = {dump: name for name, dump in functions.items()}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and (name := known.get(normalised(node))):
            yield node.lineno, name


def normalised(function: ast.FunctionDef) -> str:
    """A function without its name, types, words, and the names that it gives to its own values."""
    tree = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    arguments = [a.arg for a in [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]]
    stored = [n.id for n in ast.walk(tree)
              if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]  # fmt: skip
    numbers = {name: f"v{at}" for at, name in enumerate(dict.fromkeys([*arguments, *stored]))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = numbers.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg, node.annotation = numbers.get(node.arg, "rest"), None
    body = tree.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return ast.dump(tree.args) + "".join(ast.dump(node) for node in body)


def _secret_lines(unit: Unit) -> set[str]:
    """Lines of the answers that no starter gives away on purpose."""
    given: set[str] = set()
    for part in Part:
        path = notebook_of(unit, part)
        for cell in read_notebook(path)["cells"] if path.is_file() else ():
            if kit_metadata(cell).get("role") in ("answer", "manual"):
                given |= {line.strip() for line in source(cell).splitlines()}
    every = {line.strip() for text in answers_of(unit).values() for line in text.splitlines()}
    return {line for line in every
            if len(line) >= LINE and len(re.findall(r"\w+", line)) >= WORDS
            and not line.startswith("#") and not any(line in one for one in given)}  # fmt: skip


def _told(path: Path, text: str, lines: set[str]) -> set[str]:
    """Lines that stand somewhere in a text: behind the sign of a comment, or in quotes."""
    if path.suffix == ".ipynb":
        text = "\n".join(source(cell) for cell in read_notebook(path)["cells"])
    plain = _plain(text)
    return {line for line in lines if _plain(line) in plain}


def _plain(text: str) -> str:
    # either sign may quote, and a text in quotes writes it with a stroke
    return text.replace("\\", "").replace("'", '"')


def _secret_runs(unit: Unit) -> frozenset[tuple[str, ...]]:
    """Pieces of the answers' code that the learner does not read anyway."""
    public = frozenset(shingles(public_text(unit), RUN))
    found = (code_shingles(answer, RUN) for answer in answers_of(unit).values())
    return frozenset(run for one in found for run in one) - public


def _pieces(path: Path, text: str, runs: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """The first piece of each text in a file that runs nowhere, with its line."""
    for line, written in _written(path, text):
        run = next((run for run in shingles(_plain(written), RUN) if run in runs), None)
        if run:
            yield line, " ".join(run)


def _written(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """What is written and not run: comments and strings of code, all of any other file."""
    if path.suffix == ".py":
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                yield token.start[0], token.string
    elif path.suffix != ".ipynb":
        # texts of a catalogue stand elsewhere, and are judged there
        texts = path.suffix == ".po"
        lines = enumerate(text.splitlines(), 1)
        yield from ((at, line) for at, line in lines if not texts or line.startswith("#"))
