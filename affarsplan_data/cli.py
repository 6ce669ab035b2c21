"""The command ``affarsplan``. It reads arguments, shows progress and sets exit codes; no more."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
import typer.core
import typer.rich_utils

from affarsplan_data.errors import AffarsplanError

if TYPE_CHECKING:
    from affarsplan_data.report import BuildResult, Progress

INTERRUPTED = 130

typer.rich_utils.OPTIONS_PANEL_TITLE = "Flaggor"
typer.rich_utils.COMMANDS_PANEL_TITLE = "Kommandon"
typer.rich_utils.ERRORS_PANEL_TITLE = "Fel"
typer.rich_utils.DEFAULT_STRING = "[förval: {}]"
typer.rich_utils.RICH_HELP = "Hjälp finns med [blue]'{command_path} {help_option}'[/]."


class _Swedish:
    """Swedish words where typer has its own English ones."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Visa den här hjälpen."
        return option

    def get_usage(self, ctx: Any) -> str:
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        for english, swedish in (
            ("Usage:", "Användning:"),
            ("[OPTIONS]", "[FLAGGOR]"),
            ("COMMAND [ARGS]...", "KOMMANDO"),
        ):
            usage = usage.replace(english, swedish)
        return usage


class _Group(_Swedish, typer.core.TyperGroup):
    pass


class _Command(_Swedish, typer.core.TyperCommand):
    pass


app = typer.Typer(
    cls=_Group,
    help="Följ upp en regional näringslivsplan med officiell statistik.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed

        print(f"affarsplan-data {installed('affarsplan-data')}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Visa programmets version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Följ upp en regional näringslivsplan med officiell statistik."""


@app.command(
    cls=_Command,
    epilog="Exempel:\n\naffarsplan report\n\naffarsplan report --region 04 --year 2026\n\n"
    "affarsplan report --region 1980 --compare 00,19",
)
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
        typer.Option(metavar="ÅR", help="Rapportens år. Förval: utgåvans år.", show_default=False),
    ] = None,
    compare: Annotated[
        str,
        typer.Option(
            metavar="LISTA",
            help="Regionkoder och jämförelsegrupper att jämföra med, med komma emellan.",
        ),
    ] = "00,oms",
    data: Annotated[
        str,
        typer.Option(
            metavar="NAMN", help="Vilka uppgifter rapporten läser: edition, den inbyggda utgåvan."
        ),
    ] = "edition",
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
) -> None:
    """Kör alla anteckningsböcker och lägg en färdig rapport i outputs/ÅR/REGION.

    Koden vid avslut är 0 när alla sidor blev klara, 1 när någon sida föll och 2 vid fel användning.
    """
    from affarsplan_data import report as reports
    from affarsplan_data.parameters import parameters
    from affarsplan_data.report.build import default_year, plan_words

    plan = plan_words()
    given = parameters(
        plan.region if region is None else region,
        [item.strip() for item in compare.split(",") if item.strip()],
        default_year() if year is None else year,
        data,
        groups=plan.groups,
    )
    with _Display() as display:
        result = reports.build_report(
            given,
            output=Path(output) if output else None,
            jobs=jobs,
            progress=display.step,
            plan=plan,
        )
    _summarise(result)


@app.command(cls=_Command, epilog="Exempel:\n\naffarsplan build\n\naffarsplan build --force")
def build(
    data: Annotated[
        str,
        typer.Option(
            metavar="NAMN", help="Vilka uppgifter som görs klara: edition, den inbyggda utgåvan."
        ),
    ] = "edition",
    force: Annotated[
        bool, typer.Option("--force", help="Gör om även när inget har ändrats.")
    ] = False,
) -> None:
    """Gör uppgifterna i data/raw klara för anteckningsböckerna, i data/processed."""
    from affarsplan_data import observations

    print(observations.build(data=data, force=force))


@app.command(cls=_Command)
def version() -> None:
    """Visa programmets version."""
    _print_version(True)


class _Display:
    """Bars on a terminal, one plain line per finished page elsewhere. Shows itself on stderr."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bars = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> "_Display":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def step(self, step: "Progress") -> None:
        from rich.markup import escape

        page = step.notebook.page
        if page not in self._tasks:
            self._tasks[page] = self._bars.add_task(escape(step.notebook.short), total=step.cells)
        self._bars.update(self._tasks[page], completed=step.done, total=step.cells or None)
        if step.result is None:
            return
        self._bars.remove_task(self._tasks[page])
        mark = "klar" if step.result.status == "ok" else "FEL "
        seconds = f"{step.result.seconds:.1f}".replace(".", ",")
        line = f"{mark}  {step.notebook.short} ({step.notebook.path.name}), {seconds} s"
        self._bars.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _summarise(result: "BuildResult") -> None:
    seconds = f"{result.seconds:.0f}"
    if result.published:
        print(f"{len(result.pages)} sidor klara på {seconds} s.", file=sys.stderr)
        print(result.index)
        return
    for page in result.failed:
        print(f"Fel i {page.notebook.path.name}, {page.error}", file=sys.stderr)
    print(
        f"{len(result.failed)} av {len(result.pages)} sidor föll. Rapporten publicerades inte, och "
        "en tidigare rapport är orörd. De körda anteckningsböckerna ligger i:",
        file=sys.stderr,
    )
    print(result.folder / "notebooks")
    raise typer.Exit(1)


def main() -> NoReturn:
    """Run the command; an error a user can act on is one sentence, never a traceback."""
    try:
        app(prog_name="affarsplan")
    except AffarsplanError as error:
        print(f"Fel: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        # A full disk or a folder one may not write in is no fault of the program.
        print(
            f"Fel: {error.filename or 'skrivningen'}: {error.strerror or error}. Kontrollera "
            "diskutrymme och behörighet. En tidigare rapport är orörd.",
            file=sys.stderr,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        print("Avbrutet. Inget har publicerats.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    sys.exit(0)
