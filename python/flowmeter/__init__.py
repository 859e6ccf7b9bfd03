"""FlowMeter: network captures in, bidirectional flows with exact statistics and verdicts out.

>>> import flowmeter
>>> flows = flowmeter.read("capture.pcap", profile="extended")
>>> frame = flows.to_pandas()

Every function says what is wrong in one line, as the command line does: :class:`UsageError` for arguments that do not
fit, :class:`FlowMeterError` for all else.
"""

from ._errors import FlowMeterError, UsageError
from ._flows import Flows
from ._model import Model
from ._profile import Column, columns
from ._read import Stream, read, stream
from ._version import __version__

__all__ = [
    "Column",
    "FlowMeterError",
    "Flows",
    "Model",
    "Stream",
    "UsageError",
    "__version__",
    "columns",
    "read",
    "stream",
]
