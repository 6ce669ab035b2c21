"""Fetches key figures from Kolada (RKA), interface v3, into the archive.

>>> with KoladaClient(archive=archive()) as kolada:
...     fetch([table], kolada, archive())

In the catalogue a table of Kolada's has ``selection: {KPI: [N00999, N01003], Region: ["00", "????"]}``;
``Region`` left out means every region. ``contents`` gives words that a key figure's title must hold.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import product
from threading import Event
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
from pydantic import BaseModel

from affarsplan_data import regions
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table
from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.fitting import require
from affarsplan_data.scb.asking import Kept, Question
from affarsplan_data.scb.base import MAX_CELLS, BaseClient
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.errors import (
    RefusedError,
    UnknownValueError,
    UpdatedMeanwhileError,
    WrongAnswerError,
)
from affarsplan_data.scb.http import Patience
from affarsplan_data.scb.limits import Limiter, Rate
from affarsplan_data.scb.reading import model_of
from affarsplan_data.scb.workers import side_by_side
from affarsplan_data.sources.errors import ChangedTableError, MissingKpiError
from affarsplan_data.sources.kolada_reading import (
    Entry,
    Kpi,
    Municipality,
    Page,
    as_asked,
    chosen,
    dimensions_of,
    to_cube,
    to_kolada,
)
from affarsplan_data.sources.snapshots import Fetched, Progress, TableFetch, each

KOLADA = "https://api.kolada.se/v3"
ASSUMED = Rate(5, 1.0)
"""Kolada publishes no limit on calls; this is the one that its users keep to."""

LONGEST_LIST = 25
"""The most ids or years that one address may hold; longer lists are refused. It also bounds the address:
three such lists are under 500 characters."""

PER_PAGE = 5000
MOST_PAGES = 200
THREADS = 4
NEAREST = 3
LIKENESS = 0.3

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class KoladaClient(BaseClient):
    """Reads key figures from Kolada. Every answer is compared with the question before it is used.

    Args:
        base_url: the address of the interface.
        archive: where answers are kept.
        offline: read only from the archive; no connection is ever opened.
        patience: timeouts, waits and number of attempts.
        limiter: keeps to the limit on calls; by default one for all who call the host.
        transport: another way to carry requests than the network, for tests.
    """

    def __init__(
        self,
        base_url: str = KOLADA,
        *,
        archive: Archive | None = None,
        offline: bool = False,
        patience: Patience | None = None,
        limiter: Limiter | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            base_url,
            lambda _: None,
            archive,
            offline,
            patience,
            limiter,
            MAX_CELLS,
            transport,
            assumed=ASSUMED,
        )
        self._municipalities: tuple[Municipality, ...] | None = None

    def municipalities(self) -> tuple[Municipality, ...]:
        """Return the regions that Kolada has: riket, counties and municipalities. Asked for once."""
        if self._municipalities is None:
            found, _ = self._all("municipality", Page[Municipality], "municipality")
            self._municipalities = found
        return self._municipalities

    def kpis(self, ids: Sequence[str], name: str = "kpi") -> tuple[tuple[Kpi, ...], list[Kept]]:
        """Return what Kolada says about key figures, those it knows, in the order asked for.

        ``name`` is what the answer is archived under.

        Raises:
            UsageError: none, or more than an address may hold.
        """
        if not 0 < len(ids) <= LONGEST_LIST or len(set(ids)) < len(ids):
            raise UsageError(
                f"Ange 1–{LONGEST_LIST} olika nyckeltal åt gången: {', '.join(ids) or 'inget angavs'}"
            )
        try:
            found, kept = self._all(f"kpi/{','.join(map(_id, ids))}", Page[Kpi], name)
        except RefusedError as error:
            if error.status != 404:
                raise
            return (), []
        known = {kpi.id: kpi for kpi in found}
        if others := known.keys() - set(ids):
            raise WrongAnswerError(
                f"Kolada svarade om {', '.join(sorted(others))}, som inte efterfrågades."
            )
        return tuple(known[id] for id in ids if id in known), kept

    def kpi(self, id: str, title: str | None = None) -> Kpi:
        """Return what Kolada says about one key figure.

        ``title`` is what it used to be called, to search by when it is gone.

        Raises:
            MissingKpiError: there is no such key figure any longer; the nearest titles are named.
        """
        found, _ = self.kpis([id])
        if not found or found[0].is_deleted:
            raise self.missing(id, title)
        return found[0]

    def search(self, title: str) -> tuple[Kpi, ...]:
        """Return the key figures whose titles hold ``title``."""
        found, _ = self._all("kpi", Page[Kpi], "kpi", {"title": title})
        return found

    def missing(self, id: str, title: str | None) -> MissingKpiError:
        """Return the error that ``id`` is gone, with the key figures whose titles are most like it."""
        nearest: tuple[tuple[str, str], ...] = ()
        words = sorted((title or "").replace(",", " ").split(), key=len, reverse=True)
        try:
            if title and words:
                others = [
                    kpi for kpi in self.search(words[0]) if kpi.id != id and not kpi.is_deleted
                ]
                like = difflib.get_close_matches(
                    title, [kpi.title for kpi in others], NEAREST, LIKENESS
                )
                titles = {kpi.title: kpi.id for kpi in reversed(others)}
                nearest = tuple((titles[text], text) for text in dict.fromkeys(like))
        except AffarsplanError:
            # The search is only to help; that the key figure is gone is what matters.
            pass
        proposed = "; ".join(f"{other} ”{text}”" for other, text in nearest)
        return MissingKpiError(
            f"Nyckeltalet {id} finns inte längre i Kolada. "
            + (f"Närmast i titel: {proposed}. " if proposed else "Ingen liknande titel hittades. ")
            + "Rätta katalogen innan det hämtas.",
            id,
            nearest,
        )

    def data(
        self,
        kpis: Sequence[Kpi],
        asked: Sequence[str],
        years: Sequence[int] = (),
        *,
        label: str = "Nyckeltal ur Kolada",
        name: str = "data",
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Cube, list[Kept]]:
        """Return key figures as a cube over KPI, Region, Kon and Tid, and the answers it is made of.

        Args:
            kpis: what :meth:`kpis` gave.
            asked: the regions, two digits for riket and counties and four for municipalities.
            years: none means every year that Kolada has.
            label: the cube's title.
            name: what the answers are archived under.
            progress: called after every answer, with how many have come and how many are expected.

        Raises:
            WrongAnswerError: Kolada answered another question, or the pages do not add up.
        """
        ids = [kpi.id for kpi in kpis]
        codes = [to_kolada(region) for region in asked]
        tasks = [
            partial(self._part, some_ids, some_codes, some_years, name)
            for some_ids, some_codes, some_years in product(
                _parts(ids), _parts(codes), _parts(list(years)) or [[]]
            )
        ]
        parts: dict[int, tuple[tuple[Entry, ...], list[Kept]]] = {}
        for number, part in side_by_side(tasks, THREADS):
            parts[number] = part
            if progress:
                progress(len(parts), len(tasks))
        ordered = [parts[number] for number in range(len(tasks))]
        cube = to_cube(label, kpis, asked, (entry for part, _ in ordered for entry in part))
        return cube, [kept for _, some in ordered for kept in some]

    def _part(
        self,
        ids: Sequence[str],
        codes: Sequence[str],
        years: Sequence[int],
        name: str,
        stop: Event,
    ) -> tuple[tuple[Entry, ...], list[Kept]]:
        path = f"data/kpi/{','.join(ids)}/municipality/{','.join(codes)}"
        if years:
            path += f"/year/{','.join(map(str, years))}"
        check = partial(as_asked, kpis=ids, municipalities=codes, years=years)
        return self._all(path, Page[Entry], name, check=check, stop=stop)

    def _all(
        self,
        path: str,
        model: type[Page[T]],
        name: str,
        params: dict[str, str] | None = None,
        check: Callable[[Page[T]], Page[T]] | None = None,
        stop: Event | None = None,
    ) -> tuple[tuple[T, ...], list[Kept]]:
        """Return the values of every page of an answer.

        The address of the next page is used for what it says about the page only: the call goes to the
        server that was asked first, whatever host that address names.
        """
        given: dict[str, Any] = {**(params or {}), "per_page": PER_PAGE}
        pages: list[Page[T]] = []
        kept: list[Kept] = []
        asked: set[str] = set()

        def read(content: bytes) -> Page[T]:
            page = model_of(model, content)
            return check(page) if check else page

        while True:
            request = self._connection.request("GET", path, given)
            if request.url in asked or len(pages) >= MOST_PAGES:
                raise WrongAnswerError(f"Sidorna i Koladas svar tar aldrig slut ({path:.80}).")
            asked.add(request.url)
            page, came = self._asker.answer(Question(name, request), read, stop=stop)
            pages.append(page)
            kept.append(came)
            if not page.next_url:
                break
            given = dict(_next(page.next_url, path))
        _check_count(pages, path)
        return tuple(value for page in pages for value in page.values), kept


def _next(address: str, path: str) -> list[tuple[str, str]]:
    parts = urlsplit(address)
    if not unquote(parts.path).rstrip("/").endswith(f"/{path}") or not parts.query:
        raise WrongAnswerError(
            f"Kolada hänvisar till en annan fråga som nästa sida: {address:.200}"
        )
    return parse_qsl(parts.query)


def _check_count(pages: Sequence[Page[Any]], path: str) -> None:
    """Refuse pages that hold another number of values than they say, of the page or of the whole."""
    came = sum(len(page.values) for page in pages)
    for page in pages:
        if page.count is not None and page.count not in (len(page.values), came):
            raise WrongAnswerError(
                f"Kolada säger att svaret har {page.count} poster, men {came} kom ({path:.80})."
            )


def _parts(whole: list[T]) -> list[list[T]]:
    return [whole[n : n + LONGEST_LIST] for n in range(0, len(whole), LONGEST_LIST)]


def _id(text: str) -> str:
    if not (text.isascii() and text.isalnum()) or len(text) > 20:
        raise UsageError(f"{text!r:.40} är inget nyckeltal. Ett sådant ser ut som N00999.")
    return text


def fetch(
    tables: Iterable[Table],
    client: KoladaClient,
    into: Archive,
    *,
    since: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
    done: Callable[[Fetched], None] | None = None,
) -> list[Fetched]:
    """Fetch tables of key figures, one after the other, and return what became of each.

    A table that fails does not stop the others, and what was archived of it before stands. Kolada gives
    no sign of when a figure was revised, so the figures are always asked for and compared.

    Args:
        tables: what to fetch; see the module for what their selections may hold.
        client: the server to ask; it must keep its answers in ``into``.
        into: the archive where snapshots are committed.
        since: a year; only years from then on.
        force: take a version also when it lacks regions, years or key figures that the last one had.
        progress: called after every answer.
        done: called after every table.
    """
    jobs = [_KoladaFetch(table, client, into, since, force, progress) for table in tables]
    return each(jobs, client, client.municipalities, done)


def wish(table: Table) -> tuple[list[str], tuple[str, ...]]:
    """Return the key figures and the regions that a table asks for.

    Raises:
        UnknownValueError: its selection is none that Kolada can be asked.
        UnknownRegionError: an expression matches no region.
    """
    selection = dict(table.selection)
    ids = _listed(selection.pop("KPI", ()))
    asked = chosen(_listed(selection.pop("Region", "*")))
    if selection or not ids or table.without:
        raise UnknownValueError(
            f"Urvalet för {table.id} går inte att fråga Kolada om: ange KPI och eventuellt Region, inget "
            "annat."
        )
    return ids, asked


def read_snapshot(archive: Archive, snapshot: Snapshot) -> list[Cube]:
    """Return the figures of a snapshot that :func:`fetch` has committed, as one cube.

    Raises:
        ArchiveError: an answer is gone or damaged.
    """
    wish: Any = snapshot.asked
    described = archive.read(snapshot.source, snapshot.name, snapshot.metadata)
    kpis = model_of(Page[Kpi], described.content).values
    selection = wish["selection"]
    ids = _listed(selection["KPI"])
    ordered = sorted(kpis, key=lambda kpi: ids.index(kpi.id))
    entries: list[Entry] = []
    for id in snapshot.answers:
        stored = archive.read(snapshot.source, snapshot.name, id)
        entries += model_of(Page[Entry], stored.content).values
    asked = chosen(_listed(selection.get("Region", "*")))
    return [to_cube(described.provenance.name, ordered, asked, entries)]


def _listed(wish: str | Sequence[str]) -> list[str]:
    return [wish] if isinstance(wish, str) else list(wish)


class _KoladaFetch(TableFetch[KoladaClient]):
    """One table's way from Kolada to a snapshot."""

    def cubes(self, snapshot: Snapshot) -> list[Cube]:
        return read_snapshot(self.archive, snapshot)

    def from_producer(self) -> Fetched:
        ids, asked = wish(self.table)
        kpis, described = self._described(ids)
        self._check_regions(asked)
        require(self.table, None, dimensions_of(kpis, asked))
        cube, kept = self.client.data(
            kpis,
            asked,
            self._years(),
            label=self.table.title,
            name=self.table.id,
            progress=self.report,
        )
        if self.client.kpis(ids, self.table.id)[0] != kpis:
            raise UpdatedMeanwhileError(
                f"Kolada ändrade nyckeltalen i {self.table.id} under hämtningen. Försök igen om en stund."
            )
        require(self.table, None, cube.structure.dimensions)
        earlier = self.not_shrunken(cube)
        answers = [answer.id for answer in kept if answer.id]
        snapshot = self.previous
        if not (snapshot and (snapshot.metadata, snapshot.answers) == (described.id, answers)):
            snapshot = self.commit(cube, described.id or "", answers, None)
        return self.landed(snapshot, cube, self.table.title, earlier)

    def _years(self) -> list[int]:
        """Return the years to ask for; none means every year."""
        if self.since is None:
            return []
        return list(range(int(self.since), datetime.now(UTC).year + 1))

    def _described(self, ids: Sequence[str]) -> tuple[tuple[Kpi, ...], Kept]:
        """Return the key figures as Kolada describes them now, and the answer that does.

        Raises:
            MissingKpiError: one is gone.
        """
        found, kept = self.client.kpis(ids, self.table.id)
        known = {kpi.id: kpi for kpi in found if not kpi.is_deleted}
        for id in ids:
            if id not in known:
                words = self.table.contents.get(id, ())
                raise self.client.missing(id, self._title_before(id) or " ".join(words))
        return found, kept[0]

    def _title_before(self, id: str) -> str | None:
        """Return what a key figure was called in the version that stands, when there is one."""
        if self.previous is None:
            return None
        with suppress(AffarsplanError):
            metric = self.cubes(self.previous)[0].structure.metric
            return dict(zip(metric.codes, metric.labels, strict=True)).get(id) if metric else None
        return None

    def _check_regions(self, asked: Sequence[str]) -> None:
        known = {municipality.id for municipality in self.client.municipalities()}
        if lacking := [code for code in asked if to_kolada(code) not in known]:
            named = ", ".join(f"{code} {regions.name(code)}" for code in lacking[:5])
            more = f" och {len(lacking) - 5} till" if len(lacking) > 5 else ""
            raise ChangedTableError(
                f"Kolada har inte {named}{more}, som {self.table.id} ska gälla. Pröva om indelningen "
                "har ändrats, och rätta katalogen."
            )
