"""``affarsplan fetch``."""

import re
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words
from affarsplan_data.cli.bars import Bars
from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.sources.fetching import Fetched

EXAMPLES = (
    "Exempel:\n\naffarsplan fetch\n\naffarsplan fetch --measure grp --measure population\n\n"
    "affarsplan fetch --since 2015\n\naffarsplan fetch --offline"
)
SOME_FAILED = 3
OUTCOMES = {"new": "ny", "unchanged": "oförändrad", "revised": "ändrad", "failed": "misslyckad"}


def fetch(
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="MÅTT",
            help="Bara detta mått; kan ges flera gånger. Förval: alla som hämtas.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="ÅR", help="Bara perioder från och med året.", show_default=False),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Hämta även när tabellen inte har uppdaterats.")
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Läs bara ur arkivet, utan att använda nätverket."),
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="ADRESS", help="En annan PxWebApi 2-server än SCB:s.", show_default=False
        ),
    ] = None,
) -> None:
    """Hämta statistik från SCB till arkivet i data/raw/archive.

    En tabell som inte har uppdaterats hämtas inte igen. En avbruten hämtning fortsätter där den var.

    Avslutskod: 0 allt gick bra, 3 någon tabell föll och den gamla står kvar, 2 fel användning.
    """
    if force and offline:
        raise UsageError(
            "--force och --offline går inte ihop: utan nätverk kan inget hämtas på nytt."
        )
    _check_year(since)
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.scb import SCB, ScbClient
    from affarsplan_data.sources import fetching

    tables = fetching.tables_to_fetch(load_catalogue(), measure or ())
    archive = fetching.archive()
    client = ScbClient(SCB if base_url is None else base_url, archive=archive, offline=offline)
    origin = "arkivet" if offline else client.base_url
    if client.base_url != SCB:
        origin += f" (inte SCB: svaren ligger för sig, i mappen {client.source})"
    print(f"Läser ur {origin}." if offline else f"Hämtar från {origin}.", file=sys.stderr)
    with client, _Display("anrop") as display:
        try:
            results = fetching.fetch(
                tables,
                client,
                archive,
                since=since,
                force=force,
                progress=display.step,
                done=display.done,
            )
        except KeyboardInterrupt:
            print(
                "Det som hann hämtas ligger i arkivet. Kör kommandot igen, så fortsätter det.",
                file=sys.stderr,
            )
            raise
    _summarise(results, "I arkivet" if offline else "Hämtat till arkivet")


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


def _summarise(results: Sequence["Fetched"], title: str) -> None:
    rows = [_row(result) for result in results]
    headings = ("Tabell", "Utfall", "Version", "Perioder", "Uppgifter", "Nya", "Ändrade", "Borta")
    words.show_table(title, headings, rows, numbers=4)
    for result in results:
        for remark in _remarks(result):
            print(f"{result.table.id}: {remark}")
    failed = [result for result in results if result.outcome == "failed"]
    for text in dict.fromkeys(str(result.error) for result in failed):
        about = ", ".join(result.table.id for result in failed if result.error == text)
        print(f"{about}: {text}", file=sys.stderr)
    if failed:
        print(
            f"{len(failed)} av {len(results)} tabeller kunde inte hämtas. Det som fanns i arkivet står "
            "kvar.",
            file=sys.stderr,
        )
        raise typer.Exit(SOME_FAILED)


def _row(result: "Fetched") -> list[str]:
    from affarsplan_data.swedish import number

    found = result.changes
    counts = [found.added, found.changed, found.gone] if result.outcome != "new" else []
    figures = [number(n, 0) for n in (result.cells, *counts)] if result.cells else []
    return [
        result.table.id,
        OUTCOMES[result.outcome],
        (result.updated or "")[:10],
        _span(result.periods),
        *figures,
        *[""] * (4 - len(figures)),
    ]


def _remarks(result: "Fetched") -> list[str]:
    """Return what a reader of the table should know besides the counts."""
    remarks = []
    if result.outcome == "revised" and result.changes.periods:
        remarks.append(f"nya perioder: {', '.join(result.changes.periods)}.")
    remarks += [f"innehållet {text}." for text in result.changes.renamed]
    if result.table.note:
        remarks.append(result.table.note)
    return remarks


def _span(periods: Sequence[str]) -> str:
    if not periods:
        return ""
    return periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
