"""Charts of altair and of matplotlib: what is on which axis, how it is drawn, what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.checking.expect.reading import read
from kit.checking.mistakes import Mistake
from kit.i18n import mark as say

# in brackets, behind a comma or a slash, after "in", or a sign that is one; a count needs none
_UNIT = re.compile(
    r"[(\[（].+[)\]）]|[%₩$€°]|[,/]\s*\S|\bin\s+\S|원\b"
    r"|\bcount\b|\bnumber of\b|\bshare\b|개수|횟수|건수|대수|비율",
    re.IGNORECASE,
)
_CANVAS = "none"


@dataclass(frozen=True)
class Drawn:
    """One layer: marks, the chart's title, and of each axis its field, title and kind.

    ``fields`` is None where the library keeps only what was drawn, not from which column.
    ``plain`` and ``of`` take it to another process and back.
    """

    marks: tuple[str, ...]
    title: str
    fields: Mapping[str, str] | None
    titles: Mapping[str, str]
    measured: frozenset[str] = field(default_factory=frozenset)

    def plain(self) -> list[Any]:
        """The same as lists, dicts and texts."""
        fields = None if self.fields is None else dict(self.fields)
        return [list(self.marks), self.title, fields, dict(self.titles), sorted(self.measured)]

    @classmethod
    def of(cls, plain: Any) -> Drawn:
        """What ``plain`` gave. ValueError for anything else."""
        marks, title, fields, titles, measured = plain
        told = [*marks, title, *measured, *(fields or {}).values(), *titles.values()]
        axes = [set(one) for one in (fields, titles) if one is not None]
        if not all(isinstance(text, str) for text in told) or any(a != {"x", "y"} for a in axes):
            raise ValueError("no layer of a chart")
        return cls(tuple(marks), title, fields, titles, frozenset(measured))


@dataclass(frozen=True)
class DrawnChart:
    """A chart of another process: what ``chart`` looks at, and nothing else of it."""

    layers: tuple[Drawn, ...]


def chart(
    value: object,
    name: str,
    *,
    x: str = "",
    y: str = "",
    mark: str = "",
    title: bool = True,
    units: bool = True,
) -> dict[str, str]:
    """A chart, as ``{"x", "y", "mark", "title"}``; of several layers the one that fits.

    ``x`` and ``y`` are columns of the data; matplotlib does not know them, so there they are
    not looked at. ``mark`` is altair's word: line, bar, point, area. Both axes need a title,
    with ``units`` those of numbers one that names a unit: “CPU (%)”.
    """
    layers = read(name, lambda: drawn_in(value))
    if not layers:
        raise Mistake(
            "not_a_chart",
            say("`{name}` is {kind}, not a chart."),
            required=say("A chart of altair or of matplotlib."),
            name=name,
            kind=type(value).__name__,
        )
    wanted = {axis: column for axis, column in (("x", x), ("y", y)) if column}
    drawn = _shows(_marked(layers, name, mark), name, wanted)
    if title and not drawn.title:
        raise Mistake(
            "no_title",
            say("`{name}` has no title."),
            required=say("A title that says what one should see."),
            name=name,
        )
    for axis in ("x", "y"):
        _is_titled(drawn, name, axis, units)
    fields = drawn.fields or drawn.titles
    said = mark or next(iter(drawn.marks), "")
    return {"x": fields["x"], "y": fields["y"], "mark": said, "title": drawn.title}


def _marked(layers: list[Drawn], name: str, mark: str) -> list[Drawn]:
    fitting = [layer for layer in layers if not mark or mark in layer.marks]
    if not fitting:
        raise Mistake(
            "wrong_mark",
            say("`{name}` is drawn as {found}."),
            required=say("Drawn as {wanted}."),
            name=name,
            found=", ".join(m for layer in layers for m in layer.marks) or _CANVAS,
            wanted=mark,
        )
    return fitting


def _shows(layers: list[Drawn], name: str, wanted: Mapping[str, str]) -> Drawn:
    for layer in layers:
        if layer.fields is None or all(layer.fields[a] == c for a, c in wanted.items()):
            return layer
    fields = layers[0].fields or {}
    axis = next(axis for axis, column in wanted.items() if fields[axis] != column)
    raise Mistake(
        "wrong_encoding",
        say("The {axis} axis of `{name}` shows {found}."),
        required=say("{wanted} on the {axis} axis."),
        name=name,
        axis=axis,
        found=fields[axis] or "–",
        wanted=wanted[axis],
    )


def _is_titled(drawn: Drawn, name: str, axis: str, units: bool) -> None:
    said = drawn.titles[axis]
    if not said:
        raise Mistake(
            "no_axis_title",
            say("The {axis} axis of `{name}` has no title."),
            required=say("Each axis says what it shows."),
            name=name,
            axis=axis,
        )
    if units and axis in drawn.measured and not _UNIT.search(said):
        raise Mistake(
            "no_unit",
            say("The {axis} axis of `{name}` says “{said}”: in which unit?"),
            required=say("The unit stands in the title of the axis, as in “CPU (%)”."),
            name=name,
            axis=axis,
            said=said,
        )


def drawn_in(value: object) -> list[Drawn]:
    """The layers of a chart of a library that is known here; none for anything else."""
    return list(_layers(value))


def _layers(value: Any) -> Iterator[Drawn]:
    if isinstance(value, type):
        return
    if isinstance(value, DrawnChart):
        yield from value.layers
        return
    if any(kind.__module__.startswith("altair") for kind in type(value).__mro__):
        yield from _of_vega(_specification(value), {}, "")
    elif hasattr(value, "get_xlabel"):
        yield _of_axes(value, "")
    elif hasattr(value, "get_axes"):
        heading = value.get_suptitle() if hasattr(value, "get_suptitle") else ""
        for axes in value.get_axes():
            yield _of_axes(axes, str(heading))


def _specification(value: Any) -> dict[str, Any]:
    """Vega-Lite of an altair chart without its data, which may have any number of rows."""
    import altair

    altair.data_transformers.register("upskill-none", lambda _data: {"url": "data.json"})
    with altair.data_transformers.enable("upskill-none"):
        specification: dict[str, Any] = value.to_dict(validate=False)
    return specification


def _of_vega(spec: Mapping[str, Any], above: Mapping[str, Any], title: str) -> Iterator[Drawn]:
    """Each drawn layer; encodings and a title above hold for what lies below."""
    encoding = {**above, **spec.get("encoding", {})}
    title = _text(spec.get("title")) or title
    for part in ("layer", "hconcat", "vconcat", "concat"):
        for inner in spec.get(part, ()):
            yield from _of_vega(inner, encoding, title)
    if "mark" not in spec:
        return
    drawn = spec["mark"]
    axes = {axis: encoding.get(axis, {}) for axis in ("x", "y")}
    yield Drawn(
        marks=(drawn if isinstance(drawn, str) else str(drawn.get("type", "")),),
        title=title,
        fields={axis: _column(told) for axis, told in axes.items()},
        titles={axis: _axis_title(told) for axis, told in axes.items()},
        measured=frozenset(a for a, told in axes.items() if told.get("type") == "quantitative"),
    )


def _column(told: Mapping[str, Any]) -> str:
    column = told.get("field", "")
    return column if isinstance(column, str) else ""


def _axis_title(told: Mapping[str, Any]) -> str:
    axis = told.get("axis") or {}
    for place in (axis, told):
        if "title" in place:
            return _text(place["title"])
    # altair writes the column's name there
    return _column(told) or _text(told.get("aggregate"))


def _text(title: Any) -> str:
    if isinstance(title, Mapping):
        title = title.get("text")
    if isinstance(title, list):
        title = " ".join(map(str, title))
    return title.strip() if isinstance(title, str) else ""


def _of_axes(axes: Any, heading: str) -> Drawn:
    filled = [one for one in axes.collections if "Poly" in type(one).__name__]
    points = [one for one in axes.collections if one not in filled]
    kinds = {"line": axes.lines, "bar": axes.patches, "point": points, "area": filled}
    return Drawn(
        marks=tuple(kind for kind, drawn in kinds.items() if len(drawn)),
        title=str(axes.get_title()).strip() or heading.strip(),
        fields=None,
        titles={"x": str(axes.get_xlabel()).strip(), "y": str(axes.get_ylabel()).strip()},
        # bars that lie down measure on x
        measured=frozenset({"y"} if not _lying(axes) else {"x"}),
    )


def _lying(axes: Any) -> bool:
    bars = [bar for bar in axes.patches if hasattr(bar, "get_width")]
    return len(bars) > 1 and len({bar.get_height() for bar in bars}) == 1
