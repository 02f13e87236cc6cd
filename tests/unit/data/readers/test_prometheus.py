from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest

from kit.data.readers import read_export
from kit.errors import DataError
from tests.conftest import free_port

Save = Callable[..., Path]


def answer(*series: tuple[dict[str, str], list[list[object]]]) -> str:
    result = [{"metric": labels, "values": values} for labels, values in series]
    data = {"resultType": "matrix", "result": result}
    return json.dumps({"status": "success", "data": data})


def test_range_query_of_the_real_server_is_read(exports: Path) -> None:
    path = exports / "prometheus" / "cpu_query_range.json"
    values = json.loads(path.read_text())["data"]["result"][0]["values"]
    reading = read_export(path)
    assert reading.tool == "prometheus"
    assert set(reading.samples["machine"]) == {"mon-01"}
    assert reading.samples["value"].tolist() == [float(value) for _, value in values]
    assert reading.samples["time"].iloc[0] == pd.Timestamp(values[0][0], unit="s")


def test_a_name_label_gives_the_metric(exports: Path) -> None:
    samples = read_export(exports / "prometheus" / "memory_query_range.json").samples
    assert set(samples["metric"]) == {"memory_used_bytes"}
    assert set(samples["unit"]) == {"bytes"}


def test_nan_and_infinity_are_rejected_and_counted(exports: Path) -> None:
    path = exports / "prometheus" / "cpu_not_finite.json"
    values = [value for _, value in json.loads(path.read_text())["data"]["result"][0]["values"]]
    reading = read_export(path)
    wrong = [value for value in values if value in {"NaN", "+Inf", "-Inf"}]
    assert wrong
    assert [note.read for note in reading.ledger.rejects] == wrong
    assert reading.ledger.kept == len(values) - len(wrong)


def test_an_error_answer_repeats_what_prometheus_said(exports: Path) -> None:
    with pytest.raises(DataError, match="parse error"):
        read_export(exports / "prometheus" / "error.json")


def test_a_raw_counter_is_not_called_a_load(save: Save) -> None:
    for name in ("process_cpu_seconds_total", "http_requests_total"):
        labels = {"__name__": name, "instance": "a:9100"}
        samples = read_export(save("cpu.json", answer((labels, [[1709510400, "55"]])))).samples
        assert samples["metric"].tolist() == [name]


def test_series_of_one_machine_are_told_apart_by_their_labels(save: Save) -> None:
    one = ({"instance": "a:9100", "mode": "user"}, [[1709510400, "5"]])
    two = ({"instance": "a:9100", "mode": "system"}, [[1709510400, "6"]])
    samples = read_export(save("cpu.json", answer(one, two))).samples
    assert samples["metric"].tolist() == ["cpu_percent_user", "cpu_percent_system"]


def test_fractions_can_be_declared(save: Save) -> None:
    path = save("cpu.json", answer(({"instance": "a:9100"}, [[1709510400, "0.5"]])))
    reading = read_export(path, unit="fraction")
    assert reading.samples["value"].tolist() == [50.0]
    assert reading.ledger.repaired == 1


def rate(values: list[float], **labels: str) -> str:
    """An answer of a range query: one series of these values, a minute apart."""
    points: list[list[object]] = [
        [1709510400 + 60 * at, str(value)] for at, value in enumerate(values)
    ]
    return answer((labels, points))


def test_expression_without_a_name_leaves_the_unit_unclear(save: Save) -> None:
    values = [0.2 + at / 100 for at in range(60)]
    reading = read_export(save("cpu.json", rate(values, instance="a:9100")))
    assert reading.unit_unclear == (("cpu.json", "cpu_percent"),)
    above = read_export(save("busy.json", rate([100 * v for v in values], instance="a:9100")))
    assert above.unit_unclear == ()


@pytest.mark.parametrize("name", ["cpu_usage_ratio", "instance:node_cpu_utilisation:rate5m"])
def test_name_of_a_ratio_tells_fractions(save: Save, name: str) -> None:
    values = [0.2 + at / 100 for at in range(60)]
    reading = read_export(save("cpu.json", rate(values, __name__=name, instance="a:9100")))
    assert reading.unit_unclear == ()
    assert reading.samples["value"].max() == pytest.approx(79.0)
    assert reading.ledger.repaired == 60


def test_ratio_whose_values_cannot_be_fractions_stays_as_it_is(save: Save) -> None:
    values = [20.0 + at for at in range(60)]
    reading = read_export(save("cpu.json", rate(values, __name__="cpu_ratio", instance="a:9100")))
    assert reading.samples["value"].max() == 79.0


@pytest.fixture
def server(tmp_path: Path, require_or_skip: Callable[[str], NoReturn]) -> Iterator[str]:
    """A real Prometheus that scrapes itself on a free loopback port."""
    binary = shutil.which("prometheus")
    if binary is None:
        require_or_skip("prometheus is not installed (Debian: apt install prometheus)")
    address = f"127.0.0.1:{free_port()}"
    config = tmp_path / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 1s}\n"
        "scrape_configs:\n"
        "  - job_name: self\n"
        f"    static_configs: [{{targets: ['{address}']}}]\n"
    )
    arguments = [f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}"]
    arguments += [f"--web.listen-address={address}", "--log.level=error"]
    process = subprocess.Popen([binary, *arguments])
    try:
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def query_range(server: str, query: str) -> bytes:
    """Ask for the last seconds; b'' while the server is not ready."""
    now = time.time()
    asked = {"query": query, "start": f"{now - 10}", "end": f"{now}", "step": "1"}
    try:
        url = f"{server}/api/v1/query_range?{urllib.parse.urlencode(asked)}"
        with urllib.request.urlopen(url, timeout=5) as response:
            return bytes(response.read())
    except (urllib.error.URLError, OSError):
        return b""


def test_a_running_prometheus_is_read(server: str, save: Save) -> None:
    content = b""
    deadline = time.monotonic() + 60
    while b'"values"' not in content and time.monotonic() < deadline:
        time.sleep(0.5)
        content = query_range(server, "rate(process_cpu_seconds_total[5s])*100")
    reading = read_export(save("cpu.json", content))
    assert reading.tool == "prometheus"
    assert set(reading.samples["machine"]) == {"127.0.0.1"}
    assert reading.ledger.kept >= 1
