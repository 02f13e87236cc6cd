from __future__ import annotations

import pandas as pd

from kit.artefacts import hash_frame


def test_hash_of_a_table_sees_values_and_order() -> None:
    table = pd.DataFrame({"machine": ["a", "b"], "value": [1.0, 2.0]})
    assert hash_frame(table) == hash_frame(table.copy())
    assert hash_frame(table) != hash_frame(table.iloc[::-1])
    assert hash_frame(table) != hash_frame(table.assign(value=[1.0, 2.5]))
