"""A name has one mask in a home, another in another home, and stands nowhere itself."""

from __future__ import annotations

import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.data.own.masks import KEY_FILE, Masker, masker_of
from kit.errors import HomeError
from kit.home import LearnerHome, open_home
from kit.moving.places import travelling

ONE, OTHER = Masker(bytes(32)), Masker(bytes([1]) * 32)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=3)


@given(name=NAMES)
def test_mask_hangs_on_key_kind_and_name_only(name: str) -> None:
    assert ONE.mask(name) == ONE.mask(name) == ONE.mask(f" {name} ")
    assert ONE.mask(name) != OTHER.mask(name)
    assert ONE.mask(name, "file")[-10:] != ONE.mask(name, "host")[-10:]
    assert name.casefold() not in ONE.mask(name).removeprefix("host-")


def test_spelling_of_the_same_host_is_one_mask() -> None:
    assert ONE.mask("WEB-07") == ONE.mask("web-07") == ONE.mask("ｗｅｂ-07")
    assert ONE.mask("web-07") != ONE.mask("web-08")


@given(names=st.lists(st.from_regex(r"[a-z]{3}-\d{1,3}", fullmatch=True), min_size=1, unique=True))
def test_sentence_for_others_holds_no_name(names: list[str]) -> None:
    text = " 그리고 ".join(f"{name.upper()}을(를) {name}.csv" for name in names)
    hidden = ONE.masked(text, dict.fromkeys(names, "host")).casefold()
    assert not [name for name in names if name in hidden]
    assert hidden.count("host-") == 2 * len(names)


def test_short_name_leaves_other_words_whole() -> None:
    assert ONE.masked("db is the dbase", {"db": "host"}) == f"{ONE.mask('db')} is the dbase"
    assert ONE.masked("nothing", {}) == "nothing"


def test_longer_of_two_names_is_one_name() -> None:
    names = {"srv-1": "host", "srv-10": "host"}
    assert ONE.masked("srv-10, srv-1", names) == f"{ONE.mask('srv-10')}, {ONE.mask('srv-1')}"


def test_key_is_made_once_and_readable_by_its_owner_only(home: LearnerHome) -> None:
    first = masker_of(home).mask("web-07")
    assert masker_of(home).mask("web-07") == first
    path = home.state / KEY_FILE
    assert len(path.read_bytes()) == 32
    assert [p.name for p in home.state.glob(f"{KEY_FILE}*")] == [KEY_FILE]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_home_has_other_masks(home: LearnerHome, tmp_path: Path) -> None:
    other = open_home(tmp_path / "other", "en")
    assert masker_of(other).mask("web-07") != masker_of(home).mask("web-07")


def test_kernels_that_begin_at_once_agree(tmp_path: Path) -> None:
    at_once = Barrier(6)

    def begin(home: LearnerHome) -> str:
        at_once.wait()
        return masker_of(home).mask("web-07")

    with ThreadPoolExecutor(6) as pool:
        for number in range(25):
            home = open_home(tmp_path / str(number), "en")
            assert len(set(pool.map(begin, [home] * 6))) == 1


def test_damaged_key_is_said_and_never_replaced(home: LearnerHome) -> None:
    masker_of(home)
    (home.state / KEY_FILE).write_bytes(b"short")
    with pytest.raises(HomeError, match="damaged"):
        masker_of(home)
    assert (home.state / KEY_FILE).read_bytes() == b"short"


def test_key_and_mappings_never_travel(home: LearnerHome) -> None:
    masker_of(home)
    (home.state / "mappings.json").write_text("{}", encoding="utf-8")
    names = {path.name for path in travelling(home, with_inbox=True).values()}
    assert names and not names & {KEY_FILE, "mappings.json"}
