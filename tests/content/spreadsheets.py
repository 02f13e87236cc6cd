"""Spreadsheets computed by an engine of their own, beside what the file shows by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import formulas
import openpyxl
import pytest


def formula_cells(path: Path) -> list[tuple[str, str, str]]:
    """Sheet, address and text of every live formula."""
    return [
        (page.title, cell.coordinate, str(cell.value))
        for page in openpyxl.load_workbook(path)
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def computed(path: Path) -> dict[tuple[str, str], Any]:
    """What the engine gives for every formula."""
    book = formulas.ExcelModel().loads(str(path)).finish().calculate()
    return {
        (sheet, cell): book[f"'[{path.name}]{sheet.upper()}'!{cell}"].value[0, 0]
        for sheet, cell, _ in formula_cells(path)
    }


def assert_previewed(path: Path, least: int) -> None:
    """Every formula's stored value is what the engine computes from the inputs."""
    results = computed(path)
    assert len(results) >= least, len(results)
    shown = openpyxl.load_workbook(path, data_only=True)
    for (sheet, cell), result in results.items():
        value = shown[sheet][cell].value
        if isinstance(value, str):
            assert value == str(result), (sheet, cell, value, result)
        else:
            assert value == pytest.approx(float(result), rel=1e-9, abs=1e-3), (
                sheet,
                cell,
                value,
            )
