"""How new the figures of every measure are, when the next are expected, and what rests on them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import pandas as pd

from affarsplan_data.catalogue import Measure, Release, Table, load_catalogue
from affarsplan_data.observations import MissingMeasureError, how_to_get, load, problems
from affarsplan_data.observations.origins import kind_of, place_of
from affarsplan_data.pages.definitions import definitions
from affarsplan_data.parameters import DEFAULT_DATA, NEWEST
from affarsplan_data.recording import kind, note
from affarsplan_data.sources import edition
from affarsplan_data.swedish import listing

State = Literal["fresh", "stale", "ended", "unknown", "missing"]
Held = Literal["archive", "delivered", "edition", "missing"]
STATES: dict[State, str] = {
    "fresh": "aktuell",
    "stale": "inaktuell",
    "ended": "avslutad serie",
    "unknown": "nästa okänd",
    "missing": "saknas",
}
HELD: dict[Held, str] = {
    "archive": "hämtad tabell",
    "delivered": "levererad fil",
    "edition": "utgåvan",
    "missing": "saknas",
}
GRACE = 2
"""A figure is late from this many months after the beginning of the month in which it was expected."""


@dataclass(frozen=True)
class Freshness:
    """What is known of how new one measure's figures are.

    ``latest`` is the newest period with a value; ``table``, ``updated`` (the table's version) and
    ``retrieved`` are of the publication that it comes from. ``expected`` is the first day of the month
    in which the next period is expected, None when nobody has said. ``how`` says how a missing measure
    is had, and ``remarks`` what else to mind. ``indicators`` and ``pages`` rest on the measure.
    """

    measure: str
    title: str
    state: State
    held: Held
    latest: str = ""
    source: str = ""
    table: str = ""
    updated: str = ""
    retrieved: str = ""
    expected: date | None = None
    how: str = ""
    remarks: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def is_stale(self) -> bool:
        """Whether newer figures should have been there."""
        return self.state == "stale"

    def as_data(self) -> dict[str, Any]:
        """Return everything as what JSON can hold, dates as ISO 8601."""
        return asdict(self) | {"expected": self.expected.isoformat() if self.expected else None}


def freshness(
    measures: Iterable[str] = (), *, data: str = DEFAULT_DATA, today: date | None = None
) -> tuple[Freshness, ...]:
    """Return the freshness of measures, in the catalogue's order; of all of them when none is named.

    Raises:
        UnknownEntryError: no such measure; the nearest ids are named.
    """
    catalogue = load_catalogue()
    wanted = [catalogue.measure(id) for id in dict.fromkeys(measures)]
    day = today or this_day()
    unused = problems() if data == NEWEST else {}
    return tuple(
        _of(measure, data, day, unused.get(measure.id, ""))
        for measure in wanted or catalogue.measures.values()
    )


def this_day() -> date:
    """Return the day that it is; a page that tells it is made again when the month is another."""
    # What is late is told by months.
    note("month", "now")
    return date.today()


@kind("month")
def _month(_: str) -> str:
    return f"{date.today():%Y-%m}"


def status(*, data: str = DEFAULT_DATA, today: date | None = None) -> pd.DataFrame:
    """Return the freshness of every measure, one a row, with the fields of :class:`Freshness`."""
    rows = [asdict(one) for one in freshness(data=data, today=today)]
    return pd.DataFrame(rows).assign(expected=lambda f: pd.to_datetime(f["expected"]))


def _of(measure: Measure, data: str, today: date, problem: str) -> Freshness:
    indicators = _indicators(measure.id)
    rests: dict[str, Any] = {"indicators": indicators, "pages": _pages(indicators)}
    try:
        newest = _newest(load(measure.id, data=data))
    except MissingMeasureError:
        newest = None
    remarks = (problem,) if problem else ()
    if newest is None:
        return Freshness(
            measure.id,
            measure.title,
            "missing",
            "missing",
            how=how_to_get(measure.id),
            remarks=remarks,
            **rests,
        )
    period, origin = str(newest["period"]), str(newest["origin"])
    release, ended = _release(measure, origin)
    expected = _expected(release, period)
    return Freshness(
        measure.id,
        measure.title,
        _state(expected, ended, today, bool(remarks)),
        kind_of(origin),
        latest=period,
        source=str(newest["source"]),
        table=str(newest["table"]),
        updated="" if pd.isna(newest["vintage"]) else str(newest["vintage"]),
        retrieved=_retrieved(origin),
        expected=None if ended else expected,
        remarks=remarks,
        **rests,
    )


def _newest(frame: pd.DataFrame) -> pd.Series | None:
    """Return the row of the newest period with a value, of the publication that most of it is from."""
    known = frame[frame["value"].notna()]
    if known.empty:
        return None
    newest = known[known["start"] == known["start"].max()]
    origin = newest["origin"].astype(str).mode().iloc[0]
    return newest[newest["origin"] == origin].iloc[0]


def _release(measure: Measure, origin: str) -> tuple[Release | None, bool]:
    """Return when the next figures come, and whether the series is closed."""
    table = _table(origin)
    others = load_catalogue().tables_of(measure.id)
    if table is None or (table.release is None and not table.ended):
        table = next((one for one in others if one.release), None)
    if table is None:
        return measure.release, False
    # A closed table has been followed by another where the measure has one that is not closed.
    follower = next((one for one in others if one.release and not one.ended), None)
    if table.ended and follower is not None:
        return follower.release, False
    return table.release or measure.release, table.ended


def _table(origin: str) -> Table | None:
    tables = load_catalogue().tables
    match kind_of(origin):
        case "archive":
            return tables.get(place_of(origin)[1])
        case "edition":
            file, _, key = origin.removeprefix("edition/").partition("#")
            entries = {entry.file: entry for entry in edition.load_edition().measures.values()}
            series = entries[file].series.get(key) if file in entries else None
            return tables.get(series.table_id or "") if series else None
    return None


def _expected(release: Release | None, period: str) -> date | None:
    try:
        return release.expected_after(period) if release else None
    except ValueError:
        # A yearly figure of a table that has since become a quarterly one.
        return None


def _state(expected: date | None, ended: bool, today: date, failed: bool) -> State:
    if failed:
        return "stale"
    if ended:
        return "ended"
    if expected is None:
        return "unknown"
    months = (today.year - expected.year) * 12 + today.month - expected.month
    return "stale" if months >= GRACE else "fresh"


def _retrieved(origin: str) -> str:
    """Return the day the figures were fetched or taken in; for the edition, the month it is of."""
    if kind_of(origin) == "edition":
        return edition.load_edition().about.id
    stamp = place_of(origin)[2].partition("-")[0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).date().isoformat()


def _indicators(measure: str) -> tuple[str, ...]:
    return tuple(
        indicator.id
        for indicator in load_catalogue().indicators.values()
        if measure in indicator.measures
    )


def _pages(indicators: Sequence[str]) -> tuple[str, ...]:
    found = []
    for page in definitions().values():
        shown = {*page.answer, *(indicator.id for indicator in page.indicators())}
        if not shown.isdisjoint(indicators):
            found.append(page.id)
    return tuple(found)


def in_words(found: Sequence[Freshness]) -> str:
    """Return how many measures there are of each state, as a sentence."""
    counts = {state: sum(one.state == state for one in found) for state in STATES}
    words = {
        "fresh": "aktuella",
        "stale": "inaktuella",
        "ended": "i avslutade serier",
        "unknown": "där nästa publicering är okänd",
        "missing": "som saknas",
    }
    parts = [f"{count} {words[state]}" for state, count in counts.items() if count]
    return f"{len(found)} mått: {listing(parts)}."
