"""What the page's charts have in common: period, labels, and the texts around the picture."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.figures import Texts
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError
from affarsplan_data.pages import provenance


def newest(values: IndicatorValues, codes: Sequence[str], sex: str = "total") -> str:
    """Return the newest period that the regions share.

    Raises:
        MissingIndicatorError: none has a value.
    """
    if period := values.latest_shared(codes, sex):
        return period
    raise MissingIndicatorError(f"{values.indicator.name}: uppgift saknas för regionen.")


def labels(codes: pd.Series) -> pd.Series:
    """Return the regions' short names, as a chart shows them."""
    return codes.map(lambda code: regions.get(code).short_name)


def heading(values: IndicatorValues, period: str) -> str:
    """Return what is measured, its unit and the period."""
    about = values.indicator
    unit = "" if about.unit in about.name else f", {about.unit}"
    return f"{about.name}{unit}, {period}."


def texts(
    form: str,
    values: IndicatorValues,
    title: str,
    subtitle: str,
    codes: Sequence[str],
    periods: Sequence[str] | None = None,
    *,
    also: Sequence[IndicatorValues] = (),
    extra: Sequence[str] = (),
) -> Texts:
    """Return the texts of a figure: name, title, subtitle, source line and notes.

    ``codes`` and ``periods`` say which values the figure shows; ``also`` are other indicators named in
    it and ``extra`` further notes.
    """
    return Texts(
        name=f"{form}-{values.indicator.id}".replace("_", "-"),
        title=title,
        subtitle=subtitle,
        source=provenance.source_line([values], codes, periods),
        notes=(*provenance.notes([values, *also], codes, periods), *extra),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )
