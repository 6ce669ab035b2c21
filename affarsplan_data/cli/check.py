"""``affarsplan check``."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words
from affarsplan_data.cli.bars import Bars
from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.catalogue import Catalogue, Table
    from affarsplan_data.sources.checks import Checked

EXAMPLES = (
    "Exempel:\n\naffarsplan check\n\naffarsplan check --table TAB3138 --table TAB3200\n\n"
    "affarsplan check --base-url kolada=http://127.0.0.1:8080/v3"
)
MISFIT = 1
NOT_ASKED = 3


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
        list[str] | None,
        typer.Option(
            "--base-url",
            metavar="KÄLLA=ADRESS",
            help="En annan server än källans egen; kan ges flera gånger. En adress utan källa är SCB:s.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Pröva katalogens tabeller mot källorna: finns de, och är de vad katalogen säger?

    Inga uppgifter hämtas. Resultatet visas och skrivs till en daterad fil i data/processed/checks. En
    server som inte går att nå hindrar inte att de andra prövas.

    Avslutskod: 0 allt stämmer, 1 någon tabell stämmer inte, 3 någon tabell gick inte att pröva.
    """
    from affarsplan_data import project
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.sources.inspection import check_tables
    from affarsplan_data.sources.servers import addresses

    catalogue = load_catalogue()
    tables = _chosen(catalogue, table or ())
    servers = addresses(catalogue, base_url or ())
    # Without a project there is nowhere to write: better said before the servers are asked.
    folder = project.processed() / "checks"
    found: list[Checked] = []
    with Bars("tabeller") as bars:
        bars.advance("check", "prövar", 0, len(tables))

        def done(one: "Checked") -> None:
            found.append(one)
            bars.advance("check", "prövar", len(found), len(tables))

        check_tables(catalogue, tables, servers, done)
        bars.finish("check", f"{len(found)} tabeller prövade.")
    _summarise(found, catalogue)
    print(_written(found, servers, folder))
    if any(one.error is not None for one in found):
        raise typer.Exit(NOT_ASKED)
    if not all(one.ok for one in found):
        raise typer.Exit(MISFIT)


def _chosen(catalogue: "Catalogue", wanted: Sequence[str]) -> list["Table"]:
    held = catalogue.tables
    if unknown := [name for name in wanted if name not in held]:
        raise UsageError(
            f"Tabellen ”{unknown[0][:40]}” finns inte i katalogen. De som finns: {', '.join(held)}."
        )
    return [held[name] for name in dict.fromkeys(wanted or held)]


def _summarise(found: Sequence["Checked"], catalogue: "Catalogue") -> None:
    headings = ("Källa", "Tabell", "Utfall", "Version", "Till och med")
    rows = [
        [
            catalogue.sources[one.table.source].name,
            one.table.id,
            _outcome(one),
            (one.updated or "")[:10],
            one.last_period or "",
        ]
        for one in found
    ]
    words.show_table("Katalogens tabeller", headings, rows, numbers=0)
    for one in found:
        if one.id:
            print(f"{one.table.id}: heter {one.id} hos producenten.")
        for remark in one.remarks:
            print(f"{one.table.id}: {remark}")
    errors = [one for one in found if one.error]
    for text in dict.fromkeys(str(one.error) for one in errors):
        about = ", ".join(one.table.id for one in errors if one.error == text)
        print(f"{about}: {text}", file=sys.stderr)
    for one in found:
        for fault in one.faults:
            print(f"{one.table.id}: {fault}", file=sys.stderr)
        for proposal in one.proposals:
            print(f"{one.table.id}: Kan det vara {proposal}?", file=sys.stderr)


def _outcome(one: "Checked") -> str:
    if one.error is not None:
        return "kunde inte prövas"
    return "stämmer" if one.ok else "stämmer inte"


def _written(found: Sequence["Checked"], servers: Mapping[str, str], folder: Path) -> Path:
    now = datetime.now(UTC).replace(microsecond=0)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    tables = [
        {
            "table": one.table.id,
            "source": one.table.source,
            "server": servers[one.table.source],
            "id": one.id or one.table.id,
            "ok": one.ok,
            "error": one.error,
            "label": one.label,
            "updated": one.updated,
            "last_period": one.last_period,
            "faults": list(one.faults),
            "proposals": list(one.proposals),
            "remarks": list(one.remarks),
        }
        for one in found
    ]
    report = {"checked": now.isoformat(), "tables": tables}
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(path)
    return path
