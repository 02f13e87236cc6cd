from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.data.readers import read_export

Save = Callable[..., Path]


def test_metrics_list_gives_the_resource_name_and_both_metrics(exports: Path) -> None:
    reading = read_export(exports / "azure" / "az-monitor-metrics-list.json")
    assert reading.tool == "azure"
    assert set(reading.samples["machine"]) == {"vm-shop-01"}
    assert set(reading.samples["metric"]) == {"cpu_percent", "memory_available_bytes"}


def test_a_grain_without_data_is_rejected_and_not_zero(exports: Path) -> None:
    reading = read_export(exports / "azure" / "az-monitor-metrics-list.json")
    assert (reading.ledger.read, reading.ledger.kept, reading.ledger.rejected) == (20, 18, 2)
    assert [note.row for note in reading.ledger.rejects] == [6, 16]
    assert not (reading.samples["value"] == 0).any()


def test_a_series_split_by_resource_names_each_machine(save: Save) -> None:
    def series(name: str, value: float) -> dict[str, object]:
        path = (
            f"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{name}"
        )
        return {
            "metadatavalues": [{"name": {"value": "Microsoft.ResourceId"}, "value": path}],
            "data": [{"timeStamp": "2024-03-04T00:00:00Z", "average": value}],
        }

    metric = {
        "id": "subscriptions/0/providers/Microsoft.Insights/metrics/Percentage CPU",
        "name": {"value": "Percentage CPU"},
        "unit": "Percent",
        "timeseries": [series("vm-1", 3.0), series("vm-2", 4.0)],
    }
    samples = read_export(save("a.json", json.dumps({"value": [metric]}))).samples
    assert dict(zip(samples["machine"], samples["value"], strict=True)) == {
        "vm-1": 3.0,
        "vm-2": 4.0,
    }


@pytest.mark.parametrize("key", ["maximum", "minimum"])
def test_other_statistics_are_metrics_of_their_own(save: Save, key: str) -> None:
    point = {"timeStamp": "2024-03-04T00:00:00Z", key: 9.0}
    metric = {"name": {"value": "Percentage CPU"}, "timeseries": [{"data": [point]}]}
    samples = read_export(save("vm-7.json", json.dumps([metric]))).samples
    assert samples["metric"].tolist() == [f"cpu_percent_{key[:3]}"]
    assert samples["machine"].tolist() == ["vm-7"]


def test_portal_table_is_recognised_by_its_headers(exports: Path) -> None:
    reading = read_export(exports / "azure" / "portal.csv")
    assert reading.tool == "azure"
    assert set(reading.samples["metric"]) == {"cpu_percent", "cpu_percent_max"}
    assert reading.ledger.kept == 16
