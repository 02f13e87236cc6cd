from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import DataError
from kit.server.inbox import Arriving, inbox_path, safe_name, set_aside


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("cpu.csv", "cpu.csv"),
        ("서버 사용률.csv", "서버 사용률.csv"),
        (unicodedata.normalize("NFD", "서버.csv"), "서버.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\cpu.csv", "cpu.csv"),
        (".bashrc", "bashrc"),
        ("a?b:c.csv", "a-b-c.csv"),
        ("CON.csv", "export-CON.csv"),
        ("..", "export"),
        ("-o.csv", "-o.csv"),
    ],
)
def test_a_name_is_stored_as_every_system_can(sent, stored):
    assert safe_name(sent) == stored


@given(st.text(max_size=400))
def test_no_name_leaves_the_folder_or_outgrows_a_file_system(name):
    stored = safe_name(name)
    assert stored
    assert len(stored.encode("utf-8", "surrogatepass")) <= 200
    assert not set(stored) & set('/\\\0:"<>|?*')
    assert not stored.startswith(".")


def test_a_long_name_keeps_its_ending():
    assert safe_name("긴" * 300 + ".csv").endswith(".csv")


def test_a_second_file_of_the_same_name_does_not_replace_the_first(tmp_path):
    for text in (b"one", b"two"):
        with Arriving(tmp_path, "cpu.csv") as arriving:
            arriving.write(text)
            arriving.finish()
    assert (tmp_path / "cpu.csv").read_bytes() == b"one"
    assert (tmp_path / "2" / "cpu.csv").read_bytes() == b"two"
    assert inbox_path(tmp_path, "2/cpu.csv") == tmp_path / "2" / "cpu.csv"


def test_the_same_file_again_is_the_same_file(tmp_path):
    paths = []
    for text in (b"one", b"two", b"two", b"one"):
        with Arriving(tmp_path, "cpu.csv") as arriving:
            arriving.write(text)
            paths.append(arriving.finish())
    first, second = tmp_path / "cpu.csv", tmp_path / "2" / "cpu.csv"
    assert paths == [first, second, second, first]
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted([first, second])


@pytest.mark.parametrize("sent", ["../cpu.csv", "a/cpu.csv", "/etc/cpu.csv", "2/../cpu.csv"])
def test_a_sent_path_leads_nowhere_else(tmp_path, sent):
    assert inbox_path(tmp_path, sent).parent in (tmp_path, tmp_path / "2")


def test_unreadable_files_go_aside_and_none_is_lost(tmp_path):
    for text in (b"bad", b"bad", b"worse"):
        path = tmp_path / "notes.csv"
        path.write_bytes(text)
        set_aside(tmp_path, [path])
    kept = {p.read_bytes() for p in (tmp_path / "unread").iterdir()}
    assert kept == {b"bad", b"worse"}
    assert [p.name for p in tmp_path.iterdir()] == ["unread"]


def test_too_much_is_refused_and_nothing_of_it_stays(tmp_path):
    arriving = Arriving(tmp_path, "cpu.csv", limit=10)
    arriving.write(b"12345678")
    with pytest.raises(DataError) as refused:
        arriving.write(b"90123")
    assert "cpu.csv" in refused.value.where
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path):
    with Arriving(tmp_path, "cpu.csv") as arriving:
        arriving.write(b"half")
    assert list(tmp_path.iterdir()) == []
