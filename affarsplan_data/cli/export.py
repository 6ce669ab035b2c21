"""``affarsplan export``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from affarsplan_data.cli.bars import Bars

EXAMPLES = (
    "Exempel:\n\naffarsplan export --output uttag\n\n"
    "affarsplan export grp population --format parquet --output uttag\n\n"
    "affarsplan export brp_per_capita_index --format xlsx --level county --since 2015 --output uttag\n\n"
    "affarsplan export population --region 19 --region 1980 --output uttag"
)

REFUSED = 1


def export(
    output: Annotated[
        Path,
        typer.Option(
            metavar="MAPP",
            help="En ny mapp, eller ett tidigare uttag som ersätts.",
            show_default=False,
        ),
    ],
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VAD]...",
            help="Mått och indikatorer. Förval: allt som finns.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="csv, parquet eller xlsx.")] = "csv",
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            metavar="KOD",
            help="Bara denna region; kan ges flera gånger.",
            show_default=False,
        ),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(
            metavar="NIVÅ", help="Bara country, county eller municipality.", show_default=False
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="ÅR", help="Bara perioder från och med året.", show_default=False),
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="NAMN", help="Vilka uppgifter: newest eller edition.")
    ] = "newest",
) -> None:
    """Skriv mått och indikatorer som filer, en för varje, med en beskrivning i datapackage.json.

    Mappen skrivs vid sidan om och byts när den är hel. Ett tidigare uttag i mappen ersätts då.

    Avslutskod: 0 klart, 1 en fil kunde inte skrivas eller en indikator inte räknas, 2 något som valts
    finns inte, 4 en annan körning skriver i mappen.
    """
    from affarsplan_data.report.packaging import export as write

    with Bars("filer") as bars:
        found = write(
            what or (),
            output,
            format=format,
            region=region or (),
            level=level,
            since=since,
            data=data,
            progress=lambda name, done, expected: bars.advance("export", name, done, expected),
        )
        rows = sum(found.rows.values())
        bars.finish("export", f"{len(found.rows)} filer, {rows} rader.")
    if found.left_out:
        print(
            f"{len(found.left_out)} mått och indikatorer saknar uppgifter och är inte med. Vilka som "
            "saknas, och hur de fås: affarsplan status.",
            file=sys.stderr,
        )
    print(found.folder / "datapackage.json")
    for id, reason in found.refused.items():
        print(f"{id} är inte med: {reason}", file=sys.stderr)
    if found.refused:
        raise typer.Exit(REFUSED)
