"""The ledger in another language."""

from __future__ import annotations

from pathlib import Path

from kit.data.readers import read_export
from kit.data.readers.wording import told
from kit.i18n import Translator


def test_a_ledger_is_said_in_the_language_and_the_files_own_words_stay(tmp_path: Path) -> None:
    path = tmp_path / "cpu.csv"
    lines = ["timestamp,machine,cpu_percent", "2024-03-04 14:05,web,12"]
    lines += ["2024-03-04 14:10,web,140", "2024-03-04 14:15,web,", "2024-03-04 14:20,web,12 %"]
    path.write_bytes("\n".join([*lines, "never,web,1", ""]).encode("cp949"))
    reading = read_export(path)
    tr = Translator("ko")
    english, korean = reading.ledger.as_frame(), reading.ledger.as_frame(tr)
    assert len(english) == len(korean) == 4
    assert korean["read"].tolist() == english["read"].tolist()
    for column in ("expected", "action"):
        assert not (korean[column] == english[column]).any(), column
        assert korean[column].str.contains("[가-힣]").all(), column
    notes = [tr(note) for note in reading.ledger.notes]
    assert all(any("가" <= letter <= "힣" for letter in note) for note in notes), notes


def test_several_repairs_of_one_cell_are_all_said() -> None:
    text = "decimal comma read as a point; unit 'GB' in the cell converted to bytes"
    korean = told(text, Translator("ko"))
    assert "소수점" in korean and "'GB'" in korean and "bytes" in korean


def test_a_reason_that_nobody_knows_stays_as_it_is() -> None:
    assert told("something of the future", Translator("ko")) == "something of the future"
