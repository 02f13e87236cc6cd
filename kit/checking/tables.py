"""numpy's and pandas' values as nodes of ``plain``: bytes of numbers, lists of everything else."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.checking.plain import Node, Reader, Writer

# booleans, numbers, texts and times of a fixed size: what bytes can hold without any code
_DTYPE = re.compile(r"[<>|=][?biufcSU]\d{1,8}|[<>][mM]8(\[\d{0,6}[A-Za-z]{1,2}\])?")
# pandas' columns that know what is missing
_MASKED = re.compile(r"boolean|U?Int(8|16|32|64)|Float(32|64)")
_PLAIN_KINDS = "biufcSUmM"
# of the unit of a time: pandas has no coarser ones
_UNITS = ("s", "ms", "us", "ns")
_LAST_LETTER = 0x10FFFF


def node_of(writer: Writer, value: Any, depth: int) -> Node:
    """The node of a value of numpy or pandas; None for one of somebody else's."""
    import numpy as np
    import pandas as pd

    if value is pd.NaT or value is pd.NA:
        return ["missing", "NaT" if value is pd.NaT else "NA"]
    for kind, make in (
        (pd.DataFrame, _frame),
        (pd.Series, _series),
        (pd.Index, _index),
        ((pd.Timestamp, pd.Timedelta), _moment),
        (np.ma.MaskedArray, lambda writer, value, _depth: writer.opaque(value)),
        ((np.ndarray, np.generic), _array),
        (pd.api.extensions.ExtensionArray, _column),
    ):
        if isinstance(value, kind):
            node: Node = make(writer, value, depth)
            return node
    return None


def _packed(writer: Writer, data: bytes) -> str:
    return writer.text(base64.b64encode(data).decode())


def _array(writer: Writer, value: Any, depth: int) -> Node:
    import numpy as np

    kind = "array" if isinstance(value, np.ndarray) else "scalar"
    plain = np.asarray(value)
    if plain.dtype.kind == "O":
        return ["objects", list(plain.shape), *writer.nodes(plain.ravel().tolist(), depth)]
    if plain.dtype.kind not in _PLAIN_KINDS:
        return writer.opaque(value)
    if plain.dtype.itemsize == 0:
        plain = plain.astype(plain.dtype.kind + "1")
    return [kind, plain.dtype.str, list(plain.shape), _packed(writer, plain.tobytes())]


def _moment(_writer: Writer, value: Any, _depth: int) -> Node:
    kind = "timestamp" if hasattr(value, "fold") else "pandas-timedelta"
    plain = value.tz_convert(None) if getattr(value, "tz", None) is not None else value
    return [kind, int(plain.asm8.view("i8")), value.unit, _zone(getattr(value, "tz", None))]


def _zone(zone: Any) -> str | None:
    return None if zone is None else str(zone)


def _column(writer: Writer, values: Any, depth: int) -> Node:
    """The values of a column or an index, with their dtype."""
    import numpy as np
    import pandas as pd

    dtype = values.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        plain = np.asarray(values.tz_convert(None))
        return ["dates", _zone(dtype.tz), _array(writer, plain, depth)]
    if isinstance(dtype, pd.CategoricalDtype):
        codes = _array(writer, np.asarray(values.codes), depth)
        return ["category", bool(dtype.ordered), _index(writer, dtype.categories, depth), codes]
    if isinstance(dtype, pd.StringDtype):
        missing = np.asarray(values.isna(), dtype=bool)
        texts = [None if gone else str(x) for x, gone in zip(values, missing, strict=True)]
        return ["texts", dtype.storage, dtype.na_value is pd.NA, *writer.nodes(texts, depth)]
    if _MASKED.fullmatch(str(dtype)):
        kind = dtype.numpy_dtype
        filled = values.to_numpy(dtype=kind, na_value=kind.type(0))
        missing = np.asarray(values.isna(), dtype=bool)
        columns = (_array(writer, part, depth) for part in (filled, missing))
        return ["masked", str(dtype), *columns]
    if isinstance(dtype, np.dtype) or isinstance(values, pd.arrays.NumpyExtensionArray):
        return _array(writer, np.asarray(values), depth)
    # periods, intervals, other libraries' columns: as what they hold
    return ["objects", [len(values)], *writer.nodes(list(values), depth)]


