"""What the clients of both interfaces have in common: a server, a limiter, and perhaps an archive."""

from collections.abc import Callable
from typing import Self

import httpx

from affarsplan_data.archive import Archive
from affarsplan_data.scb.addresses import archive_name, base_address, host_of
from affarsplan_data.scb.asking import Asker, client_name
from affarsplan_data.scb.errors import OfflineError, ScbError, TooManyCellsError
from affarsplan_data.scb.http import MAX_BYTES, Answer, Connection, Patience
from affarsplan_data.scb.limits import CAUTIOUS, Limiter, Rate, limiter_for
from affarsplan_data.scb.selection import Query
from affarsplan_data.scb.splitting import Part, parts

MAX_CELLS = 20_000_000


class BaseClient:
    """A client of one server; closed when it is used with ``with``."""

    def __init__(
        self,
        base_url: str,
        problem: Callable[[Answer], ScbError | None],
        archive: Archive | None,
        offline: bool,
        patience: Patience | None,
        limiter: Limiter | None,
        max_cells: int,
        transport: httpx.BaseTransport | None,
        assumed: Rate = CAUTIOUS,
        max_bytes: int = MAX_BYTES,
        accept: str = "application/json",
    ) -> None:
        if offline and archive is None:
            raise OfflineError("Utan nätverk behövs ett arkiv att läsa ur. Ange archive.")
        self.base_url = base_address(base_url)
        self.max_cells = max_cells
        self._connection = Connection(
            self.base_url,
            limiter or limiter_for(host_of(self.base_url), assumed),
            problem,
            patience or Patience(),
            transport,
            max_bytes,
            headers={"User-Agent": client_name(), "Accept": accept},
        )
        self._asker = Asker(self._connection, archive_name(self.base_url), archive, offline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def close(self) -> None:
        """Close the connections to the server."""
        self._connection.close()

    @property
    def offline(self) -> bool:
        """Whether only the archive is read."""
        return self._asker.offline

    @property
    def source(self) -> str:
        """The server's name in the archive."""
        return self._asker.source

    def _pieces(self, query: Query, allowed: int) -> list[Part]:
        """Return the parts to ask for, each of at most ``allowed`` cells.

        Raises:
            TooManyCellsError: the whole is larger than this client takes.
        """
        if query.cells > self.max_cells:
            raise TooManyCellsError(
                f"Urvalet ur {query.metadata.id} har {query.cells} celler, fler än de "
                f"{self.max_cells} som klienten tar emot. Gör ett mindre urval, eller höj max_cells."
            )
        return parts(query.shape, allowed)
