"""Large tables: the same samples and the same ledger as in memory, whatever the file's faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.data import stream
from kit.data.readers import SAMPLE_COLUMNS, Reading, RowNote, read_export
from kit.data.stream import Stored, store
from kit.errors import DataError

Save = Callable[..., Path]
HEADER = "timestamp,server,cpu_percent,memory_used_mb"
ROWS = [
    "2024-03-04 09:00:00,web-01,12.5,4000",
    "2024-03-04 09:05:00,db-01,50,8000",
    "2024-03-04 09:10:00,web-01,13,4100",
]


def told(notes: tuple[RowNote, ...]) -> list[RowNote]:
    return sorted(notes, key=lambda note: (note.row, note.column, note.read))


def said(notes: tuple[str, ...]) -> set[str]:
    # Which delimiter was found is told by the reader of small files alone.
    return {note for note in notes if not note.startswith("Delimiter")}


def assert_same(stored: Stored, reading: Reading) -> None:
    mine, theirs = stored.ledger, reading.ledger
    assert (mine.read, mine.kept, mine.repaired, mine.rejected) == (
        theirs.read,
        theirs.kept,
        theirs.repaired,
        theirs.rejected,
    )
    assert told(mine.repairs) == told(theirs.repairs)
    assert told(mine.rejects) == told(theirs.rejects)
    assert said(mine.notes) == said(theirs.notes)
    assert set(stored.unit_unclear) == set(reading.unit_unclear)
    pd.testing.assert_frame_equal(stored.frame(), reading.samples, rtol=1e-12)
    pd.testing.assert_frame_equal(stored.machines, reading.machines)


def both_ways(path: Path, folder: Path, unit: str | None = None) -> Stored | None:
    """Read a file both ways and compare; None where both refuse it in the same words."""
    try:
        reading = read_export(path, tool="table", unit=unit)
    except DataError as error:
        with pytest.raises(DataError) as refused:
            store(path, folder, {}, unit=unit)
        assert refused.value.what == error.what
        return None
    stored = store(path, folder, {}, unit=unit)
    assert_same(stored, reading)
    return stored


stamps = st.datetimes(pd.Timestamp("2023-01-01"), pd.Timestamp("2024-12-31")).map(
    lambda one: one.replace(microsecond=0)
)
written = {
    "iso": "%Y-%m-%d %H:%M:%S",
    "T": "%Y-%m-%dT%H:%M:%S",
    "utc": "%Y-%m-%dT%H:%M:%SZ",
    "seoul": "%Y-%m-%dT%H:%M:%S+09:00",
    "short": "%Y/%m/%d %H:%M",
    "dots": "%Y.%m.%d %H:%M:%S",
    "korean": "%Y-%m-%d %p %I:%M:%S",
    "words": "%Y년 %m월 %d일 %p %I시 %M분",
    "day first, halved": "%d/%m/%Y %I:%M %p",
    "day first": "%d/%m/%Y %H:%M",
    "epoch": "%s",
    "milliseconds": "%Y-%m-%d %H:%M:%S.125",
    "year of two digits": "%y.%m.%d %H:%M",
    "year of two digits, halved": "%y/%m/%d %p %I시 %M분",
    "year of two digits, last": "%d.%m.%y %H:%M",
    "eight digits": "%Y%m%d",
    "fourteen digits": "%Y%m%d%H%M%S",
}
numbers = st.one_of(
    st.floats(0, 100).map(lambda one: f"{one:.3f}"),
    st.integers(0, 100).map(str),
    st.sampled_from(["1e1", "+5", ".5", "5.", "007", " 7 ", "1_000", "１２"]),
    st.sampled_from(
        ["", "x", "-1", "6553.5", "nan", "inf", "12,5", "1,234", "12 %", "n/a", "1e999"]
    ),
)
torn = st.sampled_from(
    [
        "",
        ",,,",
        "junk",
        "a,b",
        '2024-03-04 09:00:00,"web',
        '"2024-03-04 09:00:00",web-01,5,6',
        "\x0b",
    ]
)
machines = st.sampled_from(["web-01", "db-01", " web-01", "서버-1", "", 'q"uote', "web\u00a0"])


@st.composite
def tables(draw: st.DrawFn) -> str:
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    styles = draw(st.lists(st.sampled_from(sorted(written)), min_size=1, max_size=2))
    lines = [HEADER.replace(",", delimiter)]
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.integers(0, 9)) == 0:
            lines.append(draw(torn))
            continue
        stamp = draw(stamps).strftime(written[draw(st.sampled_from(styles))])
        cells = [stamp.replace("AM", "오전").replace("PM", "오후"), draw(machines)]
        cells += [draw(numbers), draw(numbers)]
        quote = draw(st.booleans())
        told = [f'"{cell}"' if quote or delimiter in cell else cell for cell in cells]
        lines.append(delimiter.join(told))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end, end + end]))


KOREAN_TIMES = {
    "words": "%Y년 %m월 %d일 %p %I시 %M분",
    "dots": "%Y. %m. %d. %p %I:%M:%S",
    "day first": "%d/%m/%Y %I:%M:%S %p",
}


@pytest.mark.parametrize("style", sorted(KOREAN_TIMES))
@pytest.mark.parametrize("long", [False, True])
def test_form_of_a_columns_dates_is_no_repair_of_each(
    tmp_path: Path, save: Save, monkeypatch: pytest.MonkeyPatch, style: str, long: bool
) -> None:
    # No piece alone shows the form of the whole file.
    monkeypatch.setattr("kit.data.readers.pieces._PIECE", 3)
    stamps = pd.date_range("2024-03-10 09:00", periods=20, freq="7h").strftime(KOREAN_TIMES[style])
    times = [one.replace("AM", "오전").replace("PM", "오후") for one in stamps]
    if style == "day first":
        times = list(stamps)
    times[3], times[4], times[11] = "2024-03-11 06:00:00", "2024-03-11 13:00", "someday"
    names = ["Disk read" if at in (3, 4) else "CPU utilization" for at in range(20)]
    middle = [f"{name},KB" if long and "Disk" in name else f"{name},%" for name in names]
    lines = [
        f"{time},web-01,{metric + ',' if long else ''}{at}"
        for at, (time, metric) in enumerate(zip(times, middle, strict=True))
    ]
    header = "일시,서버,metric,unit,value" if long else "일시,서버,CPU 사용률(%)"
    stored = both_ways(save("a.csv", "\n".join([header, *lines])), tmp_path / "out")
    assert stored is not None
    ledger = stored.ledger
    assert (ledger.kept, ledger.repaired, ledger.rejected) == (19, 0, 1)
    assert [note for note in ledger.notes if note.startswith(f"Dates such as {times[0]} are read")]


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(("last", "read"), [("26.10.26", 12), ("19.10.26", 0)])
def test_year_of_two_digits_is_first_where_the_whole_file_says_so(
    tmp_path: Path, save: Save, monkeypatch: pytest.MonkeyPatch, long: bool, last: str, read: int
) -> None:
    # Neither a piece nor the rows of one metric alone tell the order.
    monkeypatch.setattr("kit.data.readers.pieces._PIECE", 3)
    days = ["26.10.26", "2026-10-01 09:00", *["26.10.25"] * 9, last]
    if not read:
        days = ["20.10.26", "2026-10-01 09:00", *["20.10.26"] * 9, last]
    middle = ["Disk read,KB," if at > 9 else "CPU utilization,%," for at in range(12)]
    lines = [f"{day},a,{middle[at] if long else ''}{at}" for at, day in enumerate(days)]
    header = "일시,서버,metric,unit,value" if long else "일시,서버,CPU 사용률(%)"
    stored = both_ways(save("a.csv", "\n".join([header, *lines])), tmp_path / "out")
    assert stored is not None and stored.ledger.kept == (read or 1)


@pytest.mark.parametrize("long", [False, True])
def test_exceptions_to_the_form_of_a_column_are_repaired_alike(
    tmp_path: Path, save: Save, long: bool
) -> None:
    middle = "CPU utilization,%," if long else ""
    lines = [f"2024-03-04 0{at}:00:00,web-01,{middle}{at}" for at in range(9)]
    # Of the rows of its own metric it is every single one.
    other = "Disk read,KB," if long else ""
    lines += [f"2024. 3. 4. 오후 2:05:00,web-01,{other}50", f"45355.5,web-01,{other}51"]
    header = "일시,서버,metric,unit,value" if long else "일시,서버,CPU 사용률(%)"
    stored = both_ways(save("a.csv", "\n".join([header, *lines])), tmp_path / "out")
    assert stored is not None
    assert [note.row for note in stored.ledger.repairs] == [11, 12]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=tables(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16"]))
def test_whatever_the_faults_both_ways_agree(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    folder = tmp_path_factory.mktemp("both")
    path = folder / "export.csv"
    path.write_bytes(text.encode(encoding, errors="replace"))
    both_ways(path, folder / "stored")


def test_rows_that_name_metric_and_unit_are_split_alike(tmp_path: Path, save: Save) -> None:
    names = [
        ("CPU utilization", "%"),
        ("Memory used", "MB"),
        ("custom counter", ""),
        ("node_ratio", ""),
    ]
    lines = ["time,host,metric,unit,value"]
    for at in range(40):
        name, unit = names[at % 4]
        value = "bad" if at == 12 else str(at / 100)
        lines.append(f"2024-03-04 09:{at:02d}:00,web-{at % 3},{name},{unit},{value}")
    # A metric that only a damaged row names.
    lines.insert(9, "2024-03-04 오후 9:00,web-1,Disk read,KB,5")
    stored = both_ways(save("long.csv", "\n".join(lines)), tmp_path / "out")
    assert stored is not None
    assert "disk_read_bytes" in set(stored.summary()["metric"])


def test_one_column_for_each_machine_is_read_alike(tmp_path: Path, save: Save) -> None:
    lines = ["일시,web-01,web-02", *(f"2024-03-04 0{at}:00:00,{at},{at * 2}" for at in range(9))]
    stored = both_ways(save("cpu.csv", "\n".join([*lines, "x,1,2"])), tmp_path / "out")
    assert stored is not None
    assert stored.frame("web-02")["value"].tolist() == [at * 2.0 for at in range(9)]


def test_sizes_that_a_table_states_are_taken_alike(tmp_path: Path, save: Save) -> None:
    lines = ["일시,서버,CPU 사용률(%),vCPU,할당 메모리(GB)"]
    for at in range(9):
        lines.append(f"2024-03-04 0{at}:00:00,web-01,{at},8,32")
        lines.append(f"2024-03-04 0{at}:00:00,db-01,{at},{4 if at < 5 else 8},64")
        lines.append(f"2024-03-04 0{at}:00:00,app-01,{at},,")
    stored = both_ways(save("a.csv", "\n".join(lines)), tmp_path / "out")
    assert stored is not None
    sizes = stored.machines[["machine", "vcpu", "memory_gib"]]
    # a machine that was resized has no one size
    assert sizes.values.tolist() == [["web-01", 8.0, 32.0]]
    assert any("More than one size" in note and "db-01" in note for note in stored.ledger.notes)
    assert set(stored.frame()["metric"]) == {"cpu_percent"}
    alone = save("web-07.csv", "일시,CPU 사용률(%),코어\n2024-03-04 09:00:00,5,16\n")
    stored = both_ways(alone, tmp_path / "two")
    assert stored is not None and stored.machines["vcpu"].tolist() == [16.0]


def test_dates_beside_clocks_are_joined_alike(tmp_path: Path, save: Save) -> None:
    lines = [
        "날짜,시간,서버,CPU 사용률(%)",
        *(f"2024-03-04,0{at}:00:00,web,{at}" for at in range(9)),
    ]
    both_ways(
        save("a.csv", "\n".join([*lines, "2024-03-04,9,web,5", "2024-03-05,,web,1"])),
        tmp_path / "o",
    )


@pytest.mark.parametrize("unit", [None, "fraction", "percent"])
def test_fractions_are_told_alike(tmp_path: Path, save: Save, unit: str | None) -> None:
    lines = ["time,host,cpu", *(f"2024-03-04 09:{at:02d}:00,web,0.{at:02d}" for at in range(30))]
    stored = both_ways(save("a.csv", "\n".join(lines)), tmp_path / "one", unit)
    assert stored is not None
    assert bool(stored.unit_unclear) == (unit is None)
    named = "\n".join(lines).replace("cpu", "cpu_usage_fraction", 1)
    both_ways(save("b.csv", named), tmp_path / "two", unit)


def test_the_order_of_dates_and_the_decimal_mark_are_those_of_the_whole_file(
    tmp_path: Path, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "zeit;server;memory used (MB)",
        *(f"0{at}/03/2024 10:00;a;1,234" for at in range(1, 9)),
    ]
    # Only the last piece proves what holds for the first.
    monkeypatch.setattr("kit.data.readers.pieces._PIECE", 2)
    path = save("a.csv", "\n".join([*lines, "25/03/2024 10:00;a;12,5"]))
    stored = store(path, tmp_path / "out", {"zeit": "time"})
    frame = stored.frame()
    assert frame["time"].iloc[0] == pd.Timestamp("2024-03-01 10:00")
    assert frame["value"].iloc[0] == pytest.approx(1.234 * 1024**2)


def test_roles_name_columns_and_leave_others_out(tmp_path: Path, save: Save) -> None:
    text = "wann;Rechner;Auslastung;cpu_alt\n2024-03-04 09:00;a;12,5;1\n2024-03-04 09:05;b;x;2\n"
    roles = {"wann": "time", "Rechner": "machine", "Auslastung": "cpu_percent", "cpu_alt": ""}
    stored = store(save("a.csv", text), tmp_path / "out", roles)
    frame = stored.frame()
    assert frame[["machine", "metric", "value"]].values.tolist() == [["a", "cpu_percent", 12.5]]
    # What a person must find in the file is named as it stands there.
    assert [note.column for note in stored.ledger.rejects] == ["Auslastung"]


def test_a_frame_has_the_rows_of_its_machine_alone(tmp_path: Path, save: Save) -> None:
    path = save("a.csv", "\n".join([HEADER, *ROWS]))
    stored, reading = store(path, tmp_path / "out", {}), read_export(path)
    web = reading.samples[reading.samples["machine"] == "web-01"].reset_index(drop=True)
    pd.testing.assert_frame_equal(stored.frame("web-01"), web)
    assert len(stored.frame("nobody")) == 0
    assert tuple(stored.frame("nobody").columns) == SAMPLE_COLUMNS


def test_the_summary_counts_each_series_in_the_order_of_the_file(
    tmp_path: Path, save: Save
) -> None:
    from kit.data.own.samples import InMemory

    path = save("a.csv", "\n".join([HEADER, *ROWS]))
    mine = store(path, tmp_path / "out", {}).summary()
    pd.testing.assert_frame_equal(mine, InMemory(read_export(path)).summary(), check_dtype=False)


def test_more_rows_than_memory_holds_are_refused(
    tmp_path: Path, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store(save("a.csv", "\n".join([HEADER, *ROWS])), tmp_path / "out", {})
    monkeypatch.setattr(stream, "MOST_ROWS", 5)
    with pytest.raises(DataError, match="6 samples of all machines"):
        stored.frame()
    assert len(stored.frame("db-01")) == 2


def test_many_faults_are_counted_in_memory_and_listed_on_disk(tmp_path: Path, save: Save) -> None:
    lines = ["timestamp,server,cpu_percent", *["2024-03-04 09:00,a,1"] * 300]
    lines += [f"2024-03-04 09:00,a,x{at}" for at in range(2500)]
    ledger = store(save("a.csv", "\n".join(lines)), tmp_path / "out", {}).ledger
    assert (ledger.read, ledger.rejected, len(ledger.rejects)) == (2800, 2500, 1000)
    assert len(ledger.listings) == 1
    listed = pd.read_csv(ledger.listings[0])
    assert listed["read"].tolist() == [f"x{at}" for at in range(2500)]
    assert listed["row"].tolist() == list(range(302, 2802))


def test_letters_that_are_patterns_elsewhere_are_ordinary_in_a_name(
    tmp_path: Path, save: Save
) -> None:
    save("cpu1.csv", HEADER + "\n2024-03-04 09:00:00,other,1,1\n")
    path = save("cpu[1]*'s.csv", "\n".join([HEADER, *ROWS]))
    stored = store(path, tmp_path / "it's [out]*", {})
    assert set(stored.frame()["machine"]) == {"web-01", "db-01"}


def test_reading_again_replaces_what_was_stored(tmp_path: Path, save: Save) -> None:
    path = save("a.csv", "\n".join([HEADER, *ROWS]))
    store(path, tmp_path / "out", {})
    path.write_text("\n".join([HEADER, ROWS[0]]))
    assert len(store(path, tmp_path / "out", {}).frame()) == 2
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "ledger.csv",
        "samples",
    ]