def _index(writer: Writer, value: Any, depth: int) -> Node:
    import pandas as pd

    if isinstance(value, pd.RangeIndex):
        name = writer.node(value.name, depth + 1)
        return ["range-index", value.start, value.stop, value.step, name]
    if isinstance(value, pd.MultiIndex):
        levels = [_index(writer, value.get_level_values(n), depth) for n in range(value.nlevels)]
        return ["multi-index", *levels]
    name, column = writer.node(value.name, depth + 1), _column(writer, value.array, depth)
    return ["index", name, column, getattr(value, "freqstr", None)]


def _series(writer: Writer, value: Any, depth: int) -> Node:
    import pandas as pd

    # a class of the learner's own might answer as it likes
    plain = pd.Series(value)
    name = writer.node(plain.name, depth + 1)
    return ["series", name, _index(writer, plain.index, depth), _column(writer, plain.array, depth)]


def _frame(writer: Writer, value: Any, depth: int) -> Node:
    import pandas as pd

    plain = pd.DataFrame(value)
    columns = [_column(writer, plain.iloc[:, n].array, depth) for n in range(plain.shape[1])]
    heads = (_index(writer, plain.columns, depth), _index(writer, plain.index, depth))
    return ["frame", *heads, *columns]


def _unpacked(dtype: str, shape: list[int], data: str) -> Any:
    import numpy as np

    if not _DTYPE.fullmatch(dtype) or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError("no such array")
    kind, raw = np.dtype(dtype), base64.b64decode(data, validate=True)
    if kind.itemsize == 0 or math.prod(shape) * kind.itemsize != len(raw):
        raise ValueError("an array of another size")
    # a copy: what is read from bytes cannot be written
    made = np.frombuffer(raw, kind).reshape(shape).copy()
    if kind.kind == "b":
        return made.view("u1") != 0
    if kind.kind == "U" and made.size:
        letters = np.frombuffer(raw, kind.byteorder.replace("|", "=") + "u4")
        if letters.max() > _LAST_LETTER:
            raise ValueError("no letter")
    return made


def _make_array(_reader: Reader, _depth: int, dtype: str, shape: list[int], data: str) -> Any:
    return _unpacked(dtype, shape, data)


def _make_scalar(_reader: Reader, _depth: int, dtype: str, _shape: Any, data: str) -> Any:
    return _unpacked(dtype, [], data)[()]


def _make_objects(reader: Reader, depth: int, shape: list[int], *nodes: Node) -> Any:
    import numpy as np

    if not all(type(n) is int and n >= 0 for n in shape) or math.prod(shape) != len(nodes):
        raise ValueError("an array of another size")
    made = np.empty(len(nodes), dtype=object)
    for at, node in enumerate(nodes):
        made[at] = reader.value(node, depth)
    return made.reshape(shape)


def _make_timestamp(_reader: Reader, _depth: int, count: int, unit: str, zone: str | None) -> Any:
    import numpy as np
    import pandas as pd

    made = pd.Timestamp(np.datetime64(_whole(count), _unit(unit)))
    return made.tz_localize("UTC").tz_convert(zone) if zone else made


def _make_timedelta(_reader: Reader, _depth: int, count: int, unit: str, _zone: None) -> Any:
    import numpy as np
    import pandas as pd

    return pd.Timedelta(np.timedelta64(_whole(count), _unit(unit)))


def _unit(unit: str) -> Any:
    if unit not in _UNITS:
        raise ValueError("no unit")
    return unit


def _whole(count: int) -> int:
    if type(count) is not int:
        raise ValueError("no number")
    return count


def _make_dates(reader: Reader, depth: int, zone: str, node: Node) -> Any:
    import pandas as pd

    return pd.DatetimeIndex(_numpy(reader, depth, node)).tz_localize("UTC").tz_convert(zone).array


def _make_category(reader: Reader, depth: int, ordered: bool, categories: Node, codes: Node) -> Any:
    import pandas as pd

    dtype = pd.CategoricalDtype(_index_of(reader, depth, categories), ordered=ordered is True)
    return pd.Categorical.from_codes(_numpy(reader, depth, codes), dtype=dtype)


