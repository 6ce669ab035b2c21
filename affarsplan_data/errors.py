"""The root of every error a user can meet.

Each layer keeps its own errors in its own ``errors.py``; all of them descend from
:class:`AffarsplanError`, carry a Swedish sentence that says what to do next, and map to an exit code.
"""


class AffarsplanError(Exception):
    """Something went wrong that the user can understand and act on."""

    exit_code = 1


class UsageError(AffarsplanError):
    """The user asked for something that does not exist; nothing has been written."""

    exit_code = 2
