"""Charts that read well in a notebook, in a report, in the light and in the dark.

Charts are altair's. ``themed`` gives them one look: no background of their own, text in
the colour of what surrounds them, colours that colour-blind readers can tell apart, a
font stack with Hangul. ``show`` displays one in JupyterLab without a network;
``svg`` draws one for a page that runs no script.
"""

from __future__ import annotations

import html
import importlib
import json
import re
from typing import TYPE_CHECKING, Any

from kit.imports import lean_imports

if TYPE_CHECKING:
    import pandas as pd

VEGA_LITE_5 = "application/vnd.vegalite.v5+json"
MAX_ROWS = 5_000
# axes and legend included; less in a narrow window
NOTEBOOK_WIDTH = 640
FONT = (
    "Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', "
    "'NanumGothic', system-ui, sans-serif"
)
# Okabe and Ito, Color Universal Design (2008), without black: it vanishes in the dark
BLUE, VERMILLION, GREEN, ORANGE, SKY, PURPLE, YELLOW = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#E69F00",
    "#56B4E9",
    "#CC79A7",
    "#F0E442",
)
BESIDE = 110
# of the plot in pixels; below it titles break and legends stack
NARROW = 420
# too little contrast on a dark ground as they are; a drawing names its colours as attributes
_ON_DARK = {BLUE: SKY, VERMILLION: "#FF8B3D"}
DARK_CSS = " ".join(
    f'svg [{part}="{light}"] {{ {part}: {dark}; }}'
    for light, dark in _ON_DARK.items()
    for part in ("fill", "stroke")
)
PALETTE = (BLUE, VERMILLION, GREEN, ORANGE, SKY, PURPLE, YELLOW)

# figures only: Vega writes English names of days and months in every language
_TIME_LABEL = (
    "timeFormat(datum.value, hours(datum.value) || minutes(datum.value) ? '%H:%M' : "
    "date(datum.value) == 1 && month(datum.value) == 0 ? '%Y-%m-%d' : '%m-%d')"
)
_TEXT = {"labelColor": "currentColor", "titleColor": "currentColor"}
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        **_TEXT,
        "gridColor": "currentColor",
        "gridOpacity": 0.15,
        "domainColor": "currentColor",
        "domainOpacity": 0.5,
        "tickColor": "currentColor",
        "tickOpacity": 0.5,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 220,
    },
    "axisTemporal": {"labelExpr": _TIME_LABEL},
    "legend": {
        **_TEXT,
        "orient": "top",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "header": {**_TEXT, "labelFontSize": 12, "labelFontWeight": "bold"},
    "title": {
        "color": "currentColor",
        "subtitleColor": "currentColor",
        "anchor": "start",
        "fontSize": 14,
        "subtitleFontSize": 12,
        "offset": 10,
    },
    # a mark's own colour wins over this; it is for text that names none
    "text": {"color": "currentColor", "fontSize": 12},
    "range": {"category": list(PALETTE)},
}


def load_altair() -> Any:
    """The altair module, imported at a third of the usual cost."""
    with lean_imports():
        return importlib.import_module("altair")


def themed(chart: Any) -> Any:
    """The altair chart with the kit's look; what the chart configures itself is replaced."""
    alt = load_altair()
    themed_chart = chart.copy(deep=False)
    themed_chart.config = alt.Config.from_dict(CONFIG)
    return themed_chart


def specification(chart: Any) -> dict[str, Any]:
    """The themed chart as Vega-Lite 5 with its data inside. Any number of rows.

    A chart that is a dictionary already is Vega-Lite: it gets the look, and needs no altair.
    """
    if isinstance(chart, dict):
        return {**chart, "config": CONFIG}
    alt = load_altair()
    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = themed(chart).to_dict()
    if spec.get("width") == "container":
        # in JupyterLab a chart that follows its container resizes it, and the tab hangs
        spec["width"] = NOTEBOOK_WIDTH
    return spec


