"""The formulas a catalogue indicator may name: from input figures to indicator values.

Every function takes the inputs by name (see :mod:`affarsplan_data.indicators.inputs`) and the
formula's parameters, and returns one row per region, period and kept dimension with ``value`` and,
where they apply, ``low`` and ``high`` (95 % interval), ``count`` (numerator) and ``base`` (denominator).
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.catalogue import DIMENSIONS
from affarsplan_data.indicators.inputs import META

_ORIGIN = ("source", "table", "vintage")
Frames = Mapping[str, pd.DataFrame]
Parameters = Mapping[str, Any]


def evaluate(function: str, frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Return the result of the named formula."""
    return FUNCTIONS[function](frames, parameters)


def keys_of(frame: pd.DataFrame, without: str = "") -> list[str]:
    """Return the columns that tell a frame's figures apart, one of them left out when it is named."""
    known = ("region", "period", *DIMENSIONS)
    return [column for column in known if column in frame.columns and column != without]


def _joined(frames: Frames, how: Literal["inner", "left"] = "inner") -> pd.DataFrame:
    """Join inputs on their common dimensions; ``left`` keeps figures whose other inputs are missing.

    The columns of the first carry source and segment; ``other_sources`` names the publications of the
    others, where they differ.
    """
    (first, joined), *others = frames.items()
    joined = joined.rename(columns={"value": first}).assign(other_sources="")
    for name, frame in others:
        on = [key for key in keys_of(frame) if key in joined.columns]
        extra = frame[[*on, "value", "segment", *_ORIGIN]].rename(columns={"value": name})
        joined = joined.merge(extra, on=on, how=how, suffixes=("", "_other"))
        joined["segment"] = joined["segment"] * 10_000 + joined.pop("segment_other").fillna(
            0
        ).astype(int)
        joined["other_sources"] = _with_publication(joined)
    return joined


def _with_publication(joined: pd.DataFrame) -> pd.Series:
    own = _publication(*(joined[part] for part in _ORIGIN))
    other = _publication(*(joined.pop(f"{part}_other") for part in _ORIGIN)).fillna(own)
    listed = (joined["other_sources"] + "; " + other).str.removeprefix("; ")
    return joined["other_sources"].where(other == own, listed)


def _publication(source: pd.Series, table: pd.Series, vintage: pd.Series) -> pd.Series:
    updated = (", uppdaterad " + vintage).where(vintage != "", "")
    return source + ", " + table + updated


