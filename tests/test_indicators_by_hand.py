"""Fifteen indicators, drawn by lot, worked out anew from the edition's own files with plain pandas.

Nothing of the package's reading or computing is used for the figures that are compared with.
"""

import numpy as np
import pandas as pd
import pytest
import yaml

from affarsplan_data import project, regions
from affarsplan_data.indicators import evaluate

KEYS = ["region", "period", "sex", "birth", "age", "industry", "category"]
GROUPS = ["A", "B+C", "D+E", "F", "G", "H", "I", "J", "K", "L", "M+N", "O", "P", "Q", "R+S+T+U"]


def raw(measure: str, **chosen: str | list[str]) -> pd.DataFrame:
    """Return the figures of a file, of the publication that goes before where several have one."""
    folder = project.raw() / "edition"
    about = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
    series = about["measures"][measure]["series"]
    frame = pd.read_csv(folder / f"{measure}.csv", dtype=str, keep_default_na=False)
    frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
    frame["rank"] = frame["series"].map(lambda name: series[name].get("precedence", 0))
    frame = frame.sort_values("rank").drop_duplicates(KEYS, keep="last")
    for column in KEYS[2:]:
        wanted = chosen.get(column, "total")
        frame = frame[frame[column].isin([wanted] if isinstance(wanted, str) else wanted)]
    return frame[frame["value"].notna()]


def by(frame: pd.DataFrame, *more: str) -> pd.Series:
    return frame.set_index(["region", "period", *more])["value"]


def ten_years(measure: str) -> pd.Series:
    values = by(raw(measure)).unstack("period")
    years = [year for year in values if str(int(year) - 10) in values]
    growth = {y: 100 * ((values[y] / values[str(int(y) - 10)]) ** 0.1 - 1) for y in years}
    return pd.DataFrame(growth).stack().rename_axis(["region", "period"])


def industries() -> pd.DataFrame:
    """RAMS 2018, sixteen and over: what stands before the later register."""
    frame = raw("employed_day_by_industry", age="16+", industry=GROUPS)
    wide = by(frame, "industry").unstack("industry")
    return wide[wide.notna().all(axis=1)]


def size_share(of: str) -> pd.Series:
    part = by(raw("employees_in_enterprises", category=of))
    return 100 * part / by(raw("employees_in_enterprises")).reindex(part.index)


def _shannon() -> pd.Series:
    shares = industries().div(industries().sum(axis=1), axis=0)
    return np.exp(-(shares * np.log(shares)).sum(axis=1))


def _rd_share() -> pd.Series:
    parts = raw("rd_by_sector", category=["business", "higher_education", "public"])
    whole = by(parts, "category").unstack("category").sum(axis=1, skipna=False)
    return 100 * whole / by(raw("grp")).reindex(whole.index)


def _birth_rate() -> pd.Series:
    births = by(raw("enterprise_births"))
    return 100 * births / by(raw("enterprises_active")).reindex(births.index)


BY_HAND = {
    "brp_nominal_growth_10y": lambda: ten_years("grp"),
    "new_firms_per_1000_by_sex": lambda: by(raw("new_firms_per_1000", sex=["women", "men"]), "sex"),
    "employment_by_firm_size": lambda: pd.concat(
        {c: size_share(c) for c in ("size_1_9", "size_10_plus")}, names=["category"]
    ),
    "knowledge_intensive_services_share": lambda: (
        100 * industries()[["J", "M+N"]].sum(axis=1) / industries().sum(axis=1)
    ),
    "population_growth_10y": lambda: ten_years("population"),
    "brp_per_capita": lambda: by(raw("grp_per_capita")),
    "manufacturing_share_daytime": lambda: 100 * industries()["B+C"] / industries().sum(axis=1),
    "enterprise_birth_rate": _birth_rate,
    "unemployment_rate_lfs": lambda: by(
        raw("unemployment_rate_lfs", sex=["total", "women", "men"], age="15-74"), "sex"
    ),
    "industry_diversity_shannon": _shannon,
    "employment_rate_20_64": lambda: by(raw("employment_rate", age="20-64")),
    "new_firms_per_1000": lambda: by(raw("new_firms_per_1000")),
    "rd_share_of_brp": _rd_share,
    "brp_per_employed": lambda: by(raw("grp_per_employed")),
    "private_employment_size_structure": lambda: size_share("size_10_plus"),
}


@pytest.mark.parametrize("id", BY_HAND)
def test_every_value_is_the_one_worked_out_by_hand(id: str) -> None:
    expected = BY_HAND[id]().dropna()
    frame = evaluate(id, "edition")
    frame = frame[frame["value"].notna()].astype({"region": str, "period": str})
    found = frame.set_index(["region", "period", *frame.columns[3:8]])["value"]
    names = list(expected.index.names)
    rest = [name for name in found.index.names if name not in names]
    totals = found[[all(k == "total" for k in key) for key in found.reset_index()[rest].to_numpy()]]
    own = totals.droplevel(rest).reorder_levels(names)
    both = expected.index.intersection(own.index)
    assert len(both) >= 1
    assert np.allclose(own[both], expected[both], rtol=1e-12)
    refused = expected.index.difference(own.index)
    summed = own.index.difference(expected.index)
    assert set(refused.get_level_values("period")) == REFUSED.get(id, set()), refused[:5]
    assert set(summed.get_level_values("region")) <= SUMMED.get(id, set()), summed[:5]


RIKET = {"00"}
SUMMED = dict.fromkeys(
    (
        "knowledge_intensive_services_share",
        "manufacturing_share_daytime",
        "industry_diversity_shannon",
    ),
    RIKET,
)
"""The regions whose figures are not in the file, but added up from those that are."""
SUMMED["population_growth_10y"] = RIKET | set(regions.counties())
REFUSED = {"brp_nominal_growth_10y": {"2024"}}
"""Years whose growth is not given, since the two figures are of different publications."""
