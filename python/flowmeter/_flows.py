"""Flows as arrays and frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _capsule
from ._batch import Batch
from ._schema import Schema

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars
    import pyarrow

_DTYPES = {"l": "int64", "g": "float64", "tsn:UTC": "datetime64[ns]"}


class Flows:
    """Flows of a capture: a table with the columns of its profile.

    Any library that knows the Arrow PyCapsule interface takes it as it is, without copying:
    ``polars.DataFrame(flows)``, ``pyarrow.table(flows)``, ``duckdb.sql("SELECT * FROM flows")``.
    """

    def __init__(self, schema: Schema, batches: list[Batch], summary: dict[str, Any] | None) -> None:
        self._schema = schema
        self._batches = batches
        self.summary = summary
        """The counters of the run, as ``flowmeter read --summary`` writes them; None for a batch of a stream."""

    def __len__(self) -> int:
        return sum(map(len, self._batches))

    def __repr__(self) -> str:
        return f"<{len(self)} flows with {len(self._schema.fields)} columns>"

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [name for name, _ in self._schema.fields]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The flows as an Arrow stream in a capsule, as often as asked for."""
        return _capsule.of_batches(self._schema, self._batches)

    def to_numpy(self) -> dict[str, numpy.ndarray[Any, Any]]:
        """An array for each column: int64, float64, datetime64[ns] in UTC, or objects for texts."""
        import numpy

        arrays: dict[str, numpy.ndarray[Any, Any]] = {}
        for number, (name, form) in enumerate(self._schema.fields):
            dtype = _DTYPES.get(form)
            parts = [batch.numbers(number, dtype) if dtype else batch.texts(number) for batch in self._batches]
            if len(parts) == 1:
                arrays[name] = parts[0]
            else:
                arrays[name] = numpy.concatenate(parts) if parts else numpy.empty(0, dtype or object)
        return arrays

    def to_pandas(self) -> pandas.DataFrame:
        """A frame of pandas, with times in UTC."""
        import pandas

        arrays: dict[str, Any] = dict(self.to_numpy())
        for name, form in self._schema.fields:
            if form.startswith("ts"):
                arrays[name] = pandas.DatetimeIndex(arrays[name], tz="UTC")
        return pandas.DataFrame(arrays, copy=False)

    def to_arrow(self) -> pyarrow.Table:
        """A table of pyarrow, without copying."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """A frame of polars, without copying."""
        import polars

        return polars.DataFrame(self)
