"""Resolves a selection against a table's metadata, by the server's own rules, before anything is sent.

The server answers an expression that matches nothing with the national total, and a misspelt variable
with a selection of its own. Here every expression becomes a list of codes that the table has, in the
table's order, and what does not is an error.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import prod
from numbers import Integral
from typing import Final

from affarsplan_data.scb.errors import (
    IllegalExpressionError,
    NotEliminableError,
    SelectionError,
    UnknownCodelistError,
    UnknownValueError,
)
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

_COUNTED = re.compile(r"(TOP|BOTTOM)\(([1-9]\d*)(?:,(\d+))?\)", re.IGNORECASE)
_BOUNDED = re.compile(r"(FROM|TO|RANGE)\((.+)\)", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"(TOP|BOTTOM|FROM|TO|RANGE)\(", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """What is asked of one variable: ``codes`` in order, through ``codelist`` when one is named.

    ``eliminated`` means that the variable is asked for with no code at all, and will not be in the
    answer. ``assumed`` means that the selection did not mention it.
    """

    variable: Variable
    codes: tuple[str, ...]
    codelist: str | None = None
    eliminated: bool = False
    assumed: bool = False

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
    def has_all_contents(self) -> bool:
        """Whether every content of the table is asked for."""
        return all(c.codes == c.variable.codes for c in self.choices if c.variable.is_metric)

    def part(self, slices: Sequence[slice]) -> "Query":
        """Return the query for a part of the answer's cube."""
        cuts = iter(slices)
        choices = tuple(
            choice
            if choice.eliminated
            else Choice(choice.variable, choice.codes[next(cuts)], choice.codelist)
            for choice in self.choices
        )
        return Query(self.metadata, choices)

    def body(self) -> dict[str, object]:
        """Return the request's body: every variable, and the order in which the answer is to come."""
        selection: list[dict[str, object]] = []
        for choice in self.choices:
            given = {"codelist": choice.codelist} if choice.codelist else {}
            selection.append(
                {"variableCode": choice.code, **given, "valueCodes": list(choice.codes)}
            )
        stub = [choice.code for choice in self.kept]
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
    return Query(metadata, tuple(choices))


def _choice(
    metadata: Metadata,
    variable: Variable,
    wanted: Wanted,
    through: Mapping[str, str],
    members: Callable[[str], Iterable[str]],
) -> Choice:
    codelist = through.get(variable.code)
    if wanted is ELIMINATE:
        return _eliminated(metadata, variable)
    if wanted is None:
        return Choice(variable, variable.codes, codelist, assumed=codelist is None)
    items = (
        list(wanted) if isinstance(wanted, Iterable) and not isinstance(wanted, str) else [wanted]
    )
    if not items:
        raise SelectionError(
            f'Urvalet för {variable.code} är tomt. Skriv "*" för alla {len(variable.codes)} värden'
            + (", eller ELIMINATE för totalen." if variable.eliminable else ".")
        )
    chosen: set[int] = set()
    for item in items:
        chosen.update(_places(metadata, variable, _text(variable, item), members))
    return Choice(variable, tuple(variable.codes[place] for place in sorted(chosen)), codelist)


def _text(variable: Variable, item: object) -> str:
    if isinstance(item, bool) or not isinstance(item, str | Integral):
        raise SelectionError(
            f"Urvalet för {variable.code} ska vara koder i text, inte {item!r:.60}."
        )
    return str(item).strip()


def _eliminated(metadata: Metadata, variable: Variable) -> Choice:
    if not variable.eliminable:
        raise NotEliminableError(
            f"Tabellen {metadata.id} kan inte läsas utan {variable.code} ({variable.label}). "
            f"Välj bland dess {len(variable.codes)} värden: {_examples(variable)}."
        )
    return Choice(variable, (), eliminated=True)


def _places(
    metadata: Metadata, variable: Variable, item: str, members: Callable[[str], Iterable[str]]
) -> list[int]:
    """Return the places of the codes that an item of a selection means; never none."""
    if (literal := _literal(variable, item)) is not None:
        return [literal]
    if item.startswith(("vs_", "agg_")):
        return _valueset(variable, item, members)
    if _CALL.match(item):
        found = _called(variable, item)
    elif "*" in item or "?" in item:
        found = _matching(variable, item)
    else:
        found = []
    if not found:
        raise UnknownValueError(
            f"{variable.code} i tabellen {metadata.id} har inget värde som svarar mot ”{item}”. "
            f"Närmast: {_nearest(variable, item)}."
        )
    return found


