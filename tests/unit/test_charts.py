from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import vl_convert

from kit.charts import (
    BLUE,
    DARK_CSS,
    MAX_ROWS,
    NOTEBOOK_WIDTH,
    PALETTE,
    VEGA_LITE_5,
    VERMILLION,
    hourly,
    load_altair,
    show,
    specification,
    svg,
    themed,
    with_breaks,
)

if TYPE_CHECKING:
    # not at run time: load_altair() is the way in
    from altair import Chart


@pytest.fixture
def chart() -> Chart:
    alt = load_altair()
    rows = pd.DataFrame({"machine": ["웹-01", "<b>"], "value": [10.0, 90.0]})
    return (
        alt.Chart(rows, title="두 서버")
        .mark_bar()
        .encode(x="value:Q", y="machine:N", color="machine:N")
    )


def test_bundle_is_vega_lite_5_drawn_as_svg_with_its_data_inside(chart: Chart) -> None:
    data, metadata = show(chart, "Two machines")._repr_mimebundle_()
    spec = data[VEGA_LITE_5]
    assert "v5" in spec["$schema"]
    assert "url" not in str(spec["data"])
    assert spec["description"] == data["text/plain"] == "Two machines"
    assert metadata[VEGA_LITE_5]["embed_options"] == {"renderer": "svg", "actions": False}
    assert repr(show(chart, "Two machines")) == "Two machines"


def test_theme_has_no_background_and_takes_the_colour_around_it(chart: Chart) -> None:
    config = specification(chart)["config"]
    assert config["background"] == "transparent"
    assert config["axis"]["labelColor"] == config["title"]["color"] == "currentColor"
    assert config["range"]["category"] == list(PALETTE)


def test_theme_leaves_the_chart_itself_alone(chart: Chart) -> None:
    before = chart.to_dict()
    themed(chart)
    assert chart.to_dict() == before


def test_more_rows_than_altair_takes_by_itself_are_shown() -> None:
    alt = load_altair()
    rows = pd.DataFrame({"x": range(6_000)})
    assert (
        len(next(iter(specification(alt.Chart(rows).mark_point())["datasets"].values()))) == 6_000
    )


def test_no_chart_follows_its_container(chart: Chart) -> None:
    wide = chart.properties(width="container")
    data, _ = show(wide, "Two machines")._repr_mimebundle_()
    assert data[VEGA_LITE_5]["width"] == NOTEBOOK_WIDTH


def test_svg_is_well_formed_labelled_and_takes_the_pages_colour(chart: Chart) -> None:
    text = svg(chart, 'a "label" & <more>')
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'a "label" & <more>'
    assert "currentColor" in text
    assert "웹-01" in text and "<b>" not in text
    assert "http" not in text.replace("http://www.w3.org/", "")


def test_band_holds_extremes_and_median_of_each_hour() -> None:
    times = pd.date_range("2026-03-02", periods=300, freq="5min")
    values = np.r_[np.zeros(11), 100.0, np.full(288, 7.0)]
    band = hourly(pd.DataFrame({"time": times, "value": values}))
    assert band[["low", "median", "high"]].to_numpy().tolist()[:2] == [[0, 0, 100], [7, 7, 7]]
    assert len(band) == 25


def test_less_than_a_day_is_a_line_of_what_was_measured() -> None:
    times = pd.date_range("2026-03-02", periods=12, freq="5min")
    band = hourly(pd.DataFrame({"time": times, "value": range(12)}))
    assert band["median"].tolist() == list(range(12))
    assert len(hourly(pd.DataFrame({"time": times, "value": 1.0}), max_rows=5)) <= 5


def test_band_of_years_stays_small_and_keeps_the_extremes() -> None:
    times = pd.date_range("2020-01-01", periods=200_000, freq="15min")
    values = np.zeros(200_000)
    values[123_456] = 99.0
    band = hourly(pd.DataFrame({"time": times, "value": values}))
    assert len(band) <= MAX_ROWS
    assert band["high"].max() == 99.0