class Shown:
    """A chart as a notebook displays it: drawn by JupyterLab, or ``alt`` where it cannot."""

    def __init__(self, chart: Any, alt: str) -> None:
        self.chart, self.alt = chart, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_which: object) -> tuple[dict[str, Any], dict[str, Any]]:
        spec = {**specification(self.chart), "description": self.alt}
        # SVG takes the colour of the theme around it; a canvas cannot
        options = {"embed_options": {"renderer": "svg", "actions": False}}
        if "mark" in spec or "layer" in spec:
            spec |= _fitting(spec)
        return {VEGA_LITE_5: spec, "text/plain": self.alt}, {VEGA_LITE_5: options}


# A chart that asks its container resizes it, and JupyterLab never comes to rest: so it asks
# the window, less what stands beside a notebook's outputs.
_AVAILABLE = f"min({NOTEBOOK_WIDTH}, max(240, windowSize()[0] - {BESIDE}))"


def _fitting(spec: dict[str, Any]) -> dict[str, Any]:
    """What makes a single view fit a given width, its title and legend too."""
    columns = f"width < {NARROW // 2} ? 1 : width < {NARROW} ? 2 : 0"
    legend = {**CONFIG["legend"], "columns": {"expr": columns}}
    fitting: dict[str, Any] = {
        "width": NOTEBOOK_WIDTH,
        # a parameter of this name goes before the number
        "params": [*spec.get("params", []), {"name": "width", "expr": _AVAILABLE}],
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {**spec["config"], "legend": legend},
    }
    if isinstance(title := spec.get("title"), str):
        narrow, wide = (json.dumps(_lines(title, units)) for units in (40, 80))
        fitting["title"] = {"text": {"expr": f"width < {NARROW} ? {narrow} : {wide}"}}
    return fitting


def _lines(text: str, units: int) -> list[str]:
    """Text broken at spaces; a Hangul syllable is two units wide, a Latin letter one."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and sum(2 if ord(c) > 0x1100 else 1 for c in longer) > units:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def show(chart: Any, alt: str) -> Shown:
    """Display an altair chart; ``alt`` says in a sentence what it shows, for every reader."""
    return Shown(chart, alt)


def hourly(samples: pd.DataFrame, *, max_rows: int = MAX_ROWS) -> pd.DataFrame:
    """Samples (``time``, ``value``) as a band: ``time``, ``low``, ``median``, ``high``.

    One row an hour; a minute where less than a day was measured, a longer step where an hour
    gives more than ``max_rows``. Empty steps stay empty: nothing is drawn where nothing was
    measured.
    """
    import pandas as pd

    if samples.empty:
        return pd.DataFrame(columns=["time", "low", "median", "high"])
    span = samples["time"].max() - samples["time"].min()
    # an hour or two would be no line
    least = 60 if span >= pd.Timedelta(days=1) else 1
    # a step that begins before the first sample costs one row more
    times = max(1, -(-int(span.total_seconds() // (60 * least) + 1) // (max_rows - 1)))
    step = samples["time"].dt.floor(f"{least * times}min")
    band = samples.groupby(step)["value"].agg(low="min", median="median", high="max")
    return band.rename_axis("time").reset_index()


def with_breaks(band: pd.DataFrame) -> pd.DataFrame:
    """A band with an empty row inside each gap, so that no line is drawn across it."""
    import pandas as pd

    steps = band["time"].diff()
    usual = steps.median()
    holes = band.loc[steps > 1.5 * usual, ["time"]] if len(band) > 2 else band.iloc[:0][["time"]]
    if holes.empty:
        return band
    breaks = holes.assign(time=holes["time"] - usual / 2)
    return pd.concat([band, breaks]).sort_values("time", ignore_index=True)


def svg(chart: Any, alt: str) -> str:
    """The themed chart as SVG text for embedding in HTML; ``alt`` becomes its label.

    The text takes ``currentColor`` from the page. Needs no network.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(json.dumps(specification(chart), default=str), "5.20")
    # vl-convert embeds no fonts and sets sizes in pixels; the page decides the width
    label = html.escape(alt, quote=True)
    return re.sub(
        r"<svg\b",
        f'<svg role="img" aria-label="{label}" style="width:100%;height:auto"',
        drawn,
        count=1,
    )
