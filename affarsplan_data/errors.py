"""The root of every error a user can meet.

Each layer keeps its own errors in its own ``errors.py``; all of them descend from
:class:`AffarsplanError`, carry a Swedish sentence that says what to do next, and map to an exit code.
"""


class AffarsplanError(Exception):
    """Something went wrong that the user can understand and act on."""

    exit_code = 1


def of_system(error: OSError) -> str:
    """Return what the system refused and what to do; a full disk is no fault of the program."""
    return (
        f"{error.filename or 'skrivningen'}: {error.strerror or error}. Kontrollera diskutrymme och "
        "behörighet. Det som redan var klart är orört."
    )


class UsageError(AffarsplanError):
    """The user asked for something that does not exist; nothing has been written."""

    exit_code = 2
