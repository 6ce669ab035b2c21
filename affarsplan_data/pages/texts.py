"""Text blocks a notebook shows besides figures: a notice that something is missing, a closing section."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Notice:
    """Says why the figure of an indicator is not shown, and how its figures are had."""

    reason: str
    indicator: str
    ways: str = ""

    def _repr_html_(self) -> str:
        said = f"{self.reason} {self.ways}".strip()
        return f'<p class="ap-notice ap-missing">{escape(said)}</p>'


@dataclass(frozen=True)
class Section:
    """A block of ready, escaped HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html
