"""What the built-in edition says about itself, for the report's notices and its manifest."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from affarsplan_data.report.errors import ParameterError

_MANIFEST = Path("data", "raw", "edition", "manifest.yaml")


@dataclass(frozen=True)
class MissingData:
    """Statistics that the edition lacks: what, why, and where they will come from."""

    what: str
    reason: str
    comes_from: str


@dataclass(frozen=True)
class Edition:
    """The dated edition of official figures that the report reads."""

    id: str
    title: str
    licence: str
    note: str
    missing: tuple[MissingData, ...]

    @property
    def year(self) -> int:
        """The edition's year, from an id such as ``2026-11``."""
        match = re.match(r"(\d{4})(?!\d)", self.id)
        if match is None:
            raise ParameterError(
                f"Utgåvan heter ”{self.id}” och säger inget år. Ange rapportens år med --year."
            )
        return int(match.group(1))


def read_edition(project_root: Path) -> Edition:
    """Return the edition of the project; texts that its manifest lacks are empty."""
    text = (project_root / _MANIFEST).read_text(encoding="utf-8")
    content = yaml.safe_load(text) or {}
    about = content.get("edition") or {}
    return Edition(
        id=str(about.get("id") or ""),
        title=_text(about.get("title")) or "Inbyggd utgåva",
        licence=_text(about.get("licence")),
        note=_text(about.get("note")),
        missing=tuple(
            MissingData(
                *(_text(entry.get(key)) for key in ("what", "reason", "comes_from")),
            )
            for entry in content.get("missing") or []
        ),
    )


def _text(value: Any) -> str:
    return " ".join(str(value or "").split())
