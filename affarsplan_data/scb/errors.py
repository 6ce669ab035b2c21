"""Every error that fetching from a PxWeb server can end in.

    ScbError
    ├── SelectionError             asks for something the table does not have; nothing was sent
    │   ├── UnknownVariableError
    │   ├── UnknownValueError      a code, or an expression that matches no code
    │   ├── IllegalExpressionError
    │   ├── UnknownCodelistError
    │   ├── NotEliminableError
    │   └── TooManyCellsError      also when the server says so
    ├── RefusedError               the server refused the request, and would refuse it again
    │   ├── AddressError           what was given as the server's address is none
    │   ├── UnknownTableError
    │   ├── UnknownPageError
    │   └── UnsupportedError       a language or a format that the server does not offer
    ├── UnavailableError           the server could not answer now; the same request may do later
    │   ├── RateLimitError
    │   ├── ServerFaultError
    │   ├── UnreachableError
    │   └── TimedOutError
    ├── AnswerError                an answer came, and it is not one to build on
    │   ├── UnreadableAnswerError
    │   ├── AnswerTooLargeError
    │   └── WrongAnswerError       other variables, codes or cells than those asked for
    │       └── UpdatedMeanwhileError  parts of one answer are of different versions of the table
    └── OfflineError               the answer is not archived, and the network may not be used

A server's own refusal of a selection (``Non-existent value`` and the like) is raised as the matching
:class:`SelectionError`, decided by the title of the body: status codes and bodies disagree at SCB.
"""

from affarsplan_data.errors import AffarsplanError

EXCERPT = 300


class ScbError(AffarsplanError):
    """Fetching from a PxWeb server failed.

    Attributes:
        asked: method and address of the request, when one was sent.
        status: the HTTP status of the answer, when one came.
        answer: the beginning of the answer's body.
    """

    def __init__(
        self, message: str, *, asked: str | None = None, status: int | None = None, answer: str = ""
    ) -> None:
        super().__init__(message)
        self.asked = asked
        self.status = status
        self.answer = answer[:EXCERPT]


class SelectionError(ScbError):
    """The selection asks for something that the table does not have."""

    exit_code = 2


class UnknownVariableError(SelectionError):
    """The table has no variable with that code."""


class UnknownValueError(SelectionError):
    """The variable has no such code, or an expression matches none of its codes."""


class IllegalExpressionError(SelectionError):
    """A selection expression is written in a way that the protocol does not allow."""


class UnknownCodelistError(SelectionError):
    """The variable has no codelist with that id."""


class NotEliminableError(SelectionError):
    """A variable was left out that the table cannot do without."""


class TooManyCellsError(SelectionError):
    """The selection holds more cells than may be fetched."""


class RefusedError(ScbError):
    """The server refused the request; the same request would be refused again."""


class AddressError(RefusedError):
    """What was given as the server's address is none, or holds a password."""

    exit_code = 2


class UnknownTableError(RefusedError):
    """The server has no such table, or not in that language."""


class UnknownPageError(RefusedError):
    """The list of tables has no such page."""


class UnsupportedError(RefusedError):
    """The server does not offer that language, format or layout."""


class UnavailableError(ScbError):
    """The server could not answer now; the same request may succeed later.

    ``retry_after`` is the number of seconds the server asks one to wait, when it does.
    """

    exit_code = 3
    retry_after: float | None = None


class RateLimitError(UnavailableError):
    """The server says that too many calls have been made."""


class ServerFaultError(UnavailableError):
    """The server failed, or is closed for maintenance."""


class UnreachableError(UnavailableError):
    """No connection, or it broke before the whole answer had come."""


class TimedOutError(UnavailableError):
    """The answer did not come within the time allowed."""


class AnswerError(ScbError):
    """An answer came that cannot be used. Nothing of it has been kept."""


class UnreadableAnswerError(AnswerError):
    """The body is not the JSON that was asked for."""


class AnswerTooLargeError(AnswerError):
    """The body is larger than any answer should be."""


class WrongAnswerError(AnswerError):
    """The answer holds other variables, codes or cells than those asked for."""


class UpdatedMeanwhileError(WrongAnswerError):
    """The table was updated between two calls, so the parts do not belong together."""


class OfflineError(ScbError):
    """The answer is not in the archive, and the network may not be used."""
