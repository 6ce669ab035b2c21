"""Errors of the unattended run, in words that say what to do next."""

from affarsplan_data.errors import UsageError


class ScheduleError(UsageError):
    """A time or a path that a scheduler cannot be given."""


class NotifyError(UsageError):
    """The command that the summary is to be given to cannot be understood."""
