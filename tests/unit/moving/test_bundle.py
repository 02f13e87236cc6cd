"""The file that travels: what is in it, and that nothing bad comes out of one."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import UsageError
from kit.moving import export_home, exported_files, read_bundle
from kit.moving.bundle import MANIFEST
from tests.unit.moving.homes import snapshot

WINDOWS = sys.platform == "win32"


@pytest.fixture
def file(worked, tmp_path: Path) -> Path:
    export_home(worked, tmp_path / "e.zip", with_inbox=False)
    return tmp_path / "e.zip"


def test_it_holds_work_and_progress_and_no_key_no_inbox_and_no_setting(worked, file):
    bundle = read_bundle(file)
    assert {name.split("/")[0] for name in bundle.files} == {
        "progress.jsonl",
        "units",
        "artefacts",
        "base",
    }
    assert "artefacts/tiny/보고서.csv" in bundle.files
    assert not any(b"SECRET" in data for data in bundle.files.values())
    assert bundle.learner == worked.learner
    assert bundle.files == {
        name: data for name, data in bundle.files.items() if len(data) == exported(worked)[name]
    }


def exported(home) -> dict[str, int]:
    return exported_files(home, with_inbox=False)


def test_the_inbox_goes_along_when_asked_and_only_then(worked):
    with_inbox = exported_files(worked, with_inbox=True)
    assert with_inbox.keys() - exported(worked).keys() == {"inbox/보고서.csv"}


def test_a_link_and_a_hidden_file_stay(worked, tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    (worked.root / "artefacts" / "link").symlink_to(tmp_path / "secret")
    (worked.root / "artefacts" / ".hidden").write_text("SECRET")
    assert not {"artefacts/link", "artefacts/.hidden"} & exported(worked).keys()


def test_only_its_owner_reads_and_writes_it(file):
    # of the mode's bits Windows keeps the owner's right to write and shows it for everybody
    assert stat.S_IMODE(file.stat().st_mode) == (0o666 if WINDOWS else 0o600)


def test_no_file_is_overwritten(worked, file):
    with pytest.raises(UsageError):
        export_home(worked, file, with_inbox=False)


def rebuilt(file: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> Path:
    """The export with other contents; ``honest`` ones stand in the manifest."""
    with zipfile.ZipFile(file) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    change(contents)
    if honest and MANIFEST in contents:
        manifest = json.loads(contents[MANIFEST])
        manifest["files"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in contents.items()
            if name != MANIFEST
        }
        contents[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file


def test_a_rebuilt_file_without_a_change_is_read(file):
    # else the refusals below would prove nothing
    assert read_bundle(rebuilt(file, lambda _contents: None)).files


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "units/../../evil",
        "/evil",
        "a//b",
        "C:\\evil",
        "units\\evil",
        ".upskill/home.json",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(file, name):
    with pytest.raises(UsageError) as error:
        read_bundle(rebuilt(file, lambda contents: contents.update({name: b"x"})))
    assert "leads out" in str(error.value)


def test_a_link_is_refused(file):
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("artefacts/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UsageError) as error:
        read_bundle(file)
    assert "leads out" in str(error.value)


def spoil_one(contents: dict[str, bytes]) -> None:
    contents["progress.jsonl"] += b"{}"


def drop_one(contents: dict[str, bytes]) -> None:
    del contents["progress.jsonl"]


def add_one(contents: dict[str, bytes]) -> None:
    contents["artefacts/more"] = b"x"


@pytest.mark.parametrize("change", [spoil_one, drop_one, add_one])
def test_contents_that_are_not_those_of_the_manifest_are_refused(file, change):
    with pytest.raises(UsageError) as error:
        read_bundle(rebuilt(file, change, honest=False))
    assert "damaged" in str(error.value)


def test_a_bomb_is_refused_before_it_is_unpacked(file):
    # 600 MB of zeros pack into less than one
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("artefacts/bomb", "w") as stream,
    ):
        for _ in range(600):
            stream.write(bytes(1 << 20))
    with pytest.raises(UsageError) as error:
        read_bundle(file)
    assert "unpacks to more" in str(error.value)


@pytest.mark.parametrize("end", [0, 30, 2000])
def test_a_file_cut_short_is_refused(file, end):
    file.write_bytes(file.read_bytes()[:end])
    with pytest.raises(UsageError):
        read_bundle(file)


def test_any_flipped_byte_is_an_error_or_changes_nothing(file):
    whole = read_bundle(file).files
    data = file.read_bytes()
    for place in range(0, len(data), max(len(data) // 60, 1)):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            found = read_bundle(file).files
        except UsageError:
            continue
        assert found == whole, place


@pytest.mark.parametrize("learner", ["../..", "a/b", "", 3])
def test_a_learner_that_is_no_name_is_refused(file, learner):
    def rename(contents: dict[str, bytes]) -> None:
        manifest = json.loads(contents[MANIFEST])
        contents[MANIFEST] = json.dumps({**manifest, "learner": learner}).encode()

    with pytest.raises(UsageError):
        read_bundle(rebuilt(file, rename))


def test_a_later_format_and_another_zip_say_what_they_are(file, tmp_path):
    def later(contents: dict[str, bytes]) -> None:
        contents[MANIFEST] = json.dumps({**json.loads(contents[MANIFEST]), "format": 2}).encode()

    with pytest.raises(UsageError) as error:
        read_bundle(rebuilt(file, later))
    assert "later version" in str(error.value)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    (tmp_path / "other.zip").write_bytes(buffer.getvalue())
    with pytest.raises(UsageError) as error:
        read_bundle(tmp_path / "other.zip")
    assert "no export" in str(error.value)
    with pytest.raises(UsageError):
        read_bundle(tmp_path / "none.zip")


def test_reading_writes_nothing(worked, file):
    before = snapshot(worked.root)
    read_bundle(file)
    assert snapshot(worked.root) == before
