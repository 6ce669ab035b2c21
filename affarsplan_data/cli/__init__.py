"""The command ``affarsplan``. It reads arguments, shows progress and sets exit codes; no more."""

import os
import sys
from typing import Annotated, NoReturn

import typer

from affarsplan_data.cli import (
    archive,
    check,
    claims,
    delivered,
    export,
    fetch,
    report,
    revisions,
    status,
    trace,
    yearly,
)
from affarsplan_data.cli.words import Command, Group, prepare_output
from affarsplan_data.errors import AffarsplanError, of_system

INTERRUPTED = 130

app = typer.Typer(
    cls=Group,
    help="Följ upp en regional näringslivsplan med officiell statistik.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command(cls=Command, epilog=report.REPORT_EXAMPLES)(report.report)
app.command(cls=Command, epilog=report.BUILD_EXAMPLES)(report.build)
app.command(cls=Command, epilog=fetch.EXAMPLES)(fetch.fetch)
app.command(cls=Command, epilog=check.EXAMPLES)(check.check)
app.command(cls=Command, epilog=status.EXAMPLES)(status.status)
app.command(cls=Command, epilog=trace.EXAMPLES)(trace.trace)
app.command(cls=Command, epilog=export.EXAMPLES)(export.export)
app.command(cls=Command, epilog=delivered.TEMPLATE_EXAMPLES)(delivered.template)
app.command(cls=Command, epilog=delivered.EXAMPLES)(delivered.delivered)
app.command(cls=Command, epilog=claims.EXAMPLES)(claims.claims)
app.command(cls=Command, epilog=revisions.EXAMPLES)(revisions.revisions)
app.command(cls=Command, epilog=yearly.EXAMPLES)(yearly.yearly)
app.command(cls=Command, epilog=yearly.PUBLISH_EXAMPLES)(yearly.publish)
app.command(cls=Command, epilog=yearly.SCHEDULE_EXAMPLES)(yearly.schedule)
app.add_typer(archive.app, name="archive")


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


@app.command(cls=Command)
def version() -> None:
    """Visa programmets version."""
    _print_version(True)


def main() -> NoReturn:
    """Run the command; an error a user can act on is one sentence, never a traceback."""
    prepare_output()
    try:
        app(prog_name="affarsplan")
    except AffarsplanError as error:
        print(f"Fel: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Somebody who reads the output has had enough, which is no fault; the work is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # A full disk or a folder one may not write in is no fault of the program.
        print(f"Fel: {of_system(error)}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Avbrutet. Inget har publicerats.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    sys.exit(0)
