"""The summary of a run: what was done and what to do next, as data that another program can read.

Its form is :data:`SCHEMA`, a JSON Schema in ``summary.schema.json`` beside this module.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from affarsplan_data.archive import writing

FORM = 1
LATEST = "senaste.json"
DONE, PAGES_FAILED, WRONG_USE, SOURCES_FAILED, LOCKED = 0, 1, 2, 3, 4

Outcome = Literal["published", "unchanged", "failed", "stands"]
_WORDS = {
    DONE: "done",
    PAGES_FAILED: "failed",
    WRONG_USE: "usage",
    SOURCES_FAILED: "sources_failed",
    LOCKED: "locked",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema that every summary follows."""
    text = files(__package__).joinpath("summary.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@dataclass(frozen=True)
class Failure:
    """Something that failed: a table, a file, a page or a step, and why in a sentence."""

    what: str
    why: str


@dataclass(frozen=True)
class ReportOutcome:
    """What became of one report. ``run`` of its ``pages`` were run; the others were taken over.

    ``stands`` means that it was not made, and that the earlier one is left as it was.
    """

    region: str
    year: int
    outcome: Outcome
    folder: str
    pages: int = 0
    run: int = 0
    failed: tuple[Failure, ...] = ()


@dataclass
class Summary:
    """The summary while it grows; ``next`` says what to do, in the order to do it."""

    version: str
    started: str
    exit_code: int = DONE
    finished: str = ""
    seconds: float = 0.0
    tables: dict[str, int] = field(default_factory=dict)
    sources_failed: list[Failure] = field(default_factory=list)
    lost: list[Failure] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    reports: list[ReportOutcome] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    pruned_files: int = 0
    errors: list[Failure] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    log: str | None = None

    def conclude(self) -> None:
        """Set the exit code by what went wrong: what stops the report goes before the sources."""
        if self.exit_code in (WRONG_USE, LOCKED):
            return
        if self.errors or any(one.outcome == "failed" for one in self.reports):
            self.exit_code = PAGES_FAILED
        elif self.sources_failed or self.lost:
            self.exit_code = SOURCES_FAILED

    @property
    def outcome(self) -> str:
        """The exit code in a word."""
        return _WORDS.get(self.exit_code, "failed")

    def text(self) -> str:
        """Return the summary as JSON."""
        content = {"form": FORM, "outcome": self.outcome, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write(summary: Summary, paths: Sequence[Path]) -> None:
    """Write the summary to files, each replaced in one step."""
    for path in paths:
        writing.write(path, summary.text().encode())
