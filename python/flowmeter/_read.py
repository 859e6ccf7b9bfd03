"""Metering of captures."""

from __future__ import annotations

import ctypes
import json
import os
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, Union

from . import _capsule
from ._batch import Batch
from ._errors import FlowMeterError
from ._flows import Flows
from ._library import LIBRARY, ArrowArray, ArrowArrayStream, check, take_text, texts
from ._schema import Schema

Path = Union[str, "os.PathLike[str]"]

# How long a signal, as of Ctrl-C, may go unnoticed while no batch is ready.
_PATIENCE_MS = 100


class Stream:
    """Batches of flows while a capture is read: an iterator, which may also be handed to what takes Arrow streams.

    Reading goes on ahead by a few batches; :meth:`close` ends it.
    """

    def __init__(self, arguments: list[str]) -> None:
        self._stream = ArrowArrayStream()
        error = ctypes.c_void_p()
        code = LIBRARY.fm_read(
            len(arguments), texts(arguments), ctypes.byref(self._stream), ctypes.byref(error)
        )
        check(code, error)
        self._schema = Schema(self._stream)
        self._told = 0

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def __iter__(self) -> Iterator[Flows]:
        return self

    def __next__(self) -> Flows:
        batch = self._next()
        if batch is None:
            raise StopIteration
        return Flows(self._schema, [batch], None)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The batches that were not taken yet, as an Arrow stream in a capsule: once."""
        self._check_open()
        return _capsule.of_stream(self._stream)

    def close(self) -> None:
        """Ends the reading; batches that were taken stay."""
        stream = getattr(self, "_stream", None)
        if stream is not None and stream.release:
            stream.release(ctypes.byref(stream))

    def _check_open(self) -> None:
        if not self._stream.release:
            raise FlowMeterError("the stream was closed or handed over; read the capture again.")

    def _next(self) -> Batch | None:
        self._check_open()
        while not LIBRARY.fm_wait(ctypes.byref(self._stream), _PATIENCE_MS):
            pass
        array = ArrowArray()
        code = self._stream.get_next(ctypes.byref(self._stream), ctypes.byref(array))
        self._warn()
        if code:
            error = self._stream.get_last_error(ctypes.byref(self._stream))
            raise FlowMeterError(ctypes.string_at(error).decode())
        return Batch(array) if array.release else None

    def _warn(self) -> None:
        lines = take_text(LIBRARY.fm_warnings(ctypes.byref(self._stream))).splitlines()
        for line in lines[self._told :]:
            warnings.warn(line, RuntimeWarning, stacklevel=4)
        self._told = len(lines)

    def _summary(self) -> dict[str, Any] | None:
        text = take_text(LIBRARY.fm_summary(ctypes.byref(self._stream)))
        return json.loads(text) if text else None


def stream(
    captures: Path | Iterable[Path],
    *,
    profile: str | None = None,
    model: Path | None = None,
    filter: str | None = None,
    workers: int | None = None,
    **options: object,
) -> Stream:
    """Meters captures and yields flows in batches while it reads, in bounded memory.

    The arguments are those of :func:`read`.
    """
    return Stream(
        _arguments(captures, {"profile": profile, "model": model, "filter": filter, "workers": workers, **options})
    )


def read(
    captures: Path | Iterable[Path],
    *,
    profile: str | None = None,
    model: Path | None = None,
    filter: str | None = None,
    workers: int | None = None,
    **options: object,
) -> Flows:
    """Meters captures and returns all flows.

    captures: a file, or several in order: pcap or pcapng, also compressed with gzip or zstd.
    profile: which columns (:func:`columns`); model: a file of ``flowmeter train``, or "none"; without it the built-in
    one where the profile has one. filter: a BPF expression. workers: threads.
    options: any other option of ``flowmeter read`` that writes no file, with _ for -: ``idle_timeout="60s"``,
    ``community_id=True``, ``local_net=["10.0.0.0/8"]``.
    """
    batches = []
    with stream(captures, profile=profile, model=model, filter=filter, workers=workers, **options) as source:
        while (batch := source._next()) is not None:
            batches.append(batch)
        return Flows(source._schema, batches, source._summary())


def _arguments(captures: Path | Iterable[Path], options: dict[str, object]) -> list[str]:
    paths = [captures] if isinstance(captures, (str, os.PathLike)) else list(captures)
    arguments: list[str] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is True:
                arguments.append(option)
            elif one is not None and one is not False:
                arguments.append(f"{option}={os.fspath(one) if isinstance(one, os.PathLike) else one}")
    return arguments + ["--", *map(os.fspath, paths)]
