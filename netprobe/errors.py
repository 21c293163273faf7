"""Everything that netprobe raises on purpose.

* NetprobeError
    * InputError           the user's arguments, files or missing programs (exit code 2)
    * EnvironmentFailure   the machine or the cluster kept us from an answer (exit code 3)
        * Refused          the API server refused a request, with its own words
        * SessionLost      an exec session broke; the runner may open another one
    * RunInterrupted       the user stopped the run (exit code 130 or 143)

A verdict is a value, never an exception.
"""

from __future__ import annotations

from collections.abc import Sequence

from netprobe.model.place import Problem


class NetprobeError(Exception):
    """A failure that a person can act on: what is wrong, and what to do.

    ``message`` is one sentence; ``remedy`` (may be empty) is the next step for the reader.
    """

    exit_code = 70

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class InputError(NetprobeError):
    """The user's input is wrong; ``problems`` lists every place at once."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = tuple(problems)


class EnvironmentFailure(NetprobeError):
    """The cluster, the lab or the machine did not let netprobe measure."""

    exit_code = 3


class Refused(EnvironmentFailure):
    """The API server answered a request with an error status (HTTP ``status``, its ``reason``)."""

    def __init__(self, message: str, *, status: int, reason: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.reason = reason


class SessionLost(EnvironmentFailure):
    """An exec session ended before its end mark; ``partial`` is what arrived until then."""

    def __init__(self, message: str, *, partial: str = "") -> None:
        super().__init__(message)
        self.partial = partial


class RunInterrupted(NetprobeError):
    """The user ended the run; what was measured until then is in the journal."""

    def __init__(self, message: str, *, signal_number: int) -> None:
        super().__init__(message)
        self.signal_number = signal_number
        self.exit_code = 128 + signal_number
