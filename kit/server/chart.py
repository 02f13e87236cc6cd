"""The chart of the last finding as a picture of its own: taken from the report, never run."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from kit.charts import DARK_CSS
from kit.home import LearnerHome
from kit.server.results import read_finding

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_OPENING = re.compile(r"<svg\b[^>]*>")
# the home page's dark text, and a chart's colours on dark: an img inherits neither
_DARK = f"<style>svg{{color:#e6ebf0}} {DARK_CSS}</style>"
_LABEL = re.compile(r'aria-label="([^"]*)"')


@dataclass(frozen=True)
class Chart:
    """``svg`` is the picture, ``text`` what it shows in words."""

    svg: str
    text: str

    @property
    def dark(self) -> str:
        """The picture for a dark ground."""
        return _OPENING.sub(lambda opening: opening[0] + _DARK, self.svg, count=1)


def finding_chart(home: LearnerHome) -> Chart | None:
    """The chart of the finding that the page shows; None without one."""
    finding = read_finding(home)
    if finding is None:
        return None
    try:
        report = (home.root / finding.report).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    drawn = _SVG.findall(report)
    if not drawn:
        return None
    # the report draws a wide and a narrow form; the page has a column's width
    svg = drawn[-1]
    label = _LABEL.search(svg)
    return Chart(svg, html.unescape(label[1]) if label else finding.headline)
