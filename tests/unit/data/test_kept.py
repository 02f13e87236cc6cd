"""The folder of a large file's rows changes as a whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.data.kept import LISTING, SAMPLES, made_anew, opened
from kit.data.readers.sql import quoted
from kit.errors import DataError


def make(path: Path, folder: Path, value: int) -> None:
    with made_anew(path, folder, path.name, 256) as (db, work):
        assert list(work.glob(f"{SAMPLES}*")) == []
        (work / SAMPLES).mkdir()
        target = quoted(work / SAMPLES / "a.parquet", pattern=False)
        db.execute(f"copy (select {value} as v) to {target}")
        (work / LISTING).write_text("outcome\n", encoding="utf-8")
        if value < 0:
            db.execute("select no_such_column")


def kept(folder: Path) -> object:
    with opened(folder, 256) as db:
        return db.execute("select v from samples").fetchall()


def test_new_rows_replace_the_old_ones_and_an_error_leaves_them(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.csv", tmp_path / "it's [kept]"
    path.write_text("a,b\n", encoding="utf-8")
    make(path, folder, 1)
    make(path, folder, 2)
    assert kept(folder) == [(2,)]
    with pytest.raises(DataError, match=r"a.csv cannot be read: .*no_such_column"):
        make(path, folder, -1)
    assert kept(folder) == [(2,)]
    assert sorted(one.name for one in folder.iterdir()) == [LISTING, SAMPLES]
