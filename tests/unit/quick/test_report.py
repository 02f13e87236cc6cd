"""The report: one file that needs nothing else, says what it must, in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from kit.i18n import Translator
from kit.quick import Finding, Request, make_finding, write_finding

Find = Callable[..., Finding]
Series = Callable[..., pd.DataFrame]


def report(finding: Finding, folder: Path, language: str = "en") -> str:
    return write_finding(finding, folder, Translator(language))[0].read_text(encoding="utf-8")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_report_needs_no_script_and_no_network(find: Find, series: Series, tmp_path: Path) -> None:
    text = report(find(series("web-01", "bursty")), tmp_path / "out")
    parser = _Tags()
    parser.feed(text)
    assert not {tag for tag, _ in parser.seen} & {"script", "link", "img", "iframe"}
    assert not [a for _, a in parser.seen if a.get("src") or "http" in (a.get("href") or "")]
    assert "url(" not in re.sub(r"url\(#\w+\)", "", text)
    assert "prefers-color-scheme: dark" in text


def test_synthetic_is_on_the_page_and_inside_each_chart(tmp_path: Path) -> None:
    finding = make_finding(Request([Path("example")]), Translator("en"))
    text = report(finding, tmp_path)
    charts = re.findall(r"<svg.*?</svg>", text, re.S)
    assert len(charts) == 2
    for chart in charts:
        drawn = re.findall(r"<text[^>]*>([^<]*)</text>", chart)
        assert any("SYNTHETIC" in label for label in drawn)
    assert "SYNTHETIC" in text.split("<h1>")[0].split("<body>")[1]


def test_own_data_is_not_called_synthetic(find: Find, series: Series, tmp_path: Path) -> None:
    assert "SYNTHETIC" not in report(find(series("web-01", "bursty")), tmp_path / "out")


def test_machine_names_cannot_become_html(find: Find, series: Series, tmp_path: Path) -> None:
    name = '<script>alert("x")</script>'
    rows = pd.concat([series(name, "bursty"), series("b", "steady")])
    text = report(find(rows), tmp_path / "out")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_report_states_rule_ledger_and_hash(find: Find, series: Series, tmp_path: Path) -> None:
    finding = find(series("web-01", "bursty"))
    text = report(finding, tmp_path / "out")
    for words in (
        "P99.5, 30 % headroom",
        "P90, 20 % headroom",
        "linear interpolation",
        "2026-11-01",
    ):
        assert words in text
    assert "read 4,032 = kept 4,032 + repaired 0 + rejected 0" in text
    assert next(iter(finding.inputs.values())) in text


def test_korean_report_has_no_english_sentence(tmp_path: Path) -> None:
    tr = Translator("ko")
    text = report(make_finding(Request([Path("example")]), tr), tmp_path, "ko")
    assert '<html lang="ko">' in text
    body = re.sub(r"<svg.*?</svg>|<style.*?</style>", "", text, flags=re.S)
    sentences = re.findall(r">([^<>]*[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}[^<>]*)<", body)
    assert sentences == []


@pytest.mark.parametrize("kind", ["steady", "saturated", "regime-change", "under-used"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_class_has_its_sentences(
    find: Find, series: Series, tmp_path: Path, kind: str, language: str
) -> None:
    finding = find(series("srv-1", kind), language=language)
    text = report(finding, tmp_path / "out", language)
    assert "{" not in finding.headline + finding.asked[0].why + finding.asked[0].question
    assert "None" not in text and "nan" not in finding.asked[0].why


def test_inventory_alone_says_what_is_missing(find: Find, tmp_path: Path) -> None:
    path = tmp_path / "vinfo.csv"
    path.write_text(
        "VM,Powerstate,CPUs,Memory,OS according to the configuration file,Host\n"
        "erp-01,poweredOn,16,65536,Linux,esx-1\nold-02,poweredOff,8,16384,Linux,esx-1\n",
        encoding="utf-8",
    )
    finding = find(path)
    assert finding.range_won is None
    assert finding.asked[0].machine == "old-02"
    text = report(finding, tmp_path / "out")
    assert "no measurement of load" in text
    assert any("no time series" in line for line in finding.cannot)
