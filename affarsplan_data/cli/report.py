"""``affarsplan report`` and ``affarsplan build``."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affarsplan_data.cli import words
from affarsplan_data.cli.progress import JSON, LOGS, TEXT, tell_reports, watch
from affarsplan_data.cli.running import CellTimeout, Cluster, Engine, Jobs, Memory, PageTimeout
from affarsplan_data.errors import UsageError
from affarsplan_data.swedish import listing

if TYPE_CHECKING:
    from affarsplan_data.parameters import Parameters
    from affarsplan_data.report import BuildResult, Planned, PlanWords


REPORT_EXAMPLES = (
    "Exempel:\n\naffarsplan report\n\naffarsplan report --region 04 --year 2026\n\n"
    "affarsplan report --region 1980 --compare 00,19\n\naffarsplan report --region lan --log json\n\n"
    "affarsplan report --municipalities alla\n\naffarsplan report --dry-run"
)
BUILD_EXAMPLES = "Exempel:\n\naffarsplan build\n\naffarsplan build --force"


def report(
    region: Annotated[
        str | None,
        typer.Option(
            metavar="KODER",
            help="Länets eller kommunens kod, till exempel 19 eller 1980. Flera med komma emellan, lan "
            "för alla län eller kommuner för alla kommuner ger en rapport var. Förval: planens region.",
            show_default=False,
        ),
    ] = None,
    municipalities: Annotated[
        str | None,
        typer.Option(
            metavar="KODER",
            help="De kommuner som får en egen sida, med komma emellan, eller alla. Förval: länets egna.",
            show_default=False,
        ),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(
            metavar="SIDOR",
            help="Kör bara dessa sidor, med komma emellan, till exempel delmal-05,kommun-1980. De läggs "
            "i outputs/ÅR/REGION.urval, och den hela rapporten rörs inte.",
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
    jobs: Jobs = None,
    engine: Engine = "affarsplan",
    cell_timeout: CellTimeout = 300,
    page_timeout: PageTimeout = 1800,
    memory: Memory = None,
    cluster: Cluster = None,
    force: Annotated[
        bool, typer.Option("--force", help="Kör alla sidor, även dem som inget har ändrats för.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Visa bara vilka sidor som skulle köras, och varför."),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Skriv bara ut startsidan och det som är fel.")
    ] = False,
    log: Annotated[
        str,
        typer.Option(
            metavar="FORM",
            help="text, eller json: en rad JSON på standard ut för varje sida och rapport.",
        ),
    ] = "text",
) -> None:
    """Kör de anteckningsböcker som något har ändrats för och lägg en färdig rapport i outputs/ÅR/REGION.

    En sida vars anteckningsbok, inställningar, programkod och uppgifter är som förut tas ur den förra
    rapporten. Har inget ändrats står den kvar som den är.

    Avslutskod: 0 alla sidor är klara, 1 någon sida föll och den förra rapporten står kvar, 2 fel
    användning, 4 en annan körning skriver i mappen.
    """
    from affarsplan_data import project
    from affarsplan_data.report import quick

    if log not in LOGS:
        raise UsageError(f"Formen ”{log[:20]}” finns inte. Välj {listing(LOGS, 'eller')}.")
    asked = {
        "region": region,
        "year": year,
        "compare": compare,
        "base_year": base_year,
        "data": data,
        "municipalities": municipalities,
    }
    folder = Path(output).absolute() if output else project.outputs()
    state = quick.fingerprint(project.root(), project.notebooks())
    whole = not (force or dry_run or pages)
    if whole and log == TEXT and (found := quick.known(folder, asked, state)):
        _say_unchanged(found.folder, found.made)
        return
    from affarsplan_data.report.run import Limits
    from affarsplan_data.report.runners import runner

    # First, for it gets ready while the rest is imported.
    limits = Limits(cell_timeout, page_timeout, memory)
    carried = None if dry_run else runner(engine, jobs, limits, cluster)
    from affarsplan_data import report as reports
    from affarsplan_data.report.build import plan_words

    plan = plan_words()
    given = _parameters(region, year, compare, base_year, data, plan)
    chosen: dict[str, Any] = {
        "output": folder,
        "force": force,
        "plan": plan,
        "pages": _items(pages),
        "municipalities": _items(municipalities),
    }
    if dry_run:
        _show_plan(reports.plan_reports(given, **chosen))
        return
    told = watch(log, quiet)
    with told.running():
        results = reports.build_reports(given, runner=carried, progress=told.step, **chosen)
    if whole and len(results) == 1 and (results[0].published or results[0].unchanged):
        quick.remember(folder, asked, state, results[0].folder)
    if log == JSON:
        tell_reports(results)
    else:
        for result in results:
            _summarise(result, quiet)
    _exit(results)


def _parameters(
    region: str | None,
    year: int | None,
    compare: str,
    base_year: int | None,
    data: str,
    plan: "PlanWords",
) -> "list[Parameters]":
    from affarsplan_data.parameters import parameters
    from affarsplan_data.report.build import default_year

    codes = [plan.region] if region is None else regions_asked(region)
    several = len(codes) > 1
    given = [
        parameters(
            code,
            # One of several reports may be that of a region that all are compared with.
            [item for item in _items(compare) if not (several and item == code)],
            year,
            data,
            base_year=base_year,
            groups=plan.groups,
        )
        for code in codes
    ]
    if year is None:
        # Only now: to tell the year may take in what has been fetched, and wrong use writes nothing.
        newest = default_year(data)
        given = [replace(one, year=newest) for one in given]
    return given


def regions_asked(text: str) -> list[str]:
    """Return the region codes of a list with commas, where ``lan`` and ``kommuner`` are all of them."""
    from affarsplan_data import regions

    every = {"lan": regions.counties(), "kommuner": regions.municipalities()}
    found = [code for item in _items(text) for code in every.get(item, (item,))]
    if not found:
        raise UsageError("Ange minst en region med --region, till exempel 19.")
    return list(dict.fromkeys(found))


def _items(text: str | None) -> list[str]:
    return [item.strip() for item in (text or "").split(",") if item.strip()]


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


def _summarise(result: "BuildResult", quiet: bool) -> None:
    seconds = f"{result.seconds:.0f}"
    if result.refused:
        print(f"Fel: {result.refused}", file=sys.stderr)
        return
    if result.unchanged:
        about = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
        _say_unchanged(result.folder, about["finished"])
        return
    if result.published:
        taken = len(result.pages) - result.ran
        rest = f", {taken} av dem oförändrade" if taken else ""
        if not quiet:
            print(f"{len(result.pages)} sidor klara på {seconds} s{rest}.", file=sys.stderr)
        print(result.index)
        return
    for page in result.failed:
        print(f"Fel i {page.run.notebook.path.name}, {page.error}", file=sys.stderr)
    if result.fault:
        print(f"Fel: {result.fault}", file=sys.stderr)
    print(
        f"{len(result.failed)} av {len(result.pages)} sidor föll. Rapporten publicerades inte, och "
        "en tidigare rapport är orörd. De körda anteckningsböckerna ligger i:",
        file=sys.stderr,
    )
    print(result.folder / "notebooks")


def _exit(results: "Sequence[BuildResult]") -> None:
    if any(not (result.published or result.unchanged) for result in results):
        refused = [result.refused for result in results if result.refused]
        raise typer.Exit(refused[0].exit_code if len(refused) == len(results) else 1)
