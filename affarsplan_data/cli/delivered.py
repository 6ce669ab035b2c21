"""``affarsplan template`` and ``affarsplan delivered``: figures that come as a file."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words
from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.sources.delivered import TakenIn

TEMPLATE_EXAMPLES = (
    "Exempel:\n\naffarsplan template\n\naffarsplan template export_goods_county\n\n"
    "affarsplan template rd_by_sector --output fou_2026.xlsx"
)
EXAMPLES = "Exempel:\n\naffarsplan delivered\n\naffarsplan delivered --dry-run"
SOME_FAILED = 3
TEMPLATE_HEADINGS = ("Mått", "Titel", "Enhet", "Finns som")
WAYS = {
    "open_file": "publicerad fil",
    "survey_file": "enkätens fil",
    "ordered": "beställning",
    "edition": "fil, delvis i utgåvan",
}
OUTCOMES = {"new": "ny", "unchanged": "oförändrad", "revised": "ändrad", "failed": "misslyckad"}


def template(
    measure: Annotated[
        str | None,
        typer.Argument(
            metavar="[MÅTT]",
            help="Måttets namn i katalogen. Utan namn visas de som kan levereras.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FIL", help="Filen som skrivs. Förval: MÅTT.xlsx här.", show_default=False
        ),
    ] = None,
) -> None:
    """Skriv en mall i Excel för uppgifter som levereras som fil.

    Fyll i mallen, lägg den i data/raw/delivered och kör affarsplan delivered.
    """
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.sources import delivered

    if measure is None:
        if output is not None:
            raise UsageError("--output hör till en mall. Ange vilket mått den ska vara för.")
        _show_deliverable()
        return
    made = delivered.template(load_catalogue().measure(measure))
    path = output or Path(f"{measure}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"--output ska vara en fil med ändelsen .xlsx, inte {str(path)[:80]}.")
    try:
        with path.open("xb") as file:
            file.write(made)
    except FileExistsError:
        raise UsageError(
            f"{path} finns redan och skrivs inte över. Ange ett annat namn med --output."
        ) from None
    print(path)


def _show_deliverable() -> None:
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.sources import delivered

    rows = [
        [one.id, one.title, one.unit, WAYS[one.availability]]
        for one in delivered.deliverable(load_catalogue())
    ]
    words.show_table("Mått som kan levereras som fil", TEMPLATE_HEADINGS, rows, numbers=0)
    print("Skriv en mall med affarsplan template MÅTT. I den står hur uppgifterna fås.")


def delivered(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Pröva bara; inget läggs i arkivet.")
    ] = False,
) -> None:
    """Pröva filerna i data/raw/delivered och lägg dem som är rätt i arkivet.

    Av en fil med fel används inget; det som fanns i arkivet under samma namn står kvar.

    Avslutskod: 0 alla filer är rätt, 3 någon fil har fel.
    """
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.sources import delivered, fetching

    folder = delivered.folder()
    results = delivered.take_in(load_catalogue(), fetching.archive(), dry_run=dry_run)
    if not results:
        print(f"{folder}: inga filer. Gör en mall med affarsplan template MÅTT.")
        return
    if not _summarise(results, "Prövade filer" if dry_run else "Levererade filer"):
        raise typer.Exit(SOME_FAILED)


def take_in() -> bool:
    """Put the delivered files in the archive, show how it went, and tell whether all are right.

    Nothing is shown when there are none.
    """
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.sources import delivered, fetching

    results = delivered.take_in(load_catalogue(), fetching.archive())
    return not results or _summarise(results, "Levererade filer")


def _summarise(results: Sequence["TakenIn"], title: str) -> bool:
    """Show what became of the files, and tell whether all are right."""
    headings = ("Fil", "Mått", "Utfall", "Perioder", "Uppgifter", "Nya", "Ändrade", "Borta")
    words.show_table(title, headings, [_row(result) for result in results], numbers=4)
    for result in results:
        for remark in result.remarks:
            print(remark)
    failed = [result for result in results if result.outcome == "failed"]
    for result in failed:
        print(result.error, file=sys.stderr)
    if failed:
        stands = sum(result.snapshot is not None for result in failed)
        kept = f" För {stands} av dem står det som kom tidigare kvar." if stands else ""
        print(
            f"{len(failed)} av {len(results)} filer har fel. Inget i dem används.{kept}",
            file=sys.stderr,
        )
    return not failed


def _row(result: "TakenIn") -> list[str]:
    from affarsplan_data.sources.delivered.errors import shown
    from affarsplan_data.swedish import number

    found = result.changes
    revised = result.outcome == "revised"
    counts = [found.added, found.changed, found.gone] if revised else []
    figures = [number(n, 0) for n in (result.cells, *counts)] if result.cells else []
    return [
        shown(result.file, 60),
        result.measure or "",
        OUTCOMES[result.outcome],
        _span(result.snapshot.periods) if result.snapshot else "",
        *figures,
        *[""] * (4 - len(figures)),
    ]


def _span(periods: Sequence[str]) -> str:
    if not periods:
        return ""
    return periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
