"""Files in ``data/processed``: written aside and moved in place, so that none is ever half written."""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from affarsplan_data.recording import of_file

_log = logging.getLogger(__name__)

STAMP = "stamp.json"
PART = ".part"


def write_frame(frame: pd.DataFrame, path: Path) -> str:
    """Write observations as Parquet, and return the state that :func:`is_sound` knows the file by."""
    aside = _aside(path)
    frame.to_parquet(aside, index=False, compression="zstd")
    written = of_file(aside)
    aside.replace(path)
    return written


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the observations of a file, or some columns of them.

    No thread is started: a process that has read can still be forked.

    Raises:
        OSError, ValueError: the file is damaged or lacks a column.
    """
    with pq.ParquetFile(path, memory_map=True, pre_buffer=False) as file:
        if absent := set(columns or ()) - set(file.schema_arrow.names):
            raise ValueError(f"{path} lacks {', '.join(sorted(absent))}")
        table = file.read(columns=None if columns is None else list(columns), use_threads=False)
    return table.to_pandas(use_threads=False)


def is_sound(path: Path, written: str | None) -> bool:
    """Tell whether a file is there and is what was written.

    ``written`` is what :func:`write_frame` returned, None where that is not known.
    """
    return path.is_file() and (written is None or of_file(path) == written)


def say_damaged(path: Path) -> None:
    """Say that a file that is there is built anew because it is not what was written."""
    if path.is_file():
        _log.warning("%s är skadad eller ändrad och byggs om ur data/raw.", path)


def write_stamp(folder: Path, content: dict[str, Any]) -> None:
    """Write what the folder's files were built from."""
    write_text(json.dumps(content, ensure_ascii=False, indent=1), folder / STAMP)


def write_text(text: str, path: Path) -> None:
    """Write text as UTF-8, with line ends as they are."""
    aside = _aside(path)
    aside.write_text(text, encoding="utf-8", newline="\n")
    aside.replace(path)


def read_stamp(folder: Path) -> dict[str, Any]:
    """Return what :func:`write_stamp` wrote; nothing when it is not there or cannot be read."""
    try:
        content = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def remove(path: Path) -> None:
    """Remove a file that is no longer used; one that another process reads may stay."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}{PART}")
