"""Text blocks a notebook shows besides figures: a notice that something is missing, a closing section."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Notice:
    """Says in one sentence why the figure of an indicator is not shown."""

    reason: str
    indicator: str

    def _repr_html_(self) -> str:
        return f'<p class="ap-notice ap-missing">{escape(self.reason)}</p>'


@dataclass(frozen=True)
class Section:
    """A block of ready, escaped HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html
