"""Texts as an author wrote them: no hint and no message tells a right value or code.

Messages are looked at in the unit's code, for those too that no wrong answer earns here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from kit.gate.findings import Report, line_of
from kit.gate.messages import released_files, unit_messages
from kit.gate.rehearse import Stage, answers_of, rehearse
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.rules.korean import entries
from kit.gate.rules.leaks import RULE, Secrets, code_shingles, numbers_in, public_text, shingles
from kit.i18n import read_catalogue
from kit.model import Exercise, Form, OutcomeKind, Part, Unit

BLANK = "____"
# a hint is the same for everyone: what it tells is right in every case, or right by chance
CASES = 2
_FIELD = re.compile(r"\{\w*(?:\[\w*\])?(?:![rsa])?(?::[^{}]*)?\}")
_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)
_INLINE = re.compile(r"`([^`\n]+)`")
# what does something; a name or an input, such as `m["rate"]`, is what a hint may point to
_CODE = (ast.Call, ast.BinOp, ast.Compare, ast.BoolOp, ast.Lambda, ast.IfExp)
_HINT_FIX = "Say it in words, or show it on other data."


def prove_written(unit: Unit, report: Report) -> None:
    """No text of an exercise and no message of the unit's code repeats a model answer."""
    public, answers = public_text(unit), answers_of(unit)
    read = frozenset(shingles(public))
    for exercise in unit.exercises:
        for text, shown in _said(unit, exercise):
            if told := _code_told(shown, answers.get(exercise.id, ""), public, read):
                _tell_hint(unit, exercise, text, shown, f"code of the model answer: {told}",
                           report)  # fmt: skip
    secret = frozenset().union(*map(code_shingles, answers.values())) - read
    _prove_messages(unit, secret, report)


def _code_told(said: str, answer: str, public: str, read: frozenset[tuple[str, ...]]) -> str:
    """Code of ``answer`` that ``said`` repeats beyond what is ``public``; "" for none."""
    if told := (code_shingles(answer) - read) & frozenset(shingles(said)):
        return " ".join(sorted(told)[0])
    snippets = [snippet for snippet in snippets_in(said) if snippet not in public]
    whole = _dumps(answer) if snippets else frozenset()
    return next((one for one in snippets if not whole.isdisjoint(_dumps(one))), "")


def _dumps(code: str) -> frozenset[str]:
    """Whatever in ``code`` does something; nothing of what is no code."""
    nodes = ast.walk(_parsed(code))
    return frozenset(ast.dump(node) for node in nodes if isinstance(node, _CODE))


def snippets_in(text: str) -> list[str]:
    """What stands between backticks, in a line or as a block."""
    blocks = _BLOCK.findall(text)
    return [*blocks, *_INLINE.findall(_BLOCK.sub("", text))]


def _parsed(code: str) -> ast.AST:
    try:
        return ast.parse(code.strip())
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def texts_of(exercise: Exercise) -> list[str]:
    """What the file that learners get says of an exercise beside its title: hints and the like."""
    return [t for t in (*exercise.hints, exercise.at_work, exercise.no_hints_because) if t]


def _tell_hint(
    unit: Unit, exercise: Exercise, text: str, said: str, told: str, report: Report
) -> None:
    file, line = unit.folder / "workbook.toml", 0
    if said != text:
        file = unit.folder / "locale" / "ko.po"
        line = dict(entries(file)).get(text, 0)
    line = line or line_of(file, text.strip().splitlines()[0][:60])
    named = "hint" if text in exercise.hints else "text"
    report.add(RULE, file, f"A {named} of '{exercise.id}' holds {told}", _HINT_FIX, line=line)


def _prove_messages(unit: Unit, secret: frozenset[tuple[str, ...]], report: Report) -> None:
    catalogue = unit.folder / "locale" / "ko.po"
    korean, lines = read_catalogue(catalogue), dict(entries(catalogue))
    remarks = {t for path in released_files(unit) for t in _remarks(path)}
    for message in unit_messages(unit):
        if message.file.suffix != ".py" or message.text in remarks:
            continue
        for said in (message.text, korean.get(message.text, "")):
            told = sorted(frozenset(shingles(_FIELD.sub("…", said))) & secret)
            if told:
                file, line = message.file, message.line
                if said != message.text:
                    file, line = catalogue, lines[message.text]
                report.add(RULE, file, "A message holds code of a model answer: "
                           f"{' '.join(told[0])}",
                           "Say what is wrong with their value, never how it is done.",
                           line=line)  # fmt: skip


def _remarks(path: Path) -> Iterator[str]:
    """What is said beside a pass: it may name what is right."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Remark":
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job a part; an exercise whose texts or answer changed is proved again."""
    for part in Part:
        reads = {}
        for exercise in unit.of(part):
            said = [shown for _, shown in _said(unit, exercise)]
            tells = any(snippets_in(text) or [*numbers_in(text)] for text in said)
            if tells and exercise.id in answers_of(unit):
                reads[exercise.id] = scope.reads.upto(exercise.id, repr(said))
        if reads:
            yield Job(f"hints {part.value}", partial(prove_values, part=part), reads, cost=2)


def _said(unit: Unit, exercise: Exercise) -> list[tuple[str, str]]:
    """Each text of an exercise, with what is shown: itself and its Korean."""
    korean = read_catalogue(unit.folder / "locale" / "ko.po")
    return [(t, shown) for t in texts_of(exercise) for shown in (t, korean.get(t, "")) if shown]


def prove_values(unit: Unit, parts: tuple[str, ...], *, part: Part) -> Proved:
    """No text of these exercises tells a value that is right for every learner, or an answer."""
    exercises = {e.id: e for e in unit.of(part)}
    said = {name: _said(unit, exercises[name]) for name in parts}
    told: dict[str, set[tuple[str, str, str]]] = {}
    proved = {name: Report(unit.id) for name in parts}
    for case in range(CASES):
        left = set(parts)
        for stage in rehearse(unit, part, f"seed-{case}", displays=False):
            if (name := stage.exercise) in left:
                left.discard(name)
                secrets = Secrets(unit, exercises[name], stage.run(answers_of(unit)[name]))
                now = {(text, shown, written) for text, shown in said[name]
                       for written in secrets.right_in(shown)}  # fmt: skip
                told[name] = now & told.get(name, now)
                if not case:
                    _try(unit, exercises[name], stage, said[name], proved[name])
            if not left:
                break
    for name, found in told.items():
        for text, shown, written in sorted(found):
            _tell_hint(unit, exercises[name], text, shown,
                       f"a right value: {written}", proved[name])  # fmt: skip
    return proved


def _try(
    unit: Unit, exercise: Exercise, stage: Stage, said: list[tuple[str, str]], report: Report
) -> None:
    """No code of a text passes the check as it stands, or in the one blank of the starter."""
    for text, shown in said if exercise.form is Form.CODE else ():
        for snippet in snippets_in(shown):
            codes = [snippet]
            if stage.starter.count(BLANK) == 1 and BLANK not in snippet:
                codes.append(stage.starter.replace(BLANK, snippet.strip()))
            if any(_passes(stage, code) for code in codes):
                _tell_hint(unit, exercise, text, shown,
                           f"an answer: `{snippet.strip()}` passes.", report)  # fmt: skip


def _passes(stage: Stage, code: str) -> bool:
    # names alone, and calls that show something, leave what the check reads as it was
    if not any(isinstance(node, _CODE) for node in ast.walk(_parsed(code))):
        return False
    names = stage.run(code)
    return stage.judged(names, diagnose=False).kind is OutcomeKind.PASSED
