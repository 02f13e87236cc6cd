"""nbgrader's look at its own metadata, with its schema compiled once instead of for each cell."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import fastjsonschema
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.nbgraderformat.common import BaseMetadataValidator
from nbgrader.preprocessors import CheckCellMetadata

Resources = dict[str, Any]


class _Schema(BaseMetadataValidator):  # type: ignore[misc]
    """Stands where nbgrader's own look at the schema is, before its look at the rest."""

    def validate_cell(self, cell: Any) -> None:
        """ValidationError, or nbgrader's errors about a version, for metadata that is wrong."""
        told = cell.metadata.get("nbgrader")
        if told is None:
            return
        try:
            if told.get("schema_version") == self.schema_version:
                _compiled()(told)
                return
        except fastjsonschema.JsonSchemaException:
            pass
        # in nbgrader's words
        super().validate_cell(cell)


class _Validator(MetadataValidator, _Schema):  # type: ignore[misc]
    """nbgrader's validator; what it asks of its base comes from ``_Schema``."""


@lru_cache(maxsize=1)
def _validator() -> _Validator:
    return _Validator()


@lru_cache(maxsize=1)
def _compiled() -> Any:
    # what a schema has defaults for is looked at, and left as it is
    return fastjsonschema.compile(_validator().schema, use_default=False)


class CheckMetadata(CheckCellMetadata):  # type: ignore[misc]
    """nbgrader's step, at a fraction of its cost."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called with a notebook; raises what nbgrader raises."""
        try:
            _validator().validate_nb(nb)
        except ValidationError:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        return nb, resources
