from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kit.data.readers import SAMPLE_COLUMNS, read_export, read_many
from kit.errors import DataError, UsageError

Save = Callable[..., Path]
KOREAN = (
    "서버,일시,CPU 사용률(%),메모리 사용률(%),담당자\n"
    "WEB-01,2024-03-04 09:00:00,12.5,40.1,홍길동\n"
    "WEB-02,2024-03-04 09:00:00,13.5,41.1,홍길동\n"
)


@pytest.mark.parametrize(
    ("name", "machine", "metric", "count", "mean"),
    [
        ("ec2_cpu_utilization_24ae8d", "ec2_24ae8d", "cpu_percent", 4032, 0.1263),
        ("ec2_cpu_utilization_77c1ca", "ec2_77c1ca", "cpu_percent", 4032, 10.5182),
        ("ec2_cpu_utilization_825cc2", "ec2_825cc2", "cpu_percent", 4032, 89.7913),
        ("ec2_cpu_utilization_ac20cd", "ec2_ac20cd", "cpu_percent", 4032, 40.9851),
        ("ec2_cpu_utilization_fe7f93", "ec2_fe7f93", "cpu_percent", 4032, 5.7790),
        ("ec2_disk_write_bytes_1ef3de", "ec2_1ef3de", "disk_write_bytes", 4730, 6581560.7675),
        ("elb_request_count_8c0756", "elb_8c0756", "requests", 4032, 61.8371),
        ("rds_cpu_utilization_cc0c53", "rds_cc0c53", "cpu_percent", 4032, 8.1122),
    ],
)
def test_real_cloudwatch_series_are_read_as_they_are(
    cloudwatch: Path, name: str, machine: str, metric: str, count: int, mean: float
) -> None:
    path = cloudwatch / f"{name}.csv"
    reading = read_export(path)
    plain = pd.read_csv(path)
    assert reading.tool == "nab"
    assert (reading.ledger.read, reading.ledger.kept) == (count, count)
    assert set(reading.samples["machine"]) == {machine}
    assert set(reading.samples["metric"]) == {metric}
    assert list(reading.samples["value"]) == list(plain["value"])
    assert list(reading.samples["time"]) == list(pd.to_datetime(plain["timestamp"]))
    assert reading.samples["value"].mean() == pytest.approx(mean, abs=1e-4)


def test_repeated_times_stay_for_the_learner_to_find(cloudwatch: Path) -> None:
    reading = read_export(cloudwatch / "ec2_disk_write_bytes_1ef3de.csv")
    assert int(reading.samples["time"].duplicated().sum()) == 11


def test_samples_have_exactly_the_agreed_columns_and_types(save: Save) -> None:
    samples = read_export(save("a.csv", KOREAN)).samples
    assert tuple(samples.columns) == SAMPLE_COLUMNS
    assert str(samples["time"].dtype) == "datetime64[ns]"
    assert str(samples["value"].dtype) == "float64"
    assert str(samples["row"].dtype) == "int64"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_korean_table_reads_alike_in_every_encoding(
    save: Save, encoding: str, delimiter: str
) -> None:
    path = save("서버.csv", KOREAN.replace(",", delimiter), encoding)
    reading = read_export(path)
    samples = reading.samples.sort_values(["row", "metric"], ignore_index=True)
    assert list(samples["machine"]) == ["WEB-01", "WEB-01", "WEB-02", "WEB-02"]
    assert list(samples["metric"]) == ["cpu_percent", "memory_percent"] * 2
    assert list(samples["value"]) == [12.5, 40.1, 13.5, 41.1]
    assert list(samples["row"]) == [2, 2, 3, 3]


def test_a_personal_column_is_named_in_the_notes_and_its_content_kept_nowhere(save: Save) -> None:
    reading = read_export(save("a.csv", KOREAN))
    assert any("담당자" in note for note in reading.ledger.notes)
    everything = reading.samples.to_csv() + reading.machines.to_csv() + repr(reading.ledger)
    assert "홍길동" not in everything


def test_wide_table_has_one_machine_per_column_and_one_record_per_cell(save: Save) -> None:
    text = "시간,web-01,web-02,db-01\n2024-03-04 09:00,10,20,30\n2024-03-04 09:05,11,,31\n"
    reading = read_export(save("cpu.csv", text))
    assert (reading.ledger.read, reading.ledger.kept, reading.ledger.rejected) == (6, 5, 1)
    assert sorted(set(reading.samples["machine"])) == ["db-01", "web-01", "web-02"]
    reject = reading.ledger.rejects[0]
    assert (reject.row, reject.column, reject.read) == (3, "web-02", "")


