"""What to export for a firm range: the command or the setting of each tool.

Sources: the tools' own manuals (sysstat(5), typeperf and relog, Zabbix history.get, AWS CLI
get-metric-data, az monitor metrics list, Prometheus HTTP API, PowerCLI Get-Stat).
"""

from __future__ import annotations

from kit.i18n import Translator, mark

_HOW = {
    "cloudwatch": mark(
        'aws cloudwatch get-metric-data with "Period": 300, --start-time 15 days ago and '
        "--end-time now"
    ),
    "sar": mark(
        "set HISTORY=28 in /etc/sysstat/sysstat (sar keeps 7 days otherwise), and after 14 days: "
        'for f in /var/log/sysstat/sa[0-9]*; do sadf -d "$f" -- -u; done > HOST.csv'
    ),
    "zabbix": mark(
        "history.get with time_from 15 days ago; keep the item's history for 15 days or more, or "
        "take trends.get"
    ),
    "perfmon": mark(
        'typeperf "\\Processor(_Total)\\% Processor Time" -si 300 -sc 4320 -o cpu.csv (15 days)'
    ),
    "azure": mark(
        'az monitor metrics list --metric "Percentage CPU" --interval PT5M --offset 15d '
        "--resource ID --output json"
    ),
    "prometheus": mark(
        "query_range with start 15 days ago and step=300; the server must keep as much "
        "(--storage.tsdb.retention.time=30d)"
    ),
    "vcenter": mark(
        "Get-Stat -Stat cpu.usage.average -Start (Get-Date).AddDays(-15) -IntervalMins 120: "
        "vCenter keeps two-hour steps for a month, finer ones only for days"
    ),
}
_ANY = mark("choose the last 15 days and a step of 5 to 15 minutes, and export that as CSV")


def export_advice(tool: str, tr: Translator) -> str:
    """How to get fourteen days out of the tool that was read; ``tool`` may join several."""
    hows = [tr(_HOW[name]) for name in tool.split("+") if name in _HOW] or [tr(_ANY)]
    return " / ".join(hows)
