"""The columns of flows in the memory of the library."""

from __future__ import annotations

import ctypes
from typing import Any

from ._library import LIBRARY, ArrowArrayStream, ArrowSchema


class Schema:
    """Names and types of columns."""

    def __init__(self, stream: ArrowArrayStream) -> None:
        self._schema = ArrowSchema()
        stream.get_schema(ctypes.byref(stream), ctypes.byref(self._schema))
        children = [self._schema.children[i].contents for i in range(self._schema.n_children)]
        self.fields = [(child.name.decode(), child.format.decode()) for child in children]
        """The name of each column and its type as the Arrow C data interface writes it."""

    def __del__(self) -> None:
        if self._schema.release:
            self._schema.release(ctypes.byref(self._schema))

    def share(self, out: Any) -> None:
        """Fills another schema with the same columns."""
        LIBRARY.fm_share_schema(ctypes.byref(self._schema), out)
