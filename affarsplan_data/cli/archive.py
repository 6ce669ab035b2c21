"""``affarsplan archive``: look at, verify and prune the archive of raw answers."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words
from affarsplan_data.cli.words import Command, Group

if TYPE_CHECKING:
    from affarsplan_data.archive import Archive

FAULTS = 1

app = typer.Typer(
    cls=Group,
    help="Se efter, pröva och gallra arkivet med hämtade svar, data/raw/archive.",
    no_args_is_help=True,
)


@app.command("list", cls=Command, epilog="Exempel:\n\naffarsplan archive list")
def show() -> None:
    """Visa vad som finns i arkivet: svar, versioner och storlek för varje tabell."""
    from affarsplan_data.swedish import number

    entries = _archive().listing()
    if not entries:
        print("Arkivet är tomt. Fyll det med affarsplan fetch.")
        return
    rows = [
        [
            entry.source,
            entry.name,
            entry.vintages[-1][:10] if entry.vintages else "",
            f"{entry.last_seen:%Y-%m-%d %H:%M}" if entry.last_seen else "",
            number(entry.answers, 0),
            number(len(entry.vintages), 0),
            number(entry.snapshots, 0),
            number(entry.bytes / 1000, 0),
        ]
        for entry in entries
    ]
    headings = ("Källa", "Namn", "Senaste version", "Senast sedd")
    counts = ("Svar", "Versioner", "Hämtningar", "Kilobyte")
    words.show_table("Arkivet", (*headings, *counts), rows, numbers=4)
    for entry in entries:
        if entry.unreadable:
            print(
                f"{entry.source}/{entry.name}: {entry.unreadable} uppgifter går inte att läsa. Kör "
                "affarsplan archive verify.",
                file=sys.stderr,
            )


@app.command(cls=Command, epilog="Exempel:\n\naffarsplan archive verify")
def verify() -> None:
    """Läs allt i arkivet, räkna om kontrollsummorna och namnge det som är fel.

    Avslutskod: 0 allt är helt, 1 något är fel. Inget ändras.
    """
    from rich.console import Console
    from rich.progress import Progress

    archive = _archive()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Prövar arkivet", total=None)
        found = _archive().verify(
            lambda done, total: bars.update(task, completed=done, total=total)
        )
    for fault in found.faults:
        print(fault.message, file=sys.stderr)
    if found.leftovers:
        print(
            f"{len(found.leftovers)} rester efter avbrutna skrivningar ligger kvar. De gör ingen skada "
            "och tas bort av affarsplan archive prune.",
            file=sys.stderr,
        )
    if found.faults:
        print(f"{archive.folder}: {found.checked} svar prövade, {len(found.faults)} fel.")
        raise typer.Exit(FAULTS)
    if not found.checked:
        print(f"{archive.folder}: arkivet är tomt, inget att pröva.")
    else:
        print(f"{archive.folder}: {found.checked} svar prövade. Alla är hela.")


@app.command(
    cls=Command,
    epilog="Exempel:\n\naffarsplan archive prune --keep 3 --dry-run\n\naffarsplan archive prune --keep 3",
)
def prune(
    keep: Annotated[
        int,
        typer.Option(
            metavar="ANTAL",
            min=1,
            help="Så många versioner av varje tabell blir kvar.",
            show_default=False,
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Visa bara vad som skulle tas bort.")
    ] = False,
) -> None:
    """Ta bort äldre versioner ur arkivet. Den senaste hela hämtningen blir alltid kvar."""
    pruned = _archive().prune(keep, dry_run=dry_run)
    for path in pruned.removed if dry_run else ():
        print(path)
    verb = "skulle tas bort" if dry_run else "togs bort"
    print(f"{len(pruned.removed)} filer, {pruned.bytes / 1000:.0f} kilobyte, {verb}.")


def _archive() -> "Archive":
    from affarsplan_data.sources.fetching import archive

    return archive()
