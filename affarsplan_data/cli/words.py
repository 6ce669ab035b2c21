"""Swedish words where typer has its own English ones, and tables that fit the terminal."""

import codecs
import io
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
import typer.core
import typer.rich_utils

typer.rich_utils.OPTIONS_PANEL_TITLE = "Flaggor"
typer.rich_utils.COMMANDS_PANEL_TITLE = "Kommandon"
typer.rich_utils.ERRORS_PANEL_TITLE = "Fel"
typer.rich_utils.DEFAULT_STRING = "[förval: {}]"
typer.rich_utils.RICH_HELP = "Hjälp finns med [blue]'{command_path} {help_option}'[/]."


class _Swedish:
    """Swedish words where typer has its own English ones, and tables that fit the terminal."""

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

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _said_in_swedish():
            parsed: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
            return parsed

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        with _said_in_swedish():
            return super().resolve_command(ctx, args)  # type: ignore[misc]


_PHRASES = (
    (r"No such option: (\S+)\s*\(Possible options?: (.+)\)", r"Flaggan \1 finns inte. Menades \2?"),
    (r"No such option: (\S+)", r"Flaggan \1 finns inte."),
    (r"No such command '(.+?)'\.", r"Kommandot \1 finns inte."),
    (r"Did you mean (.+)\?", r"Menades \1?"),
    (r"Missing command\.", r"Ett kommando saknas."),
    (r"Missing option '(\S+?)'.*", r"Flaggan \1 måste anges."),
    (r"Missing argument '(.+?)'.*", r"\1 måste anges."),
    (r"Option '(\S+?)' requires an argument\.", r"Flaggan \1 ska följas av ett värde."),
    (
        r"Got unexpected extra argument(?:\(s\)|s)? \((.+)\)",
        r"Det här hör inte till kommandot: \1.",
    ),
    (r"Invalid value for '(\S+?)'(?: / \S+)?: ", r"Fel värde för \1: "),
    (r"'?(\S+?)'? is not a valid integer(?: range)?\.", r"”\1” är inget heltal."),
    (r"(\S+) is not in the range x>=(\S+?)\.", r"\1 är för litet; minst \2."),
    (r"Input should be greater than or equal to (\S+)", r"minst \1."),
    (
        r"Input should be a valid integer, unable to parse string as an integer",
        r"det ska vara ett heltal.",
    ),
)

# Typer's own base class of mistakes in how a command is written.
_UsageError: Any = typer.BadParameter.__base__


@contextmanager
def _said_in_swedish() -> Iterator[None]:
    """Raise a mistake in how a command was written again, in Swedish."""
    try:
        yield
    except _UsageError as error:
        message = error.format_message()
        for english, swedish in _PHRASES:
            message = re.sub(english, swedish, message, flags=re.DOTALL)
        raise _UsageError(message, ctx=error.ctx) from None


class Group(_Swedish, typer.core.TyperGroup):
    """A command with commands of its own, in Swedish."""


class Command(_Swedish, typer.core.TyperCommand):
    """A command, in Swedish."""


WIDEST = 140
"""Columns of a table that is written to a file."""


def show_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int
) -> None:
    """Print rows of text as a table, the last ``numbers`` columns to the right.

    What is written to a file is as wide as it needs to be. A terminal that is too narrow gets a line per
    row: a figure cut in the middle is worse than none.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    for place, heading in enumerate(headings):
        right = place >= len(headings) - numbers
        table.add_column(heading, justify="right" if right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDEST)
    # Asked with all the room there is: else it answers with the terminal's own width.
    elif console.width < console.measure(table, options=console.options.update(width=500)).maximum:
        console.print(title, markup=False, highlight=False)
        for row in rows:
            pairs = zip(headings, row, strict=True)
            line = "; ".join(f"{heading} {cell}" for heading, cell in pairs if cell)
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    console.print(table)


def prepare_output() -> None:
    """Let nothing that is printed stop a command, in a console or a log that lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="swedish")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_NEAREST.get(character, "?") for character in text), error.end


_NEAREST = {"\u202f": " ", "\u00a0": " ", "–": "-", "−": "-", "…": "...", "”": '"', "’": "'"} | {
    c: "|" if c in "│┃║" else "-" if c in "─━═" else "+" for c in "│┃║─━═┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┡┩╇┳┻╈"
}
codecs.register_error("swedish", _nearest)
