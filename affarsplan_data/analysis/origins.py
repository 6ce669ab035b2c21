"""The publications behind an indicator's values, with when they were retrieved and on what terms."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from affarsplan_data import observations, regions
from affarsplan_data.catalogue import Measure, load_catalogue
from affarsplan_data.indicators import IndicatorValues
from affarsplan_data.sources import load_edition

COLUMNS = ("measure", "source", "table", "vintage", "retrieved", "licence", "address", "origin")


def publications(values: IndicatorValues, codes: Collection[str]) -> pd.DataFrame:
    """Return one row for each publication that the values of the regions rest on.

    Riket's publications stand among them, since many values are set against riket.

    Columns: :data:`COLUMNS`. ``retrieved`` is the day on which it was fetched or taken in, or the edition
    that it came with; ``address`` the server, or where the figures of the edition were found.

    Args:
        values: an indicator's values.
        codes: the regions; none means all.
    """
    catalogue = load_catalogue()
    used = [id for id in values.indicator.measures if observations.available(id, values.data)]
    last = values.frame["period"].max()
    rows: list[dict[str, Any]] = []
    for measure in map(catalogue.measure, used):
        frame = observations.load(measure.id, data=values.data)
        frame = frame[frame["period"].astype(str) <= str(last)]
        if codes:
            frame = frame[frame["region"].isin({*codes, regions.COUNTRY})]
        found = frame[frame["value"].notna()][["source", "table", "vintage", "origin"]]
        for row in found.drop_duplicates().astype(object).itertuples():
            vintage = "" if pd.isna(row.vintage) else str(row.vintage)
            own = {"source": row.source, "table": row.table, "vintage": vintage}
            rows.append(own | _terms(measure, str(row.origin), values.data))
    return pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates(ignore_index=True)


def _terms(measure: Measure, origin: str, data: str) -> dict[str, str]:
    sources = load_catalogue().sources
    told = {
        "measure": measure.id,
        "licence": sources[measure.source].licence,
        "origin": origin,
    }
    if origin.startswith("edition/"):
        edition = load_edition()
        series = edition.measures[measure.id].series[origin.partition("#")[2]]
        return told | {"retrieved": f"utgåvan {edition.about.id}", "address": series.retrieved_via}
    used = {one.origin: one for one in observations.retrieved(measure.id, data)}
    one = used.get(origin)
    server = sources.get(one.server) if one else None
    address = "levererad fil" if one and one.is_delivered else ""
    return told | {
        "retrieved": one.retrieved[:10] if one else "",
        "address": server.address or server.homepage if server else address,
    }
