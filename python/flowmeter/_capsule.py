"""Arrow streams in capsules, as the Arrow PyCapsule interface has them."""

from __future__ import annotations

import ctypes
from typing import Any

from ._batch import Batch
from ._library import GET_LAST_ERROR, GET_NEXT, GET_SCHEMA, RELEASE_STREAM, ArrowArray, ArrowArrayStream
from ._schema import Schema

_NAME = b"arrow_array_stream"

# What a stream of ours needs, by its number, until it is released.
_alive: dict[int, tuple[Any, ...]] = {}
_numbers = iter(range(1, 1 << 62))

_Destructor = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)

# Functions of our own: others give the attributes of ctypes.pythonapi other types.
_new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, _Destructor)(
    ("PyCapsule_New", ctypes.pythonapi)
)
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
_allocate = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)(("PyMem_RawMalloc", ctypes.pythonapi))
_free = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(("PyMem_RawFree", ctypes.pythonapi))


@_Destructor
def _destroy(capsule: int) -> None:
    address = _pointer(capsule, _NAME)
    stream = ArrowArrayStream.from_address(address)
    if stream.release:
        stream.release(ctypes.byref(stream))
    _free(address)


def of_stream(stream: ArrowArrayStream) -> object:
    """A capsule that owns a stream; what was given has none afterwards."""
    address = _allocate(ctypes.sizeof(ArrowArrayStream))
    ctypes.memmove(address, ctypes.byref(stream), ctypes.sizeof(stream))
    ctypes.memset(ctypes.byref(stream), 0, ctypes.sizeof(stream))
    return _new(address, _NAME, _destroy)


def of_batches(schema: Schema, batches: list[Batch]) -> object:
    """A capsule with a stream of batches, which stay the caller's."""
    left = iter(batches)

    @GET_SCHEMA
    def get_schema(_: Any, out: Any) -> int:
        schema.share(out)
        return 0

    @GET_NEXT
    def get_next(_: Any, out: Any) -> int:
        ctypes.memset(out, 0, ctypes.sizeof(ArrowArray))
        batch = next(left, None)
        if batch is not None:
            batch.share(out)
        return 0

    @GET_LAST_ERROR
    def get_last_error(_: Any) -> None:
        return None

    @RELEASE_STREAM
    def release(stream: Any) -> None:
        number = stream.contents.private_data
        ctypes.memset(stream, 0, ctypes.sizeof(ArrowArrayStream))
        _alive.pop(number, None)

    number = next(_numbers)
    _alive[number] = (get_schema, get_next, get_last_error, release)
    return of_stream(ArrowArrayStream(get_schema, get_next, get_last_error, release, number))
