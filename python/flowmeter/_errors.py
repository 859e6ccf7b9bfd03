"""What functions raise."""


class FlowMeterError(RuntimeError):
    """A capture, a model or the system failed; the message says what, where and what to do."""


class UsageError(FlowMeterError, ValueError):
    """Arguments are unknown or do not fit together."""
