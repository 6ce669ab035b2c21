"""Builds ``data/processed`` from ``data/raw``: every measure in the one schema, as Parquet."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from filelock import FileLock

from affarsplan_data import project
from affarsplan_data.catalogue import Measure, load_catalogue
from affarsplan_data.observations import files, newest, publications
from affarsplan_data.observations.combining import combined
from affarsplan_data.observations.errors import ObservationError
from affarsplan_data.parameters import DEFAULT_DATA, EDITION, check_data
from affarsplan_data.sources import edition as source
from affarsplan_data.sources import load_edition

FORM = 3
"""Raised when the Parquet files change form, so that old ones are rebuilt."""

Progress = Callable[[str], None]


def build(data: str = DEFAULT_DATA, force: bool = False, progress: Progress | None = None) -> Path:
    """Build every measure's observations and return their folder. Does nothing when all is current.

    ``newest`` holds the measures of which something has been fetched or delivered, and the folder of the
    edition the others. ``progress`` is called with the id of each measure that is built. An interrupted
    build is repeated and never half used.

    Raises:
        ParameterError: no such data.
        EditionError, ObservationError: a file of the edition is damaged or a figure breaks the schema.
    """
    check_data(data)
    target = _build_edition(force, progress)
    return target if data == EDITION else newest.build(None, force, progress)


def _build_edition(force: bool, progress: Progress | None) -> Path:
    target = project.processed() / EDITION
    held = load_edition().measures
    catalogue = load_catalogue()
    _check_same_measures(set(held), catalogue.measures.values())
    for entry in held.values():
        source.content(entry)
    stamp = signature()
    if not force and not _lacking(target, stamp, held):
        return target
    target.mkdir(parents=True, exist_ok=True)
    with FileLock(target / ".lock"):
        # Another process may have built them meanwhile.
        lacking = list(held) if force else _lacking(target, stamp, held)
        is_of_this = current_signature(target) == stamp
        written = _written(target) if is_of_this else {}
        (target / files.STAMP).unlink(missing_ok=True)
        for stale in target.glob("*.parquet"):
            if stale.stem not in held:
                stale.unlink()
        for name in lacking:
            if is_of_this and not force:
                files.say_damaged(target / f"{name}.parquet")
            measure = catalogue.measure(name)
            frame = combined(measure, publications.of_edition(measure, held[name]))
            written[name] = files.write_frame(frame, target / f"{name}.parquet")
            if progress:
                progress(name)
        files.write_stamp(target, {"signature": stamp, "written": written})
    return target


def _lacking(target: Path, stamp: str, held: Collection[str]) -> list[str]:
    """Return the measures whose files are not there, not whole or built of something else."""
    if current_signature(target) != stamp:
        return list(held)
    written = _written(target)
    return [
        name for name in held if not files.is_sound(target / f"{name}.parquet", written.get(name))
    ]


def _written(target: Path) -> dict[str, str]:
    found = files.read_stamp(target).get("written")
    return dict(found) if isinstance(found, dict) else {}


def signature() -> str:
    """Return what the edition's processed data depend on, as one hash: edition, catalogue and form."""
    measures = load_catalogue().measures
    parts = [
        str(FORM),
        (source.folder() / "manifest.yaml").read_text(encoding="utf-8"),
        *(measure.model_dump_json() for measure in measures.values()),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def current_signature(target: Path) -> str | None:
    """Return the signature that the processed data in ``target`` were built with, if any."""
    found = files.read_stamp(target).get("signature")
    return found if isinstance(found, str) else None


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
