"""Who copied is shown with what they share; who did not is left alone."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.reports.similar import CODE, find_similar, fingerprints

STARTER = "def clean(raw):\n    return ____\n\n\ndef coverage(series):\n    return ____\n"
COPIED = """\
def clean(raw):
    # percent everywhere
    frame = raw.assign(time=pd.to_datetime(raw["time"]), value=raw["value"].astype(float))
    share = frame["unit"] == "fraction"
    frame.loc[share, "value"] *= 100
    # the first row of a time counts
    frame = frame.drop_duplicates("time", keep="first").sort_values("time")
    return frame.reset_index(drop=True)[["time", "value"]]


def coverage(series, step_minutes, days):
    expected = days * 24 * 60 / step_minutes
    seen = series["time"].dt.floor(f"{step_minutes}min").nunique()
    return min(seen / expected, 1.0)
"""
NAMES = ("raw", "frame", "share", "series", "step_minutes", "days", "expected", "seen")
MEMO = """\
We should move the eight servers to the cloud this spring, because the renewal binds the
money of five years on machines whose load has fallen since the shop moved, and because
nobody could say on Friday who still reads the reports of the oldest of them.
"""
WORDS = re.findall(
    r"\w+",
    "server load night owner renew cloud price month risk team disk year quote budget batch "
    "memory reason figure peak lease plan table window growth safe exit cost saving check run",
)


def program(rng: random.Random) -> str:
    """An answer of one's own: statements of many kinds in an order of its own."""
    kinds = (
        "{a} = {b}.{m}({n}).{k}()",
        "if {a} > {n}:\n        {b} = {a} - {n}",
        "for {a} in range({n}):\n        {b} += {a} ** {n}",
        "{a} = [x * {n} for x in {b} if x.{m}]",
        "{a}[{b} == {n}] /= {n}",
        "while {a}.{m} < {n} or not {b}:\n        {a}.{k}({n})",
        "{a} = {b}.{m}[{n}:] if {b} else {a}.{k}",
        "{a}, {b} = {b}, {a}.{m}({n}, {n})",
    )
    methods = ("sum", "mean", "clip", "rank", "diff", "shift", "floor", "abs", "round", "where")
    lines = []
    for _ in range(rng.randint(7, 12)):
        a, b = rng.sample("abcdefgh", 2)
        told = {"a": a, "b": b, "n": rng.randint(1, 99), "m": rng.choice(methods)}
        lines.append("    " + rng.choice(kinds).format(**told, k=rng.choice(methods)))
    return "def clean(raw):\n" + "\n".join(lines) + "\n    return a\n"


def memo(rng: random.Random) -> str:
    return f'memo = f"""\n{" ".join(rng.choices(WORDS, k=rng.randint(60, 120)))}\n"""\n'


def cohort(seed: int, size: int = 30) -> dict[str, dict[str, str]]:
    """Answers of people who worked alone, with what everybody writes alike before it."""
    rng = random.Random(seed)
    names = [f"l{n:03d}" for n in range(size)]
    return {
        "clean": {name: "import numpy as np\n" + STARTER + program(rng) for name in names},
        "memo": {name: memo(rng) for name in names},
    }


def renamed(text: str, by: dict[str, str]) -> str:
    return re.sub(r"\b(" + "|".join(by) + r")\b", lambda found: by[found[0]], text)


def met(pairs) -> list[tuple[str, str, str, str]]:
    return [(p.exercise, p.first, p.second, p.kind) for p in pairs]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_who_worked_alone_is_listed(seed: int) -> None:
    assert find_similar(cohort(seed), {"clean": STARTER}) == []


def test_a_copy_with_other_names_is_shown_side_by_side() -> None:
    answers = cohort(1)
    answers["clean"]["l003"] = COPIED
    answers["clean"]["l017"] = renamed(COPIED, {n: f"x_{n}" for n in NAMES}).replace("100", "1e2")
    (pair,) = find_similar(answers, {"clean": STARTER})
    assert met([pair]) == [("clean", "l003", "l017", "code")]
    assert pair.share == 1.0
    assert "frame.loc[share" in pair.passages[0].first
    assert "x_frame.loc[x_share" in pair.passages[0].second