def _literal(variable: Variable, item: str) -> int | None:
    if (place := variable.position.get(item)) is not None:
        return place
    same = [p for code, p in variable.position.items() if code.casefold() == item.casefold()]
    return same[0] if len(same) == 1 else None


def _valueset(
    variable: Variable, codelist: str, members: Callable[[str], Iterable[str]]
) -> list[int]:
    link = variable.codelist(codelist)
    if link.kind == "aggregation":
        raise UnknownCodelistError(
            f'{codelist} grupperar värden och läses med codelists={{"{variable.code}": '
            f'"{codelist}"}}, inte tillsammans med tabellens egna koder.'
        )
    held = [variable.position[c] for c in members(codelist) if c in variable.position]
    if not held:
        raise UnknownValueError(
            f"Kodlistan {codelist} har inget värde som finns i tabellens {variable.code}."
        )
    return held


def _called(variable: Variable, item: str) -> list[int]:
    count = len(variable.codes)
    if match := _COUNTED.fullmatch(item):
        number, skipped = int(match[2]), int(match[3] or 0)
        # TOP means the latest on the time variable, and the first on every other.
        from_the_end = (match[1].upper() == "TOP") == variable.is_time
        places = range(count)[::-1] if from_the_end else range(count)
        return sorted(places[skipped : skipped + number])
    if match := _BOUNDED.fullmatch(item):
        return _between(variable, item, match[1].upper(), match[2])
    raise _illegal(variable, item)


def _between(variable: Variable, item: str, kind: str, inside: str) -> list[int]:
    if kind == "RANGE":
        first, last = _two_codes(variable, item, inside)
        return list(range(min(first, last), max(first, last) + 1))
    bound = _bound(variable, inside.strip())
    return list(range(bound, len(variable.codes)) if kind == "FROM" else range(bound + 1))


def _two_codes(variable: Variable, item: str, inside: str) -> tuple[int, int]:
    pieces = inside.split(",")
    if len(pieces) < 2:
        raise _illegal(variable, item)
    # Codes may hold commas themselves; the cut that gives two known codes is the one meant.
    for cut in range(1, len(pieces)):
        ends = [",".join(pieces[:cut]).strip(), ",".join(pieces[cut:]).strip()]
        found = [_literal(variable, end) for end in ends]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    return _bound(variable, pieces[0].strip()), _bound(variable, pieces[-1].strip())


def _bound(variable: Variable, code: str) -> int:
    if (place := _literal(variable, code)) is not None:
        return place
    raise UnknownValueError(
        f"{variable.code} har inte värdet ”{code}”. Närmast: {_nearest(variable, code)}."
    )


def _matching(variable: Variable, item: str) -> list[int]:
    stars = item.count("*")
    at_ends = item.startswith("*") + (item.endswith("*") and len(item) > 1)
    if stars > 2 or stars != at_ends or (stars and "?" in item):
        raise _illegal(variable, item)
    pattern = re.escape(item).replace(r"\*", ".*").replace(r"\?", ".")
    rule = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return [place for place, code in enumerate(variable.codes) if rule.fullmatch(code)]


def _illegal(variable: Variable, item: str) -> IllegalExpressionError:
    return IllegalExpressionError(
        f"Uttrycket ”{item}” för {variable.code} går inte att tolka. Tillåtna är *, början*, *slut, "
        "*mitt*, ?, TOP(n), BOTTOM(n), RANGE(a,b), FROM(a) och TO(a)."
    )


def _nearest(variable: Variable, item: str) -> str:
    text = item.strip("*?").casefold()
    inside = re.sub(r"^\w+\(|\)$", "", text)
    by_label = [
        place
        for place, label in enumerate(variable.labels)
        if inside and inside in label.casefold()
    ]
    near = difflib.get_close_matches(inside, variable.codes, n=5, cutoff=0.5)
    places = [*by_label[:3], *(variable.position[code] for code in near)]
    if not places:
        return _examples(variable)
    return ", ".join(_named(variable, place) for place in dict.fromkeys(places))


def _examples(variable: Variable) -> str:
    shown = ", ".join(_named(variable, place) for place in range(min(5, len(variable.codes))))
    return shown + (" …" if len(variable.codes) > 5 else "")


def _named(variable: Variable, place: int) -> str:
    code, label = variable.codes[place], variable.labels[place]
    return code if code == label else f"{code} ({label})"
