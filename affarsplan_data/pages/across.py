"""The pages that cut across the delmål: overview, RUS, gaps between groups, claims, profile, quality."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.claims import Judgement
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues
from affarsplan_data.observations.revising import Step
from affarsplan_data.pages import (
    answers,
    charts_across,
    charts_of_claims,
    charts_of_gaps,
    charts_of_places,
    claims_table,
    equality,
    keyfigures,
    profile,
    quality,
    tables_of_quality,
)
from affarsplan_data.pages.face import Page
from affarsplan_data.pages.freshness import Freshness
from affarsplan_data.pages.texts import Notice, Section
from affarsplan_data.plan import load_plan


class OverviewPage(Page):
    """All of the plan on one page: where the region stands, for whom, in which municipalities."""

    def spine(self) -> Figure | Notice:
        """Return the headline indicators' place between the worst and the best county."""
        return charts_across.spine(self.about.indicators(), self.given)

    def groups_across(self, *ids: str) -> Figure | Notice:
        """Return the four groups by sex and birth for several shares."""
        return charts_across.groups_across(ids, self.given)

    def municipality_heat(self, *ids: str) -> Figure | Notice:
        """Return the county's municipalities against several indicators, shaded by place."""
        return charts_across.municipality_heat(ids, self.given)

    def claims_summary(self) -> Figure:
        """Return how many of the plan's claims hold, by chapter."""
        return claims_table.summary_figure(claims_table.judgements(self.given), self.given)

    def update_calendar(self) -> Figure:
        """Return the newest year of each headline indicator, and when the next is expected."""
        return tables_of_quality.update_calendar(self.about.indicators(), self.given)


class RusPage(Page):
    """The delmål of the regional development strategy, a section each."""

    def _lines(self) -> tuple[str, ...]:
        """Return the first sentence that there is on each goal."""
        found = (answers.answer(ids, 1, self.given) for ids in self.about.answers.values())
        return tuple(lines[0] for lines in found if lines)

    def goal(self, id: str) -> Section:
        """Return a goal's question and the computed answer."""
        return answers.of_goal(id, self.about.answers[id], self.given)

    def key_figures_of(self, id: str) -> Figure:
        """Return the key-figure table of a goal's indicators."""
        catalogue = load_catalogue()
        answers = (catalogue.indicator(one) for one in self.about.answers[id])
        items = {i.id: i for i in (*catalogue.indicators_of(id), *answers)}
        found = keyfigures.figure(tuple(items.values()), self.given)
        return replace(
            found,
            name=f"nyckeltal-{id.lower()}",
            title=f"{found.title}: RUS-delmål {load_plan().rus(id).number}",
            subtitle="Delmålets indikatorer, senaste år med uppgift.",
        )


class EqualityPage(Page):
    """Women and men, native- and foreign-born, across all indicators."""

    @cached_property
    def _gaps(self) -> Mapping[str, list[equality.Gap]]:
        start = self.given.base_year
        return {
            pair: equality.gaps(self.given, pair, limited=True, start=start)
            for pair in equality.PAIRS
        }

    def _lines(self) -> tuple[str, ...]:
        return equality.answer(*self._gaps.values())

    def _items(self) -> tuple[Indicator, ...]:
        shown = {gap.about.id: gap.about for found in self._gaps.values() for gap in found}
        wholes = (values.indicator for values in charts_of_gaps.shares_of_women(self.given))
        return tuple((shown | {i.id: i for i in (*self.about.besides(), *wholes)}).values())

    def shares(self, pair: str) -> Figure | Notice:
        """Return the groups' shares, the largest gap first. ``pair`` is ``sex`` or ``birth``."""
        return charts_of_gaps.points(self._gaps[pair], pair, self.given)

    def amounts(self, pair: str) -> Figure | Notice:
        """Return one group's amounts in percent of the other's."""
        return charts_of_gaps.ratios(self._gaps[pair], pair, self.given)

    def four_groups_across(self, *ids: str) -> Figure | Notice:
        """Return women and men by birth for several shares."""
        return charts_across.groups_across(ids, self.given)

    def within(self, pair: str) -> Figure | Notice:
        """Return the gaps inside each of the other groups."""
        return charts_of_gaps.within(self._gaps[pair], pair, self.given)

    def women_shares(self) -> Figure | Notice:
        """Return women's and men's parts of a whole."""
        return charts_of_gaps.women_shares(self.given)

    def gap_changes(self) -> Figure | Notice:
        """Return which gaps have closed, and how."""
        every = [gap for found in self._gaps.values() for gap in found]
        return charts_of_gaps.changes(every, self.given)

    def without_split(self) -> Figure:
        """Return the indicators whose statistics lack a split."""
        return charts_of_gaps.without_split(self.given)


