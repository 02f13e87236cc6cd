"""A procedure is asked on data that nobody could remember."""

from __future__ import annotations

from pathlib import Path

from tests.good_unit import edit, lint, of_the_unit


def test_a_procedure_that_is_asked_of_the_case_alone_is_found(good: Path) -> None:
    assert of_the_unit(lint(good, only=("solution",)), good) == []
    edit(
        good / "checks.py",
        "return drawn(random.Random(int(work.fresh(salt).integers(2**31))))",
        'return list(work.case["disks"])',
    )
    found = of_the_unit(lint(good, only=("solution",)), good)
    assert [f.file.name for f in found] == ["checks.py", "checks.py"]
    assert all("asks nothing of fresh data" in f.what and f.line for f in found)
    # whoever asks for a judgement does not say so
    edit(good / "workbook.toml", 'kind = "procedure"', 'kind = "judgement"')
    assert of_the_unit(lint(good, only=("solution",)), good) == []
