"""Builds ``data/processed`` from ``data/raw``: the edition's rows in the one schema, as Parquet."""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pandas as pd
from filelock import FileLock

from affarsplan_data import project
from affarsplan_data.catalogue import Measure, load_catalogue
from affarsplan_data.observations import schema, totals
from affarsplan_data.observations.errors import ObservationError
from affarsplan_data.parameters import check_data
from affarsplan_data.sources import edition as source
from affarsplan_data.sources import load_edition

FORM = 2
"""Raised when the Parquet files change form, so that old ones are rebuilt."""

NEVER = "9999"


def build(
    data: str = "edition", force: bool = False, progress: Callable[[str], None] | None = None
) -> Path:
    """Build every measure's observations and return their folder. Does nothing when all is current.

    ``progress`` is called with each measure's id. Files are written aside and moved in place, the
    stamp last, so an interrupted build is repeated and never half used.

    Raises:
        ParameterError: no such data.
        EditionError, ObservationError: a raw file is damaged or a figure breaks the schema.
    """
    check_data(data)
    target = project.processed() / data
    held = load_edition().measures
    catalogue = load_catalogue()
    _check_same_measures(set(held), catalogue.measures.values())
    for entry in held.values():
        source.content(entry)
    stamp = signature()
    if not force and _is_whole(target, stamp, held):
        return target
    target.mkdir(parents=True, exist_ok=True)
    with FileLock(target / ".lock"):
        (target / "stamp.json").unlink(missing_ok=True)
        for stale in target.glob("*.parquet"):
            if stale.stem not in held:
                stale.unlink()
        for name, entry in held.items():
            frame = observations(catalogue.measure(name), entry)
            _write(frame, target / f"{name}.parquet")
            if progress:
                progress(name)
        _write_text(json.dumps({"signature": stamp}), target / "stamp.json")
    return target


def _is_whole(target: Path, stamp: str, held: Collection[str]) -> bool:
    """Tell whether every measure lies in ``target``, built from what ``stamp`` stands for."""
    return current_signature(target) == stamp and all(
        (target / f"{name}.parquet").is_file() for name in held
    )


def signature() -> str:
    """Return what the processed data depend on, as one hash: edition, catalogue and form."""
    measures = load_catalogue().measures
    parts = [
        str(FORM),
        (source.folder() / "manifest.yaml").read_text(encoding="utf-8"),
        *(measure.model_dump_json() for measure in measures.values()),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def current_signature(target: Path) -> str | None:
    """Return the signature that the processed data in ``target`` were built with, if any."""
    try:
        return json.loads((target / "stamp.json").read_text(encoding="utf-8"))["signature"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def observations(measure: Measure, entry: source.EditionFile) -> pd.DataFrame:
    """Return one measure's observations: the schema's columns and ``preferred``.

    ``preferred`` is true on the row to use where several publications hold the same figure.
    """
    if entry.unit != measure.unit:
        raise ObservationError(
            f"Måttet {measure.id}: utgåvan har enheten {entry.unit}, katalogen {measure.unit}."
        )
    frame = source.read(measure.id, entry)
    if measure.sum_sexes:
        frame = totals.add_sexes(frame)
    if measure.sum_regions:
        frame = totals.add_regions(frame, measure.leave_out_of_sums)
    frame = _described(frame, measure, entry)
    preferred = _preferred(frame)
    checked = schema.check(_typed(frame))
    return checked.assign(preferred=preferred)


def _described(frame: pd.DataFrame, measure: Measure, entry: source.EditionFile) -> pd.DataFrame:
    tables = load_catalogue().tables
    noise_from = {id: table.noise_from for id, table in tables.items() if table.noise_from}
    facts = pd.DataFrame(
        {
            key: {
                "source": series.producer,
                "table": series.table,
                "vintage": series.vintage,
                "precedence": series.precedence,
                "noise_from": noise_from.get(str(series.table_id), NEVER),
            }
            for key, series in entry.series.items()
        }
    ).T
    preliminary = {
        (key, str(period))
        for key, series in entry.series.items()
        for period in series.preliminary_periods
    }
    frame = frame.join(facts, on="series")
    frame = frame.sort_values([*schema.KEY, "series"], kind="stable", ignore_index=True)
    return frame.assign(
        measure=measure.id,
        unit=measure.unit,
        start=schema.period_start(frame["period"]),
        preliminary=[
            pair in preliminary for pair in zip(frame["series"], frame["period"], strict=True)
        ],
        noise=(frame["period"] >= frame["noise_from"]).astype(bool),
        segment=schema.segments(frame["period"], (b.period for b in measure.breaks)),
        published_value=frame["value"].where(frame["status"] != schema.SUMMED),
        published_unit=measure.unit,
        origin=f"edition/{entry.file}#" + frame["series"],
    )


def _preferred(frame: pd.DataFrame) -> pd.Series:
    rating = frame["precedence"].astype(int) + 1000 * frame["value"].notna()
    order = rating.groupby([frame[key] for key in schema.KEY]).rank(method="first", ascending=False)
    return order == 1


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame[list(schema.COLUMNS)].copy()
    for column in schema.CATEGORICAL:
        frame[column] = frame[column].astype("category")
    return frame


def _check_same_measures(held: set[str], measures: Iterable[Measure]) -> None:
    declared = {measure.id: measure for measure in measures}
    if undeclared := held - declared.keys():
        raise ObservationError(
            f"Utgåvan har mått som katalogen inte känner: {', '.join(sorted(undeclared))}."
        )
    promised = {id for id, measure in declared.items() if measure.availability == "edition"}
    if lacking := promised - held:
        raise ObservationError(
            f"Katalogen räknar med mått som utgåvan saknar: {', '.join(sorted(lacking))}. "
            "Återställ data/raw/edition/manifest.yaml med git."
        )


def _write(frame: pd.DataFrame, path: Path) -> None:
    aside = path.with_suffix(f".{os.getpid()}.part")
    frame.to_parquet(aside, index=False, compression="zstd")
    aside.replace(path)


def _write_text(text: str, path: Path) -> None:
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
