"""An indicator's values linked to the register before: shown dashed and said to be an estimate."""

from dataclasses import dataclass
from html import escape

import altair
import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.analysis.pictures import offline
from affarsplan_data.figures import Figure
from affarsplan_data.figures.block import WIDE
from affarsplan_data.indicators import Spliced, sentences
from affarsplan_data.pages import provenance
from affarsplan_data.pages.chart_texts import heading, texts

_LINKED = "linked"


@dataclass(frozen=True, repr=False)
class SplicedView:
    """A linked series for one region and group. A notebook shows it as its figure."""

    linked: Spliced

    @property
    def frame(self) -> pd.DataFrame:
        """The values, a row for each year; see :class:`affarsplan_data.indicators.Spliced`."""
        return self.linked.frame.copy()

    @property
    def factor(self) -> float:
        """What the earlier register's values are multiplied by."""
        return self.linked.factor

    @property
    def label(self) -> str:
        """What must stand where the linked values are shown."""
        return self.linked.label

    def figure(self) -> Figure:
        """Return the figure: the register's own values as a line, the estimate dashed up to it."""
        about, frame = self.linked.later, self.linked.frame
        region = str(frame["region"].iloc[0])
        estimate = frame[frame["spliced"]]
        # The dashed line ends where the other begins, unless a break lies between them.
        first = frame[~frame["spliced"]].head(1)
        own = frame[~frame["spliced"]].assign(label=regions.get(region).short_name)
        dashed = pd.concat([estimate, first], ignore_index=True)
        factor = swedish.number(self.factor, 3)
        dashed = dashed.assign(region=_LINKED, label=f"Länkad, faktor {factor}", preliminary=False)
        last = str(own["period"].max())
        begins = swedish.period(str(own["period"].min()))
        title = (
            f"{swedish.upper_first(about.indicator.noun)} i {sentences.place(region)}, med "
            f"{self.linked.earlier.indicator.noun} länkad före {begins}."
        )
        columns = ["region", "label", "period", "value", "segment", "preliminary"]
        told = texts(
            "lankad",
            about,
            title,
            heading(about, f"{frame['period'].min()}–{last}"),
            [region],
            also=[self.linked.earlier],
            extra=[self.label, self._breaks()],
        )
        told["source"] = provenance.source_line([about, self.linked.earlier], [region])
        told["alt"] = (
            f"Linjediagram {frame['period'].min()}–{last}. Hel linje: {own['period'].min()}–{last}, "
            f"senast {swedish.number(own['value'].iloc[-1], about.indicator.decimals)}. Streckad linje: "
            f"uppskattade värden {estimate['period'].min()}–{estimate['period'].max()}. {self._breaks()}"
        )
        return figures.lines(
            pd.concat([own, dashed], ignore_index=True)[columns],
            focus=region,
            reference=_LINKED,
            **told,
        )

    def chart(self, *, width: int = WIDE) -> altair.TopLevelMixin:
        """Return the figure's picture as an Altair chart, ``width`` px wide."""
        return offline(self.figure(), width)

    def _breaks(self) -> str:
        parts = self.linked.frame["segment"].nunique()
        if parts == 1:
            return "Den länkade serien har inget annat brott."
        return (
            "Där linjen bryts har statistiken lagts om; de delarna kan inte jämföras med varandra."
        )

    def __repr__(self) -> str:
        return self.label

    def _repr_html_(self) -> str:
        return f"<section>{self.figure().html}<p>{escape(self.label)}</p></section>"
