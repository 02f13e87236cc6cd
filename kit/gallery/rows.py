"""A table of the learner's own rows."""

from __future__ import annotations

from typing import Any

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.rows import rows_view

# made-up: a page must not show anybody's data
WORDS = {
    "en": (["machine", "time", "CPU", "GiB", "remark"], "All that was read of three machines"),
    "ko": (["서버", "시각", "CPU", "GiB", "비고"], "서버 세 대에서 읽은 모든 행"),
}
REMARKS = {
    "en": ["nightly batch", "", "read twice: in two files"],
    "ko": ["야간 배치", "", "두 파일에 들어 있어 두 번 읽었습니다"],
}
HOSTILE = "<img src=x onerror=\"document.title='markup ran'\">"


def _frame(say: Translator, count: int) -> Any:
    import numpy as np
    import pandas as pd

    chance = np.random.default_rng(7)
    remarks = REMARKS[say.language]
    frame = pd.DataFrame(
        {
            "machine": [f"web-{n % 3 + 1:02d}" for n in range(count)],
            "time": pd.date_range("2026-03-02", periods=count, freq="5min"),
            "cpu": chance.uniform(1, 97, count).round(2),
            "memory": chance.integers(2, 4096, count),
            "remark": [remarks[n % 3] for n in range(count)],
        }
    )
    frame.columns = pd.Index(WORDS[say.language][0])
    return frame


def _rows(say: Translator, count: int) -> Any:
    about = WORDS[say.language][1]
    return rows_view(_frame(say, count), say, about=about, units={"CPU": "%"})


def _markup(say: Translator) -> Any:
    frame = _frame(say, 4).assign(remark=HOSTILE)
    return rows_view(frame.rename(columns={"GiB": f"GiB {HOSTILE}"}), say)


PAGE = Page(
    name="rows",
    title="Rows to look through",
    about="Each column sorts and filters; pages, and the limit is said. The sorting is the "
    "page's own, so it works on without the kernel.",
    used='`wb.tools.rows(own)` in the live notebook of "rightsizing".',
    examples={
        "few": lambda say: _rows(say, 6),
        "many": lambda say: _rows(say, 600),
        "limited": lambda say: _rows(say, 100_000),
        "markup": _markup,
    },
)
