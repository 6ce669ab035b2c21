"""Resolves a selection against a table's metadata, by the server's own rules, before anything is sent.

The server answers an expression that matches nothing with the national total, and a misspelt variable
with a selection of its own. Here every expression becomes a list of codes that the table has, in the
table's order, and what does not is an error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import prod
from numbers import Integral
from typing import Final

from affarsplan_data.scb.cubes import Dimension
from affarsplan_data.scb.errors import (
    NotEliminableError,
    SelectionError,
    UnknownCodelistError,
    UnknownValueError,
)
from affarsplan_data.scb.expressions import examples, literal, places
from affarsplan_data.scb.metadata import Metadata, Variable


class _Elimination(Enum):
    ELIMINATE = "ELIMINATE"

    def __repr__(self) -> str:
        return "ELIMINATE"


ELIMINATE: Final = _Elimination.ELIMINATE
"""Says that the table is to be read without a variable; the server then gives its total."""

Item = str | int
Wanted = Item | Iterable[Item] | _Elimination | None
Selection = Mapping[str, Wanted]


@dataclass(frozen=True)
class Choice:
    """What is asked of one variable: ``codes`` in order, through ``codelist`` when one is named.

    ``eliminated`` means that the variable is asked for with no code at all, and will not be in the
    answer. ``assumed`` means that the selection did not mention it. ``lacking`` are codes of a codelist
    in the selection that the table does not have.
    """

    variable: Variable
    codes: tuple[str, ...]
    codelist: str | None = None
    eliminated: bool = False
    assumed: bool = False
    lacking: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The variable's code."""
        return self.variable.code

    def labels(self) -> tuple[str, ...]:
        """Return the names of the chosen codes."""
        place = self.variable.position
        return tuple(self.variable.labels[place[code]] for code in self.codes)


@dataclass(frozen=True)
class Query:
    """A table and a choice for each of its variables, in the table's order."""

    metadata: Metadata
    choices: tuple[Choice, ...]

    @property
    def kept(self) -> tuple[Choice, ...]:
        """The choices whose variables will be in the answer."""
        return tuple(choice for choice in self.choices if not choice.eliminated)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of codes per variable in the answer."""
        return tuple(len(choice.codes) for choice in self.kept)

    @property
    def cells(self) -> int:
        """The number of cells in the answer."""
        return prod(self.shape)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that the answer will have."""
        return tuple(
            replace(choice.variable.dimension, codes=choice.codes, labels=choice.labels())
            for choice in self.kept
        )

    @property
    def has_all_contents(self) -> bool:
        """Whether every content of the table is asked for."""
        return all(c.codes == c.variable.codes for c in self.choices if c.variable.is_metric)

    def part(self, slices: Sequence[slice]) -> "Query":
        """Return the query for a part of the answer's cube."""
        cuts = iter(slices)
        choices = tuple(
            choice if choice.eliminated else replace(choice, codes=choice.codes[next(cuts)])
            for choice in self.choices
        )
        return Query(self.metadata, choices)

    def body(self) -> dict[str, object]:
        """Return the request's body: every variable, and the order in which the answer is to come."""
        asked = [choice for choice in self.choices if not choice.variable.is_invented]
        selection: list[dict[str, object]] = []
        for choice in asked:
            given = {"codelist": choice.codelist} if choice.codelist else {}
            selection.append(
                {"variableCode": choice.code, **given, "valueCodes": list(choice.codes)}
            )
        stub = [choice.code for choice in asked if not choice.eliminated]
        return {"selection": selection, "placement": {"heading": [], "stub": stub}}


