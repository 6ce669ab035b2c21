"""The block a page opens with: the question, the computed answer and which data it rests on."""

from dataclasses import dataclass, field
from html import escape
from typing import Any

from affarsplan_data import regions
from affarsplan_data.pages.whence import Whence

MIME = "application/vnd.affarsplan.opening+json"


@dataclass(frozen=True)
class Opening:
    """A page's question and answer for one region."""

    questions: tuple[str, ...]
    lines: tuple[str, ...]
    region: str
    year: int
    remarks: tuple[str, ...] = ()
    whence: Whence = field(default_factory=Whence)

    def payload(self) -> dict[str, Any]:
        """Return what the report's start page needs."""
        return {
            "question": " ".join(self.questions),
            "answer": self.lines[0] if self.lines else "",
            "lines": list(self.lines),
            "region": self.region,
            "region_name": regions.name(self.region),
        }

    def _repr_html_(self) -> str:
        questions = "".join(f'<p class="ap-question">{escape(q)}</p>' for q in self.questions)
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.lines)
        remark = "".join(f'<p class="ap-notice">{escape(said)}</p>' for said in self.remarks)
        banner = self.whence.banner
        made_up = f'<p class="ap-error"><strong>{escape(banner)}</strong></p>' if banner else ""
        return (
            f'<section class="ap-opening" aria-label="Fråga och svar">'
            f"{made_up}{questions}"
            f'<p class="ap-region">{escape(regions.name(self.region))}, senaste uppgifter i rapporten '
            f'för {self.year}</p>{remark}<ul class="ap-answer">{lines}</ul>'
            f'<p class="ap-notice"><strong>{escape(self.whence.short)}.</strong> '
            f"{escape(self.whence.explained)}</p></section>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), MIME: self.payload()}
