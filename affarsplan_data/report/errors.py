"""Errors of the report: each names the notebook, page or folder at fault and what to do."""

from affarsplan_data.errors import AffarsplanError, UsageError


class OutputError(UsageError):
    """A folder that reports cannot be written in; nothing has been written."""


class NotebookError(AffarsplanError):
    """A notebook that cannot become a page: its file, metadata, title or parameters cell."""


class PageStructureError(AffarsplanError):
    """A rendered page breaks the rules for accessible, self-contained HTML."""


class ExportError(AffarsplanError):
    """A figure's table cannot be written as a file."""


class PublishError(AffarsplanError):
    """The finished report could not take the place of the earlier one."""


class BusyError(AffarsplanError):
    """Another run is writing in the same folder; a scheduler may try again later."""

    exit_code = 4


class ClusterError(AffarsplanError):
    """A cluster that cannot be reached, has no workers, or has workers that are not alike."""