def _make_texts(_reader: Reader, _depth: int, storage: str, strict: bool, *texts: Node) -> Any:
    import numpy as np
    import pandas as pd

    if not all(text is None or isinstance(text, str) for text in texts):
        raise ValueError("no text")
    if storage not in ("python", "pyarrow"):
        raise ValueError("no such texts")
    dtype: Any = pd.StringDtype(storage, na_value=pd.NA if strict is True else np.nan)
    return pd.array(list(texts), dtype=dtype)


def _make_masked(reader: Reader, depth: int, dtype: str, values: Node, mask: Node) -> Any:
    import pandas as pd

    if not _MASKED.fullmatch(dtype):
        raise ValueError("no such column")
    data, gone = _numpy(reader, depth, values), _numpy(reader, depth, mask)
    made: Any = pd.array(data, dtype=dtype)
    made[gone] = pd.NA
    return made


def _numpy(reader: Reader, depth: int, node: Node) -> Any:
    import numpy as np

    made = reader.value(node, depth)
    if not isinstance(made, np.ndarray) or made.ndim != 1:
        raise ValueError("no column of numbers")
    return made


def _values(reader: Reader, depth: int, node: Node) -> Any:
    import numpy as np
    import pandas as pd

    made = reader.value(node, depth)
    if not isinstance(made, np.ndarray | pd.api.extensions.ExtensionArray) or made.ndim != 1:
        raise ValueError("no column")
    return made


def _index_of(reader: Reader, depth: int, node: Node) -> Any:
    import pandas as pd

    made = reader.value(node, depth)
    if not isinstance(made, pd.Index):
        raise ValueError("no index")
    return made


def _make_index(reader: Reader, depth: int, name: Node, column: Node, freq: str | None) -> Any:
    import pandas as pd

    values, told = _values(reader, depth, column), reader.value(name, depth)
    made = pd.Index(values, dtype=values.dtype, name=told)
    rhythmic: Any = type(made)
    if freq and isinstance(made, pd.DatetimeIndex | pd.TimedeltaIndex):
        # refused by pandas where the values have another rhythm
        return rhythmic(made, freq=freq, name=told)
    return made


def _make_range_index(
    reader: Reader, depth: int, start: int, stop: int, step: int, name: Node
) -> Any:
    import pandas as pd

    return pd.RangeIndex(start, stop, step, name=reader.value(name, depth))


def _make_multi(reader: Reader, depth: int, *levels: Node) -> Any:
    import pandas as pd

    return pd.MultiIndex.from_arrays([_index_of(reader, depth, level) for level in levels])


def _make_series(reader: Reader, depth: int, name: Node, index: Node, column: Node) -> Any:
    import pandas as pd

    values, rows = _values(reader, depth, column), _index_of(reader, depth, index)
    made = pd.Series(values, index=rows, dtype=values.dtype)
    made.name = reader.value(name, depth)
    return made


def _make_frame(reader: Reader, depth: int, heads: Node, index: Node, *columns: Node) -> Any:
    import pandas as pd

    rows, names = _index_of(reader, depth, index), _index_of(reader, depth, heads)
    # one index for all of them: nothing is sorted into place
    parts = {}
    for at, node in enumerate(columns):
        values = _values(reader, depth, node)
        parts[at] = pd.Series(values, index=rows, dtype=values.dtype)
    made = pd.DataFrame(parts, index=rows)
    made.columns = names
    return made


def _make_missing(_reader: Reader, _depth: int, name: str) -> Any:
    import pandas as pd

    return {"NaT": pd.NaT, "NA": pd.NA}[name]


MAKERS: dict[str, Callable[..., Any]] = {
    "missing": _make_missing,
    "array": _make_array,
    "scalar": _make_scalar,
    "objects": _make_objects,
    "timestamp": _make_timestamp,
    "pandas-timedelta": _make_timedelta,
    "dates": _make_dates,
    "category": _make_category,
    "texts": _make_texts,
    "masked": _make_masked,
    "index": _make_index,
    "range-index": _make_range_index,
    "multi-index": _make_multi,
    "series": _make_series,
    "frame": _make_frame,
}