def test_headers_that_carry_machine_and_metric_are_split(save: Save) -> None:
    text = "time,web-01 CPU(%),web-02 CPU(%)\n2024-03-04 09:00,10,20\n"
    samples = read_export(save("a.csv", text)).samples
    assert dict(zip(samples["machine"], samples["value"], strict=True)) == {
        "web-01": 10.0,
        "web-02": 20.0,
    }


def test_long_table_takes_metric_and_unit_from_each_row(save: Save) -> None:
    text = (
        "호스트,지표,단위,일시,값\n"
        "a,CPU 사용률,%,2024-03-04 09:00:00,12\n"
        "a,메모리 사용량,MB,2024-03-04 09:00:00,512\n"
    )
    samples = read_export(save("a.csv", text)).samples.set_index("metric")
    assert samples.loc["cpu_percent", "value"] == 12
    assert samples.loc["memory_used_bytes", "value"] == 512 * 1024**2
    assert samples.loc["memory_used_bytes", "unit"] == "bytes"


def test_date_and_clock_in_two_columns_are_joined(save: Save) -> None:
    text = "날짜,시간,CPU 사용률(%)\n2024-03-04,09:05,12\n"
    reading = read_export(save("a.csv", text))
    assert reading.samples["time"].iloc[0] == pd.Timestamp("2024-03-04 09:05")


@pytest.mark.parametrize("hour", ["9", "9시", "09:00", "오전 9:00"])
def test_a_date_and_a_bare_hour_are_one_time(save: Save, hour: str) -> None:
    reading = read_export(save("a.csv", f"날짜,시간,CPU 사용률(%)\n2024-03-04,{hour},12\n"))
    assert reading.samples["time"].iloc[0] == pd.Timestamp("2024-03-04 09:00")


@pytest.mark.parametrize(
    ("header", "stamp", "clock"),
    [
        ("일시", "26/10/01 00시 05분", "2026-10-01 00:05"),
        ("날짜", "20261001", "2026-10-01"),
        ("일자", "20261001", "2026-10-01"),
        ("날짜,시간", "20261001,00:05", "2026-10-01 00:05"),
        ("측정일자,시간", "20261001,00시", "2026-10-01"),
        ("날짜,시간", "26.10.01,00:05", "2026-10-01 00:05"),
        ("일시", "20261001000559", "2026-10-01 00:05:59"),
    ],
)
def test_korean_dates_of_a_time_column_are_read(
    save: Save, header: str, stamp: str, clock: str
) -> None:
    # A column of purchases looks more like times than a number does.
    text = f"서버,vCPU,{header},CPU 사용률(%),구매\nweb-01,4,{stamp},12,2020-01-01 00:00\n"
    reading = read_export(save("a.csv", text))
    assert list(reading.samples["time"]) == [pd.Timestamp(clock)]
    assert list(reading.machines["vcpu"]) == [4]


def test_days_of_eight_digits_make_no_list_of_machines(save: Save) -> None:
    reading = read_export(save("a.csv", "서버,vCPU,날짜,CPU 사용률(%)\nweb-01,4,20261001,12\n"))
    assert len(reading.samples) == len(reading.machines) == 1


def test_number_of_eight_digits_is_no_time_without_a_name_that_says_so(save: Save) -> None:
    with pytest.raises(DataError, match="no column with dates"):
        read_export(save("a.csv", "자산,CPU 사용률(%)\n20261001,12\n20261002,13\n"))


def test_a_row_without_machine_is_rejected_with_advice_on_merged_cells(save: Save) -> None:
    text = "서버,일시,CPU 사용률(%)\n WEB-01 ,2024-03-04 09:00:00,12\n,2024-03-04 09:05:00,13\n"
    reading = read_export(save("a.csv", text))
    assert reading.samples["machine"].tolist() == ["WEB-01"]
    assert "merged" in reading.ledger.rejects[0].action


def test_an_unknown_column_that_tells_equal_times_apart_names_the_machine(save: Save) -> None:
    text = "구분,담당자,일시,CPU 사용률(%)\n"
    for minute in range(3):
        text += f"가동,홍길동,2024-03-04 09:{minute:02d}:00,1{minute}\n"
        text += f"예비,성춘향,2024-03-04 09:{minute:02d}:00,2{minute}\n"
    reading = read_export(save("a.csv", text))
    assert sorted(set(reading.samples["machine"])) == ["가동", "예비"]
    assert any("구분" in note for note in reading.ledger.notes)
    persons_only = text.replace("가동", "").replace("예비", "")
    assert set(read_export(save("b.csv", persons_only)).samples["machine"]) == {"b"}


def test_values_without_a_header_belong_to_the_machine_of_the_file_name(save: Save) -> None:
    reading = read_export(
        save("web-07_cpu.csv", "2024-03-04 09:00:00,12\n2024-03-04 09:05:00,13\n")
    )
    assert reading.samples["machine"].tolist() == ["web-07", "web-07"]
    assert reading.samples["row"].tolist() == [1, 2]


