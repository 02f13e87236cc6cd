"""Twenty real tools: the export of each is read unedited, and by one reader alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from kit.data.readers import TOOLS, Reading, read_export
from kit.data.readers.dispatch import claimants
from kit.data.readers.source import load
from kit.errors import DataError

FOLDER = Path(__file__).parents[3] / "fixtures" / "exports"
Save = Callable[..., Path]
GOAL = 18


class Known(NamedTuple):
    """What a person finds in a fixture: one series, and the first sample that its file lists."""

    tool: str
    file: str
    machine: str
    count: int
    first: str
    last: str
    value: float
    metric: str = "cpu_percent"
    unit: str = "percent"


# Tool, fixture, machine, samples of its load, first and last time (of the same day), first load.
# Loads were computed by hand from the fixture's first line, as its reader documents.
TABLE = """
sar         sadf-d.csv                    app-01  20  2026-11-22T00:53:29  00:53:49  90.45
prometheus  cpu_query_range.json          mon-01  19  2026-11-22T00:55:44  00:56:02  0.3258
cloudwatch  console.csv      i-01a1b2c3d4e5f6789  12  2024-03-04T00:00:00  00:55:00  19.341996
azure       az-monitor-metrics-list.json  vm-shop-01  9  2024-03-04T00:00:00  00:09:00  18.981
zabbix      history.csv                   web-01   6  2024-03-04T00:00:00  00:25:00  12.16
perfmon     relog-english.csv  WEB-07  11  2024-03-04T09:00:15.381  09:02:45.324  11.007991
rvtools     RVTools_export_all.xlsx       web-01   1  2024-03-04T09:30:12  09:30:12  2.997
vcenter     get-stat.csv                  web-01   6  2024-03-04T00:00:00  00:25:00  34.05
esxtop      esxtop.csv                    esx-01  12  2024-03-04T00:00:00  00:00:55  40.25
collectd app-02/cpu/percent-idle-2026-11-22 app-02 15 2026-11-22T10:03:09.210 10:03:37.209 17.128463
nmon        app-03.nmon                   app-03  20  2026-11-22T10:03:08  10:03:46  28.7
pcp         app-06.csv                    app-06  14  2026-11-22T10:06:29  10:06:55  99.2503
rrd         cpu-usage.json                web-01  23  2024-03-04T00:05:00  02:00:00  29.71
netdata     app-07_system.cpu.csv         app-07  15  2026-11-22T10:08:10  10:08:38  100
atop        atop-P.txt                    app-05  19  2026-11-22T10:03:09  10:03:45  16.582915
dstat       dstat.csv                     app-04  19  2026-11-22T10:09:13  10:09:49  100
influx      cpu.csv                       db-01   24  2024-03-04T00:00:00  01:55:00  55.551
grafana     cpu-joined.csv                web-01  16  2024-03-04T09:00:00  10:15:00  14.265
gcp         cpu-utilization.json          web-01  12  2024-03-04T00:00:00  00:55:00  18.8386
datadog     cpu-idle.json                 web-01  11  2024-03-04T00:00:00  00:55:00  36.4324
"""


def known_of(line: str) -> Known:
    tool, file, machine, count, first, last, value = line.split()
    return Known(tool, file, machine, int(count), first, first[:11] + last, float(value))


TOOLS_20 = tuple(map(known_of, TABLE.strip().splitlines()))


def series_of(reading: Reading, known: Known) -> pd.DataFrame:
    samples = reading.samples
    return samples[(samples["machine"] == known.machine) & (samples["metric"] == known.metric)]


def is_read(known: Known) -> bool:
    reading = read_export(FOLDER / known.tool / known.file)
    return reading.tool == known.tool and len(series_of(reading, known)) == known.count


def test_at_least_eighteen_of_twenty_real_tools_are_read_unedited() -> None:
    assert len({known.tool for known in TOOLS_20}) == 20
    assert sum(map(is_read, TOOLS_20)) >= GOAL


@pytest.mark.parametrize("known", TOOLS_20, ids=lambda known: known.tool)
def test_machine_metric_unit_times_and_values_are_those_of_the_file(known: Known) -> None:
    path = FOLDER / known.tool / known.file
    reading = read_export(path)
    found = series_of(reading, known)
    assert reading.tool == known.tool
    assert len(found) == known.count
    assert set(found["unit"]) == {known.unit}
    assert found["time"].min() == pd.Timestamp(known.first)
    assert found["time"].max() == pd.Timestamp(known.last)
    assert found["value"].iloc[0] == pytest.approx(known.value, abs=1e-5)
    assert set(found["file"]) == {path.name}
    ledger = reading.ledger
    assert ledger.read == ledger.kept + ledger.repaired + ledger.rejected


FILES = sorted(
    path
    for path in FOLDER.rglob("*")
    if path.is_file() and path.suffix not in {".md", ".xlsx"} and path.stem != "error"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_fixture_is_claimed_by_two_readers(path: Path) -> None:
    tool = path.relative_to(FOLDER).parts[0]
    # Tables of anybody, and the portal's download, are known by their columns alone.
    plain = tool in {"table", "nab"} or path.name == "portal.csv"
    assert claimants(load(path, path.name)) == (set() if plain else {tool})


@pytest.mark.parametrize("tool", sorted({known.tool for known in TOOLS_20}))
def test_every_tool_has_its_name_and_its_folder(tool: str) -> None:
    assert tool in TOOLS
    assert any((FOLDER / tool).iterdir())


def test_an_esxi_host_with_tens_of_thousands_of_counters_is_read(save: Save) -> None:
    groups = [rf"\\esx-01\Group Cpu({n}:vm-{n})\% Used" for n in range(50_000)]
    header = ["(PDH-CSV 4.0) (UTC)(0)", *groups, r"\\esx-01\Physical Cpu(_Total)\% Util Time"]
    rows = [["03/04/2024 00:00:0" + str(at), *["1.5"] * 50_000, str(20 + at)] for at in (0, 5)]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (header, *rows))
    reading = read_export(save("esxtop.csv", text))
    assert reading.samples["value"].tolist() == [20.0, 25.0]
    assert any("percent of one core" in note for note in reading.ledger.notes)


def test_collectd_without_its_folders_says_so_and_takes_idle_for_no_load(
    save: Save, exports: Path
) -> None:
    path = exports / "collectd" / "app-02" / "cpu" / "percent-idle-2026-11-22"
    reading = read_export(save("percent-idle-2026-11-22", path.read_text()))
    assert reading.samples["value"].iloc[0] == pytest.approx(100 - 82.871537)
    assert any("stands alone" in note for note in reading.ledger.notes)


def test_collectd_names_adapters_and_reads_rates_both_ways(exports: Path) -> None:
    folder = exports / "collectd" / "app-02"
    rates = read_export(folder / "interface-eth0" / "if_octets-2026-11-22")
    assert set(rates.samples["metric"]) == {
        "network_in_bytes_per_second_eth0",
        "network_out_bytes_per_second_eth0",
    }
    # A rate needs two readings; collectd writes nan for the first.
    assert [note.read for note in rates.ledger.rejects] == ["nan", "nan"]
    used = read_export(folder / "memory" / "percent-used-2026-11-22")
    assert set(used.samples["metric"]) == {"memory_percent"}
    active = exports / "collectd" / "app-08" / "cpu" / "percent-active-2026-11-22"
    assert set(read_export(active).samples["machine"]) == {"app-08"}


def test_nmon_memory_is_what_neither_is_free_nor_cached(exports: Path) -> None:
    samples = read_export(exports / "nmon" / "app-03.nmon").samples
    used = samples[samples["metric"] == "memory_used_bytes"]["value"].iloc[0]
    assert used == pytest.approx((24105.6 - 22509.9 - 516.9 - 7.3) * 1024**2)
    read = samples[samples["metric"] == "disk_read_bytes_per_second"]["value"].iloc[0]
    assert read == pytest.approx(4032.4 * 1024)


def test_a_snapshot_of_nmon_without_its_time_is_rejected(exports: Path, save: Save) -> None:
    text = (exports / "nmon" / "app-03.nmon").read_text().replace("ZZZZ,T0002", "ZZZZ,T9002")
    ledger = read_export(save("a.nmon", text)).ledger
    whole = read_export(exports / "nmon" / "app-03.nmon").ledger
    assert {note.column for note in ledger.rejects} == {"ZZZZ"}
    assert ledger.read == whole.read


def test_pcp_without_the_number_of_processors_gives_no_share(exports: Path, save: Save) -> None:
    text = (exports / "pcp" / "app-06.csv").read_text().replace('"hinv.ncpu"', '"hinv.nnode"')
    reading = read_export(save("app-06.csv", text))
    assert "cpu_percent" not in set(reading.samples["metric"])
    assert any("hinv.ncpu" in note for note in reading.ledger.notes)


def test_pcp_names_the_host_in_its_comments(exports: Path, save: Save) -> None:
    copy = save("anything.csv", (exports / "pcp" / "header.csv").read_text())
    assert set(read_export(copy).samples["machine"]) == {"app-06"}


@pytest.mark.parametrize("name", ["web-01-t.xml", "web-01-t.json"])
def test_rrdtool_gives_the_same_as_xml_and_as_json_with_its_times(exports: Path, name: str) -> None:
    reading = read_export(exports / "rrd" / name)
    assert set(reading.samples["metric"]) == {"cpu_idle_percent"}
    assert reading.samples["value"].iloc[0] == 70.29
    assert reading.samples["time"].iloc[0] == pd.Timestamp("2024-03-04 00:05")
    assert reading.ledger.rejected == 1


def test_rrdtool_without_times_counts_steps_from_the_start(exports: Path) -> None:
    samples = read_export(exports / "rrd" / "web-01_cpu.xml").samples
    idle = samples[samples["metric"] == "cpu_idle_percent"]
    assert set(idle["machine"]) == {"web-01"}
    assert idle["time"].iloc[-1] == pd.Timestamp("2024-03-04 02:00")


def test_netdata_draws_what_goes_out_below_zero(exports: Path) -> None:
    samples = read_export(exports / "netdata" / "app-07_system.io.csv").samples
    out = samples[samples["metric"] == "disk_write_bytes_per_second"]["value"].iloc[0]
    assert out == pytest.approx(1405.2253 * 1024)


def test_netdata_names_its_host_with_jsonwrap(exports: Path, save: Save) -> None:
    path = exports / "netdata" / "system.cpu-jsonwrap.json"
    assert set(read_export(save("x.json", path.read_text())).samples["machine"]) == {"app-07"}


def test_atop_leaves_out_the_sample_since_start(exports: Path) -> None:
    reading = read_export(exports / "atop" / "atop-P.txt")
    assert reading.samples["row"].min() > 11
    assert any("since start" in note for note in reading.ledger.notes)
    read = reading.samples[reading.samples["metric"] == "disk_read_bytes_per_second"]
    assert read["value"].iloc[0] == pytest.approx(18168 * 512 / 2)


def test_dstat_of_pcp_counts_memory_and_disks_in_kilobytes(exports: Path) -> None:
    samples = read_export(exports / "dstat" / "pcp-dstat.csv").samples
    first = samples.groupby("metric")["value"].first()
    assert first["memory_used_bytes"] == 228144 * 1024
    assert first["disk_write_bytes_per_second"] == pytest.approx(8414.433 * 1024)


def test_dstat_without_times_counts_from_its_start(exports: Path) -> None:
    reading = read_export(exports / "dstat" / "dstat-default.csv")
    assert reading.samples["time"].iloc[0] == pd.Timestamp("2026-11-22 10:09:50")
    assert any("without --time" in note for note in reading.ledger.notes)
    epoch = read_export(exports / "dstat" / "dstat-epoch.csv")
    assert epoch.samples["time"].iloc[0] == pd.Timestamp("2026-11-22 10:09:56.181")


def test_a_run_of_dstat_over_new_year_goes_on_in_the_next(exports: Path, save: Save) -> None:
    text = (exports / "dstat" / "dstat.csv").read_text()
    text = text.replace("22-11 10:09:1", "31-12 23:59:1").replace("22-11 ", "01-01 ")
    samples = read_export(save("d.csv", text)).samples
    assert set(samples["time"].dt.year) == {2026, 2027}


def test_influx_reads_all_its_shapes_alike(exports: Path) -> None:
    folder = exports / "influx"
    for name in ("cpu.json", "annotated.csv", "cpu.csv"):
        samples = read_export(folder / name).samples
        load = samples[samples["metric"] == "cpu_percent"]
        assert set(load["machine"]) == {"web-01", "db-01"}
        assert load["time"].min() == pd.Timestamp("2024-03-04")
    star = read_export(folder / "mem.csv").samples
    assert set(star["metric"]) == {
        "memory_available_bytes",
        "memory_used_bytes",
        "memory_percent",
    }
    assert star["value"].max() > 1e10


def test_single_processors_of_telegraf_are_counted_and_not_read(save: Save) -> None:
    text = (
        "name,tags,time,usage_idle\n"
        '"cpu","cpu=cpu0,host=web-01",1709510400000000000,50\n'
        '"cpu","cpu=cpu-total,host=web-01",1709510400000000000,80\n'
    )
    reading = read_export(save("cpu.csv", text))
    assert reading.samples["value"].tolist() == [20.0]
    assert any("1 rows of single processors" in note for note in reading.ledger.notes)


def test_grafana_is_read_with_labels_units_and_series_as_rows(exports: Path) -> None:
    folder = exports / "grafana"
    for name in ("cpu-labels.csv", "cpu-excel.csv", "cpu-series-as-rows.csv"):
        samples = read_export(folder / name).samples
        assert set(samples["machine"]) == {"web-01", "db-01"}, name
        assert set(samples["metric"]) == {"cpu_percent"}


def test_google_fractions_become_percent_and_counts_stay_bytes(exports: Path) -> None:
    cpu = read_export(exports / "gcp" / "cpu-utilization.json")
    assert cpu.ledger.repaired == 24
    net = read_export(exports / "gcp" / "network-received.json")
    assert set(net.samples["unit"]) == {"bytes"}


def test_datadog_gaps_are_rejected_and_errors_repeated(exports: Path, save: Save) -> None:
    gaps = read_export(exports / "datadog" / "cpu-idle.json").ledger
    assert gaps.reasons() == {"a value; the cell is empty": 2}
    with pytest.raises(DataError, match="Forbidden"):
        read_export(save("a.json", '{"errors": ["Forbidden"]}'))


def test_a_file_of_a_tool_is_known_by_its_content_under_any_name(tmp_path: Path) -> None:
    for known in TOOLS_20:
        suffix = ".xlsx" if known.file.endswith(".xlsx") else ".txt"
        copy = tmp_path / f"download-{known.tool}{suffix}"
        shutil.copy(FOLDER / known.tool / known.file, copy)
        assert read_export(copy).tool == known.tool
