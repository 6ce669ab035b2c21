"""``affarsplan report`` and ``affarsplan build``."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words
from affarsplan_data.cli.bars import Bars

if TYPE_CHECKING:
    from affarsplan_data.report import BuildResult, Planned, Progress


REPORT_EXAMPLES = (
    "Exempel:\n\naffarsplan report\n\naffarsplan report --region 04 --year 2026\n\n"
    "affarsplan report --region 1980 --compare 00,19\n\naffarsplan report --dry-run"
)
BUILD_EXAMPLES = "Exempel:\n\naffarsplan build\n\naffarsplan build --force"


def report(
    region: Annotated[
        str | None,
        typer.Option(
            metavar="KOD",
            help="Länets eller kommunens kod, till exempel 19 eller 1980. Förval: planens region.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="ÅR",
            help="Rapportens år. Förval: de nyaste uppgifternas år.",
            show_default=False,
        ),
    ] = None,
    compare: Annotated[
        str,
        typer.Option(
            metavar="LISTA",
            help="Regionkoder och jämförelsegrupper att jämföra med, med komma emellan.",
        ),
    ] = "00,oms",
    base_year: Annotated[
        int | None,
        typer.Option(
            "--base-year",
            metavar="ÅR",
            help="Basår för index och för utsläppens väg. Förval: varje indikators eget.",
            show_default=False,
        ),
    ] = None,
    data: Annotated[
        str,
        typer.Option(
            metavar="NAMN",
            help="Vilka uppgifter rapporten läser: newest, det hämtade och levererade och den inbyggda "
            "utgåvan där inget är hämtat, eller edition, bara utgåvan.",
        ),
    ] = "newest",
    output: Annotated[
        str | None,
        typer.Option(
            metavar="MAPP",
            help="Mapp för färdiga rapporter. Förval: outputs i projektet.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(metavar="ANTAL", min=1, help="Så många anteckningsböcker körs samtidigt.")
    ] = 2,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADRESS",
            help="Kör sidorna i ett dask-kluster i stället för här, till exempel tcp://dator:8786.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Kör alla sidor, även dem som inget har ändrats för.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Visa bara vilka sidor som skulle köras, och varför."),
    ] = False,
) -> None:
    """Kör de anteckningsböcker som något har ändrats för och lägg en färdig rapport i outputs/ÅR/REGION.

    En sida vars anteckningsbok, inställningar, programkod och uppgifter är som förut tas ur den förra
    rapporten. Har inget ändrats står den kvar som den är.

    Avslutskod: 0 alla sidor är klara, 1 någon sida föll och den förra rapporten står kvar, 2 fel
    användning, 4 en annan körning skriver i mappen.
    """
    from affarsplan_data import project
    from affarsplan_data.report import quick

    asked = {
        "region": region,
        "year": year,
        "compare": compare,
        "base_year": base_year,
        "data": data,
    }
    folder = Path(output).absolute() if output else project.outputs()
    state = quick.fingerprint(project.root(), project.notebooks())
    if not (force or dry_run) and (found := quick.known(folder, asked, state)):
        _say_unchanged(found.folder, found.made)
        return
    from affarsplan_data import report as reports
    from affarsplan_data.parameters import parameters
    from affarsplan_data.report.build import default_year, plan_words
    from affarsplan_data.report.runners import runner

    plan = plan_words()
    given = parameters(
        plan.region if region is None else region,
        [item.strip() for item in compare.split(",") if item.strip()],
        year,
        data,
        base_year=base_year,
        groups=plan.groups,
    )
    if year is None:
        # Only now: to tell the year may take in what has been fetched, and wrong use writes nothing.
        given = replace(given, year=default_year(data))
    if dry_run:
        _show_plan(reports.plan_reports([given], output=folder, plan=plan, force=force))
        return
    with _Display() as display:
        result = reports.build_report(
            given,
            output=folder,
            force=force,
            runner=runner(jobs=jobs, cluster=cluster),
            progress=display.step,
            plan=plan,
        )
    if result.published or result.unchanged:
        quick.remember(folder, asked, state, result.folder)
    _summarise(result)


def build(
    data: Annotated[
        str,
        typer.Option(
            metavar="NAMN",
            help="Vilka uppgifter som görs klara: newest, det hämtade och levererade och den inbyggda "
            "utgåvan där inget är hämtat, eller edition, bara utgåvan.",
        ),
    ] = "newest",
    force: Annotated[
        bool, typer.Option("--force", help="Gör om även när inget har ändrats.")
    ] = False,
) -> None:
    """Gör uppgifterna i data/raw klara för anteckningsböckerna, i data/processed."""
    from affarsplan_data import observations

    print(observations.build(data=data, force=force))


class _Display(Bars):
    """A bar per notebook."""

    def step(self, step: "Progress") -> None:
        page = step.run.key
        self.advance(page, step.run.short, step.done, step.cells)
        if step.result is None:
            return
        mark = "klar" if step.result.status == "ok" else "FEL "
        seconds = f"{step.result.seconds:.1f}".replace(".", ",")
        self.finish(page, f"{mark}  {step.run.short} ({step.run.notebook.path.name}), {seconds} s")


def _say_unchanged(folder: Path, made: str) -> None:
    day = f"{made[:10]} kl. {made[11:16]}"
    print(
        f"Inget har ändrats sedan rapporten gjordes {day}. Den står kvar. Gör om den med --force.",
        file=sys.stderr,
    )
    print(folder / "index.html")


_VERDICTS = {"run": "körs", "lay": "läggs om", "take": "tas över"}


def _show_plan(planned: "Sequence[Planned]") -> None:
    rows = [
        [
            _VERDICTS[one.judged.verdict],
            f"{one.report.year}/{one.report.region}",
            one.title,
            one.judged.words or "inget har ändrats",
        ]
        for one in planned
    ]
    words.show_table(
        "Så skulle rapporten göras", ("", "Rapport", "Sida", "Varför"), rows, numbers=0
    )
    count = sum(one.judged.verdict == "run" for one in planned)
    print(f"{count} av {len(planned)} skulle köras. Inget är kört.")


def _summarise(result: "BuildResult") -> None:
    seconds = f"{result.seconds:.0f}"
    if result.unchanged:
        about = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
        _say_unchanged(result.folder, about["finished"])
        return
    if result.published:
        taken = len(result.pages) - result.ran
        rest = f", {taken} av dem oförändrade" if taken else ""
        print(f"{len(result.pages)} sidor klara på {seconds} s{rest}.", file=sys.stderr)
        print(result.index)
        return
    for page in result.failed:
        print(f"Fel i {page.run.notebook.path.name}, {page.error}", file=sys.stderr)
    print(
        f"{len(result.failed)} av {len(result.pages)} sidor föll. Rapporten publicerades inte, och "
        "en tidigare rapport är orörd. De körda anteckningsböckerna ligger i:",
        file=sys.stderr,
    )
    print(result.folder / "notebooks")
    raise typer.Exit(1)