def test_nothing_is_drawn_across_a_gap() -> None:
    times = pd.date_range("2026-03-02", periods=48, freq="h").delete(range(10, 20))
    band = hourly(pd.DataFrame({"time": times, "value": 1.0}))
    broken = with_breaks(band)
    assert len(band) == 38
    assert broken["median"].isna().sum() == 1
    assert broken["time"].is_monotonic_increasing


def test_band_of_nothing_is_empty() -> None:
    assert hourly(pd.DataFrame({"time": pd.to_datetime([]), "value": []})).empty


def test_altair_comes_without_the_grammar_that_takes_seconds() -> None:
    code = (
        "import sys\nfrom kit.charts import load_altair\nload_altair()\n"
        "assert 'rfc3987_syntax' not in sys.modules, 'loaded'\n"
        "import jsonschema\njsonschema.validate(1, {'type': 'integer'})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def shown_as_vega(chart: Chart) -> dict[str, Any]:
    data, _ = show(chart, "Two machines")._repr_mimebundle_()
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(data[VEGA_LITE_5], "5.20")
    return compiled


def test_a_shown_chart_asks_the_window_for_its_width_once(chart: Chart) -> None:
    widths = [s for s in shown_as_vega(chart)["signals"] if s["name"] == "width"]
    assert len(widths) == 1
    assert "windowSize()" in widths[0]["update"]
    assert "on" not in widths[0], "a chart that listens never comes to rest in JupyterLab"
    assert shown_as_vega(chart)["autosize"]["type"] == "fit-x"


def test_a_long_title_breaks_between_words_and_sooner_in_a_narrow_chart(chart: Chart) -> None:
    words = ["세 기계가"] * 9
    titled = chart.properties(title=" ".join(words))
    told = shown_as_vega(titled)["title"]["text"]["signal"]
    narrow, wide = (json.loads(part) for part in told.split("?", 1)[1].split(" : "))
    assert len(narrow) > len(wide) > 1
    assert " ".join(narrow) == " ".join(wide) == " ".join(words)


def test_views_side_by_side_keep_their_own_widths(chart: Chart) -> None:
    alt = load_altair()
    data, _ = show(alt.hconcat(chart, chart), "Two machines")._repr_mimebundle_()
    assert "params" not in data[VEGA_LITE_5]


@pytest.mark.parametrize("days", [1, 14, 90, 400])
def test_times_are_figures_and_no_english_words(days: int) -> None:
    times = pd.date_range("2026-02-20", periods=days * 24, freq="h")
    table = pd.DataFrame({"time": times, "value": 1.0})
    drawn = svg(load_altair().Chart(table).mark_line().encode(x="time:T", y="value:Q"), "a line")
    labels = re.findall(r">([^<>]+)</text>", drawn)
    assert any(re.fullmatch(r"\d\d[-:]\d\d", label) for label in labels)
    assert not [label for label in labels if re.search(r"[A-Z][a-z]{2}\b|[AP]M", label)]


@pytest.mark.parametrize("colour", [BLUE, VERMILLION])
@pytest.mark.parametrize(("mark", "part"), [("bar", "fill"), ("line", "stroke")])
def test_on_a_dark_ground_what_is_drawn_gets_a_lighter_colour(
    colour: str, mark: str, part: str
) -> None:
    table = pd.DataFrame({"x": [1, 2], "y": [1.0, 2.0]})
    chart = load_altair().Chart(table).encode(x="x:Q", y="y:Q")
    drawn = svg(getattr(chart, f"mark_{mark}")(color=colour), "two values")
    assert f'{part}="{colour}"' in drawn
    assert re.search(rf'svg \[{part}="{colour}"\] {{ {part}: #[0-9A-F]{{6}}; }}', DARK_CSS)
