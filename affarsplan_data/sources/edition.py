"""The built-in edition: real published figures that ship with the project.

``data/raw/edition/manifest.yaml`` says for every measure which series it holds, with producer, table,
unit, vintage and how the figure was retrieved; the figures lie beside it, one tidy CSV per measure.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from affarsplan_data import project, swedish
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.plan import yamlfile
from affarsplan_data.recording import ABSENT, Noted, digest, kind, note
from affarsplan_data.recording.noted import EVERY

COLUMNS = (
    "region",
    "period",
    "sex",
    "birth",
    "age",
    "industry",
    "category",
    "value",
    "status",
    "series",
)


class EditionError(AffarsplanError):
    """The built-in edition's files are damaged or do not fit their manifest."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _numbers_whole(cls, given: Any) -> Any:
        # A manifest in another project folder may be older than the rule.
        return swedish.unbroken_thousands(given) if isinstance(given, str) else given


class Series(_Model):
    """One publication of a measure: who published it, where, when, and what to mind.

    ``retrieved_via`` is the exact place where the figures were found, for whoever traces them, and
    ``place`` says it to a reader.
    """

    producer: str
    table: str
    table_id: str | None = None
    vintage: str | None = None
    retrieved_via: str
    place: str = ""
    preliminary_periods: tuple[str | int, ...] = ()
    precedence: int = 1
    note: str | None = None


class EditionFile(_Model):
    """The file of one measure, as the manifest describes it."""

    file: str
    sha256: str
    rows: int
    unit: str
    title: str
    categories: dict[str, str] = Field(default_factory=dict)
    series: dict[str, Series]


class MissingFigure(_Model):
    """A statistic the edition lacks: what, why, and where it will come from."""

    what: str
    reason: str
    comes_from: str


class About(_Model):
    """The edition's name, date and licence."""

    id: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    title: str
    licence: str
    note: str = ""


class Edition(_Model):
    """The whole edition: its description, its files and what it lacks."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    about: About = Field(alias="edition")
    measures: Mapping[str, EditionFile]
    missing: tuple[MissingFigure, ...] = ()

    @property
    def year(self) -> int:
        """The year the edition was put together, the report's year unless another is asked for."""
        return int(self.about.id[:4])


def folder() -> Path:
    """Return the folder of the built-in edition."""
    return project.raw() / "edition"


def load_edition() -> Edition:
    """Return the edition's manifest.

    Raises:
        EditionError: the manifest is not valid.
    """
    note("edition", "about")
    return _current()


def _current() -> Edition:
    path = folder() / "manifest.yaml"
    return _load(path, path.stat().st_mtime_ns)


@kind("edition")
def _about(_: str) -> str:
    edition = _current()
    return digest(edition.model_dump_json(include={"about", "missing"}))


@kind("entry")
def _entry(measure: str) -> str:
    held = _current().measures
    assert isinstance(held, Noted)
    if measure == EVERY:
        return digest(" ".join(held.held))
    return digest(held.held[measure].model_dump_json()) if measure in held.held else ABSENT


@lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> Edition:
    # The C parser reads the manifest some ten times as fast; it is there wherever PyYAML ships wheels.
    try:
        held = Edition.model_validate(yamlfile.read(path))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise EditionError(
            f"{path} följer inte utgåvans form. Återställ filen med git. ({str(error)[:300]})"
        ) from error
    return held.model_copy(update={"measures": Noted("entry", held.measures)})


def read(measure: str, entry: EditionFile) -> pd.DataFrame:
    """Return the raw rows of ``measure``: the columns of :data:`COLUMNS`, ``value`` as float.

    Raises:
        EditionError: the file is missing, has been changed, or has a value that is not a number.
    """
    path = folder() / entry.file
    try:
        frame = pd.read_csv(BytesIO(content(entry)), dtype=str, keep_default_na=False)
    except ValueError as error:
        raise EditionError(f"{path} är inte en CSV-fil i UTF-8: {error}.") from error
    if tuple(frame.columns) != COLUMNS or len(frame) != entry.rows:
        raise EditionError(f"{path} har andra kolumner eller fler rader än manifestet säger.")
    frame["value"] = _numbers(frame["value"], path)
    _check_series(frame["series"], entry.series, path)
    return frame.assign(measure=measure)


def content(entry: EditionFile) -> bytes:
    """Return the bytes of a measure's file.

    Raises:
        EditionError: the file is missing, or is not the one that the manifest describes.
    """
    path = folder() / entry.file
    try:
        found = path.read_bytes()
    except OSError as error:
        raise EditionError(
            f"{path} kan inte läsas: {error.strerror}. Återställ filen med git."
        ) from None
    if hashlib.sha256(found).hexdigest() != entry.sha256:
        raise EditionError(
            f"{path} stämmer inte med manifestets kontrollsumma. Återställ filen med git."
        )
    return found


def _numbers(text: pd.Series, path: Path) -> pd.Series:
    values = pd.to_numeric(text.where(text != ""), errors="coerce").astype("float64")
    if (bad := values.isna() & (text != "")).any():
        row = int(bad.to_numpy().argmax()) + 2
        raise EditionError(f"{path}, rad {row}: ”{text[bad].iloc[0][:40]}” är inte ett tal.")
    return values


def _check_series(series: pd.Series, declared: Mapping[str, Series], path: Path) -> None:
    if unknown := set(series.unique()) - declared.keys():
        raise EditionError(f"{path}: serien {', '.join(sorted(unknown))} saknas i manifestet.")
