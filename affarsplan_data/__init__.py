"""Follow up a regional business plan with official statistics.

>>> import affarsplan_data as ap
>>> ap.load("population", region="1980", period="2023", age="total", sex="total")["value"].item()
159662.0

- :func:`load` returns observations, one row per figure, in the one schema.
- :func:`indicator` returns an indicator's values for all regions, with intervals and ranks.
- :func:`page` returns a page of the report for one region, as the notebooks show it.
- :func:`trace` returns a value with everything it rests on, down to the files it came in.
- :func:`status` returns how new the figures of every measure are, and when the next are expected.
- :func:`load_catalogue` and :func:`load_plan` return what is measured, and what is followed up.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.indicators import indicator
    from affarsplan_data.indicators.tracing import trace
    from affarsplan_data.observations import build, load
    from affarsplan_data.pages import page
    from affarsplan_data.pages.freshness import status
    from affarsplan_data.plan import load_plan

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "build",
    "indicator",
    "load",
    "load_catalogue",
    "load_plan",
    "page",
    "status",
    "trace",
]

_PUBLIC = {
    "build": ("affarsplan_data.observations", "build"),
    "indicator": ("affarsplan_data.indicators", "indicator"),
    "load": ("affarsplan_data.observations", "load"),
    "page": ("affarsplan_data.pages", "page"),
    "status": ("affarsplan_data.pages.freshness", "status"),
    "trace": ("affarsplan_data.indicators.tracing", "trace"),
    "load_catalogue": ("affarsplan_data.catalogue", "load_catalogue"),
    "load_plan": ("affarsplan_data.plan", "load_plan"),
}


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used, so that ``import affarsplan_data`` is quick."""
    if name not in _PUBLIC:
        raise AttributeError(f"affarsplan_data har inte {name}")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
