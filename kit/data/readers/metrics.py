"""Names, units and plausible limits of what is measured, in English and Korean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A kind of measurement: its unit and the closed range in which it is plausible."""

    unit: str
    low: float
    high: float


# Tools round and average: 100.0000001 is no fault, 6553.5 is. Half a point decides.
_PERCENT = Metric("percent", -0.001, 100.5)
_BYTES = Metric("bytes", 0.0, 1e16)
# Wide enough for every measurement, narrow enough to keep infinity out.
_ANY = Metric("", -1e300, 1e300)
_RATE = Metric("bytes/s", 0.0, 1e13)

METRICS: dict[str, Metric] = {
    "cpu_percent": _PERCENT,
    "cpu_idle_percent": _PERCENT,
    "cpu_used_mhz": Metric("MHz", 0.0, 1e7),
    "memory_percent": _PERCENT,
    "memory_available_percent": _PERCENT,
    "memory_used_bytes": _BYTES,
    "memory_active_bytes": _BYTES,
    "memory_available_bytes": _BYTES,
    "disk_percent": _PERCENT,
    "disk_read_bytes": _BYTES,
    "disk_write_bytes": _BYTES,
    "disk_read_bytes_per_second": _RATE,
    "disk_write_bytes_per_second": _RATE,
    "network_in_bytes": _BYTES,
    "network_out_bytes": _BYTES,
    "network_in_bytes_per_second": _RATE,
    "network_out_bytes_per_second": _RATE,
    "requests": Metric("count", 0.0, 1e12),
}
_STATISTIC = re.compile(r"_(max|min|p\d+)$")

# Factor to the base unit. The tools that print KB, MB and GB count in powers of 1024.
# Powers, not names: "KB" and "KiB" mean the same in these tools.
_KIBI = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SIZE = re.compile(r"^(k|m|g|t)?(?:i?b|i?bytes?|바이트)(/s|ps|/sec|/second|/초)?$", re.I)
_OTHER_UNITS = {
    "percent": ("percent", 1.0),
    "%": ("percent", 1.0),
    "퍼센트": ("percent", 1.0),
    "fraction": ("percent", 100.0),
    "ratio": ("percent", 100.0),
    "mhz": ("MHz", 1.0),
    "ghz": ("MHz", 1000.0),
    "count": ("count", 1.0),
    "건": ("count", 1.0),
    # Networks count bits, and in powers of 1000.
    "kilobits/s": ("bytes/s", 125.0),
    "megabits/s": ("bytes/s", 125_000.0),
}

# Names that hold "cpu" or "memory" and still are no load of the machine.
_NOT_CPU = re.compile(
    r"count|cores?\b|vcpu|credit|ready|temp|온도|코어|개수|대수|수량|limit|reserv|share|quota|\bnum\b|"
    r"load\[|load average|load1|avg1|iowait|\buser\b|system time|\bsystem\b$|nice|steal|irq|"
    r"interrupt|guest|switch|queue|privileged|seconds"
)
_NOT_MEMORY = re.compile(r"\btotal|memtotal|swap|cache|buffer|commit|limit|reserv|page|heap")
_NOT_BYTES = re.compile(r"ops\b|operations|latency|queue|count|packet|time\b|error|drop")
# The order matters: idle before CPU, percentages before sizes, names with units first.
_RULES: tuple[tuple[str, str], ...] = (
    (r"(cpu|processor|프로세서).*(idle|유휴)", "cpu_idle_percent"),
    (r"(cpu|processor).*mhz|mhz.*cpu", "cpu_used_mhz"),
    (r"cpu|processor time|processor_time|프로세서|씨피유", "cpu_percent"),
    (r"avail.*mem.*(%|percent)|mem.*avail.*(%|percent)", "memory_available_percent"),
    (r"(mem|메모리|ram\b).*(avail|free|여유|가용|유휴)", "memory_available_bytes"),
    (r"(avail|free).*(mem|ram\b)", "memory_available_bytes"),
    (r"(mem|메모리|ram\b).*(%|percent|util|사용률|사용율|pused|rate)", "memory_percent"),
    (r"(%|percent).*(mem|메모리)", "memory_percent"),
    (r"(mem|메모리|ram\b).*(used|usage|consum|사용량|byte|[kmg]i?b)", "memory_used_bytes"),
    (r"(disk|디스크|volume|ebs).*(read|읽기)", "disk_read_bytes"),
    (r"(disk|디스크|volume|ebs).*(writ|쓰기)", "disk_write_bytes"),
    (r"(disk|디스크).*(%|percent|util|사용률|사용율|pused)", "disk_percent"),
    (
        r"(net|네트워크|트래픽|traffic).*(in\b|_in|in_|in total|receiv|수신|인바운드)",
        "network_in_bytes",
    ),
    (r"(net|네트워크|트래픽|traffic).*(out|sent|transmit|송신|아웃바운드)", "network_out_bytes"),
    (r"networkin\b", "network_in_bytes"),
    (r"request|요청|hits?\b|호출", "requests"),
    (r"\bmem(ory)?\b|메모리|\bram\b", "memory_percent"),
)
_COMPILED = tuple((re.compile(pattern), metric) for pattern, metric in _RULES)
_PER_SECOND = re.compile(r"/s\b|/sec|per.?sec|bps\b|초당|/초")
_IN_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,16}?)\s*[)\]]")
_MAXIMUM = re.compile(r"\bmax(imum)?\b|최대|최고|피크|\bpeak\b")
_MINIMUM = re.compile(r"\bmin(imum)?\b|최소|최저")


