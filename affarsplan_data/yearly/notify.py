"""Gives the summary to a command that the user has chosen: one that mails it, or posts it somewhere."""

import os
import shlex
import subprocess

from affarsplan_data.yearly.errors import NotifyError

TIMEOUT = 60.0
"""Seconds that the command may take."""


def words(command: str) -> list[str] | str:
    """Return the command as it is started, without a shell: word by word, on Windows as it stands.

    Raises:
        NotifyError: it is empty, or a quotation mark is left open.
    """
    try:
        found = shlex.split(command)
    except ValueError:
        raise NotifyError(
            "--notify-command har ett citattecken som aldrig stängs. Skriv kommandot som i ett skal."
        ) from None
    if not found:
        raise NotifyError("--notify-command är tomt. Ange ett kommando som läser standard in.")
    return command if os.name == "nt" else found


def notify(command: str, summary: str, timeout: float = TIMEOUT) -> str | None:
    """Give ``summary`` to the command on its standard input; return what went wrong, None when nothing.

    Neither the command's arguments nor what it prints is told: there may be secrets in both.
    """
    given = words(command)
    name = "kommandot" if isinstance(given, str) else os.path.basename(given[0])  # noqa: PTH119
    try:
        done = subprocess.run(
            given,
            input=summary.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"Meddelandet kom inte iväg: {name} blev inte klart på {timeout:.0f} sekunder."
    except OSError as error:
        return (
            f"Meddelandet kom inte iväg: {name} gick inte att starta ({error.strerror or error})."
        )
    if done.returncode:
        return f"Meddelandet kom kanske inte iväg: {name} slutade med kod {done.returncode}."
    return None
