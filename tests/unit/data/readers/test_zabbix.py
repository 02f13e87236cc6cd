from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.data.readers import read_export
from kit.errors import DataError

Save = Callable[..., Path]


def test_history_get_takes_seconds_since_1970_as_utc(exports: Path) -> None:
    path = exports / "zabbix" / "web-01_cpu.json"
    reading = read_export(path)
    assert reading.tool == "zabbix"
    assert set(reading.samples["machine"]) == {"web-01"}
    assert set(reading.samples["metric"]) == {"cpu_percent"}
    assert reading.samples["time"].iloc[0] == pd.Timestamp("2024-03-04 00:00:00")
    values = [float(point["value"]) for point in json.loads(path.read_text())["result"]]
    assert reading.samples["value"].tolist() == values


def test_items_without_host_are_told_apart_by_number(save: Save) -> None:
    points = [{"itemid": str(n), "clock": "1709510400", "value": "5"} for n in (1, 2)]
    reading = read_export(save("cpu.json", json.dumps({"jsonrpc": "2.0", "result": points})))
    assert len(set(reading.samples["machine"])) == 2
    assert any("names no host" in note for note in reading.ledger.notes)


def test_history_csv_separates_hosts_and_items(exports: Path) -> None:
    reading = read_export(exports / "zabbix" / "history.csv")
    assert reading.tool == "zabbix"
    sizes = reading.samples.groupby(["machine", "metric"]).size()
    assert dict(sizes) == {
        ("db-01", "cpu_percent"): 6,
        ("db-01", "memory_percent"): 6,
        ("web-01", "cpu_percent"): 6,
        ("web-01", "memory_percent"): 6,
    }


def test_trends_give_average_minimum_and_maximum(exports: Path) -> None:
    samples = read_export(exports / "zabbix" / "trends.csv").samples
    means = samples.groupby("metric")["value"].mean()
    assert means["cpu_percent_min"] < means["cpu_percent"] < means["cpu_percent_max"]


def test_a_plain_dump_of_the_history_table_keeps_its_items_apart(save: Save) -> None:
    text = "itemid,clock,value,ns\n1,1709510400,5,123\n2,1709510400,6,456\n"
    samples = read_export(save("cpu.csv", text)).samples
    assert dict(zip(samples["machine"], samples["value"], strict=True)) == {"1": 5.0, "2": 6.0}
    one = read_export(save("web-01_cpu.csv", "itemid,clock,value,ns\n1,1709510400,5,123\n"))
    assert one.samples["machine"].tolist() == ["web-01"]
    assert one.ledger.read == 1


def test_newline_delimited_export_names_the_host(exports: Path) -> None:
    reading = read_export(exports / "zabbix" / "history-export.ndjson")
    assert reading.tool == "zabbix"
    assert set(reading.samples["machine"]) == {"web-01"}
    assert reading.samples["row"].tolist() == list(range(1, 9))


def test_an_error_answer_repeats_what_zabbix_said(save: Save) -> None:
    error = {"code": -32602, "message": "Invalid params.", "data": "Session terminated, re-login."}
    with pytest.raises(DataError, match="Session terminated"):
        read_export(save("a.json", json.dumps({"jsonrpc": "2.0", "error": error, "id": 1})))
