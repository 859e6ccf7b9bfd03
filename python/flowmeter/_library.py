"""The functions of libflowmeter (include/flowmeter.h) and the structures of the Arrow C interfaces."""

from __future__ import annotations

import ctypes
import os
import pathlib
from typing import Any

from ._errors import FlowMeterError, UsageError

_USAGE = 2


class ArrowSchema(ctypes.Structure):
    """The name and type of a column, or of a batch with its columns as children."""


class ArrowArray(ctypes.Structure):
    """The values of a column, or of a batch with its columns as children."""


class ArrowArrayStream(ctypes.Structure):
    """Batches of one schema, one after the other."""


_release_schema = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowSchema))
_release_array = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowArray))
GET_SCHEMA = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ArrowArrayStream), ctypes.POINTER(ArrowSchema))
GET_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ArrowArrayStream), ctypes.POINTER(ArrowArray))
GET_LAST_ERROR = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(ArrowArrayStream))
RELEASE_STREAM = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowArrayStream))

ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowSchema))),
    ("dictionary", ctypes.c_void_p),
    ("release", _release_schema),
    ("private_data", ctypes.c_void_p),
]
ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))),
    ("dictionary", ctypes.c_void_p),
    ("release", _release_array),
    ("private_data", ctypes.c_void_p),
]
ArrowArrayStream._fields_ = [
    ("get_schema", GET_SCHEMA),
    ("get_next", GET_NEXT),
    ("get_last_error", GET_LAST_ERROR),
    ("release", RELEASE_STREAM),
    ("private_data", ctypes.c_void_p),
]


def _load() -> ctypes.CDLL:
    path = os.environ.get("FLOWMETER_LIBRARY") or pathlib.Path(__file__).with_name("libflowmeter.so")
    try:
        library = ctypes.CDLL(str(path))
    except OSError as e:
        raise ImportError(f"{path}: can not be loaded ({e}); install the package for this platform.") from e
    stream = ctypes.POINTER(ArrowArrayStream)
    text = ctypes.POINTER(ctypes.c_void_p)
    names = ctypes.POINTER(ctypes.c_char_p)
    signatures: dict[str, tuple[Any, list[Any]]] = {
        "fm_version": (ctypes.c_char_p, []),
        "fm_free": (None, [ctypes.c_void_p]),
        "fm_read": (ctypes.c_int, [ctypes.c_int, names, stream, text]),
        "fm_wait": (ctypes.c_int, [stream, ctypes.c_int]),
        "fm_share_schema": (None, [ctypes.POINTER(ArrowSchema), ctypes.POINTER(ArrowSchema)]),
        "fm_share_batch": (None, [ctypes.POINTER(ArrowArray), ctypes.POINTER(ArrowArray)]),
        "fm_distinct": (ctypes.c_int, [ctypes.POINTER(ArrowArray), ctypes.c_void_p, ctypes.c_void_p]),
        "fm_warnings": (ctypes.c_void_p, [stream]),
        "fm_summary": (ctypes.c_void_p, [stream]),
        "fm_columns": (ctypes.c_int, [ctypes.c_char_p, text, text]),
        "fm_score": (
            ctypes.c_int,
            [
                ctypes.c_char_p,
                ctypes.c_int64,
                ctypes.c_int,
                names,
                ctypes.POINTER(ctypes.c_void_p),
                ctypes.c_void_p,
                ctypes.c_void_p,
                text,
            ],
        ),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


LIBRARY = _load()


def take_text(address: int | None) -> str:
    """The text at an address, which is freed; nothing for none."""
    if not address:
        return ""
    try:
        return ctypes.string_at(address).decode()
    finally:
        LIBRARY.fm_free(address)


def check(code: int, error: ctypes.c_void_p) -> None:
    """Raises what a function failed for."""
    if code:
        raise (UsageError if code == _USAGE else FlowMeterError)(take_text(error.value))


def texts(values: list[str]) -> Any:
    """Texts as C has them."""
    return (ctypes.c_char_p * len(values))(*[value.encode() for value in values])
