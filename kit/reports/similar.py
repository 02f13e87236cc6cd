"""Pairs of answers that share unusual passages: a hint to look, never a verdict.

The method is that of Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for
document fingerprinting" (SIGMOD 2003). Code becomes tokens in which no name that a
learner chose is left; runs of ``CODE.size`` tokens are hashed and winnowed. The text of
strings becomes words, in shingles of ``PROSE.size``. What the starter holds, and what
more than a third of the cohort wrote, says nothing about two people and is set aside.
"""

from __future__ import annotations

import hashlib
import io
import keyword
import re
import textwrap
import tokenize
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

# a passage that this share of a cohort wrote, and at least so many people, is common
COMMON_SHARE, COMMON_LEAST = 1 / 3, 3
# an answer is as long as it is; a pasted file is none
LENGTH_LIMIT = 20_000
# no fingerprint reaches across it
BREAK = "\n"


@dataclass(frozen=True)
class Method:
    """How one kind of text is compared.

    ``size``: tokens in a fingerprint; ``window``: fingerprints of which one is kept. A
    pair is listed from ``least`` shared fingerprints and ``share`` of the shorter answer.
    """

    size: int
    window: int
    least: int
    share: float


# every shared run of 15 tokens is found; eight fingerprints are some 30 tokens or more
CODE = Method(size=12, window=4, least=8, share=0.6)
# eight shingles are twelve words in a row, word by word the same
PROSE = Method(size=5, window=1, least=8, share=0.3)
KINDS = {"code": CODE, "prose": PROSE}


@dataclass(frozen=True)
class Passage:
    """One passage as each of the two wrote it."""

    first: str
    second: str


@dataclass(frozen=True)
class Pair:
    """Two learners' answers to one exercise. ``kind`` is a key of ``KINDS``.

    ``share`` (0 to 1) is that of the shorter answer's unusual fingerprints that both
    hold, ``shared`` their number. It belongs to the pair, to neither person. ``passages``
    are all that both wrote, the longest first.
    """

    exercise: str
    first: str
    second: str
    kind: str
    share: float
    shared: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class _Token:
    """``text`` is compared, ``shown`` was written, in line ``row`` (from 0)."""

    text: str
    shown: str
    row: int


# fingerprint -> index of the token that it starts at
Marks = Mapping[int, int]


def find_similar(
    answers: Mapping[str, Mapping[str, str]], starters: Mapping[str, str]
) -> list[Pair]:
    """Pairs to look at, in the order of the exercises, then by name; no order of suspicion.

    ``answers`` holds the Python source of each learner by exercise and learner,
    ``starters`` what each exercise was handed out with.
    """
    return [
        pair
        for exercise, texts in answers.items()
        for kind in KINDS
        for pair in _pairs(exercise, kind, texts, starters.get(exercise, ""))
    ]


def _pairs(exercise: str, kind: str, texts: Mapping[str, str], starter: str) -> Iterator[Pair]:
    method = KINDS[kind]
    streams = {name: _stream(texts[name], kind) for name in sorted(texts)}
    marks = {name: fingerprints([t.text for t in s], method) for name, s in streams.items()}
    rare = _rare(marks, _whole(_stream(starter, kind), method))
    for (first, second), shared in sorted(_met(rare).items()):
        share = len(shared) / min(len(rare[first]), len(rare[second]))
        if len(shared) < method.least or share < method.share:
            continue
        places = sorted((marks[first][one], marks[second][one]) for one in shared)
        runs = _runs(places, method.size)
        passages = tuple(
            Passage(
                _written(texts[first], streams[first][mine : mine + length], kind),
                _written(texts[second], streams[second][other : other + length], kind),
            )
            for mine, other, length in runs
        )
        yield Pair(exercise, first, second, kind, share, len(shared), passages)


def _rare(marks: Mapping[str, Marks], starter: Collection[int]) -> dict[str, frozenset[int]]:
    """Each learner's fingerprints that neither the starter nor much of the cohort holds."""
    writers = Counter(one for mine in marks.values() for one in mine)
    usual = max(COMMON_LEAST, int(len(marks) * COMMON_SHARE) + 1)
    return {
        name: frozenset(one for one in mine if writers[one] < usual and one not in starter)
        for name, mine in marks.items()
    }


