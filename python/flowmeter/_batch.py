"""Batches of flows in the memory of the library."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from ._library import LIBRARY, ArrowArray

if TYPE_CHECKING:
    import numpy


class Batch:
    """A batch of flows, whose memory is freed with the last array over it."""

    def __init__(self, array: ArrowArray) -> None:
        """Takes an array over, which is not to be released by anybody else."""
        self._array = array

    def __del__(self) -> None:
        if self._array.release:
            self._array.release(ctypes.byref(self._array))

    def __len__(self) -> int:
        return int(self._array.length)

    def share(self, out: Any) -> None:
        """Fills another array that has the same memory."""
        LIBRARY.fm_share_batch(ctypes.byref(self._array), out)

    def numbers(self, column: int, dtype: str) -> numpy.ndarray[Any, Any]:
        """The numbers of a column, without copying."""
        return self._buffer(column, 1, len(self) * 8, dtype)

    def texts(self, column: int) -> numpy.ndarray[Any, Any]:
        """The texts of a column as Python strings; None where there is none."""
        import numpy

        count = len(self)
        offsets = self._buffer(column, 1, (count + 1) * 4, "int32")
        data = self._buffer(column, 2, int(offsets[-1]), "uint8")
        array = self._array.children[column]
        texts = numpy.empty(count, dtype=object)
        valid = offsets[1:] > offsets[:-1] if array.contents.null_count else slice(None)
        codes = numpy.empty(count, "int32")
        firsts = numpy.empty(count, "int32")
        distinct = LIBRARY.fm_distinct(array, codes.ctypes.data, firsts.ctypes.data)
        if distinct >= 0:
            # One object for each distinct text.
            raw = data.tobytes()
            firsts = firsts[:distinct]
            ends = zip(offsets[firsts].tolist(), offsets[firsts + 1].tolist())
            objects = numpy.empty(distinct, dtype=object)
            objects[:] = [raw[a:b].decode() for a, b in ends]
            texts[valid] = objects[codes[: count - array.contents.null_count]]
        elif (data == ord("\n")).any():
            raw = data.tobytes()
            texts[valid] = [raw[a:b].decode() for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist()) if a < b]
        else:
            # One pass over all texts: nothing but a line feed stands between them.
            texts[:] = numpy.insert(data, offsets[1:-1], ord("\n")).tobytes().decode().split("\n")
            texts[offsets[1:] == offsets[:-1]] = None
        return texts

    def _buffer(self, column: int, number: int, length: int, dtype: str) -> numpy.ndarray[Any, Any]:
        import numpy

        if length == 0:
            return numpy.empty(0, dtype)
        address = self._array.children[column].contents.buffers[number]
        memory = (ctypes.c_ubyte * length).from_address(address)
        memory.batch = self
        return numpy.frombuffer(memory, dtype)
