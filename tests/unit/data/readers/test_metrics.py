from __future__ import annotations

import pytest

from kit.data.readers.metrics import limits_of, metric_of, slug, unit_in, unit_of


@pytest.mark.parametrize(
    ("header", "metric"),
    [
        ("CPU 사용률(%)", "cpu_percent"),
        ("CPUUtilization", "cpu_percent"),
        ("Percentage CPU", "cpu_percent"),
        ("cpu.usage.average", "cpu_percent"),
        ("cpu.usage.maximum", "cpu_percent_max"),
        ("CPU 최대(%)", "cpu_percent_max"),
        ("system.cpu.util", "cpu_percent"),
        ("system.cpu.util[,idle]", "cpu_idle_percent"),
        ("cpu.usagemhz.average", "cpu_used_mhz"),
        ("메모리 사용률(%)", "memory_percent"),
        ("vm.memory.utilization", "memory_percent"),
        ("vm.memory.size[available]", "memory_available_bytes"),
        ("node_memory_MemAvailable_bytes", "memory_available_bytes"),
        ("Available Memory Bytes", "memory_available_bytes"),
        ("메모리 사용량(MB)", "memory_used_bytes"),
        ("mem_used_percent", "memory_percent"),
        ("DiskWriteBytes", "disk_write_bytes"),
        ("Disk Write Bytes/sec", "disk_write_bytes_per_second"),
        ("디스크 읽기(KB/초)", "disk_read_bytes_per_second"),
        ("NetworkIn", "network_in_bytes"),
        ("Network Out Total", "network_out_bytes"),
        ("RequestCount", "requests"),
        ("요청 수", "requests"),
        ("disk_used_percent", "disk_percent"),
    ],
)
def test_names_of_tools_and_people_map_to_one_metric(header: str, metric: str) -> None:
    assert metric_of(header) == metric


@pytest.mark.parametrize(
    "header",
    [
        "CPU 코어 수",
        "vCPU",
        "CPUCreditBalance",
        "cpu.ready.summation",
        "system.cpu.load[all,avg1]",
        "system.cpu.util[,user]",
        "process_cpu_seconds",
        "DiskWriteOps",
        "NetworkPacketsIn",
        "node_memory_MemTotal_bytes",
        "담당자",
        "비고",
    ],
)
def test_lookalikes_are_not_taken_for_a_load(header: str) -> None:
    assert metric_of(header) is None


@pytest.mark.parametrize(
    ("text", "base", "factor"),
    [
        ("%", "percent", 1.0),
        ("fraction", "percent", 100.0),
        ("KB", "bytes", 1024.0),
        ("MiB", "bytes", 1024.0**2),
        ("KBps", "bytes/s", 1024.0),
        ("MB/s", "bytes/s", 1024.0**2),
        ("GHz", "MHz", 1000.0),
    ],
)
def test_units_convert_to_one_base(text: str, base: str, factor: float) -> None:
    assert unit_of(text) == (base, factor)


def test_unknown_units_are_not_guessed() -> None:
    assert unit_of("furlong") is None
    assert unit_in("CPU (web server)") == ""
    assert unit_in("메모리(GB)") == "GB"


def test_limits_hold_for_maxima_and_percentiles_and_not_for_unknown_metrics() -> None:
    assert limits_of("cpu_percent_max").high == limits_of("cpu_percent").high == 100.5
    assert limits_of("cpu_percent_p99").high == 100.5
    assert limits_of("anything").high > 1e18


def test_slugs_keep_letters_of_every_script() -> None:
    assert slug("Queue Length/초") == "queue_length_초"
    assert slug("!!") == "value"
