"""What a server says of itself and its tables: configuration, table list, variables and codelists."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from affarsplan_data.scb.cubes import Dimension, Note, Structure
from affarsplan_data.scb.errors import UnknownCodelistError, UnknownVariableError
from affarsplan_data.scb.limits import Rate, rate
from affarsplan_data.swedish import number

SHOWN = 6
INVENTED = "EliminatedValue"
TIME_NAMES = {"tid", "time", "år", "year", "month", "månad"}
CAUTIOUS_CELLS = 100_000
"""The most cells asked for in one call from a server that does not say what it allows."""


class _Wire(BaseModel):
    """Read from an answer; what is not known here is left aside, since servers add fields."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_unsaid(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        return {name: value for name, value in fields.items() if value is not None}


class Language(_Wire):
    """A language the server answers in."""

    id: str
    label: str | None = None


class Config(_Wire):
    """The server's own limits and choices (``/config``)."""

    api_version: str | None = Field(None, alias="apiVersion")
    languages: tuple[Language, ...] = ()
    default_language: str | None = Field(None, alias="defaultLanguage")
    max_data_cells: int = Field(CAUTIOUS_CELLS, alias="maxDataCells", ge=1)
    max_calls: int = Field(0, alias="maxCallsPerTimeWindow")
    window: float = Field(0, alias="timeWindow")
    licence: str | None = Field(None, alias="license")
    data_formats: tuple[str, ...] = Field((), alias="dataFormats")

    @field_validator("max_data_cells", mode="before")
    @classmethod
    def _unsaid(cls, value: object) -> object:
        return value or CAUTIOUS_CELLS

    @property
    def rate(self) -> Rate | None:
        """The declared limit on calls; None for 0 and 0, which means: see the headers."""
        return rate(self.max_calls, self.window)


class TableInfo(_Wire):
    """A table in the server's list: title, periods and when it was last updated."""

    id: str
    label: str | None = None
    description: str | None = None
    updated: str | None = None
    first_period: str | None = Field(None, alias="firstPeriod")
    last_period: str | None = Field(None, alias="lastPeriod")
    time_unit: str | None = Field(None, alias="timeUnit")
    variables: tuple[str, ...] = Field((), alias="variableNames")
    discontinued: bool | None = None
    category: str | None = None
    source: str | None = None
    subject: str | None = Field(None, alias="subjectCode")
    paths: tuple[tuple[dict[str, Any], ...], ...] = ()


class CodelistValue(_Wire):
    """One value of a codelist, and the table's own codes that it stands for."""

    code: str
    label: str = ""
    parts: tuple[str, ...] = Field((), alias="valueMap")


