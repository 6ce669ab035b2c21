"""The public face: the explorer in a notebook, or a sentence that says what it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.explorer.choice import first_choice
from affarsplan_data.parameters import DEFAULT_DATA

NEEDS_WIDGETS = (
    "Reglagen behöver paketet ipywidgets. Installera det med pip install -e .[lab] och starta om "
    "JupyterLab. Utan reglage: ap.indicator(...) visar samma figurer."
)


@dataclass(frozen=True, repr=False)
class Sentence:
    """A sentence instead of the explorer."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<p role="alert">{escape(self.text)}</p>'


def explore(
    id: str | None = None,
    *,
    region: str | None = None,
    compare: Sequence[str] | None = None,
    year: int | None = None,
    data: str = DEFAULT_DATA,
) -> Any:
    """Return controls for picking an indicator, with its chart, table and code below them.

    Nothing is raised: what cannot be used is said in a sentence in place of the controls.

    Args:
        id: the indicator to begin with; the first that has figures when None.
        region: code of riket, a county or a municipality; the plan's region when None.
        compare: region codes and comparison groups; riket and the plan's group when None.
        year: the last year shown to begin with.
        data: ``"newest"`` or ``"edition"``.
    """
    try:
        choice = first_choice(id, region, compare, year, data)
    except AffarsplanError as error:
        return Sentence(str(error))
    try:
        from affarsplan_data.explorer.widgets import Explorer
    except ImportError:
        return Sentence(NEEDS_WIDGETS)
    return Explorer(choice)