def resolve(
    metadata: Metadata,
    selection: Selection,
    through: Mapping[str, str],
    members: Callable[[str], Iterable[str]],
) -> Query:
    """Return the query that a selection means.

    Args:
        metadata: the table, with the codelists of ``through`` already applied.
        selection: per variable a code, an expression, a list of them, or :data:`ELIMINATE`. A variable
            that is not mentioned is taken whole.
        through: per variable the codelist that its codes belong to.
        members: returns the codes of a codelist by its id.

    Raises:
        SelectionError: a variable, code, codelist or expression that the table does not have.
    """
    if not isinstance(selection, Mapping):
        raise SelectionError(
            f"Urvalet ska vara en dict från variabel till koder, inte {selection!r:.60}."
        )
    wanted: dict[str, Wanted] = {}
    for name, value in selection.items():
        code = metadata.variable(name).code
        if code in wanted:
            raise SelectionError(f"Variabeln {code} står två gånger i urvalet.")
        wanted[code] = value
    choices = [
        _choice(metadata, variable, wanted.get(variable.code), through, members)
        for variable in metadata.variables
    ]
    if not any(choice.codes for choice in choices):
        raise SelectionError(
            f"Urvalet ur {metadata.id} utelämnar alla variabler. Välj något av minst en av dem."
        )
    return Query(metadata, tuple(choices))


def _choice(
    metadata: Metadata,
    variable: Variable,
    wanted: Wanted,
    through: Mapping[str, str],
    members: Callable[[str], Iterable[str]],
) -> Choice:
    codelist = through.get(variable.code)
    if variable.is_invented:
        return Choice(variable, variable.codes)
    if wanted is ELIMINATE:
        return _eliminated(metadata, variable, codelist)
    if not variable.codes:
        raise SelectionError(f"{variable.code} i tabellen {metadata.id} har inga värden att välja.")
    if wanted is None:
        return Choice(variable, variable.codes, codelist, assumed=codelist is None)
    return _chosen(variable, listed(wanted), codelist, members)


def listed(wanted: object) -> list[object]:
    """Return the items of a selection; a single code is a list of one."""
    if isinstance(wanted, Iterable) and not isinstance(wanted, str):
        return list(wanted)
    return [wanted]


def _chosen(
    variable: Variable,
    items: Sequence[object],
    codelist: str | None,
    members: Callable[[str], Iterable[str]],
) -> Choice:
    if not items:
        raise SelectionError(
            f'Urvalet för {variable.code} är tomt. Skriv "*" för alla {len(variable.codes)} värden'
            + (", eller ELIMINATE för totalen." if variable.eliminable else ".")
        )
    chosen: set[int] = set()
    lacking: list[str] = []
    for item in items:
        text = _text(variable, item)
        if text.startswith(("vs_", "agg_")) and literal(variable, text) is None:
            held = _valueset(variable, text, members)
            chosen.update(variable.position[code] for code in held if code in variable.position)
            lacking += [code for code in held if code not in variable.position]
        else:
            chosen.update(places(variable, text))
    codes = tuple(variable.codes[place] for place in sorted(chosen))
    return Choice(variable, codes, codelist, lacking=tuple(lacking))


def _text(variable: Variable, item: object) -> str:
    if isinstance(item, bool) or not isinstance(item, str | Integral):
        raise SelectionError(
            f"Urvalet för {variable.code} ska vara koder i text, inte {item!r:.60}."
        )
    text = str(item)
    return text if text in variable.position else text.strip()


def _eliminated(metadata: Metadata, variable: Variable, codelist: str | None) -> Choice:
    if codelist:
        raise SelectionError(
            f"{variable.code} både läses genom {codelist} och utelämnas. Välj det ena."
        )
    if not variable.eliminable:
        raise NotEliminableError(
            f"Tabellen {metadata.id} kan inte läsas utan {variable.code} ({variable.label}). "
            f"Välj bland dess {len(variable.codes)} värden: {examples(variable)}."
        )
    return Choice(variable, (), eliminated=True)


def _valueset(
    variable: Variable, codelist: str, members: Callable[[str], Iterable[str]]
) -> tuple[str, ...]:
    """Return the codes of a set of values; at least one of them is in the table."""
    link = variable.codelist(codelist)
    if link.kind == "aggregation":
        raise UnknownCodelistError(
            f'{codelist} grupperar värden och läses med codelists={{"{variable.code}": '
            f'"{codelist}"}}, inte tillsammans med tabellens egna koder.'
        )
    held = tuple(members(codelist))
    if not any(code in variable.position for code in held):
        raise UnknownValueError(
            f"Kodlistan {codelist} har inget värde som finns i tabellens {variable.code}."
        )
    return held
