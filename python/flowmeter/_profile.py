"""The columns of a profile."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

from ._library import LIBRARY, check, take_text


class Column(NamedTuple):
    """One column of a flow table."""

    name: str
    type: str
    unit: str
    meaning: str


def columns(profile: str = "flowmeter") -> list[Column]:
    """The columns of a profile, in the order of the table; the last ones are those that a model adds."""
    text, error = ctypes.c_void_p(), ctypes.c_void_p()
    check(LIBRARY.fm_columns(profile.encode(), ctypes.byref(text), ctypes.byref(error)), error)
    return [Column(*line.split("\t")) for line in take_text(text.value).splitlines()]
