"""A page for one region: ``page("delmal-05", region="19")`` and then one call per figure."""

from collections.abc import Callable, Sequence
from functools import cached_property

from affarsplan_data import figures, regions
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, indicator, sentences
from affarsplan_data.pages import (
    charts_by_group,
    charts_by_region,
    charts_over_time,
    closing,
    keyfigures,
    provenance,
    whence,
)
from affarsplan_data.pages.definitions import PageDefinition, definition
from affarsplan_data.pages.opening import Opening
from affarsplan_data.pages.scope import Scope, scope
from affarsplan_data.pages.texts import Notice, Section
from affarsplan_data.parameters import DEFAULT_COMPARE, DEFAULT_DATA, Parameters, parameters


class Page:
    """What a notebook shows for one region. Every method returns something JupyterLab displays."""

    def __init__(self, about: PageDefinition, given: Parameters) -> None:
        self.about = about
        self.given = given

    @cached_property
    def opening(self) -> Opening:
        """The page's question and the computed answer, in plain Swedish."""
        lines = [line for id in self.about.answer if (line := self.sentence(id))]
        return Opening(
            questions=self.about.questions(),
            lines=tuple(lines),
            region=self.given.region,
            year=self.given.year,
            remark=self.given.outside_plan,
            whence=whence.of_indicators(self.about.indicators(), self.given.data),
        )

    def sentence(self, id: str) -> str:
        """Return one indicator's answer for the region, or why there is none."""
        values = self.values(id)
        limits = scope(values, self.given)
        if limits.focus is not None and (period := values.latest(limits.focus, "total")):
            return sentences.standing(values, limits.focus, period) + limits.note
        return sentences.inside(values, self.given.county)

    def values(self, id: str) -> IndicatorValues:
        """Return an indicator's values up to the page's year."""
        return indicator(id, until=self.given.year, data=self.given.data)

    def key_figures(self) -> Figure:
        """Return the key-figure table of the page's indicators."""
        items = self.about.indicators()
        table = keyfigures.table(items, self.given)
        name = regions.name(self.given.region)
        return figures.key_figures(
            table,
            name="nyckeltal",
            title=f"Nyckeltal för {name}",
            subtitle="Senaste år med uppgift. Skillnad är regionen minus riket.",
            source=(
                f"Underlag: {closing.producers(items, self.given.data)}. "
                "Källa och tabell för varje indikator står sist på sidan."
            ),
            notes=(
                "Placering gäller bland län med uppgift och står aldrig utan värdet. "
                "”Ingen säker trend” betyder färre än åtta jämförbara år eller ett för svagt mönster.",
            ),
        )

    def municipality_table(self, *ids: str) -> Figure:
        """Return the county's municipalities side by side, one column per indicator."""
        used = [self.values(id) for id in ids]
        codes = list(regions.municipalities(self.given.county))
        county = regions.name(self.given.county)
        table, decimals = keyfigures.municipalities(used, codes)
        return Figure(
            name="kommunerna",
            title=f"Kommunerna i {county} i siffror",
            subtitle="Senaste år med uppgift för varje kolumn.",
            alt=f"Tabell med en rad för varje kommun i {county} och en kolumn för varje indikator.",
            table=table,
            decimals=decimals,
            source=provenance.source_line(used, codes),
            notes=("Kommunerna rangordnas inte: små kommuners tal kan växla mycket av slumpen.",),
        )

    def lines(self, id: str) -> Figure | Notice:
        """Return the region's series against riket and the counties compared with."""
        return self._drawn(id, charts_over_time.lines, needs_focus=True)

    def country_lines(self, id: str) -> Figure | Notice:
        """Return riket's series alone, as background where the county has none."""
        return self._drawn(id, charts_over_time.country_lines)

    def ranked(self, id: str) -> Figure | Notice:
        """Return the counties from best to worst, the region's own marked."""
        return self._drawn(id, charts_by_region.ranked)

    def intervals(self, id: str) -> Figure | Notice:
        """Return the counties with 95 % intervals."""
        return self._drawn(id, charts_by_region.intervals)

    def women_and_men(self, id: str) -> Figure | Notice:
        """Return women and men side by side, by municipality or county."""
        return self._drawn(id, charts_by_region.women_and_men)

    def change(self, id: str) -> Figure | Notice:
        """Return each municipality's first and last year."""
        return self._drawn(id, charts_by_region.change)

    def map(self, id: str) -> Figure | Notice:
        """Return the county's municipalities on a map."""
        return self._drawn(id, charts_by_region.municipality_map)

    def industries(self, id: str) -> Figure | Notice:
        """Return the county's industries compared with riket."""
        return self._drawn(id, charts_by_group.industries)

    def rank_windows(self, id: str) -> Figure | Notice:
        """Return the county's rank in every window."""
        return self._drawn(id, charts_over_time.rank_windows)

    def women_share_by_industry(self, id: str, segregation: str) -> Figure | Notice:
        """Return women and men per industry in riket."""
        other = self.values(segregation)
        return self._drawn(id, lambda v, s, g: charts_by_group.women_share_by_industry(v, other))

    def four_groups(self, id: str, share: str) -> Figure | Notice:
        """Return new firms in riket by the leader's sex and background."""
        other = self.values(share)
        return self._drawn(id, lambda v, s, g: charts_by_group.four_groups(v, other))

    def sources(self) -> Section:
        """Return sources, definitions, series breaks and what is missing."""
        return closing.section(self.about.indicators(), self.given)

    def _drawn(
        self,
        id: str,
        draw: Callable[[IndicatorValues, Scope, Parameters], Figure],
        needs_focus: bool = False,
    ) -> Figure | Notice:
        try:
            values = self.values(id)
            limits = scope(values, self.given)
            if needs_focus and limits.focus is None:
                name = regions.name(self.given.region)
                raise MissingIndicatorError(f"{values.indicator.name}: uppgift saknas för {name}.")
            return draw(values, limits, self.given)
        except MissingIndicatorError as error:
            about = load_catalogue().indicator(id)
            return Notice(f"{error.reason.rstrip('.')} till och med {self.given.year}.", about.name)


def page(
    id: str,
    *,
    region: str,
    compare: Sequence[str] = DEFAULT_COMPARE,
    year: int | None = None,
    data: str = DEFAULT_DATA,
) -> Page:
    """Return the page ``id`` for a region.

    Args:
        id: ``oversikt``, ``delmal-04``, ``delmal-05`` or ``rus-19-20``.
        region: code of a county (``"19"``) or a municipality (``"1980"``).
        compare: region codes and comparison groups of the plan (``["00", "oms"]``).
        year: figures up to and including this year are used.
        data: ``"newest"``: what has been fetched and delivered, and the built-in edition where nothing
            has; ``"edition"``: the built-in edition alone.

    Raises:
        UnknownPageError, UnknownRegionError, ParameterError: a parameter cannot be used.
    """
    return Page(definition(id), parameters(region, compare, year, data))