def test_a_copy_inside_longer_work_is_shown() -> None:
    answers = cohort(2)
    answers["clean"]["l003"] = COPIED
    answers["clean"]["l017"] = program(random.Random(99)) + COPIED + program(random.Random(98))
    assert met(find_similar(answers, {})) == [("clean", "l003", "l017", "code")]


def test_a_paragraph_with_other_figures_is_shown_as_its_words() -> None:
    answers = cohort(3)
    for name, months in (("l001", "5"), ("l002", "1,800.5"), ("l003", "{m:,.0f}")):
        text = MEMO.replace("five", months)
        answers["memo"][name] += f'more = f"""\n{text.upper()}"""\n'
    found = find_similar(answers, {})
    trio = [("l001", "l002"), ("l001", "l003"), ("l002", "l003")]
    assert met(found) == [("memo", *pair, "prose") for pair in trio]
    assert found[0].passages[0].first.startswith("WE SHOULD MOVE THE EIGHT SERVERS")
    assert "MONEY OF 5 YEARS" in found[0].passages[0].first
    assert "MONEY OF 1,800.5 YEARS" in found[0].passages[0].second


def test_what_was_handed_out_and_what_many_write_is_set_aside() -> None:
    answers = cohort(4)
    for name in ("l001", "l002"):
        answers["clean"][name] = COPIED
    assert find_similar(answers, {"clean": COPIED}) == []
    for number in range(11):
        answers["clean"][f"l{number:03d}"] = COPIED
    assert find_similar(answers, {}) == []


def test_names_of_options_are_no_sentence() -> None:
    text = 'step = {"idle": "ask the owner", "bursty": "choose by option", "steady": "by rule"}\n'
    assert find_similar({"classes": {"kim": text, "lee": text}}, {}) == []


def test_code_that_is_no_python_is_compared_as_far_as_it_can_be_read() -> None:
    answers = cohort(5)
    for name in ("l001", "l002"):
        answers["clean"][name] = COPIED + "\ndef broken(:\n  'no end\n"
    assert met(find_similar(answers, {})) == [("clean", "l001", "l002", "code")]
    assert find_similar({"clean": {"kim": "\0 ((", "lee": ""}}, {"clean": "'"}) == []


comments = st.lists(st.text("abc xyz", max_size=12), min_size=1, max_size=6)
names = st.permutations([f"v{n}" for n in range(len(NAMES))])


@settings(max_examples=40, deadline=None)
@given(names, comments, st.randoms(use_true_random=False))
def test_names_and_comments_change_nothing(others, said, rng) -> None:
    answers = cohort(6, size=8)
    answers["clean"]["l000"] = answers["clean"]["l001"] = COPIED
    before = find_similar(answers, {})
    lines = [line for line in COPIED.splitlines() if not line.strip().startswith("#")]
    for text in said:
        lines.insert(rng.randint(0, len(lines)), f"    # {text}")
    changed = renamed("\n".join(lines), dict(zip(NAMES, others, strict=True)))
    answers["clean"]["l001"] = changed
    after = find_similar(answers, {})
    assert met(after) == met(before) != []
    assert [(p.share, p.shared) for p in after] == [(p.share, p.shared) for p in before]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcd"), min_size=0, max_size=60), st.data())
def test_every_shared_run_of_a_window_leaves_a_shared_fingerprint(tokens, data) -> None:
    length = CODE.size + CODE.window - 1
    run = data.draw(st.lists(st.sampled_from("wxyz"), min_size=length, max_size=length))
    place = data.draw(st.integers(0, len(tokens)))
    mine = fingerprints(tokens[:place] + run + tokens[place:], CODE)
    assert mine.keys() & fingerprints(run, CODE).keys()
