"""``affarsplan check``."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words
from affarsplan_data.cli.bars import Bars
from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.clean.fitting import Checked

EXAMPLES = "Exempel:\n\naffarsplan check\n\naffarsplan check --table TAB3138 --table TAB3200"
MISFIT = 1


def check(
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="TABELL",
            help="Bara denna tabell; kan ges flera gånger. Förval: alla i katalogen.",
            show_default=False,
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="ADRESS", help="En annan PxWebApi 2-server än SCB:s.", show_default=False
        ),
    ] = None,
) -> None:
    """Pröva katalogens tabeller mot SCB: finns de, och är de vad katalogen säger?

    Inga uppgifter hämtas. Resultatet visas och skrivs till en daterad fil i data/processed/checks.

    Avslutskod: 0 allt stämmer, 1 någon tabell stämmer inte, 3 servern gick inte att fråga.
    """
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.clean.fitting import check as check_table
    from affarsplan_data.scb import SCB, ScbClient

    held = load_catalogue().tables
    if unknown := [name for name in table or () if name not in held]:
        raise UsageError(
            f"Tabellen ”{unknown[0][:40]}” finns inte i katalogen. De som finns: {', '.join(held)}."
        )
    found = []
    client = ScbClient(SCB if base_url is None else base_url)
    with client, Bars("tabeller") as bars:
        for number, name in enumerate(table or held):
            bars.advance("check", name, number, len(table or held))
            found.append(check_table(held[name], client))
        bars.finish("check", f"{len(found)} tabeller prövade mot {client.base_url}.")
    _summarise(found)
    print(_written(found, client.base_url))
    if not all(one.ok for one in found):
        raise typer.Exit(MISFIT)


def _summarise(found: Sequence["Checked"]) -> None:
    rows = [
        [
            one.table.id,
            "stämmer" if one.ok else "stämmer inte",
            (one.updated or "")[:10],
            one.last_period or "",
        ]
        for one in found
    ]
    words.show_table(
        "Katalogens tabeller", ("Tabell", "Utfall", "Version", "Till och med"), rows, numbers=0
    )
    for one in found:
        for fault in one.faults:
            print(
                f"{one.table.id}: {fault.removeprefix(f'Tabellen {one.table.id}: ')}",
                file=sys.stderr,
            )
        for proposal in one.proposals:
            print(f"{one.table.id}: kan det vara {proposal}?", file=sys.stderr)


def _written(found: Sequence["Checked"], server: str) -> Path:
    from affarsplan_data import project

    now = datetime.now(UTC).replace(microsecond=0)
    folder = project.processed() / "checks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    tables = [
        {
            "table": one.table.id,
            "ok": one.ok,
            "label": one.label,
            "updated": one.updated,
            "last_period": one.last_period,
            "faults": list(one.faults),
            "proposals": list(one.proposals),
        }
        for one in found
    ]
    report = {"server": server, "checked": now.isoformat(), "tables": tables}
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(path)
    return path