def test_an_address_names_the_machine_only_where_nothing_else_does(save: Save) -> None:
    row = "2024-03-04 09:00:00,12\n"
    alone = read_export(save("a.csv", f"IP,일시,CPU 사용률(%)\n192.0.2.1,{row}"))
    assert alone.samples["machine"].tolist() == ["192.0.2.1"]
    both = read_export(save("b.csv", f"IP,서버,일시,CPU 사용률(%)\n192.0.2.1,WEB-01,{row}"))
    assert both.samples["machine"].tolist() == ["WEB-01"]


def test_percentages_that_may_be_fractions_are_pointed_out(save: Save) -> None:
    rows = "".join(f"2024-03-04 09:{m:02d}:00,0.{m + 10}\n" for m in range(20))
    reading = read_export(save("cpu_a.csv", "timestamp,value\n" + rows))
    assert any("unit='fraction'" in note for note in reading.ledger.notes)


def small(header: str, cells: str = "0.{}") -> str:
    return f"timestamp,{header}\n" + "".join(
        f"2024-03-04 09:{m:02d}:00,{cells.format(m + 10)}\n" for m in range(20)
    )


@pytest.mark.parametrize(
    ("header", "cells", "unclear"),
    [
        ("cpu", "0.{}", True),
        ("value", "0.{}", True),
        ("CPU usage (%)", "0.{}", False),
        ("cpu_percent", "0.{}", False),
        ("CPU 사용률(퍼센트)", "0.{}", False),
        ("cpu", "0.{} %", False),
        ("cpu", "{}.5", False),
        ("cpu", "0", False),
    ],
)
def test_unit_is_unclear_only_where_nothing_tells_it(
    save: Save, header: str, cells: str, unclear: bool
) -> None:
    reading = read_export(save("cpu_a.csv", small(header, cells)))
    assert bool(reading.unit_unclear) is unclear


def test_column_called_fraction_is_multiplied(save: Save) -> None:
    reading = read_export(save("a.csv", small("cpu_fraction")))
    assert reading.samples["value"].max() == pytest.approx(29.0)
    assert reading.unit_unclear == ()


def test_declared_unit_is_for_the_unclear_files_only(save: Save) -> None:
    paths = [save("cpu_a.csv", small("cpu")), save("cpu_b.csv", small("cpu", "{}"))]
    reading = read_many(paths, unit="fraction")
    peaks = reading.samples.groupby("file")["value"].max()
    assert peaks.to_dict() == pytest.approx({"cpu_a.csv": 29.0, "cpu_b.csv": 29.0})
    assert reading.ledger.rejected == 0


def test_unknown_columns_are_said_with_a_row_that_exists(save: Save) -> None:
    with pytest.raises(DataError) as error:
        read_export(save("a.csv", "when,server,colour\n2024-03-04 09:00:00,a,red\n"))
    assert "row 1" in error.value.where
    assert "cpu_percent" in error.value.what and "사용률" not in error.value.what


def test_average_and_maximum_columns_become_two_metrics(save: Save) -> None:
    text = "timestamp,cpu avg (%),cpu max (%)\n2024-03-04 09:00:00,12,55\n"
    samples = read_export(save("a.csv", text)).samples
    assert dict(zip(samples["metric"], samples["value"], strict=True)) == {
        "cpu_percent": 12.0,
        "cpu_percent_max": 55.0,
    }


def test_plain_statistics_take_their_metric_from_the_file_name(save: Save) -> None:
    text = "timestamp,average,maximum\n2024-03-04 09:00:00,12,55\n"
    samples = read_export(save("cpu_web.csv", text)).samples
    assert dict(zip(samples["metric"], samples["value"], strict=True)) == {
        "cpu_percent": 12.0,
        "cpu_percent_max": 55.0,
    }


def test_implausible_cpu_is_rejected_with_everything_needed_to_find_it(save: Save) -> None:
    text = "timestamp,value\n" + "".join(
        f"2024-03-04 09:{minute:02d}:00,{minute}\n" for minute in range(58)
    )
    text += "2024-03-04 09:58:00,6553.5\n2024-03-04 09:59:00,-1\n\n\n"
    reading = read_export(save("cpu_web.csv", text))
    assert (reading.ledger.read, reading.ledger.kept, reading.ledger.rejected) == (60, 58, 2)
    first = reading.ledger.rejects[0]
    assert (first.file, first.row, first.column, first.read) == (
        "cpu_web.csv",
        60,
        "value",
        "6553.5",
    )
    assert first.expected == "cpu_percent between 0 and 100 percent"
    assert first.action


def test_limits_follow_the_metric_and_leave_large_counts_alone(save: Save) -> None:
    text = "timestamp,value\n2024-03-04 09:00:00,6553.5\n"
    assert read_export(save("elb_request_count_1.csv", text)).ledger.kept == 1


