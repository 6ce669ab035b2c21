"""What the page's charts have in common: period, labels, and the texts around the picture."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.figures import Texts
from affarsplan_data.indicators import (
    IndicatorValues,
    MissingIndicatorError,
    has_base,
    sentences,
)
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


def region_rows(codes: Sequence[str], columns: dict[str, list[float | None]]) -> pd.DataFrame:
    """Return one row per region: region, label and the given value columns, as floats."""
    names = {"region": list(codes), "label": [regions.get(code).short_name for code in codes]}
    return pd.DataFrame(names | {k: pd.Series(v, dtype=float) for k, v in columns.items()})


def absent(held: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return the sentence about regions without a value, if there are any."""
    missing = [sentences.place(code) for code in wanted if code not in held]
    return [f"Uppgift saknas för {swedish.listing(missing)}."] if missing else []


def absent_groups(
    frame: pd.DataFrame, groups: Sequence[tuple[str, str]], wanted: Sequence[str]
) -> list[str]:
    """Return the sentences about regions without a value, and about those that lack one group's alone.

    ``frame`` has a row for each region and a column for each of ``groups``, given with their names.
    """
    table = frame.set_index("region")[[column for column, _ in groups]]
    table = table.dropna(how="all")
    found = absent(list(table.index), wanted)
    for column, name in groups:
        codes = table.index[table[column].isna()]
        if len(codes):
            places = swedish.listing([sentences.place(code) for code in codes])
            found.append(f"Uppgift för {name} saknas för {places}.")
    return found


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
        title=_with_base(title, values),
        subtitle=subtitle,
        source=provenance.source_line([values], codes, periods),
        notes=(*provenance.notes([values, *also], codes, periods), *extra),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def _with_base(title: str, values: IndicatorValues) -> str:
    """Return the title with the base year of an index or a path, where it does not say it already."""
    about = values.indicator
    base = about.formula.parameters.get("base")
    if base is None or not has_base(about) or str(base) in title:
        return title
    stated = f"{base} = 100" if about.formula.function == "index" else f"basår {base}"
    return f"{title.removesuffix('.')} ({stated})."
