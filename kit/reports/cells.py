"""Every learner × every unit as places in flat arrays: adding up and looking up without joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Cells:
    """One cell for each learner of each unit; all learners of the first unit come first.

    ``places`` in the methods are positions of such cells, one for each value; -1 is nowhere.
    """

    learners: pd.Series[str]
    units: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Units, learners."""
        return len(self.units), len(self.learners)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.units) * len(self.learners)

    def places(self, rows: pd.DataFrame) -> Any:
        """Where each row's ``learner`` and ``unit`` stand."""
        import numpy as np
        import pandas as pd

        learner = pd.Index(self.learners).get_indexer(pd.Index(rows["learner"]))
        unit = pd.Index(self.units, dtype="str").get_indexer(pd.Index(rows["unit"]))
        return np.where((learner >= 0) & (unit >= 0), unit * len(self.learners) + learner, -1)

    def frame(self) -> pd.DataFrame:
        """``learner`` and ``unit`` of each cell."""
        import numpy as np
        import pandas as pd

        by_unit = np.repeat(np.arange(len(self.units)), len(self.learners))
        unit = pd.array(list(self.units), dtype="str").take(by_unit)
        return pd.DataFrame({"learner": self.by_learner(self.learners), "unit": unit})

    def by_learner(self, values: pd.Series[Any]) -> Any:
        """One value for each learner, in each of their cells."""
        import numpy as np

        return values.array.take(np.tile(np.arange(len(self.learners)), len(self.units)))

    def any(self, places: Any) -> Any:
        """Which cells are among ``places``."""
        import numpy as np

        found = np.zeros(self.size, dtype=bool)
        found[places[places >= 0]] = True
        return found

    def total(self, places: Any, values: Any) -> Any:
        """The sum of the values in each cell."""
        import numpy as np

        inside = places >= 0
        weights = np.asarray(values, dtype=float)[inside]
        return np.bincount(places[inside], weights, minlength=self.size)

    def most(self, places: Any, values: Any, start: float = float("nan")) -> Any:
        """The greatest value in each cell; ``start`` without any."""
        import numpy as np

        found, inside = np.full(self.size, start), places >= 0
        np.fmax.at(found, places[inside], np.asarray(values, dtype=float)[inside])
        return found

    def last(self, places: Any, values: pd.Series[Any], none: Any) -> Any:
        """The last value in each cell; ``none`` without any."""
        import numpy as np

        row, inside = np.full(self.size, -1), np.flatnonzero(places >= 0)
        row[places[inside]] = inside
        return values.array.take(row, allow_fill=True, fill_value=none)
