"""The tools whose exports are read: their names, how to export, and how to export less.

Sources of the commands: the tools' own manuals (sadf(1), nmon's help, atop(1), relog, esxtop's
batch mode, pmrep(1), dstat(1), rrdxport(1), AWS CLI get-metric-data, az monitor metrics list,
PowerCLI Get-Stat, the HTTP APIs of Prometheus, Netdata, Zabbix, Cloud Monitoring and Datadog).
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.i18n import mark

_LESS = mark("Export a shorter period or a longer interval, and only what you need.")


@dataclass(frozen=True)
class Tool:
    """A tool by its ``name`` in code and its ``label`` for people.

    ``how`` is the command, or the way through its menus, that writes an export; ``less``
    the one that writes a smaller file of the same period or of a part of it.
    """

    name: str
    label: str
    how: str
    less: str = _LESS


KNOWN: tuple[Tool, ...] = (
    Tool(
        "cloudwatch",
        "Amazon CloudWatch",
        "aws cloudwatch get-metric-data … --output json > web-07.json",
    ),
    Tool("rvtools", "RVTools", mark("File, Export all to xlsx")),
    Tool(
        "vcenter",
        "VMware vCenter",
        "Get-Stat -Entity (Get-VM) -Stat cpu.usage.average | Export-Csv cpu.csv",
    ),
    Tool(
        "zabbix", "Zabbix", mark("history.get or trends.get by the API, saved as it comes; or CSV")
    ),
    Tool(
        "sar",
        "sysstat (sar)",
        mark("sadf -d /var/log/sysstat/sa01 -- -u -r > web-07.csv   (or: sadf -j)"),
        mark(
            "One day and one sample every 10 minutes for each file: "
            "sadf -d 600 /var/log/sysstat/sa01 -- -u -r > sa01.csv"
        ),
    ),
    Tool(
        "perfmon",
        "Windows PerfMon",
        "relog collected.blg -f CSV -o perfmon.csv",
        mark("Every twelfth sample: relog collected.blg -t 12 -f CSV -o perfmon.csv"),
    ),
    Tool(
        "azure",
        "Azure Monitor",
        'az monitor metrics list --metric "Percentage CPU" … > web-07.json',
    ),
    Tool("prometheus", "Prometheus", "curl '…/api/v1/query_range?query=…&step=300' > cpu.json"),
    Tool(
        "esxtop",
        "VMware esxtop",
        "esxtop -b -a -d 60 -n 1440 > esxtop.csv",
        mark("A sample every 5 minutes for one day: esxtop -b -a -d 300 -n 288 > esxtop.csv"),
    ),
    Tool(
        "collectd",
        "collectd",
        mark("the plugin csv with StoreRates true; keep the folders HOST/PLUGIN/"),
    ),
    Tool(
        "nmon",
        "nmon",
        "nmon -f -s 60 -c 1440",
        mark("A sample every 5 minutes, one file for each day: nmon -f -s 300 -c 288"),
    ),
    Tool(
        "pcp",
        "Performance Co-Pilot",
        "pmrep -o csv -t 60 kernel.all.cpu.idle kernel.all.cpu.wait.total hinv.ncpu > cpu.csv",
        mark("A sample every 5 minutes: pmrep -o csv -t 300 …"),
    ),
    Tool("rrd", "RRDtool", 'rrdtool xport -t --json … XPORT:cpu:"web-07 CPU usage" > web-07.json'),
    Tool(
        "netdata",
        "Netdata",
        "curl '…/api/v1/data?chart=system.cpu&format=json&options=jsonwrap' > cpu.json",
    ),
    Tool(
        "atop",
        "atop",
        "atop -r FILE -P CPU,MEM,DSK,NET > atop.txt",
        mark("A part of the day: atop -r FILE -b 09:00 -e 12:00 -P CPU,MEM,DSK,NET > atop.txt"),
    ),
    Tool(
        "dstat",
        "dstat",
        "dstat --time --cpu --mem --disk --net --output dstat.csv 60",
        mark("A sample every 5 minutes: dstat --time --cpu --mem --output dstat.csv 300"),
    ),
    Tool(
        "influx",
        "InfluxDB",
        "influx -format csv -execute 'SELECT usage_idle FROM cpu GROUP BY host' > cpu.csv",
    ),
    Tool("grafana", "Grafana", mark("the panel's menu: Inspect, Data, Download CSV")),
    Tool(
        "gcp",
        "Google Cloud Monitoring",
        mark("projects.timeSeries.list by the API, saved as it comes"),
    ),
    Tool(
        "datadog",
        "Datadog",
        "curl '…/api/v1/query?from=…&to=…&query=avg:system.cpu.idle{*} by {host}' > cpu.json",
    ),
)
BY_NAME = {tool.name: tool for tool in KNOWN}
