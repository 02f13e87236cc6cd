from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.data.readers import read_export
from kit.data.readers.source import decode
from kit.errors import DataError

Save = Callable[..., Path]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(names: list[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "timestamp,value\n")
    return buffer.getvalue()


UNREADABLE: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "is empty", "period has data"),
    "only blank lines": (b"\r\n\r\n \n", "is empty", "period has data"),
    "only a byte order mark": (b"\xef\xbb\xbf\r\n", "is empty", "period has data"),
    "header only": (b"timestamp,value\n", "no row follows", "period has data"),
    "web page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page", "Sign in"),
    "web page without doctype": (b"\n  <html><head></head></html>", "web page", "Sign in"),
    "xml": (b"<?xml version='1.0'?><sysstat/>", "is XML", "sadf -j"),
    "binary": (bytes(range(256)) * 8, "binary", "relog"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF", "CSV"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(20), "picture", "chart"),
    "gzip": (gzip.compress(b"timestamp,value\n"), "gzip", "gunzip"),
    "zip of csv": (zipped(["a.csv", "b.csv"]), "2 files inside", "Unpack"),
    "cut zip": (b"PK\x03\x04" + bytes(40), "damaged", "again"),
    "workbook without sheets": (zipped(["xl/workbook.xml"]), "cannot be opened", ".xlsx"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password", "remove"),
    "old xls": (OLE + "Workbook".encode("utf-16-le"), "old Office file", ".xlsx"),
    "sar binary": (b"\xd5\x96\x75\x21" + bytes(90), "binary file", "sadf -d"),
    "cut json": (b'{"Label": "CPUUtilization", "Datapoints": [{"Timest', "cut off", "again"),
    "damaged json": (b'{"Label": CPU, "Datapoints": []}', "damaged", "again"),
    "foreign json": (b'{"version": 3, "services": {}}', "not of CloudWatch", "unchanged"),
    "prose": (b"Dear colleague\nplease find attached\n", "no table", "CSV"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_explained_with_place_and_next_step(save: Save, case: str) -> None:
    content, what, fix = UNREADABLE[case]
    path = save("export.csv", content)
    with pytest.raises(DataError) as caught:
        read_export(path)
    assert what in caught.value.what
    assert fix in caught.value.fix
    assert "export.csv" in caught.value.where


def test_damaged_json_names_row_and_column(save: Save) -> None:
    with pytest.raises(DataError) as caught:
        read_export(save("a.json", '{"Label": "CPU",\n "Datapoints": [1, 2,, 3]}'))
    assert "row 2, column 22" in caught.value.where


def test_a_missing_file_and_a_folder_are_data_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be opened"):
        read_export(tmp_path / "absent.csv")
    with pytest.raises(DataError, match="is a folder"):
        read_export(tmp_path)


def test_the_working_directory_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=f"^{tmp_path.name} is a folder"):
        read_export(Path())


@pytest.mark.parametrize(
    ("encoding", "mark", "note"),
    [
        ("utf-8", b"", "UTF-8."),
        ("utf-8-sig", b"", "byte order mark"),
        ("cp949", b"", "CP949"),
        ("utf-16", b"", "UTF-16"),
        ("utf-16-le", b"", "no byte order mark"),
        ("utf-16-be", b"", "no byte order mark"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
    ],
)
def test_text_survives_every_encoding_of_windows(encoding: str, mark: bytes, note: str) -> None:
    text = "timestamp,서버,value\n2024-03-04 09:00:00,웹서버,12.5\n"
    got, notes = decode(mark + text.encode(encoding))
    assert got.lstrip("\ufeff") == text
    assert note in notes[0]


def test_one_broken_byte_costs_one_cell_and_not_the_file(save: Save) -> None:
    rows = "".join(f"웹서버,2024-03-04 09:{m:02d}:00,{m}\n" for m in range(30))
    content = f"서버,일시,CPU 사용률(%)\n{rows}".encode()
    content = content.replace(b"09:07:00,7\n", b"09:07:00,\xff\n")
    reading = read_export(save("a.csv", content))
    assert (reading.ledger.kept, reading.ledger.rejected) == (29, 1)
    assert any("unreadable" in note for note in reading.ledger.notes)