def _met(rare: Mapping[str, Collection[int]]) -> dict[tuple[str, str], set[int]]:
    """Shared fingerprints by pair. By an inverted index: most pairs share none."""
    holders: dict[int, list[str]] = defaultdict(list)
    for name, mine in rare.items():
        for one in mine:
            holders[one].append(name)
    met: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one, names in holders.items():
        for pair in combinations(sorted(names), 2):
            met[pair].add(one)
    return met


def fingerprints(tokens: list[str], method: Method) -> dict[int, int]:
    """Fingerprints of a text by winnowing, with the index of the token each starts at."""
    hashes = list(_hashes(tokens, method.size))
    kept: dict[int, int] = {}
    # a text of fewer than one window has a fingerprint too
    for start in range(max(len(hashes) - method.window + 1, min(len(hashes), 1))):
        # the rightmost of equals: of a run of them few are then kept
        one, place = min(hashes[start : start + method.window], key=lambda h: (h[0], -h[1]))
        kept.setdefault(one, place)
    return kept


def _whole(stream: list[_Token], method: Method) -> frozenset[int]:
    # not winnowed: which ones a learner's text keeps depends on what stands around them
    return frozenset(one for one, _ in _hashes([token.text for token in stream], method.size))


def _hashes(tokens: list[str], size: int) -> Iterator[tuple[int, int]]:
    for start in range(len(tokens) - size + 1):
        run = tokens[start : start + size]
        if BREAK in run:
            continue
        digest = hashlib.blake2b("\0".join(run).encode(), digest_size=8).digest()
        yield int.from_bytes(digest, "big"), start


def _stream(text: str, kind: str) -> list[_Token]:
    tokens = _tokens(text)
    return list(_words(tokens) if kind == "prose" else _normalised(tokens))


@lru_cache(maxsize=1024)
def _tokens(text: str) -> list[tokenize.TokenInfo]:
    # reading it is most of the work, and both kinds want it
    return list(_lexed(text[:LENGTH_LIMIT]))


def _lexed(text: str) -> Iterator[tokenize.TokenInfo]:
    """Python's tokens, up to where they stop being Python."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        # what could be read before the mistake is compared all the same
        return


_TEXT = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def _normalised(tokens: Iterable[tokenize.TokenInfo]) -> Iterator[_Token]:
    before = ""
    for token in tokens:
        if token.type == tokenize.NAME:
            # a name behind a dot is a library's, not the learner's choice
            kept = keyword.iskeyword(token.string) or before == "."
            text = token.string if kept else "name"
        elif token.type == tokenize.NUMBER:
            text = "0"
        elif token.type in _TEXT:
            text = "text"
        elif token.type == tokenize.OP:
            text = token.string
        else:
            # comments, line ends, indentation
            continue
        before = token.string
        yield _Token(text, token.string, token.start[0] - 1)


_QUOTES = re.compile(r"^\w*('''|\"\"\"|'|\")|('''|\"\"\"|'|\")$")
_WORD = re.compile(r"\d[\d.,]*|[^\W\d]\w*")


def _words(tokens: Iterable[tokenize.TokenInfo]) -> Iterator[_Token]:
    """Words of the strings; every figure is alike, since each learner has figures of their own."""
    for token in tokens:
        if token.type not in _TEXT:
            continue
        row = token.start[0] - 1
        if token.type == tokenize.STRING:
            # names of options, one after the other, are no sentence
            yield _Token(BREAK, "", row)
        text = _QUOTES.sub("", token.string) if token.type == tokenize.STRING else token.string
        text = re.sub(r"\{[^{}]*\}", " 0 ", text)
        for found in _WORD.finditer(text):
            word = found[0]
            yield _Token("0" if word[0].isdigit() else word.lower(), word, row)


def _runs(places: list[tuple[int, int]], size: int) -> list[tuple[int, int, int]]:
    """Start in the first, start in the second, and length in tokens; the longest first."""
    runs: list[tuple[int, int, int]] = []
    for first, second in places:
        if runs:
            mine, other, length = runs[-1]
            step = first - mine
            # the same step in both texts: the run goes on
            if step == second - other and step <= length:
                runs[-1] = (mine, other, max(length, step + size))
                continue
        runs.append((first, second, size))
    return sorted(runs, key=lambda run: -run[2])


def _written(text: str, run: list[_Token], kind: str) -> str:
    """What the learner wrote there: whole lines of code, or the words."""
    if kind == "prose":
        return " ".join(token.shown for token in run)
    lines = text.splitlines()[run[0].row : run[-1].row + 1]
    return textwrap.dedent("\n".join(lines))
