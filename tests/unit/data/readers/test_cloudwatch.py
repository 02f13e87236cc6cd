from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.data.readers import read_export

Save = Callable[..., Path]


def test_statistics_give_average_and_maximum_of_the_machine_in_the_file_name(exports: Path) -> None:
    path = exports / "cloudwatch" / "web-01_cpu.json"
    reading = read_export(path)
    points = json.loads(path.read_text())["Datapoints"]
    assert reading.tool == "cloudwatch"
    assert (reading.ledger.read, reading.ledger.kept) == (24, 24)
    assert set(reading.samples["machine"]) == {"web-01"}
    for metric, key in (("cpu_percent", "Average"), ("cpu_percent_max", "Maximum")):
        part = reading.samples[reading.samples["metric"] == metric]
        assert list(part["value"]) == [point[key] for point in points]
        assert list(part["row"]) == list(range(1, 13))


def test_statistics_say_that_they_are_averages_and_in_which_zone(exports: Path) -> None:
    notes = " ".join(read_export(exports / "cloudwatch" / "web-01_cpu.json").ledger.notes)
    assert "averages over each period" in notes
    assert "UTC" in notes


def test_metric_data_names_each_instance(exports: Path) -> None:
    reading = read_export(exports / "cloudwatch" / "get-metric-data.json")
    assert sorted(set(reading.samples["machine"])) == [
        "i-01a1b2c3d4e5f6789",
        "i-02a1b2c3d4e5f6789",
    ]
    assert set(reading.samples["metric"]) == {"cpu_percent"}
    assert reading.ledger.kept == 24


def test_metric_data_with_fewer_values_than_times_loses_neither(save: Save) -> None:
    series = {
        "Id": "m1",
        "Label": "i-01a1b2c3d4e5f6789 CPUUtilization",
        "Timestamps": ["2024-03-04T00:00:00Z", "2024-03-04T00:05:00Z"],
        "Values": [5.0],
        "StatusCode": "PartialData",
    }
    reading = read_export(save("a.json", json.dumps({"MetricDataResults": [series]})))
    assert (reading.ledger.kept, reading.ledger.rejected) == (1, 1)
    assert any("PartialData" in note for note in reading.ledger.notes)


def test_sums_of_requests_are_the_requests(save: Save) -> None:
    point = {"Timestamp": "2024-03-04T00:00:00Z", "Sum": 656.0, "Unit": "Count"}
    reading = read_export(
        save("elb.json", json.dumps({"Label": "RequestCount", "Datapoints": [point]}))
    )
    assert reading.samples["metric"].tolist() == ["requests"]
    assert reading.samples["value"].tolist() == [656.0]


def test_percentiles_are_metrics_of_their_own(save: Save) -> None:
    point = {"Timestamp": "2024-03-04T00:00:00Z", "ExtendedStatistics": {"p99": 88.0}}
    point["Average"] = 10.0
    text = json.dumps({"Label": "CPUUtilization", "Datapoints": [point]})
    samples = read_export(save("web.json", text)).samples
    assert dict(zip(samples["metric"], samples["value"], strict=True)) == {
        "cpu_percent": 10.0,
        "cpu_percent_p99": 88.0,
    }


def test_console_download_describes_its_series_above_the_values(exports: Path) -> None:
    reading = read_export(exports / "cloudwatch" / "console.csv")
    assert reading.tool == "cloudwatch"
    # The last line has no line end in the console's own files.
    assert reading.ledger.kept == reading.ledger.read == 12
    assert set(reading.samples["machine"]) == {"i-01a1b2c3d4e5f6789"}
    assert set(reading.samples["metric"]) == {"cpu_percent"}
    assert reading.samples["time"].min() == pd.Timestamp("2024-03-04 00:00")
    assert reading.samples["row"].min() == 6
    assert any("averages" in note for note in reading.ledger.notes)


def console(full: str, values: str = "2024/03/04 00:00:00,5") -> str:
    columns = full.count(",") + 1
    head = ("Id", "m1"), ("StatusCode", "Complete"), ("Messages", "")
    rows = [",".join([name, *[cell] * columns]) for name, cell in head]
    return "\n".join([*rows, f"Full label,{full}", "Label" + ",shown" * columns, values])


@pytest.mark.parametrize(
    ("label", "machine", "metric"),
    [
        (
            "AWS/EC2 InstanceId:i-01a1b2c3 CPUUtilization Maximum 60",
            "i-01a1b2c3",
            "cpu_percent_max",
        ),
        ("AWS/EC2 InstanceId:i-01a1b2c3 CPUUtilization p99 300", "i-01a1b2c3", "cpu_percent_p99"),
        (
            "AWS/RDS DBInstanceIdentifier:shop-db CPUUtilization Average 300",
            "shop-db",
            "cpu_percent",
        ),
        ("AWS/EC2 InstanceId:i-01a1b2c3 NetworkIn Sum 300", "i-01a1b2c3", "network_in_bytes"),
    ],
)
def test_the_consoles_full_label_names_machine_metric_and_statistic(
    save: Save, label: str, machine: str, metric: str
) -> None:
    reading = read_export(save("a.csv", console(f"ap-northeast-2:{label}")))
    assert set(reading.samples["machine"]) == {machine}
    assert set(reading.samples["metric"]) == {metric}
    assert any("averages" in note for note in reading.ledger.notes) == ("Average" in label)


def test_two_series_of_the_console_stand_side_by_side(save: Save) -> None:
    labels = [f"us-east-1:AWS/EC2 InstanceId:{one} CPUUtilization Average 300" for one in "ab"]
    text = console(",".join(labels), "2024/03/04 00:00:00,5,\n2024/03/04 00:05:00,6,7")
    reading = read_export(save("a.csv", text))
    assert reading.samples.groupby("machine").size().to_dict() == {"a": 2, "b": 1}
    assert (reading.ledger.kept, reading.ledger.rejected) == (3, 1)


def test_a_console_download_that_is_not_complete_says_so(save: Save) -> None:
    label = "us-east-1:AWS/EC2 InstanceId:i-1 CPUUtilization Average 300"
    text = console(label).replace("Complete", "PartialData")
    assert any("PartialData" in note for note in read_export(save("a.csv", text)).ledger.notes)
