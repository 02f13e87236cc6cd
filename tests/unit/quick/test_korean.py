"""The quick report in Korean holds no English sentence or word of ours."""

from __future__ import annotations

import html
import re
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from kit.cli.app import app

# words of our own sentences; names of files, tools and units may stay as they are
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|machines?|rule|rules|median|maximum|mean|month|year|won|owner|ask|"
    r"question|coverage|samples?|days|size|prices?|headroom|percentile|read|kept|repaired|"
    r"rejected|file|row|column|outcome|expected|answer|why|cautious|lean|note|steady|bursty|"
    r"saturated|assumed|told|inventory|unmeasured|off|little|used|none|nobody|yet)\b",
    re.IGNORECASE,
)
# an identifier that reports state beside its Korean word
NAMED = re.compile(r"\((unknown|SYNTHETIC|REAL)\)|\S+\.(csv|toml|xlsx)|--prices|upskill quick")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("quick")
    # a value that cannot be read and one to be repaired bring the ledger's words in
    source = out / "cpu.csv"
    rows = ["서버,일시,CPU 사용률(%)"]
    for day in range(1, 16):
        for hour in range(24):
            for minute in range(0, 60, 5):
                at = f"2026-03-{day:02d} {hour:02d}:{minute:02d}:00"
                rows.append(f"web-01,{at},{1.5 + hour % 3}")
                rows.append(f"db-01,{at},{38.0 + hour % 5}")
    rows[7], rows[9] = rows[7].rsplit(",", 1)[0] + ",n/a", rows[9].rsplit(",", 1)[0] + ",１２"
    source.write_text("\n".join(rows) + "\n", encoding="cp949")
    home, result = out / "home", out / "result"
    told = CliRunner().invoke(
        app,
        ["quick", str(source), "--lang", "ko", "--home", str(home), "--out", str(result)],
    )
    assert told.exit_code == 0, told.output
    (out / "printed.txt").write_text(told.output, encoding="utf-8")
    return out


def english(text: str) -> list[str]:
    plain = NAMED.sub("", text)
    return [plain[max(0, m.start() - 30) : m.end() + 30] for m in ENGLISH.finditer(plain)]


def test_report_is_korean(folder: Path) -> None:
    page = next((folder / "result").rglob("report.html")).read_text(encoding="utf-8")
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]+>", " ", page))
    assert "먼저 물어볼 서버" in text
    assert english(text) == []


def test_workbook_is_korean(folder: Path) -> None:
    book = openpyxl.load_workbook(next((folder / "result").rglob("finding.xlsx")))
    cells = [c for page in book for row in page.iter_rows(values_only=True) for c in row]
    text = " ".join([*book.sheetnames, *(c for c in cells if isinstance(c, str))])
    assert "처리" in text and "제외" in text
    assert english(text) == []


def test_what_is_printed_is_korean(folder: Path) -> None:
    text = (folder / "printed.txt").read_text(encoding="utf-8").replace(str(folder), "")
    assert "현재 대비 감소액" in text
    assert english(text) == []
