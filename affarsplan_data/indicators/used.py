"""Which figures of its inputs a formula's value rests on: for every formula, beside how it is computed.

A rule is given what the formula itself is given, and the key of one value. It returns, for each input,
the keys of the figures that decide that value, among them those that are absent: a value that is missing
is missing because of one of them. That a rule names every figure that matters, and no other, is tested
by changing figures.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.catalogue import DIMENSIONS, Input
from affarsplan_data.indicators.formulas import Frames, Parameters, keys_of

Key = Mapping[str, str]
"""Values of ``region``, ``period`` and the dimensions."""
Needs = dict[str, list[dict[str, str]]]
"""For each input, by name, the keys of its figures, with the columns that the input has."""
Rule = Callable[[Frames, Parameters, Key], Needs]


def used(function: str, frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Return the figures that the value with ``key`` rests on, in the order in which they are read.

    Args:
        function: the formula's name.
        frames: its inputs, as the formula is given them.
        parameters: its parameters.
        key: ``region``, ``period`` and every dimension of the value; ``total`` where it has none.
    """
    found = RULES[function](frames, parameters, key)
    return {name: list(_once(keys)) for name, keys in found.items()}


def _once(keys: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [key for number, key in enumerate(keys) if key not in keys[:number]]


def _at(frame: pd.DataFrame, key: Key, **instead: str) -> dict[str, str]:
    """Return ``key`` with the columns that ``frame`` has, some values exchanged."""
    return {column: instead.get(column, key[column]) for column in keys_of(frame)}


def _same(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Every input in the value's own region, period and group."""
    return {name: [_at(frame, key)] for name, frame in frames.items()}


def _same_and_country(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Every input in the value's own region and in riket."""
    return {
        name: [_at(frame, key), _at(frame, key, region=regions.COUNTRY)]
        for name, frame in frames.items()
    }


def _groups(dimension: str, *values: str) -> Rule:
    """A rule for two groups of a dimension that are set against each other."""

    def rule(frames: Frames, parameters: Parameters, key: Key) -> Needs:
        frame = frames["value"]
        return {"value": [_at(frame, key, **{dimension: value}) for value in values]}

    return rule


def _growth(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The first and the last year."""
    start = str(int(key["period"]) - int(parameters["years"]))
    frame = frames["value"]
    return {"value": [_at(frame, key, period=start), _at(frame, key)]}


def _index(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The year itself and the base year, with the years before the base that could not be one."""
    frame = frames["value"]
    own = _at(frame, key)
    if "base" in parameters:
        return {"value": [_at(frame, key, period=str(parameters["base"])), own]}
    series = _rows(frame, {k: v for k, v in own.items() if k != "period"}).sort_values("period")
    segment = series.loc[series["period"] == key["period"], "segment"]
    series = series[series["segment"].isin(segment)]
    positive = (series["value"] > 0).to_numpy()
    before = series["period"][: positive.argmax() + 1 if positive.any() else len(series)]
    return {"value": [*(_at(frame, key, period=period) for period in before), own]}


def _chained(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The reference year's level, and every change between it and the year itself."""
    reference = str(parameters["reference"])
    first, last = sorted((int(reference), int(key["period"])))
    change = frames["change"]
    return {
        "level": [_at(frames["level"], key, period=reference)],
        "change": [_at(change, key, period=str(year)) for year in range(first + 1, last + 1)],
    }


def _fixed_price_intensity(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The numerator itself, and what the output in fixed prices rests on."""
    output = {name: frames[name] for name in ("level", "change")}
    numerator = {"numerator": [_at(frames["numerator"], key)]}
    return numerator | _chained(output, parameters, key)


def _counted_else_published(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Part and whole where both are given, else the published share."""
    counts = {name: [_at(frames[name], key)] for name in ("part", "whole")}
    given = all(len(_rows(frames[name], own)) for name, (own,) in counts.items())
    published = _at(frames["published"], key)
    return (
        counts | {"published": []} if given else {"part": [], "whole": [], "published": [published]}
    )


def _both_ends(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Every input in the first and in the last year."""
    start = str(int(key["period"]) - int(parameters["years"]))
    return {name: [_at(f, key, period=start), _at(f, key)] for name, f in frames.items()}


def _pooled(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Every input in each of the years that are taken together."""
    last, years = int(key["period"]), int(parameters.get("years", 3))
    periods = [str(year) for year in range(last - years + 1, last + 1)]
    return {name: [_at(f, key, period=p) for p in periods] for name, f in frames.items()}


def _components(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The category itself, by its own name, and the population."""
    whole = key["category"] == "total"
    category = str(parameters["whole"]) if whole else key["category"]
    value, population = frames["value"], frames["population"]
    return {"value": [_at(value, key, category=category)], "population": [_at(population, key)]}


def _municipalities(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Every municipality of the county."""
    frame = frames["value"]
    inside = regions.municipalities(key["region"])
    return {"value": [_at(frame, key, region=code) for code in inside]}


def _shares_by_sex(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Part and whole of women and of men."""
    return {
        name: [_at(frame, key, sex=sex) for sex in ("women", "men")]
        for name, frame in frames.items()
    }


def _distribution(*places: Callable[[Key], Mapping[str, str]]) -> Rule:
    """A rule for formulas over all industries, each of ``places`` exchanging values of the key."""

    def rule(frames: Frames, parameters: Parameters, key: Key) -> Needs:
        frame = frames["value"]
        industries = sorted(frame["industry"].unique())
        return {
            "value": [
                _at(frame, key, **place(key), industry=industry)
                for place in places
                for industry in industries
            ]
        }

    return rule


def _own(key: Key) -> Mapping[str, str]:
    return {}


def _country(key: Key) -> Mapping[str, str]:
    return {"region": regions.COUNTRY}


def _gap(dimension: str, *values: str) -> Rule:
    """A rule for a gap between two groups: every input in both of them."""

    def rule(frames: Frames, parameters: Parameters, key: Key) -> Needs:
        return {
            name: [_at(frame, key, **{dimension: value}) for value in values]
            for name, frame in frames.items()
        }

    return rule


def _representation(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The group and everyone, in the industry and in all industries."""
    frame, dimension = frames["value"], str(parameters["dimension"])
    return {
        "value": [
            _at(frame, key, **{dimension: group, "industry": industry})
            for industry in (key["industry"], "total")
            for group in (str(parameters["group"]), "total")
        ]
    }


def _category_quotient(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The class and all classes, in the region and in riket."""
    frame = frames["value"]
    return {
        "value": [
            _at(frame, key, region=region, category=category)
            for region in (key["region"], regions.COUNTRY)
            for category in (key["category"], "total")
        ]
    }


def _changes(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Every change of the window, and of a population its first and last year."""
    last, years = int(key["period"]), int(parameters["years"])
    change = frames["change"]
    window = [_at(change, key, period=str(y)) for y in range(last - years + 1, last + 1)]
    ends = {
        name: [_at(frame, key, period=str(last - years)), _at(frame, key)]
        for name, frame in frames.items()
        if name != "change"
    }
    return {"change": window, **ends}


def _grp_gap(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The two quantities of the part, or the first and the last of the chain, here and in riket."""
    chain = statistics.GRP_CHAIN_TWO_SOURCES
    parts = dict(zip(statistics.GRP_PARTS_TWO_SOURCES, pairwise(chain), strict=True))
    needed = parts.get(key["category"], (chain[0], chain[-1]))
    both = _same_and_country(frames, parameters, key)
    return {name: both[name] if name in needed else [] for name in frames}


def _rate_decomposition(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """Part and whole of every group, here and in riket."""
    return {
        name: [
            _at(frame, key, region=region, sex=sex, birth=birth)
            for region in (key["region"], regions.COUNTRY)
            for sex, birth in sorted(set(zip(frame["sex"], frame["birth"], strict=True)))
        ]
        for name, frame in frames.items()
    }


def _shift_share(frames: Frames, parameters: Parameters, key: Key) -> Needs:
    """The first and the last year of the industry, or of all of them, here and in riket.

    The parts are one identity and missing together, so each rests on what any of them does.
    """
    frame = frames["value"]
    country = _rows(frame, {"region": regions.COUNTRY, "industry": "total"})
    segment = country.loc[country["period"] == key["period"], "segment"]
    first = str(country.loc[country["segment"].isin(segment), "period"].min())
    every = sorted(set(frame["industry"]) - {"total"})
    own = every if key["industry"] == "total" else [key["industry"]]
    wanted = [(key["region"], first, code) for code in every]
    wanted += [(key["region"], key["period"], code) for code in own]
    for year in (first, key["period"]):
        wanted += [(regions.COUNTRY, year, code) for code in (*own, "total")]
    return {
        "value": [_at(frame, key, region=r, period=p, industry=i) for r, p, i in wanted],
    }


def _rows(frame: pd.DataFrame, key: Key) -> pd.DataFrame:
    for column, value in key.items():
        frame = frame[frame[column] == value]
    return frame


RULES: dict[str, Rule] = {
    "published": _same,
    "published_with_count": _same,
    "share": _same,
    "quotient": _same,
    "net_share": _same,
    "relative_to_country": _same_and_country,
    "women_per_men": _groups("sex", "women", "men"),
    "women_share_per_men_share": _shares_by_sex,
    "women_minus_men": _groups("sex", "women", "men"),
    "women_share": _groups("sex", "women", "men"),
    "foreign_minus_native": _groups("birth", "foreign", "native"),
    "growth": _growth,
    "index": _index,
    "chained_volume": _chained,
    "effective_number": _distribution(_own),
    "concentration": _distribution(_own),
    "specialisation": _distribution(_own, _country),
    "location_quotient": _distribution(_own, _country),
    "share_difference": _distribution(_own, _country),
    "share_else_published": _counted_else_published,
    "survey_share": _same,
    "rate": _same,
    "published_rate": _same,
    "net_rate": _same,
    "pooled_rate": _pooled,
    "pooled_share": _pooled,
    "pooled_quotient": _pooled,
    "components": _components,
    "municipal_range": _municipalities,
    "municipal_deviation": _municipalities,
    "distance_to_path": _index,
    "needed_cut": _index,
    "fixed_price_intensity": _fixed_price_intensity,
    "share_of_increase": _both_ends,
    "published_share": _same,
    "share_gap_women_men": _gap("sex", "women", "men"),
    "share_gap_foreign_native": _gap("birth", "foreign", "native"),
    "share_of_two": _same,
    "group_share": _same,
    "representation": _representation,
    "category_quotient": _category_quotient,
    "volume_growth": _changes,
    "volume_growth_per_head": _changes,
    "value_relative_to_country": _same_and_country,
    "grp_gap": _grp_gap,
    "rate_decomposition": _rate_decomposition,
    "shift_share": _shift_share,
    "segregation": _distribution(lambda key: {"sex": "women"}, lambda key: {"sex": "men"}),
}
"""The rules by formula, one for each of :data:`affarsplan_data.indicators.formulas.FUNCTIONS`."""


def observed(item: Input, key: Key) -> list[dict[str, str]]:
    """Return the observations that a figure of an input is: one, or those it is a sum or a mean of.

    Each key has every dimension of the schema. Of values that are joined to one series only one is there
    in a period; all of them are named.

    Args:
        item: what the catalogue says of the input.
        key: the figure's key, with the columns that the input has.
    """
    places = [dict(key)]
    if item.mean_of_two_years:
        places.insert(0, dict(key) | {"period": str(int(key["period"]) - 1)})
    for dimension in DIMENSIONS:
        if dimension not in key:
            chosen = item.select.get(dimension, "total")
            values = (chosen,) if isinstance(chosen, str) else chosen
            places = [place | {dimension: value} for place in places for value in values]
    return places
