"""A figure's picture as an Altair chart that a notebook shows without the network."""

from typing import Any

import altair

from affarsplan_data.figures import Figure, svg


def offline(figure: Figure, width: int) -> altair.TopLevelMixin:
    """Return the picture of a figure, drawn for ``width`` px, as a chart that can be changed further.

    Altair's default renderer fetches its scripts from the network; the chart and those made from it are
    shown as the SVG that the report has. A renderer that has been chosen is left alone.

    Raises:
        FigureError: the figure is a table without picture.
    """
    chart = figure.picture(width)

    class Picture(type(chart)):  # type: ignore[misc]
        def _repr_mimebundle_(self, *include: Any, **exclude: Any) -> Any:
            if altair.renderers.active != "default":
                return super()._repr_mimebundle_(*include, **exclude)
            prefix = f"chart-{figure.name}-{width}"
            drawn = svg.draw(self, prefix=prefix, label=figure.alt, title=figure.title)
            return {"text/html": drawn, "text/plain": figure.title}

    # The class carries how the chart is shown; Altair takes every attribute for a part of the chart.
    object.__setattr__(chart, "__class__", Picture)
    return chart
