"""A file is the old one or the new one, never half of it."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.files import hash_files, read_json, write_bytes, write_json, write_text


def test_folders_are_made_and_text_is_utf8_with_plain_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "메모.txt"
    write_text(path, "한 줄\nzwei\n")
    assert path.read_bytes() == "한 줄\nzwei\n".encode()


def test_json_keeps_hangul_readable_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"이름": [1, None]})
    assert "이름" in path.read_text(encoding="utf-8")
    assert read_json(path) == {"이름": [1, None]}


def test_a_missing_file_gives_the_default_and_a_damaged_one_an_error(tmp_path: Path) -> None:
    assert read_json(tmp_path / "none.json", {"a": 1}) == {"a": 1}
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="Expecting"):
        read_json(tmp_path / "bad.json", {})


def test_what_cannot_be_written_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"old": True})
    with pytest.raises(TypeError):
        write_json(path, {"new": object()})
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match=r"x\.json"):
        write_text(path, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_of_a_file_survive_its_replacement(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_bytes(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_reader_never_sees_half_a_file_even_when_the_writer_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "big"
    script = (
        "import sys; from pathlib import Path; from kit.files import write_bytes\n"
        "n = 0\n"
        "while True:\n"
        "    write_bytes(Path(sys.argv[1]), bytes([65 + n % 26]) * 400_000); n += 1\n"
    )
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", script, str(path)])
        try:
            while not path.exists() and writer.poll() is None:
                time.sleep(0.01)
            for _ in range(40):
                content = path.read_bytes()
                assert len(content) == 400_000
                assert len(set(content)) == 1
        finally:
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        content = path.read_bytes()
        assert (len(content), len(set(content))) == (400_000, 1)


def test_files_are_hashed_by_name_and_by_folder_where_two_share_one(tmp_path: Path) -> None:
    texts = {"inbox/a.csv": "1,2", "2/a.csv": "3,4", "2/b.csv": ""}
    paths = [tmp_path / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        write_text(path, text)
    by_label = {"inbox/a.csv": "1,2", "2/a.csv": "3,4", "b.csv": ""}
    assert hash_files(paths) == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in by_label.items()
    }