class Codelist(_Wire):
    """A choice of values (``vs_``) or groups of values (``agg_``) for a variable."""

    id: str
    label: str | None = None
    kind: str | None = Field(None, alias="type")
    values: tuple[CodelistValue, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codelist's codes in its own order."""
        return tuple(value.code for value in self.values)

    def frame(self) -> pd.DataFrame:
        """Return one row per value: ``code``, ``label`` and the ``parts`` it stands for."""
        rows = [(v.code, v.label, ", ".join(v.parts)) for v in self.values]
        return pd.DataFrame(rows, columns=["code", "label", "parts"])

    def _repr_html_(self) -> str:
        heading = f"<p><strong>{escape(self.id)}</strong> {escape(self.label or '')}</p>"
        return heading + _html(self.frame())


@dataclass(frozen=True)
class CodelistLink:
    """A codelist that a variable can be read through."""

    id: str
    label: str
    kind: Literal["valueset", "aggregation"]


@dataclass(frozen=True)
class Variable:
    """A table's variable: its codes in the table's order, and what one may do with it."""

    dimension: Dimension
    is_time: bool
    is_metric: bool

    @property
    def code(self) -> str:
        """The variable's code, for example ``Region``."""
        return self.dimension.id

    @property
    def label(self) -> str:
        """The variable's name for readers."""
        return self.dimension.label

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in the table's order."""
        return self.dimension.codes

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes' names, in the same order."""
        return self.dimension.labels

    @property
    def is_invented(self) -> bool:
        """Whether the server has put the variable there, and refuses questions about it.

        Tables without contents of their own get a variable of them with this one code.
        """
        return self.is_metric and self.codes == (INVENTED,)

    @property
    def eliminable(self) -> bool:
        """Whether the table can be read without the variable."""
        return self.dimension.extension.get("elimination") is True

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The place of each code."""
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def codelists(self) -> tuple[CodelistLink, ...]:
        """The codelists that the variable can be read through."""
        links = self.dimension.extension.get("codelists")
        given = [link for link in links or () if isinstance(link, dict) and link.get("id")]
        return tuple(_link(link) for link in given)

    def codelist(self, wanted: str) -> CodelistLink:
        """Return the codelist with that id.

        Raises:
            UnknownCodelistError: the variable has no such codelist.
        """
        for link in self.codelists:
            if link.id == wanted:
                return link
        near = _listed(wanted, [link.id for link in self.codelists], "inga kodlistor")
        raise UnknownCodelistError(
            f"Variabeln {self.code} har inte kodlistan ”{wanted}”. Den har: {near}. "
            "Små och stora bokstäver spelar roll."
        )


def _link(link: dict[str, Any]) -> CodelistLink:
    name = str(link["id"])
    aggregation = str(link.get("type", "")).lower() == "aggregation" or name.startswith("agg_")
    return CodelistLink(
        name, str(link.get("label") or name), "aggregation" if aggregation else "valueset"
    )


@dataclass(frozen=True)
class Metadata:
    """Everything a table can be asked for. In a notebook it shows as a table of its variables."""

    id: str
    structure: Structure
    answer: str | None = None
    """The answer's id in the archive, when there is one."""

    name: str | None = None
    """What the table's answers are archived under, when that is not its id."""

    @property
    def archived_as(self) -> str:
        """What the table's answers are archived under."""
        return self.name or self.id

    @property
    def label(self) -> str:
        """The table's title."""
        return self.structure.label

    @property
    def source(self) -> str | None:
        """The producer, as the table names it."""
        return self.structure.source

    @property
    def updated(self) -> str | None:
        """When the table was last updated, in UTC."""
        return self.structure.updated

    @property
    def cells(self) -> int:
        """The number of cells in the whole table."""
        return self.structure.cells

    @property
    def notes(self) -> tuple[Note, ...]:
        """The table's notes, those of its variables and values included."""
        of_variables = (note for d in self.structure.dimensions for note in d.notes)
        return (*self.structure.notes, *of_variables)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in the table's order."""
        dimensions = self.structure.dimensions
        told = any(d.role == "time" for d in dimensions)
        return tuple(
            Variable(
                d,
                d.role == "time" or (not told and d.id.casefold() in TIME_NAMES),
                d.role == "metric",
            )
            for d in dimensions
        )

    def variable(self, code: str) -> Variable:
        """Return a variable by its code, whatever the case; ``time`` means the time variable.

        Raises:
            UnknownVariableError: the table has no such variable; those it has are named.
        """
        wanted = str(code).casefold()
        for variable in self.variables:
            if variable.code.casefold() == wanted:
                return variable
        if wanted == "time" and (time := [v for v in self.variables if v.is_time]):
            return time[0]
        named = ", ".join(f"{v.code} ({v.label})" for v in self.variables)
        raise UnknownVariableError(
            f"Tabellen {self.id} har inte variabeln ”{code}”. Den har: {named}."
        )

    def with_codes(self, code: str, codelist: Codelist, own: Variable) -> "Metadata":
        """Return the metadata with a variable's codes replaced by those of a codelist.

        ``own`` is the variable with the table's codes; a set of values holds only those that it has.
        """
        aggregation = own.codelist(codelist.id).kind == "aggregation"
        values = [v for v in codelist.values if aggregation or v.code in own.position]
        if not values:
            raise UnknownCodelistError(
                f"Kodlistan {codelist.id} har inget värde som finns i tabellens {code}."
            )
        changed = replace(
            own.dimension,
            codes=tuple(v.code for v in values),
            labels=tuple(v.label or v.code for v in values),
        )
        dimensions = tuple(changed if d.id == code else d for d in self.structure.dimensions)
        return replace(self, structure=replace(self.structure, dimensions=dimensions))

    def frame(self) -> pd.DataFrame:
        """Return one row per variable: code, name, number of values, examples, codelists."""
        return pd.DataFrame([_described(variable) for variable in self.variables])

    def values(self, variable: str) -> pd.DataFrame:
        """Return one row per value of a variable: ``code`` and ``label``."""
        chosen = self.variable(variable)
        return pd.DataFrame({"code": chosen.codes, "label": chosen.labels})

    def __repr__(self) -> str:
        lines = [f"{self.id}: {self.label}", f"{self.source or ''}, uppdaterad {self.updated}"]
        lines += [f"  {v.code} ({v.label}): {len(v.codes)} värden" for v in self.variables]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        when, cells = self.updated or "okänt när", number(self.cells)
        about = f"{self.source or 'okänd källa'}, uppdaterad {when}, {cells} celler"
        notes = "".join(f"<li>{escape(note.text)}</li>" for note in self.notes if note.mandatory)
        return (
            f"<p><strong>{escape(self.id)}: {escape(self.label)}</strong><br>{escape(about)}</p>"
            f"{_html(self.frame())}"
            f"{f'<p>Att tänka på:</p><ul>{notes}</ul>' if notes else ''}"
        )


def _html(frame: pd.DataFrame) -> str:
    """Return a frame as a table for a notebook, with all of its text."""
    with pd.option_context("display.max_colwidth", None):
        return frame.to_html(index=False, escape=True, justify="left", border=0)


def _described(variable: Variable) -> dict[str, object]:
    pairs = list(zip(variable.codes, variable.labels, strict=True))
    shown = pairs if len(pairs) <= SHOWN else [*pairs[: SHOWN - 2], None, *pairs[-2:]]
    values = "; ".join(
        "…" if pair is None else pair[0] if pair[0] == pair[1] else f"{pair[0]}: {pair[1]}"
        for pair in shown
    )
    lists = "; ".join(f"{link.id} ({link.label})" for link in variable.codelists)
    return {
        "variabel": variable.code,
        "namn": variable.label,
        "antal värden": len(pairs),
        "värden": values,
        "kan utelämnas": "ja" if variable.eliminable else "nej",
        "kodlistor": lists,
    }


def _listed(wanted: str, held: Iterable[str], nothing: str) -> str:
    candidates = list(held)
    near = difflib.get_close_matches(wanted, candidates, n=5, cutoff=0.4) or candidates[:8]
    return ", ".join(near) or nothing