def test_a_file_without_metric_and_without_percentages_is_not_called_cpu(save: Save) -> None:
    text = "timestamp,value\n2024-03-04 09:00:00,655350\n2024-03-04 09:05:00,755350\n"
    reading = read_export(save("export.csv", text))
    assert set(reading.samples["metric"]) == {"value"}
    assert any("does not say what was measured" in note for note in reading.ledger.notes)


def test_fractions_are_multiplied_only_when_declared_and_counted_as_repairs(save: Save) -> None:
    path = save("cpu_a.csv", "timestamp,value\n2024-03-04 09:00:00,0.25\n")
    assert read_export(path).samples["value"].iloc[0] == 0.25
    declared = read_export(path, unit="fraction")
    assert declared.samples["value"].iloc[0] == 25.0
    assert declared.ledger.repaired == 1
    assert "multiplied by 100" in declared.ledger.repairs[0].action


def test_a_row_with_too_many_cells_is_rejected_with_its_line(save: Save) -> None:
    text = "timestamp,value\n2024-03-04 09:00:00,12\n2024-03-04 09:05:00,12,5\n"
    reading = read_export(save("cpu.csv", text))
    assert reading.ledger.rejects[0].row == 3
    assert reading.ledger.rejects[0].expected == "2 cells in the row, not 3"


def test_an_open_quote_damages_one_row_and_swallows_none(save: Save) -> None:
    rows = ['2024-03-04 09:00:00,"12', "2024-03-04 09:05:00,13", '2024-03-04 09:10:00,1"4']
    text = "\n".join(["timestamp,value", *rows, ""])
    reading = read_export(save("cpu.csv", text))
    assert reading.ledger.read == 3
    assert 13.0 in list(reading.samples["value"])


def test_a_footer_line_is_one_rejected_record(save: Save) -> None:
    text = "time,a,b,c\n2024-03-04 09:00,1,2,3\nThe command completed successfully.\n"
    reading = read_export(save("cpu.csv", text))
    assert (reading.ledger.read, reading.ledger.rejected) == (4, 1)
    assert reading.ledger.rejects[0].row == 3


def test_lines_above_the_header_are_skipped_and_row_numbers_stay(save: Save) -> None:
    text = "월간 보고서,,\n\n서버,일시,CPU 사용률(%)\nWEB-01,2024-03-04 09:00:00,12\n"
    reading = read_export(save("a.csv", text))
    assert list(reading.samples["row"]) == [4]
    assert reading.ledger.read == 1


def test_row_order_does_not_change_what_is_read(save: Save) -> None:
    rows = [f"2024-03-04 09:{m:02d}:00,{m}\n" for m in range(20)]
    one = read_export(save("cpu1.csv", "timestamp,value\n" + "".join(rows))).samples
    two = read_export(save("cpu2.csv", "timestamp,value\n" + "".join(reversed(rows)))).samples
    two = two.sort_values("time", ignore_index=True)
    assert list(one["value"]) == list(two["value"])
    assert list(one["time"]) == list(two["time"])


def test_workbook_reads_like_csv_and_percent_format_is_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["서버", "일시", "CPU 사용률"])
    sheet.append(["WEB-01", pd.Timestamp("2024-03-04 09:00").to_pydatetime(), 0.125])
    sheet.append(["WEB-01", pd.Timestamp("2024-03-04 09:05").to_pydatetime(), 13])
    sheet["C2"].number_format = "0.0%"
    path = tmp_path / "a.xlsx"
    book.save(path)
    reading = read_export(path)
    assert list(reading.samples["value"]) == [12.5, 13.0]
    assert list(reading.samples["time"]) == [
        pd.Timestamp("2024-03-04 09:00"),
        pd.Timestamp("2024-03-04 09:05"),
    ]
    assert (reading.ledger.kept, reading.ledger.repaired) == (1, 1)


def test_a_table_without_times_says_which_columns_it_saw(save: Save) -> None:
    with pytest.raises(DataError) as caught:
        read_export(save("a.csv", "server,cpu\nweb-01,12\n"))
    assert "server" in caught.value.what
    assert "timestamp" in caught.value.fix


def test_a_table_without_measurement_says_how_to_name_one(save: Save) -> None:
    with pytest.raises(DataError) as caught:
        read_export(save("a.csv", "server,time,owner\nweb-01,2024-03-04 09:00:00,x\n"))
    assert "cpu_percent" in caught.value.fix


def test_unknown_tool_and_unit_are_usage_errors(save: Save) -> None:
    path = save("cpu.csv", "timestamp,value\n2024-03-04 09:00:00,1\n")
    with pytest.raises(UsageError, match="nagios"):
        read_export(path, tool="nagios")
    with pytest.raises(UsageError, match="furlong"):
        read_export(path, unit="furlong")