def names(text: str) -> frozenset[str]:
    """Return the names in a text that separates them by vertical bars."""
    return frozenset(text.split("|"))


def fold(text: str) -> str:
    """Lower-case, compatibility-normalise and squeeze spaces, for comparing names."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def limits_of(metric: str) -> Metric:
    """Return unit and limits; a metric that is not in the catalogue has none."""
    return METRICS.get(_STATISTIC.sub("", metric), _ANY)


def unit_of(text: str) -> tuple[str, float] | None:
    """Return base unit and factor for a unit as tools print it, None when unknown."""
    folded = fold(text)
    if folded in _OTHER_UNITS:
        return _OTHER_UNITS[folded]
    size = _SIZE.match(folded.replace("per second", "/s").replace(" ", ""))
    if not size:
        return None
    factor = 1024.0 ** _KIBI[(size[1] or "").lower()]
    return ("bytes/s" if size[2] else "bytes"), factor


def unit_in(header: str) -> str:
    """Return the unit that a header carries in brackets, or an empty text."""
    for inside in _IN_BRACKETS.findall(header):
        if unit_of(inside):
            return str(inside)
    return ""


def metric_of(header: str) -> str | None:
    """Name the metric behind a header, item or counter name; None when nothing fits."""
    folded = fold(header).replace("_", " ")
    # The first rule that fits decides, even if only to say that it is a lookalike.
    for pattern, metric in _COMPILED:
        if not pattern.search(folded):
            continue
        if _excluded(metric, folded):
            return None
        if metric.endswith("_bytes") and metric[:4] in {"disk", "netw"}:
            metric += "_per_second" if _PER_SECOND.search(folded) else ""
        return metric + statistic_in(folded)
    return None


def _excluded(metric: str, folded: str) -> bool:
    """Whether a name only looks like the metric whose pattern it fits."""
    if metric == "cpu_percent":
        return bool(_NOT_CPU.search(folded))
    if metric.startswith("memory"):
        return bool(_NOT_MEMORY.search(folded))
    return metric.endswith("_bytes") and bool(_NOT_BYTES.search(folded))


def statistic_in(header: str) -> str:
    """Return the suffix for maxima and minima; averages are the plain metric."""
    folded = fold(header).replace("_", " ")
    if _MAXIMUM.search(folded):
        return "_max"
    return "_min" if _MINIMUM.search(folded) else ""


def slug(text: str) -> str:
    """Make a metric name of any counter name, keeping letters of every script."""
    return re.sub(r"[^\w%]+", "_", fold(text)).strip("_").replace("%", "percent") or "value"