def published(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The source's own value."""
    return frames["value"]


def published_with_count(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """A published rate with an exact Poisson interval from the published number of events."""
    joined = _joined(frames, how="left")
    low, high = statistics.poisson_interval(joined["count"])
    per_event = joined["value"] / joined["count"].where(joined["count"] > 0)
    return joined.assign(low=low * per_event, high=high * per_event)


IMPOSSIBLE = "impossible"
"""Status of a share whose part is larger than its whole: the two figures do not go together."""


def share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · part / whole with a Wilson interval; missing where the part is larger than the whole."""
    joined = _joined(frames)
    impossible = joined["part"] > joined["whole"]
    joined["status"] = joined["status"].mask(impossible, IMPOSSIBLE)
    part = joined["part"].where(~impossible)
    whole = joined["whole"].where((joined["whole"] > 0) & ~impossible)
    low, high = statistics.wilson_interval(part, whole)
    return joined.assign(
        value=100 * part / whole,
        low=100 * low,
        high=100 * high,
        count=part,
        base=joined["whole"].where(~impossible),
    )


def women_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · women / (women + men) with a Wilson interval."""
    wide = _by_sex(frames["value"])
    both = wide.assign(part=wide["women"], whole=wide["women"] + wide["men"])
    return share({"part": _single(both, "part"), "whole": _single(both, "whole")}, parameters)


def quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """factor · numerator / denominator."""
    joined = _joined(frames)
    denominator = joined["denominator"].where(joined["denominator"] > 0)
    return joined.assign(
        value=float(parameters.get("factor", 1)) * joined["numerator"] / denominator
    )


def net_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · (inflow − outflow) / stock."""
    joined = _joined(frames)
    stock = joined["stock"].where(joined["stock"] > 0)
    return joined.assign(value=100 * (joined["inflow"] - joined["outflow"]) / stock)


def relative_to_country(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · (numerator / denominator) in the region over the same quotient in riket."""
    ratio = quotient(frames, {})
    country = ratio.loc[ratio["region"] == regions.COUNTRY, [*keys_of(ratio, "region"), "value"]]
    joined = ratio.merge(country, on=keys_of(ratio, "region"), suffixes=("", "_country"))
    of_country = joined["value_country"].where(joined["value_country"] > 0)
    return joined.assign(value=100 * joined["value"] / of_country)


def women_per_men(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · women / men."""
    wide = _by_sex(frames["value"])
    return wide.assign(value=statistics.ratio_percent(wide["women"], wide["men"]))


def women_share_per_men_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · (women's part / women's whole) / (men's part / men's whole)."""
    rates = share(frames, parameters).drop(columns=["low", "high", "count", "base"])
    return women_per_men({"value": rates}, parameters)


def women_minus_men(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Women minus men, in percentage points when the input is a share in percent."""
    wide = _by_sex(frames["value"])
    return wide.assign(value=statistics.gap_pp(wide["women"], wide["men"]))


def foreign_minus_native(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Foreign-born minus native-born, in percentage points when the input is a share in percent."""
    wide = _side_by_side(frames["value"], "birth", ("foreign", "native"))
    return wide.assign(value=wide["foreign"] - wide["native"])


def _by_sex(frame: pd.DataFrame) -> pd.DataFrame:
    return _side_by_side(frame, "sex", ("women", "men"))


def _side_by_side(frame: pd.DataFrame, dimension: str, groups: tuple[str, str]) -> pd.DataFrame:
    """Two groups of a dimension as two columns; the rest of a row is the first group's."""
    keys = keys_of(frame, dimension)
    first, second = (
        frame[frame[dimension] == group].rename(columns={"value": group}).drop(columns=dimension)
        for group in groups
    )
    return first.merge(second[[*keys, groups[1]]], on=keys)


def _single(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame[[*keys_of(frame), *META]].assign(value=frame[column])


def growth(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Compound yearly growth over ``years``, only inside one segment (no break, one publication)."""
    years = int(parameters["years"])
    frame = frames["value"]
    start = frame[[*keys_of(frame), "value", "segment"]].copy()
    start["period"] = (start["period"].astype(int) + years).astype(str)
    joined = frame.merge(start, on=[*keys_of(frame), "segment"], suffixes=("", "_start"))
    rate = statistics.compound_growth(joined["value_start"], joined["value"], years)
    return joined.assign(value=rate)


def index(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · value / base: the year ``base`` when it is given, else the first year of each segment.

    Figures in a segment without the base year get no value.
    """
    frame = frames["value"].sort_values("period", kind="stable")
    series = [*keys_of(frame, "period"), "segment"]
    usable = frame["value"].where(frame["value"] > 0)
    if "base" in parameters:
        usable = usable.where(frame["period"] == str(parameters["base"]))
    base = usable.groupby([frame[column] for column in series]).transform("first")
    return frame.assign(value=100 * frame["value"] / base).sort_index()


def chained_volume(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Levels in the prices of the year ``reference``, chained from the published changes of volume.

    A year that the changes do not join to the reference year has no value.
    """
    joined = _joined({"level": frames["level"], "change": frames["change"]}, how="left")
    reference = str(parameters["reference"])
    # The segment of the change, which is what is chained.
    link = joined["segment"] % 10_000
    chains = [
        _chain(rows, link, reference)
        for _, rows in joined.groupby(keys_of(joined, "period"), sort=False)
    ]
    return joined.assign(value=pd.concat(chains) if chains else float("nan"))


def _chain(rows: pd.DataFrame, link: pd.Series, reference: str) -> pd.Series:
    years = pd.Index(rows["period"])
    level, change, segment = (
        pd.Series(values.to_numpy(), index=years)
        for values in (rows["level"], rows["change"], link.loc[rows.index])
    )
    try:
        values = statistics.chained(level, change, reference, segment).to_numpy()
    except statistics.MissingBaseError:
        values = np.full(len(rows), np.nan)
    return pd.Series(values, index=rows.index)


def _per_region(
    frame: pd.DataFrame, function: Callable[[np.ndarray], float], over: str = "industry"
) -> pd.DataFrame:
    """One value per region and period from the distribution over ``over``; a gap makes it missing."""
    wide, meta = _distribution(frame, over)
    values = [function(row) if np.isfinite(row).all() else np.nan for row in wide.to_numpy()]
    return meta.assign(value=values)


def _distribution(frame: pd.DataFrame, over: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = keys_of(frame, over)
    wide = frame.pivot(index=keys, columns=over, values="value")
    meta = frame.groupby(keys)[list(META)].first().loc[wide.index].reset_index()
    return wide, meta


def effective_number(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """exp of the Shannon diversity: the number of equally large industries with the same spread."""
    return _per_region(frames["value"], statistics.effective_number)


def concentration(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Herfindahl-Hirschman index, 0 to 10 000."""
    return _per_region(frames["value"], statistics.hhi)


def segregation(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Dissimilarity index between women's and men's distribution over industries, percent."""
    wide = _by_sex(frames["value"])
    women, meta = _distribution(_single(wide, "women"), "industry")
    men, _ = _distribution(_single(wide, "men"), "industry")
    pairs = zip(women.to_numpy(), men.to_numpy(), strict=True)
    return meta.assign(value=[statistics.dissimilarity(w, m) for w, m in pairs])


def specialisation(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Krugman index against riket, percent."""
    wide, meta = _distribution(frames["value"], "industry")
    country = _country_rows(wide)
    pairs = zip(wide.to_numpy(), country.to_numpy(), strict=True)
    values = meta.assign(value=[statistics.krugman(own, whole) for own, whole in pairs])
    return values[values["region"] != regions.COUNTRY]


def location_quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Industry's share in the region over its share in riket, one row per industry."""
    own, whole = _shares(frames["value"])
    return _per_industry(frames["value"], own / whole.where(whole > 0))


def share_difference(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Industry's share in the region minus its share in riket, percentage points, per industry."""
    own, whole = _shares(frames["value"])
    return _per_industry(frames["value"], 100 * (own - whole))


def _shares(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    wide, _ = _distribution(frame, "industry")
    country = _country_rows(wide)
    return (
        wide.div(wide.sum(axis=1, skipna=False), axis=0),
        country.div(country.sum(axis=1, skipna=False), axis=0),
    )


def _country_rows(wide: pd.DataFrame) -> pd.DataFrame:
    """Riket's row for every row of ``wide`` of the same period; missing where riket has none."""
    country = wide.xs(regions.COUNTRY, level="region")
    others = wide.index.droplevel("region")
    return country.reindex(others).set_axis(wide.index)


def _per_industry(frame: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    long = wide.stack().rename("value").reset_index()
    return frame.drop(columns="value").merge(long, on=keys_of(frame))


FUNCTIONS: dict[str, Callable[[Frames, Parameters], pd.DataFrame]] = {
    "published": published,
    "published_with_count": published_with_count,
    "share": share,
    "quotient": quotient,
    "net_share": net_share,
    "relative_to_country": relative_to_country,
    "women_per_men": women_per_men,
    "women_share_per_men_share": women_share_per_men_share,
    "women_minus_men": women_minus_men,
    "foreign_minus_native": foreign_minus_native,
    "women_share": women_share,
    "growth": growth,
    "index": index,
    "chained_volume": chained_volume,
    "effective_number": effective_number,
    "concentration": concentration,
    "specialisation": specialisation,
    "location_quotient": location_quotient,
    "share_difference": share_difference,
    "segregation": segregation,
}
"""The functions behind the names the catalogue declares in ``FORMULAS``."""
