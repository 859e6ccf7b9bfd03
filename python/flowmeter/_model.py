"""Scoring of flows that are in a frame."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from typing import Any, Union

from ._flows import Flows
from ._library import LIBRARY, check, texts

_VERDICTS = ("benign", "malicious", "undecided")


class Model:
    """A model of ``flowmeter train``, or the built-in one for the columns that there are."""

    def __init__(self, path: Union[str, "os.PathLike[str]"] = "builtin") -> None:
        self.path = os.fspath(path)

    def __repr__(self) -> str:
        return f"Model({self.path!r})"

    def score(self, flows: Flows | Mapping[str, Any]) -> Any:
        """Scores flows: a frame of pandas, :class:`Flows`, or arrays by name.

        Returns ``score``, the probability that a flow is malicious, and ``verdict``: a frame with the index of the
        given one, or else arrays by name. Columns that are no numbers are left aside.
        """
        import numpy

        columns = flows.to_numpy() if isinstance(flows, Flows) else flows
        values = {
            str(name): numpy.ascontiguousarray(column, dtype="float64")
            for name, column in columns.items()
            if numpy.asarray(column).dtype.kind in "biuf"
        }
        rows = len(next(iter(values.values()), ()))
        if any(len(column) != rows for column in values.values()):
            raise ValueError("columns have different lengths; give each a value for every flow.")
        scores = numpy.empty(rows)
        verdicts = numpy.empty(rows, dtype="uint8")
        addresses = (ctypes.c_void_p * len(values))(*[column.ctypes.data for column in values.values()])
        error = ctypes.c_void_p()
        code = LIBRARY.fm_score(
            self.path.encode(),
            rows,
            len(values),
            texts(list(values)),
            addresses,
            scores.ctypes.data,
            verdicts.ctypes.data,
            ctypes.byref(error),
        )
        check(code, error)
        result = {"score": scores, "verdict": numpy.array(_VERDICTS, dtype=object)[verdicts]}
        if hasattr(flows, "index") and hasattr(flows, "iloc"):
            return type(flows)(result, index=flows.index)  # type: ignore[call-arg]
        return result
