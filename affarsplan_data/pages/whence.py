"""Where the figures of a page, a figure or a report come from, said in a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from affarsplan_data import observations, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators import IndicatorValues, measures_in_use
from affarsplan_data.parameters import DEFAULT_DATA, EDITION
from affarsplan_data.sources import load_edition
from affarsplan_data.sources.standing import MADE_UP

_EDITION_EXPLAINED = (
    "Verkliga publicerade uppgifter som följer med projektet. "
    "Nyare uppgifter kan finnas hos källan."
)
_NEWEST_EXPLAINED = (
    "Publicerade uppgifter, hämtade från dem som ansvarar för statistiken eller levererade som fil. "
    "Nyare uppgifter kan finnas hos källan."
)
_BANNER = f"{MADE_UP}. Talen är påhittade och får inte användas."
_BANNER_ELSEWHERE = (
    f"{MADE_UP}. Andra sidor i rapporten har påhittade tal, som inte får användas. "
    "Talen på den här sidan är publicerade uppgifter."
)


@dataclass(frozen=True)
class Whence:
    """Where figures come from.

    ``days`` are the first and the last day on which any was fetched or taken in, None when the edition
    alone is used. ``from_edition`` is true when any figure is the edition's, ``made_up`` when any is
    made up, ``origins`` what in the archive they come from.
    """

    days: tuple[date, date] | None = None
    from_edition: bool = True
    made_up: bool = False
    origins: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The sentence without its full stop."""
        about = load_edition().about
        if self.days is None:
            return about.title
        first, last = map(swedish.day, self.days)
        when = first if first == last else f"{first} till {last}"
        rest = f", och utgåvan {about.id} där inget är hämtat" if self.from_edition else ""
        said = f"Uppgifter: hämtade {when}{rest}"
        return f"{MADE_UP}. {said}" if self.made_up else said

    @property
    def explained(self) -> str:
        """What more a reader should know of them."""
        return _EDITION_EXPLAINED if self.days is None else _NEWEST_EXPLAINED

    @property
    def banner(self) -> str:
        """What stands above figures that are made up; empty when none is."""
        return _BANNER if self.made_up else ""

    def banner_above(self, shown: str) -> str:
        """Return the banner of a page, in a report of these figures, that shows ``shown``.

        All that is made up says so where it stands. A page without it is told from the others.
        """
        return _BANNER_ELSEWHERE if self.made_up and MADE_UP not in shown else self.banner


def of_measures(measures: Iterable[str], data: str) -> Whence:
    """Return where the figures of those of the measures that are held come from."""
    if data == EDITION:
        return Whence()
    held = [measure for measure in measures if observations.available(measure, data)]
    every = [one for measure in held for one in observations.retrieved(measure, data)]
    days = sorted(date.fromisoformat(one.retrieved[:10]) for one in every)
    return Whence(
        days=(days[0], days[-1]) if days else None,
        from_edition=any(observations.rests_on_edition(measure, data) for measure in held),
        made_up=any(one.made_up for one in every),
        origins=tuple(sorted({one.origin for one in every})),
    )


def of_indicators(items: Iterable[Indicator], data: str = DEFAULT_DATA) -> Whence:
    """Return where the figures that indicators are computed from come from."""
    return of_measures(dict.fromkeys(m for i in items for m in measures_in_use(i, data)), data)


def of_values(values: Iterable[IndicatorValues]) -> Whence:
    """Return where the figures behind values come from."""
    used = list(values)
    data = used[0].data if used else EDITION
    return of_indicators([item.indicator for item in used], data)


def of_everything(data: str) -> Whence:
    """Return where the figures of every measure that is held come from."""
    return of_measures(load_catalogue().measures, data)
