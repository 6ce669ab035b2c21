"""One indicator for a region and those it is compared with: figures, words, chart and sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import altair
import pandas as pd

from affarsplan_data import regions, statistics, swedish
from affarsplan_data.analysis import forms, markup, origins
from affarsplan_data.analysis.asked import Asked, asked
from affarsplan_data.analysis.latest import latest, readable
from affarsplan_data.analysis.linked import SplicedView
from affarsplan_data.analysis.pictures import offline
from affarsplan_data.analysis.splits import splits
from affarsplan_data.catalogue import Indicator
from affarsplan_data.figures import Figure
from affarsplan_data.figures.block import WIDE
from affarsplan_data.indicators import IndicatorValues, Standing, limits, sentences
from affarsplan_data.indicators import indicator as compute
from affarsplan_data.indicators import spliced as compute_spliced
from affarsplan_data.pages import provenance, whence
from affarsplan_data.parameters import DEFAULT_DATA, ParameterError

_SHOWN = 30


@dataclass(frozen=True, repr=False)
class IndicatorView:
    """One indicator for the regions asked for. A notebook shows it as sentences, a table and its sources.

    ``values`` are the values of all regions, which ranks and comparisons need.
    """

    values: IndicatorValues
    asked: Asked

    @property
    def indicator(self) -> Indicator:
        """What the catalogue says of the indicator."""
        return self.values.indicator

    @property
    def frame(self) -> pd.DataFrame:
        """The regions' values, a row for each region, period and group, every region without a choice.

        Columns as :func:`affarsplan_data.indicators.evaluate` has them, with ``name`` after ``region``.
        """
        frame = self.values.frame
        if self.asked.codes:
            order = {code: place for place, code in enumerate(self.asked.codes)}
            frame = frame[frame["region"].isin(order)]
            frame = frame.sort_values("region", key=lambda c: c.map(order), kind="stable")
        names = frame["region"].map(regions.name)
        frame = frame.reset_index(drop=True)
        frame.insert(frame.columns.get_loc("region") + 1, "name", names.to_numpy())
        return frame

    def latest(self) -> pd.DataFrame:
        """Return one row for each region and group: its newest value with interval and period.

        >>> rows = indicator("brp_per_capita_index", region="19", data="edition").latest()
        >>> rows[["name", "period"]].head(2).to_numpy().tolist()
        [['Västmanlands län', '2021'], ['Riket', '2022']]
        """
        return latest(self.values, self.asked.codes or self._every_region())

    def sentence(self, since: int | None = None) -> str:
        """Return what the figures say of the region, by rule: never more than they carry.

        >>> print(indicator("brp_per_capita_index", region="19", data="edition").sentence()[:82])
        BRP per invånare, med riket som 100, var 79 i Västmanlands län 2021 (preliminärt).

        Args:
            since: the year from which the development is told.
        """
        return " ".join(self.sentences(since))

    def sentences(self, since: int | None = None) -> tuple[str, ...]:
        """Return the sentences of :meth:`sentence` one by one."""
        region = self.asked.region
        if region is None:
            return (self._everywhere(),)
        if self.values.latest(region) is None and regions.get(region).level == "county":
            inside = regions.municipalities(region)
            if any(self.values.latest(code, "total") for code in inside):
                return (sentences.inside(self.values, region),)
        return sentences.summary(self.values, region, self.asked.groups, since)

    def figure(
        self, form: str | None = None, *, split: str | None = None, since: int | None = None
    ) -> Figure:
        """Return the accessible figure: picture, text alternative, table and source.

        >>> view = indicator("new_firms_per_1000_by_sex", region="19", data="edition")
        >>> view.figure(split="sex").table.columns.tolist()
        ['Område', 'Kvinnor', 'Män']

        Args:
            form: ``lines``, ``bars``, ``groups`` or ``parts``; chosen by what the values are divided by
                when None.
            split: ``sex``, ``birth`` or ``both``: the groups that ``lines`` and ``groups`` show apart.
            since: the first year shown.

        Raises:
            ParameterError: no such form or split, or a form that shows no groups.
            MissingIndicatorError: there is nothing to draw.
        """
        return forms.draw(self.values, self.asked, form, split, since)

    def chart(
        self,
        form: str | None = None,
        *,
        split: str | None = None,
        since: int | None = None,
        width: int = WIDE,
    ) -> altair.TopLevelMixin:
        """Return the figure's picture as an Altair chart, ``width`` px wide.

        >>> chart = indicator("brp_per_capita_index", region="19", data="edition").chart()
        >>> isinstance(chart, altair.LayerChart)
        True

        A notebook shows it as it is drawn here, without the network; another renderer that has been
        enabled in Altair is used instead.

        Raises:
            ParameterError, MissingIndicatorError: as for :meth:`figure`.
        """
        return offline(self.figure(form, split=split, since=since), width)

    def table(
        self, form: str | None = None, *, split: str | None = None, since: int | None = None
    ) -> pd.DataFrame:
        """Return the chart's numbers as a table with Swedish headings.

        Raises:
            ParameterError, MissingIndicatorError: as for :meth:`figure`.
        """
        return self.figure(form, split=split, since=since).table.copy()

    def splits(self) -> tuple[str, ...]:
        """Return the splits that the region's figures have, or anyone's without a region."""
        return splits(self.values, self.asked.region)

    def every_start(self, *, sex: str = "total", birth: str = "total") -> pd.DataFrame:
        """Return the change up to the newest year from every earlier one, since the start decides much.

        Returns:
            Columns ``region``, ``name``, ``start``, ``end``, ``years``, ``change`` (percent over all the
            years), ``growth`` (percent a year) and ``reason``: why both are missing, else empty. Nothing
            is computed over a break in the series.

        Raises:
            ParameterError: the indicator is itself a share, a gap or a change in percent.
        """
        about = self.indicator
        if about.unit.startswith("procent"):
            raise ParameterError(
                f"{about.name} är i {about.unit} och jämförs i {about.difference_unit}, inte i procent."
            )
        found = []
        for code in self.asked.codes or self._every_region():
            rows = self.values.series(code, sex=sex, birth=birth).set_index("period")
            if len(rows):
                table = statistics.growth_by_start(
                    rows["value"], str(rows.index.max()), rows["segment"], rows["vintage"]
                )
                found.append(table.assign(region=code, name=regions.name(code)))
        columns = ["region", "name", "start", "end", "years", "change", "growth", "reason"]
        return (
            pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
        )

    def spliced(self, *, sex: str = "total", birth: str = "total") -> SplicedView:
        """Return the region's values linked to the register before, as a labelled estimate.

        The link is never made unless asked for here. ``frame`` holds the values, ``factor`` and ``label``
        what was done, and ``figure()`` draws the estimate dashed.

        Raises:
            ParameterError: no region was asked for.
            MissingIndicatorError: there is no earlier register, or no year that both have.
        """
        if self.asked.region is None:
            raise ParameterError("Ange en region: en serie länkas för ett område i taget.")
        return SplicedView(compute_spliced(self.values, self.asked.region, sex=sex, birth=birth))

    def sources(self) -> pd.DataFrame:
        """Return the publications behind the values, riket's among them.

        Columns: ``measure``, ``source``, ``table``, ``vintage``, ``retrieved``, ``licence``, ``address``
        and ``origin``.
        """
        return origins.publications(self.values, self.asked.codes)

    def value(self, region: str, period: str, **dimensions: str) -> float | None:
        """Return one value of any region, or None when it is missing."""
        return self.values.value(region, period, **dimensions)

    def row(self, region: str, period: str, **dimensions: str) -> pd.Series | None:
        """Return the row of one figure of any region, or None when the statistics have none."""
        return self.values.row(region, period, **dimensions)

    def ranking(self, period: str, sex: str = "total") -> pd.DataFrame:
        """Return the counties with a value, best first."""
        return self.values.ranking(period, sex)

    def standing(self, region: str, period: str, sex: str = "total") -> Standing | None:
        """Return a county's rank with value and distance to its neighbours, or None."""
        return self.values.standing(region, period, sex)

    def _every_region(self) -> list[str]:
        held = set(self.values.frame.loc[self.values.frame["value"].notna(), "region"])
        return [code for code in regions.all_regions() if code in held]

    def _everywhere(self) -> str:
        """Say the highest and the lowest county, or municipality, or riket's own figure."""
        about = self.indicator
        for codes in (regions.counties(), regions.municipalities()):
            period = self.values.latest_shared(codes)
            frame = None if period is None else self.values.at(period)
            if period and frame is not None and frame["region"].isin(codes).any():
                found = sentences.spread(self.values, list(codes), period)
                return f"{swedish.upper_first(about.noun)} var {found} {swedish.period(period)}."
        return " ".join(sentences.summary(self.values, regions.COUNTRY))

    def _described(self) -> str:
        """Say what the indicator means and does not show."""
        about, values = self.indicator, self.values
        has_country = values.latest(regions.COUNTRY) is not None
        return f"{about.definition} {limits(about, values.data, has_country=has_country)}"

    def __repr__(self) -> str:
        return f"{self.indicator.name} ({self.indicator.id})\n{self.sentence()}"

    def _repr_html_(self) -> str:
        about = self.indicator
        rows = self.latest()
        headings, cells = readable(rows.head(_SHOWN), self.values)
        more = len(rows) - _SHOWN
        rest = f"<p>… och {more} rader till i <code>latest()</code>.</p>" if more > 0 else ""
        said = "".join(f"<p>{escape(text)}</p>" for text in self.sentences())
        held = self.values.publications(list(self.asked.codes or self._every_region()))
        source = provenance.source_line([self.values], self._every_region())
        if len(held):
            source = provenance.source_line([self.values], self.asked.codes or self._every_region())
        return (
            f"<section>{markup.banner(whence.of_values([self.values]).banner)}"
            f"<h3>{escape(about.name)}</h3>{said}"
            f"{markup.table('Senaste uppgift', headings, cells)}{rest}"
            f"<p>{escape(self._described())}</p>"
            f"<p><small>{escape(source)}</small></p></section>"
        )


