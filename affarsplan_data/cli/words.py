"""Swedish words where typer has its own English ones."""

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


class Group(_Swedish, typer.core.TyperGroup):
    """A command with commands of its own, in Swedish."""


class Command(_Swedish, typer.core.TyperCommand):
    """A command, in Swedish."""