class ClaimsPage(Page):
    """The plan's claims, the plan's own years first and today after."""

    @cached_property
    def _judged(self) -> list[Judgement]:
        return claims_table.judgements(self.given)

    def _lines(self) -> tuple[str, ...]:
        return claims_table.answer(self._judged)

    def _items(self) -> tuple[Indicator, ...]:
        return claims_table.indicators(self._judged)

    def _wanted(self) -> tuple[Indicator, ...]:
        return claims_table.wanted(self._judged)

    def counts(self) -> Figure:
        """Return how many claims come to each verdict, by chapter."""
        return claims_table.summary_figure(self._judged, self.given)

    def table(self) -> Figure:
        """Return every claim with its verdict."""
        return claims_table.table_figure(self._judged, self.given)

    def distances(self) -> Figure | Notice:
        """Return how far the newest figures lie from what the claims are tested against."""
        return charts_of_claims.distances(self._judged, self.given)

    def chapter(self, section: str) -> Section:
        """Return the claims of one of the plan's sections with all that the verdicts rest on."""
        return claims_table.in_chapter(self._judged, section, self.given)


class ProfilePage(Page):
    """A municipality beside others, or a county's municipalities together."""

    @cached_property
    def _group(self) -> profile.SizeGroup | None:
        return profile.size_group(self.given.region, self.given.year, self.given.data)

    @cached_property
    def _held(self) -> list[IndicatorValues]:
        return profile.held(self.given.region, self.given)

    @cached_property
    def _gaps(self) -> list[equality.Gap]:
        return equality.gaps(self.given, equality.BY_SEX, own=True, start=self.given.base_year)

    def _lines(self) -> tuple[str, ...]:
        return profile.answer(self.about.answer, self._group, self.given)

    def _items(self) -> tuple[Indicator, ...]:
        if not self.given.is_municipality:
            return tuple(load_catalogue().indicator(id) for id in self.about.answer)
        shown = {values.indicator.id: values.indicator for values in self._held}
        return tuple((shown | {i.id: i for i in self.about.besides()}).values())

    def chosen(self) -> Figure | Notice:
        """Return which municipalities this one is set beside, or which there are to choose from."""
        return charts_of_places.chosen(self._group, self.given)

    def key_figures(self) -> Figure | Notice:
        """Return the municipality's key figures, or the county's municipalities side by side."""
        if not self.given.is_municipality:
            return charts_across.municipality_heat(self.about.answer, self.given)
        return charts_of_places.key_figures(self._held, self._group, self.given)

    def place(self, id: str) -> Figure | Notice:
        """Return the region's municipalities among all of Sweden's."""
        return charts_of_places.swarm(id, self.given)

    def shares(self) -> Figure | Notice:
        """Return women's and men's shares, the largest gap first."""
        return charts_of_gaps.points(self._gaps, equality.BY_SEX, self.given)

    def amounts(self) -> Figure | Notice:
        """Return women's amounts in percent of men's."""
        return charts_of_gaps.ratios(self._gaps, equality.BY_SEX, self.given)

    def development(self) -> Figure | Notice:
        """Return the first and the last comparable year of every indicator."""
        used = self._held if self.given.is_municipality else []
        return charts_of_places.development(used, self.given)


class QualityPage(Page):
    """How new the figures are, where series break, what is missing, and what has been revised."""

    @cached_property
    def _fresh(self) -> tuple[Freshness, ...]:
        return quality.everything(self.given)

    @cached_property
    def _compared(self) -> list[Step]:
        return quality.compared(self.given)

    def _lines(self) -> tuple[str, ...]:
        return quality.answer(self._fresh, self._compared)

    def states(self) -> Figure:
        """Return how many measures are fresh, late, ended and missing."""
        return tables_of_quality.states(self._fresh, self.given)

    def freshness(self) -> Figure:
        """Return how new every measure is."""
        return tables_of_quality.freshness(self._fresh, self.given)

    def calendar(self) -> Figure | Notice:
        """Return when new figures are expected."""
        return tables_of_quality.calendar(self._fresh, self.given)

    def revisions(self) -> Figure | Notice:
        """Return what each new version has changed."""
        return tables_of_quality.revisions(self._compared, self.given)

    def breaks(self) -> Figure | Notice:
        """Return where series break."""
        return tables_of_quality.breaks(self.given)

    def missing(self) -> Figure | Notice:
        """Return the indicators that cannot be computed."""
        return tables_of_quality.missing(self.given)


PAGES: Mapping[str, type[Page]] = {
    "oversikt": OverviewPage,
    "rus-uppfoljning": RusPage,
    "jamstalldhet-mangfald": EqualityPage,
    "pastaenden": ClaimsPage,
    "kommunprofil": ProfilePage,
    "revideringar": QualityPage,
}
"""The class of each page that has more than the forms of one indicator."""
