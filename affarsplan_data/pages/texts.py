"""Text blocks a notebook shows besides figures: a notice that something is missing, a closing section."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Notice:
    """Says why the figure of an indicator is not shown.

    ``ways`` say how its figures are had, for the one who keeps the data: a page's reader is not told.
    """

    reason: str
    indicator: str
    ways: str = ""

    def _repr_html_(self) -> str:
        return f'<p class="ap-notice ap-missing">{escape(self.reason)}</p>'


@dataclass(frozen=True)
class Section:
    """A block of ready, escaped HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html