def indicator(
    id: str,
    *,
    region: str | None = None,
    compare: Sequence[str] | None = None,
    year: int | None = None,
    data: str = DEFAULT_DATA,
) -> IndicatorView:
    """Return an indicator for a region and those it is compared with, or for all regions.

    >>> view = indicator("brp_per_capita_index", region="19", compare=["00", "oms"], data="edition")
    >>> view.frame["name"].unique().tolist()[:3]
    ['Västmanlands län', 'Riket', 'Uppsala län']

    Args:
        id: an indicator of the catalogue; ``affarsplan_data.ids`` completes them.
        region: code of riket, a county or a municipality; every region when None.
        compare: region codes and comparison groups of the plan; riket and the plan's group when None. A
            group that the region's county does not belong to gives way to its own riksområde.
        year: figures up to and including this year are used.
        data: ``"newest"``: what has been fetched and delivered, and the built-in edition where nothing
            has; ``"edition"``: the built-in edition alone.

    Raises:
        UnknownEntryError, UnknownRegionError, ParameterError: there is no such thing; what is nearest is
            named.
        MissingIndicatorError: declared, but the data in use lack it; the message gives the reason.
    """
    wish = asked(region, compare, year, data)
    until = None if year is None else wish.year
    return IndicatorView(compute(id, until=until, data=data), wish)
