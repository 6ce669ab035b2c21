"""Looks up a table whose id at the producer is not known, or is changed now and then.

The catalogue's ``find`` says which words the title holds and where the table lies. Exactly one table must
fit; which one it was can be read in the addresses that its archived answers were asked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from affarsplan_data.catalogue import Table
from affarsplan_data.catalogue.table import Find
from affarsplan_data.fitting import stem
from affarsplan_data.scb import ScbClient
from affarsplan_data.scb.errors import UnknownValueError
from affarsplan_data.sources.errors import UnfoundTableError

SHOWN = 5


@dataclass(frozen=True)
class Candidate:
    """A table that may be the one looked for: its id or path at the producer, and its title."""

    id: str
    title: str
    updated: str | None = None


def find_table(table: Table, client: ScbClient) -> str:
    """Return the id that a table has at a PxWebApi 2 server: its own, or the one that ``find`` finds.

    Raises:
        UnfoundTableError: no table, or more than one, has all the words and lies in the folder.
        ScbError: the server could not be asked.
    """
    find = table.find
    if find is None:
        return table.id
    rows = client.search(find.query, discontinued=table.ended)
    listed = [
        Candidate(id, title if isinstance(title, str) else "")
        for id, title, ended in zip(rows["id"], rows["label"], rows["discontinued"], strict=True)
        if table.ended or ended is not True
    ]
    fitting = [one for one in listed if titled(find, one.title)]
    if find.folder:
        fitting = [one for one in fitting if _is_in(find.folder, one, client)]
    return only(table, fitting, listed).id


def titled(find: Find, title: str) -> bool:
    """Tell whether a title, its years apart, holds all the words."""
    plain = stem(title).casefold()
    return all(word.casefold() in plain for word in find.words)


def lies_in(steps: Sequence[str], folder: str) -> bool:
    """Tell whether a path goes through a folder, given as one step or several: ``AM/AM0210``.

    >>> lies_in(["AM", "AM0210", "AM0210F"], "AM0210/AM0210F")
    True
    """
    wanted = folder.strip("/").casefold().split("/")
    held = [step.casefold() for step in steps]
    return any(held[n : n + len(wanted)] == wanted for n in range(len(held) - len(wanted) + 1))


def only(table: Table, fitting: Sequence[Candidate], listed: Sequence[Candidate]) -> Candidate:
    """Return the one table that fits; ``listed`` are those that were looked through.

    Raises:
        UnfoundTableError: there is none, or more than one. The sentence names them, and says what to
            write in the catalogue.
    """
    if len(fitting) == 1:
        return fitting[0]
    find = sought(table)
    where = f" i {find.folder}" if find.folder else ""
    asked = f"”{'” och ”'.join(find.words)}” i titeln{where}"
    shown = fitting or listed
    more = f" och {len(shown) - SHOWN} till" if len(shown) > SHOWN else ""
    named = "; ".join(f"{one.id} ”{one.title}”" for one in shown[:SHOWN]) + more
    if fitting:
        message = (
            f"Flera tabeller har {asked}: {named}. Skriv fler ord i words under find för "
            f"{table.id} i katalogen, så att bara den rätta har dem alla."
        )
    else:
        message = f"Ingen tabell har {asked}. " + (
            f"De som söktes igenom: {named}. Skriv ord ur den rätta titeln i words, och dess mapp i "
            f"folder, under find för {table.id} i katalogen."
            if listed
            else f"Sökningen gav ingen tabell alls. Ändra query eller folder under find för {table.id} "
            "i katalogen."
        )
    raise UnfoundTableError(message, tuple((one.id, one.title) for one in shown))


def sought(table: Table) -> Find:
    """Return how a table is looked up.

    Raises:
        UnknownValueError: the catalogue does not say.
    """
    if table.find is None:
        raise UnknownValueError(
            f"Katalogen säger inte hur {table.id} söks upp. Skriv query, words och folder under find."
        )
    return table.find


def _is_in(folder: str, candidate: Candidate, client: ScbClient) -> bool:
    paths = client.table(candidate.id).paths
    return any(lies_in([str(step.get("id", "")) for step in path], folder) for path in paths)
