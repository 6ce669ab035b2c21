"""``affarsplan yearly``, ``affarsplan publish`` and ``affarsplan schedule``."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli.running import CellTimeout, Cluster, Engine, Jobs, Memory, PageTimeout
from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.yearly.schedules import When
    from affarsplan_data.yearly.summary import Summary

EXAMPLES = (
    "Exempel:\n\naffarsplan yearly\n\naffarsplan yearly --region 19 --region 1980 --publish /srv/www\n\n"
    "affarsplan yearly --offline\n\naffarsplan yearly --region 19 --cluster tcp://dator:8786\n\n"
    "affarsplan yearly --notify-command \"mail -s 'Uppföljningen' namn@example.se\""
)
PUBLISH_EXAMPLES = "Exempel:\n\naffarsplan publish --to /srv/www/affarsplan --year 2026 --region 19"
SCHEDULE_EXAMPLES = (
    "Exempel:\n\naffarsplan schedule --systemd --publish /srv/www --write ~/.config/systemd/user\n\n"
    "affarsplan schedule --cron --every week --day 1 --at 04:00\n\n"
    "affarsplan schedule --windows > uppfoljning.xml\n\naffarsplan schedule --github"
)

Regions = Annotated[
    list[str] | None,
    typer.Option(
        "--region",
        metavar="KOD",
        help="Länets eller kommunens kod; kan ges flera gånger. Förval: planens region.",
        show_default=False,
    ),
]
Year = Annotated[
    int | None,
    typer.Option(
        metavar="ÅR", help="Rapportens år. Förval: de nyaste uppgifternas år.", show_default=False
    ),
]
Compare = Annotated[
    str, typer.Option(metavar="LISTA", help="Jämförelser, som för affarsplan report.")
]
Data = Annotated[str, typer.Option(metavar="NAMN", help="newest eller edition.")]
Output = Annotated[
    Path | None,
    typer.Option(
        metavar="MAPP",
        help="Mapp för färdiga rapporter. Förval: outputs i projektet.",
        show_default=False,
    ),
]
Publish = Annotated[
    Path | None,
    typer.Option(
        metavar="MAPP",
        help="Kopiera färdiga rapporter hit, i MAPP/ÅR/REGION. De byts hela.",
        show_default=False,
    ),
]
Keep = Annotated[
    int,
    typer.Option(
        metavar="ANTAL", min=1, help="Så många versioner av varje tabell blir kvar i arkivet."
    ),
]


def yearly(
    region: Regions = None,
    year: Year = None,
    compare: Compare = "00,oms",
    data: Data = "newest",
    output: Output = None,
    publish: Publish = None,
    keep: Keep = 3,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Använd inte nätverket.", envvar="AFFARSPLAN_OFFLINE"),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Kör alla sidor, även dem som inget har ändrats för.")
    ] = False,
    allow_loss: Annotated[
        bool,
        typer.Option(
            "--allow-loss",
            help="Gör rapporten även när uppgifter som fanns före hämtningen inte går att använda efter.",
        ),
    ] = False,
    notify_command: Annotated[
        str | None,
        typer.Option(
            metavar="KOMMANDO",
            help="Kommando som får sammanfattningen (JSON) på standard in, till exempel för att skicka "
            "den som e-post. Det körs utan skal.",
            envvar="AFFARSPLAN_NOTIFY_COMMAND",
            show_envvar=True,
            show_default=False,
        ),
    ] = None,
    jobs: Jobs = None,
    engine: Engine = "affarsplan",
    cell_timeout: CellTimeout = 300,
    page_timeout: PageTimeout = 1800,
    memory: Memory = None,
    cluster: Cluster = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Skriv bara ut det som är fel.")] = False,
) -> None:
    """Hela uppföljningen utan att någon ser på: hämta, pröva, gör rapporten, publicera och gallra.

    Det som var bra ersätts aldrig av något sämre. En källa som inte svarar lämnar arkivet som det var,
    och rapporten görs med det som finns. Föll en sida, eller går uppgifter som fanns förut inte längre
    att använda, står den förra rapporten kvar. Varje körning har en logg i outputs/logg, och en
    sammanfattning i outputs/senaste.json.

    Avslutskod: 0 klart, 1 en sida eller ett steg föll och den förra rapporten står kvar, 2 fel
    användning, 3 en källa kunde inte hämtas, 4 en annan körning skriver i mappen.
    """
    from affarsplan_data import project
    from affarsplan_data.report import runners
    from affarsplan_data.report.build import plan_words
    from affarsplan_data.report.run import Limits
    from affarsplan_data.yearly.run import Asked, run

    runners.check(engine, jobs)
    limits = Limits(cell_timeout, page_timeout, memory)
    asked = Asked(
        regions=tuple(dict.fromkeys(region or [plan_words().region])),
        compare=tuple(item.strip() for item in compare.split(",") if item.strip()),
        year=year,
        data=data,
        output=(output or project.outputs()).absolute(),
        publish=publish.absolute() if publish else None,
        keep=keep,
        offline=offline,
        force=force,
        allow_loss=allow_loss,
        notify_command=notify_command or None,
        runner=partial(runners.runner, engine, jobs, limits, cluster),
    )
    summary = run(asked, echo=None if quiet else _echo)
    _conclude(summary, quiet)
    raise typer.Exit(summary.exit_code)


def _echo(line: str) -> None:
    print(line, file=sys.stderr)


def _conclude(summary: "Summary", quiet: bool) -> None:
    if quiet and summary.exit_code:
        for one in (*summary.errors, *summary.sources_failed, *summary.lost):
            print(f"{one.what}: {one.why}", file=sys.stderr)
    if summary.exit_code and summary.next:
        print("Att göra:", file=sys.stderr)
        for line in summary.next:
            print(f"- {line}", file=sys.stderr)
    if summary.log and not quiet:
        print(f"Logg: {summary.log}", file=sys.stderr)
    for report in summary.reports:
        # A report that failed the first time is not there.
        if (index := Path(report.folder) / "index.html").is_file():
            print(index)


def publish(
    to: Annotated[
        Path, typer.Option(metavar="MAPP", help="Mappen som läses av andra.", show_default=False)
    ],
    region: Regions = None,
    year: Year = None,
    output: Output = None,
) -> None:
    """Kopiera en färdig rapport till en mapp där andra läser den. Den byts hel.

    Avslutskod: 0 klart, 1 det finns ingen hel rapport, 2 fel användning, 4 en annan körning skriver där.
    """
    from affarsplan_data import project
    from affarsplan_data.report.build import default_year, plan_words
    from affarsplan_data.report.publishing import publish as copy

    folder = (output or project.outputs()).absolute()
    for code in region or [plan_words().region]:
        report = folder / str(year or default_year()) / code
        target = to.absolute() / report.parent.name / code
        copied = copy(report, to)
        print("Publicerad." if copied else "Redan publicerad.", file=sys.stderr)
        print(target / "index.html")


def schedule(
    systemd: Annotated[bool, typer.Option("--systemd", help="En tjänst och en timer.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="En rad för crontab -e.")] = False,
    windows: Annotated[
        bool, typer.Option("--windows", help="En uppgift för schtasks /create /xml.")
    ] = False,
    github: Annotated[bool, typer.Option("--github", help="Ett arbetsflöde för GitHub.")] = False,
    every: Annotated[
        str, typer.Option(metavar="TID", help="Hur ofta: year, month eller week.")
    ] = "month",
    at: Annotated[str, typer.Option(metavar="KL", help="Klockslag.")] = "05:30",
    day: Annotated[
        int, typer.Option(metavar="DAG", help="Dag i månaden, eller i veckan (måndag är 1).")
    ] = 2,
    month: Annotated[int, typer.Option(metavar="MÅNAD", help="Månad, när --every är year.")] = 12,
    region: Regions = None,
    output: Output = None,
    publish: Publish = None,
    keep: Annotated[
        int | None,
        typer.Option(metavar="ANTAL", min=1, help="Som för affarsplan yearly.", show_default=False),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="MAPP", help="Skriv filerna i mappen i stället för hit.", show_default=False
        ),
    ] = None,
) -> None:
    """Skriv ut det som startar affarsplan yearly av sig självt, färdigt att använda.

    Källorna publicerar under hela året. En gång i månaden kostar lite: har inget ändrats görs inget.
    Hemligheter, som adressen till en webbkrok, hör hemma i miljövariabeln AFFARSPLAN_NOTIFY_COMMAND.
    """
    from affarsplan_data import project
    from affarsplan_data.yearly import schedules
    from affarsplan_data.yearly.schedules import Command, When

    chosen = [name for name, on in _kinds(systemd, cron, windows, github) if on]
    if len(chosen) != 1:
        raise UsageError("Ange en av --systemd, --cron, --windows och --github.")
    when = When(every, at, day, month)  # type: ignore[arg-type]
    if not github:
        # The run does not start in the folder where this is written.
        output, publish = (folder and folder.absolute() for folder in (output, publish))
    arguments = _arguments(region, output, publish, keep)
    if chosen == ["github"]:
        files = {"yearly.yml": schedules.github(arguments, when)}
    else:
        command = Command(Path(sys.executable), project.root(), arguments)
        files = _files(chosen[0], command, when)
    if write is None:
        _show(files)
        return
    encoding = "utf-16" if chosen == ["windows"] else "utf-8"
    write.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (write / name).write_text(text, encoding=encoding, newline="\n")
        print(write / name)


def _kinds(*on: bool) -> list[tuple[str, bool]]:
    return list(zip(("systemd", "cron", "windows", "github"), on, strict=True))


def _files(kind: str, command: object, when: "When") -> dict[str, str]:
    from affarsplan_data.yearly import schedules
    from affarsplan_data.yearly.schedules import Command

    assert isinstance(command, Command)
    if kind == "systemd":
        return schedules.systemd(command, when)
    if kind == "cron":
        return {"affarsplan.crontab": schedules.cron(command, when)}
    return {"affarsplan.xml": schedules.windows(command, when)}


def _arguments(
    region: list[str] | None, output: Path | None, publish: Path | None, keep: int | None
) -> tuple[str, ...]:
    """Return the options that are handed on; folders as they are from the project's own folder."""
    given: list[str] = []
    for code in region or ():
        given += ["--region", code]
    for name, folder in (("--output", output), ("--publish", publish)):
        if folder is not None:
            given += [name, os.fspath(folder)]
    if keep is not None:
        given += ["--keep", str(keep)]
    return tuple(given)


def _show(files: dict[str, str]) -> None:
    for name, text in files.items():
        if len(files) > 1:
            print(f"# {name}")
        print(text, end="" if len(files) == 1 else "\n")
