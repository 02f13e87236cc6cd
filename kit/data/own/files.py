"""Which files a learner means, and how to get one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kit.errors import DataError
from kit.i18n import mark

HOW_TO = (
    ("CloudWatch", "aws cloudwatch get-metric-data … --output json > web-07.json"),
    ("RVTools", "RVTools → File → Export all to Excel"),
    ("vCenter", "Get-Stat -Entity (Get-VM) -Stat cpu.usage.average | Export-Csv cpu.csv"),
    ("Zabbix", mark("history.get or trends.get by the API, saved as it comes; or CSV")),
    ("sar", mark("sadf -d /var/log/sysstat/sa01 -- -u > web-07.csv   (or: sadf -j)")),
    ("PerfMon", "relog collected.blg -f CSV -o perfmon.csv"),
    ("Azure Monitor", 'az monitor metrics list --metric "Percentage CPU" … > web-07.json'),
    ("Prometheus", "curl '…/api/v1/query_range?query=…&step=300' > cpu.json"),
)


def is_export(path: Path) -> bool:
    """Whether this can be an export: not hidden, no lock file of an office program, no card."""
    # the home page keeps a dropped price card beside the exports
    card = path.suffix.casefold() == ".toml"
    return path.is_file() and not card and not path.name.startswith((".", "~$"))


def find_files(
    root: Path, files: str | Path | Sequence[str | Path], say: Callable[..., str]
) -> list[Path]:
    """Files that paths or patterns below ``root`` name; absolute ones stand for themselves.

    DataError, with a line on how to get an export from each tool, when there is none.
    """
    named = [files] if isinstance(files, str | Path) else list(files)
    found = [path for name in named for path in _matches(root, name) if is_export(path)]
    if not found:
        raise nothing_there(root, named, say)
    return found


def _matches(root: Path, name: str | Path) -> Iterator[Path]:
    path = Path(name).expanduser()
    base, pattern = (
        (Path(path.anchor), path.relative_to(path.anchor)) if path.is_absolute() else (root, path)
    )
    matched = sorted(base.glob(str(pattern)))
    # inbox/2 holds another file of a name that inbox has already
    again = [q for p in matched if p.is_dir() and p.name.isdigit() for q in p.iterdir()]
    return iter((*matched, *sorted(again)))


def nothing_there(root: Path, named: Sequence[str | Path], say: Callable[..., str]) -> DataError:
    """The error of an empty inbox: how to get an export from each tool, in one line each."""
    lines = [f"  {tool}: {say(command)}" for tool, command in HOW_TO]
    return DataError(
        say("There is no export yet."),
        where=", ".join(str(root / name) for name in named),
        fix="\n".join(
            [
                say("Drop one on the home page or put it into the folder inbox. How to get one:"),
                *lines,
                say('Or go on with a generated one: own = wb.tools.own("example")'),
            ]
        ),
    )
