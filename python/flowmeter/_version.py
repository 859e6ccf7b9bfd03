"""The version of the library inside."""

from ._library import LIBRARY

__version__: str = LIBRARY.fm_version().decode()
