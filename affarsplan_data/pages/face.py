"""A page for one region: ``page("delmal-05", region="19")`` and then one call per figure."""

from collections.abc import Sequence
from functools import cached_property

from affarsplan_data.catalogue import Indicator
from affarsplan_data.figures import Figure
from affarsplan_data.pages import (
    charts_by_group,
    charts_by_industry,
    charts_by_region,
    charts_of_change,
    charts_of_emissions,
    charts_of_municipalities,
    charts_of_parts,
    charts_of_strengths,
    charts_of_surveys,
    charts_of_two,
    charts_over_time,
    closing,
    keyfigures,
    whence,
)
from affarsplan_data.pages.answers import answer
from affarsplan_data.pages.definitions import PageDefinition, definition
from affarsplan_data.pages.forms import Form, FormOfMany
from affarsplan_data.pages.opening import Opening
from affarsplan_data.pages.reading import base_remark
from affarsplan_data.pages.texts import Notice, Section
from affarsplan_data.parameters import DEFAULT_COMPARE, DEFAULT_DATA, Parameters, parameters


class Page:
    """What a notebook shows for one region. Every method returns something JupyterLab displays.

    The chart forms take the id of an indicator, and return a figure, or a notice where the figures for it
    are missing.
    """

    def __init__(self, about: PageDefinition, given: Parameters) -> None:
        self.about = about
        self.given = given

    @cached_property
    def opening(self) -> Opening:
        """The page's question and the computed answer, in plain Swedish."""
        ids = [item.id for item in self.about.indicators()]
        remarks = [self.given.outside_plan, self.given.replaced, base_remark(ids, self.given)]
        return Opening(
            questions=self.about.questions(),
            lines=self._lines(),
            region=self.given.region,
            year=self.given.year,
            remarks=tuple(filter(None, remarks)),
            whence=whence.of_indicators(self.about.indicators(), self.given.data),
        )

    def _lines(self) -> tuple[str, ...]:
        """Return the sentences of the answer."""
        return answer(self.about.answer, self.about.sentences, self.given)

    def _items(self) -> tuple[Indicator, ...]:
        """Return the indicators that the page shows, for its limits and sources."""
        return tuple({i.id: i for i in (*self.about.indicators(), *self.about.besides())}.values())

    def _wanted(self) -> tuple[Indicator, ...]:
        """Return the indicators that the page asks for, with those it has no figures of."""
        return self._items()

    def key_figures(self) -> Figure | Notice:
        """Return the key-figure table of the page's indicators."""
        return keyfigures.figure(self.about.indicators(), self.given)

    def limits(self) -> Section:
        """Return what the figures do not show: the indicators' limits, the missing ones, the plan's."""
        return closing.limits(self._items(), self.given, self._wanted())

    def sources(self) -> Section:
        """Return sources, definitions and series breaks."""
        return closing.section(self._items(), self.given)

    lines = Form(charts_over_time.lines, needs_focus=True)
    country_lines = Form(charts_over_time.country_lines)
    rank_windows = Form(charts_over_time.rank_windows)

    groups = Form(charts_by_group.groups)
    four_groups = Form(charts_by_group.four_groups)
    women_and_men = Form(charts_by_group.women_and_men)
    by_birth = Form(charts_by_group.by_birth)

    ranked = Form(charts_by_region.ranked)
    intervals = Form(charts_by_region.intervals)
    change = Form(charts_by_region.change)
    map = Form(charts_by_region.municipality_map)
    municipality_table = FormOfMany(charts_by_region.municipality_table)

    slope = Form(charts_of_change.slope)
    slope_of_groups = Form(charts_of_change.slope_of_groups)
    small_multiples = Form(charts_of_change.small_multiples)
    every_start = Form(charts_of_change.every_start)

    municipalities = Form(charts_of_municipalities.municipalities)
    against_size = Form(charts_of_municipalities.against_size)

    industries = Form(charts_by_industry.industries)
    women_share_by_industry = Form(
        charts_by_industry.women_share_by_industry, others=["segregation"]
    )
    leaders_by_industry = Form(charts_by_industry.leaders_by_industry, others=["share"])
    industry_levels = Form(charts_by_industry.industry_levels)

    parts_by_sex = Form(charts_of_strengths.parts_by_sex)
    women_by_industry = Form(charts_of_strengths.women_by_industry)
    industry_heat = Form(charts_of_strengths.industry_heat)
    growth_of_special = Form(charts_of_strengths.growth_of_special, others=["growth"])
    change_by_industry = Form(charts_of_strengths.change_by_industry)
    causes_over_time = Form(charts_of_strengths.causes_over_time)

    composition = Form(charts_of_parts.composition)
    composition_over_time = Form(charts_of_parts.composition_over_time, needs_focus=True)
    parts_of_gap = Form(charts_of_parts.parts_of_gap)

    rounds = Form(charts_of_surveys.rounds)
    country_by_sex = Form(charts_of_surveys.country_by_sex)
    by_background = Form(charts_of_surveys.by_background)

    two_values = Form(charts_of_two.two_values, others=["other"])

    path = Form(charts_of_emissions.path, needs_focus=True, others=["distance", "part"])
    decoupling = Form(charts_of_emissions.decoupling, others=["economy"])


def page(
    id: str,
    *,
    region: str,
    compare: Sequence[str] = DEFAULT_COMPARE,
    year: int | None = None,
    base_year: int | None = None,
    data: str = DEFAULT_DATA,
) -> Page:
    """Return the page ``id`` for a region.

    Args:
        id: ``oversikt``, ``delmal-01`` ... ``delmal-12``, or another page of ``pages.yaml``.
        region: code of a county (``"19"``) or a municipality (``"1980"``).
        compare: region codes and comparison groups of the plan (``["00", "oms"]``). A group that the
            region's county does not belong to gives way to the county's own riksområde.
        year: figures up to and including this year are used.
        base_year: the year that indices and emissions' path are counted from; the indicators' own when
            None.
        data: ``"newest"``: what has been fetched and delivered, and the built-in edition where nothing
            has; ``"edition"``: the built-in edition alone.

    Raises:
        UnknownPageError, UnknownRegionError, ParameterError: a parameter cannot be used.
    """
    from affarsplan_data.pages.across import PAGES

    given = parameters(region, compare, year, data, base_year=base_year)
    return PAGES.get(id, Page)(definition(id), given)
