"""``affarsplan fetch``."""

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import delivered, words
from affarsplan_data.cli.bars import Bars
from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.catalogue import Catalogue
    from affarsplan_data.sources.fetching import Fetched

EXAMPLES = (
    "Exempel:\n\naffarsplan fetch\n\naffarsplan fetch --measure grp --measure population\n\n"
    "affarsplan fetch --since 2015\n\naffarsplan fetch --offline\n\n"
    "affarsplan fetch --base-url kolada=http://127.0.0.1:8080/v3"
)
SOME_FAILED = 3
OUTCOMES = {"new": "ny", "unchanged": "oförändrad", "revised": "ändrad", "failed": "misslyckad"}


def fetch(
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="MÅTT",
            help="Bara detta mått; kan ges flera gånger. Förval: alla som hämtas, och levererade filer.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="ÅR", help="Bara perioder från och med året.", show_default=False),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Hämta även när tabellen inte har uppdaterats, och ta emot en version som saknar något "
            "som den förra hade.",
        ),
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Läs bara ur arkivet, utan att använda nätverket."),
    ] = False,
    base_url: Annotated[
        list[str] | None,
        typer.Option(
            "--base-url",
            metavar="KÄLLA=ADRESS",
            help="En annan server än källans egen; kan ges flera gånger. En adress utan källa är SCB:s.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Hämta statistik från alla källor till arkivet i data/raw/archive.

    Källorna frågas samtidigt. En tabell som inte har uppdaterats hämtas inte igen, och en som inte
    stämmer med katalogen hämtas inte alls. En avbruten hämtning fortsätter där den var. Sist läggs de
    levererade filerna i arkivet.

    Avslutskod: 0 allt gick bra, 3 något kunde inte hämtas och det gamla står kvar, 2 fel användning.
    """
    if force and offline:
        raise UsageError(
            "--force och --offline går inte ihop: utan nätverk kan inget hämtas på nytt."
        )
    _check_year(since)
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.sources import fetching, rounds, servers

    catalogue = load_catalogue()
    tables = fetching.tables_to_fetch(catalogue, measure or ())
    addresses = servers.addresses(catalogue, base_url or ())
    archive = fetching.archive()
    asked = {table.source for table in tables}
    _say_where({id: url for id, url in addresses.items() if id in asked}, catalogue, offline)
    with _Display("anrop") as display:
        try:
            results = rounds.fetch_all(
                catalogue,
                tables,
                archive,
                addresses,
                since=since,
                force=force,
                offline=offline,
                progress=display.step,
                done=display.done,
            )
        except KeyboardInterrupt:
            print(
                "Det som hann hämtas ligger i arkivet. Kör kommandot igen, så fortsätter det.",
                file=sys.stderr,
            )
            raise
    fetched = _summarise(results, catalogue, "I arkivet" if offline else "Hämtat till arkivet")
    taken_in = measure or delivered.take_in()
    if not (fetched and taken_in):
        raise typer.Exit(SOME_FAILED)


def _say_where(asked: Mapping[str, str], catalogue: "Catalogue", offline: bool) -> None:
    """Say who is asked, and which of them at another address than its own."""
    from affarsplan_data.scb.addresses import archive_name

    names = {source: catalogue.sources[source].name for source in asked}
    whom = ", ".join(names.values())
    print(f"Läser ur arkivet: {whom}." if offline else f"Hämtar från {whom}.", file=sys.stderr)
    for source, address in asked.items():
        if address != catalogue.sources[source].address:
            print(
                f"{names[source]}: {address} är inte källans egen server. Svaren ligger för sig, i "
                f"mappen {archive_name(address)}.",
                file=sys.stderr,
            )


def _check_year(since: str | None) -> None:
    if since is None:
        return
    this_year = date.today().year
    if not re.fullmatch(r"[12]\d{3}", since) or int(since) > this_year:
        raise UsageError(
            f"--since ska vara ett år till och med {this_year}, till exempel 2015, inte ”{since[:20]}”."
        )


class _Display(Bars):
    """A bar per table, counting calls."""

    def step(self, table: str, done: int, expected: int) -> None:
        self.advance(table, table, done, expected)

    def done(self, result: "Fetched") -> None:
        title = result.label or result.table.title
        self.finish(result.table.id, f"{OUTCOMES[result.outcome]:<11} {result.table.id}  {title}")


def _summarise(results: Sequence["Fetched"], catalogue: "Catalogue", title: str) -> bool:
    """Show what became of the tables, and tell whether all could be fetched."""
    headings = ("Tabell", "Utfall", "Version", "Perioder", "Uppgifter")
    for source, some in groupby(results, key=lambda result: result.table.source):
        rows = [_row(result) for result in some]
        words.show_table(f"{title}: {catalogue.sources[source].name}", headings, rows, numbers=1)
    for result in results:
        for remark in _remarks(result):
            print(f"{result.table.id}: {remark}")
    failed = [result for result in results if result.outcome == "failed"]
    said = {result.table.id: _said(result) for result in failed}
    for text in dict.fromkeys(said.values()):
        print(f"{', '.join(id for id in said if said[id] == text)}: {text}", file=sys.stderr)
    if failed:
        print(
            f"{len(failed)} av {len(results)} tabeller kunde inte hämtas. Det som fanns i arkivet står "
            "kvar.",
            file=sys.stderr,
        )
    return not failed


def _said(result: "Fetched") -> str:
    """Return why a table failed, without its name first."""
    return str(result.error).removeprefix(f"{result.table.id}: ")


def _row(result: "Fetched") -> list[str]:
    from affarsplan_data.swedish import number

    return [
        result.table.id,
        OUTCOMES[result.outcome],
        (result.updated or "")[:10],
        _span(result.periods),
        number(result.cells, 0) if result.cells else "",
    ]


def _remarks(result: "Fetched") -> list[str]:
    """Return what a reader of the table should know besides its row."""
    from affarsplan_data.swedish import number

    if result.outcome == "unchanged":
        return []
    remarks = [f"heter {result.found} hos producenten."] if result.found else []
    found = result.changes
    if result.outcome == "revised":
        counts = (number(n, 0) for n in (found.changed, found.added, found.gone))
        remarks.append("{} uppgifter är ändrade, {} nya och {} borta.".format(*counts))
        if found.periods:
            remarks.append(f"nya perioder: {', '.join(found.periods)}.")
    remarks += [f"innehållet {text}." for text in found.renamed]
    if result.table.note:
        remarks.append(result.table.note)
    return remarks


def _span(periods: Sequence[str]) -> str:
    if not periods:
        return ""
    return periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
