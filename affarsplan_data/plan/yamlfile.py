"""Reads YAML with the quick reader where it is installed: every page reads the catalogue anew."""

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """Return what a UTF-8 file holds, as plain values.

    Raises:
        OSError, UnicodeDecodeError, yaml.YAMLError: it cannot be read.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
