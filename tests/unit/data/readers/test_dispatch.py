from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kit.data.readers import TOOLS, read_export, read_many
from kit.errors import DataError, UsageError

Save = Callable[..., Path]


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stem != "error")


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_is_recognised_by_content_whatever_the_file_is_called(
    exports: Path, tmp_path: Path, tool: str
) -> None:
    files = files_of(exports / tool)
    assert files
    for path in files:
        other = tmp_path / f"cpu_download{path.suffix if path.suffix == '.xlsx' else '.txt'}"
        shutil.copy(path, other)
        assert read_export(other).tool == tool


@pytest.mark.parametrize("tool", TOOLS)
def test_reading_twice_changes_nothing(exports: Path, tool: str) -> None:
    path = files_of(exports / tool)[0]
    one, two = read_export(path), read_export(path)
    assert one.samples.equals(two.samples)
    assert one.ledger == two.ledger


def test_a_forced_tool_refuses_json_of_another(exports: Path) -> None:
    with pytest.raises(DataError, match="not of azure"):
        read_export(exports / "prometheus" / "cpu_query_range.json", tool="azure")


def test_several_exports_share_one_account(exports: Path) -> None:
    paths = [exports / "perfmon" / "relog-english.csv", exports / "azure" / "portal.csv"]
    parts = [read_export(path) for path in paths]
    both = read_many(paths)
    assert both.tool == "perfmon+azure"
    assert both.ledger.read == sum(part.ledger.read for part in parts)
    assert len(both.samples) == sum(len(part.samples) for part in parts)
    assert set(both.samples["file"]) == {"relog-english.csv", "portal.csv"}


def test_one_unreadable_file_is_counted_and_hides_no_other(exports: Path, save: Save) -> None:
    bad = save("broken.csv", "<html>error</html>")
    both = read_many([bad, exports / "azure" / "portal.csv"])
    assert (both.ledger.kept, both.ledger.rejected) == (16, 1)
    assert (both.ledger.rejects[0].file, both.ledger.rejects[0].row) == ("broken.csv", 0)
    assert "web page" in both.ledger.rejects[0].read


def test_files_of_one_name_are_told_apart_by_their_folder(exports: Path, tmp_path: Path) -> None:
    for folder in ("seoul", "busan"):
        (tmp_path / folder).mkdir()
        shutil.copy(exports / "azure" / "portal.csv", tmp_path / folder / "portal.csv")
    both = read_many([tmp_path / "seoul" / "portal.csv", tmp_path / "busan" / "portal.csv"])
    assert set(both.samples["file"]) == {"seoul/portal.csv", "busan/portal.csv"}


def test_nothing_readable_and_nothing_given_are_errors(save: Save) -> None:
    with pytest.raises(DataError, match="web page"):
        read_many([save("broken.csv", "<html>error</html>")])
    with pytest.raises(UsageError):
        read_many([])


def test_a_workbook_with_one_sheet_per_machine_names_each(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("WEB-01", "DB-01"):
        sheet = book.create_sheet(title)
        sheet.append(["일시", "CPU 사용률(%)"])
        sheet.append(["2024-03-04 09:00:00", 12])
    book["Sheet"].append(["표지"])
    path = tmp_path / "월간.xlsx"
    book.save(path)
    reading = read_export(path)
    assert reading.samples["machine"].tolist() == ["WEB-01", "DB-01"]
    assert any("1 sheets hold no measurements" in note for note in reading.ledger.notes)
