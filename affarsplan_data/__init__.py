"""Follow up a regional business plan with official statistics.

>>> import affarsplan_data as ap
>>> ap.load("population", region="1980", period="2023", age="total", sex="total")["value"].item()
159662.0

- :func:`indicators` and :func:`measures` list what there is; :data:`ids` completes the indicators' ids.
- :func:`indicator` returns one indicator for a region and those it is compared with: its figures, what
  they say, a chart and the sources.
- :func:`explore` returns controls for picking an indicator in JupyterLab, with chart, table and code.
- :func:`load` returns observations, one row per figure, in the one schema.
- :func:`page` returns a page of the report for one region, as the notebooks show it.
- :func:`claims` returns the plan's claims, tested on its own years and on the newest figures.
- :func:`revisions` returns the figures that new versions of tables have changed.
- :func:`trace` returns a value with everything it rests on, down to the files it came in.
- :func:`status` returns how new the figures of every measure are, and when the next are expected.
- :func:`load_catalogue` and :func:`load_plan` return what is measured, and what is followed up.
"""

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from affarsplan_data.analysis import ids, indicator, indicators, measures
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.claims import claims
    from affarsplan_data.explorer import explore
    from affarsplan_data.indicators.tracing import trace
    from affarsplan_data.observations import build, load, revisions
    from affarsplan_data.pages import page
    from affarsplan_data.pages.freshness import status
    from affarsplan_data.plan import load_plan

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "build",
    "claims",
    "explore",
    "ids",
    "indicator",
    "indicators",
    "load",
    "load_catalogue",
    "load_plan",
    "measures",
    "page",
    "revisions",
    "status",
    "trace",
]

_PUBLIC = {
    "build": "affarsplan_data.observations",
    "claims": "affarsplan_data.claims",
    "explore": "affarsplan_data.explorer",
    "ids": "affarsplan_data.analysis",
    "indicator": "affarsplan_data.analysis",
    "indicators": "affarsplan_data.analysis",
    "load": "affarsplan_data.observations",
    "load_catalogue": "affarsplan_data.catalogue",
    "load_plan": "affarsplan_data.plan",
    "measures": "affarsplan_data.analysis",
    "page": "affarsplan_data.pages",
    "revisions": "affarsplan_data.observations",
    "status": "affarsplan_data.pages.freshness",
    "trace": "affarsplan_data.indicators.tracing",
}


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used, so that ``import affarsplan_data`` is quick."""
    if name not in _PUBLIC:
        raise AttributeError(f"affarsplan_data har inte {name}")
    from affarsplan_data.recording.reads import note_module

    note_module(_PUBLIC[name])
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _Face(ModuleType):
    """The package as a module on which a public function keeps a name that a part of it has too.

    Importing the part ``affarsplan_data.indicators`` would set it here, over :func:`indicators`.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face


def _record() -> None:
    from affarsplan_data.recording import kernel

    kernel.begin()


if "AFFARSPLAN_RECORD" in os.environ:
    _record()
