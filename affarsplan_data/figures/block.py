"""The figure: a picture, the same numbers as a table, its text alternative and its source, as one."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NotRequired, TypedDict

import altair
import pandas as pd
from altair.utils.schemapi import debug_mode

from affarsplan_data import interactive
from affarsplan_data.figures import markup, svg
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.swedish import number

WIDE = 680
NARROW = 340
MIME = "application/vnd.affarsplan.figure+json"

_ALIKE = "Tal som skrivs lika i figuren skiljer sig mindre än avrundningen."

Draw = Callable[[int], altair.TopLevelMixin]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Texts(TypedDict):
    """What every form needs beside its data.

    ``name`` is a slug, unique on its page; ``title`` a sentence with the number; ``subtitle`` unit and
    year; ``alt`` the text alternative (when left out, the form describes itself); ``unit`` the Swedish
    unit of the values; ``decimals`` how many decimals they are printed with (1 when left out).
    """

    name: str
    title: str
    source: str
    subtitle: NotRequired[str]
    alt: NotRequired[str | None]
    notes: NotRequired[tuple[str, ...]]
    decimals: NotRequired[int]
    unit: NotRequired[str]


@dataclass(frozen=True, eq=False)
class Figure:
    """One accessible figure. Displayed as HTML; drawn when first shown, and only once.

    ``table`` has Swedish column headings, its first column heads the rows; ``decimals`` names the
    columns that hold numbers. ``chart`` draws the picture for a width in px; None gives an open table,
    as ``table_html`` has it when the form has written its own.

    Raises:
        FigureError: something a reader needs is missing.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    table: pd.DataFrame = field(repr=False)
    decimals: Mapping[str, int] = field(repr=False)
    source: str
    notes: tuple[str, ...] = ()
    chart: Draw | None = field(default=None, repr=False)
    table_html: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.name):
            raise FigureError(
                f"Figurnamnet ”{self.name}” duger inte: bara a–z, 0–9 och bindestreck, "
                "till exempel ”nya-foretag”."
            )
        for what, text in (
            ("titel", self.title),
            ("textalternativ", self.alt),
            ("källa", self.source),
        ):
            if not text or not text.strip():
                raise FigureError(f"Figuren ”{self.name}” saknar {what}.")
        if self.table.empty:
            raise FigureError(f"Figuren ”{self.name}” har en tabell utan rader.")
        if not self.table.columns.is_unique:
            raise FigureError(f"Figuren ”{self.name}” har två tabellkolumner med samma rubrik.")
        if unknown := set(self.decimals) - set(map(str, self.table.columns)):
            raise FigureError(
                f"Figuren ”{self.name}” har decimaler för okända kolumner: {unknown}."
            )

    def picture(self, width: int) -> altair.TopLevelMixin:
        """Return the picture for ``width`` px as an Altair chart.

        Raises:
            FigureError: the figure is a table only.
        """
        if self.chart is None:
            raise FigureError(f"Figuren ”{self.name}” är en tabell utan bild.")
        # Altair would check every part as it is made; the whole is checked once, when it is drawn.
        with debug_mode(False):
            return self.chart(width)

    def svg(self, width: int) -> str:
        """Return the picture drawn for ``width`` px, as SVG to stand inline.

        Raises:
            FigureError: the figure is a table only.
        """
        prefix = f"fig-{self.name}-{width}"
        with svg.unchecked():
            picture = self.picture(width)
            return svg.draw(picture, prefix=prefix, label=self.alt, title=self.title)

    @cached_property
    def html(self) -> str:
        """The accessible block: heading, picture for wide and narrow screens, source, notes, table."""
        caption = f"{self.title} {self.subtitle}".strip()
        # A table that is all there is must be read on a telephone too; one below a picture may scroll.
        table = self.table_html or markup.table(
            *(self.table, self.decimals),
            title=self.title,
            caption=caption,
            cards=self.chart is None,
        )
        return markup.block(
            name=self.name,
            title=self.title,
            subtitle=self.subtitle,
            pictures=[self.svg(WIDE), self.svg(NARROW)] if self.chart else [],
            source=self.source,
            notes=self.notes,
            table=table,
        )

    def to_payload(self) -> dict[str, Any]:
        """Return the figure's texts and numbers as plain JSON values; missing is None."""
        places = [self.decimals.get(str(c)) for c in self.table]
        columns = [{"name": str(c), "decimals": d} for c, d in zip(self.table, places, strict=True)]
        rows = [
            [_plain(value, decimals) for value, decimals in zip(row, places, strict=True)]
            for row in self.table.itertuples(index=False, name=None)
        ]
        return {
            "name": self.name,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "source": self.source,
            "notes": list(self.notes),
            "columns": columns,
            "rows": rows,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        shown = self.html if self.chart is None else f"{self.html}\n{interactive.tag()}"
        return {"text/html": shown, "text/plain": self.title, MIME: self.to_payload()}


def figure(
    texts: Texts,
    *,
    alt: str,
    table: pd.DataFrame,
    decimals: Mapping[str, int],
    chart: Draw | None,
    table_html: str = "",
    printed: Iterable[float] = (),
) -> Figure:
    """Return the figure a form has made; ``alt`` is used where the caller gave none of its own.

    ``printed`` are the numbers written at the marks. It is said when they differ and all read alike.
    """
    own = texts.get("alt")
    known = {round(float(value), 9) for value in printed if not markup.is_missing(value)}
    read = {number(value, texts.get("decimals", 1)) for value in known}
    alike = (_ALIKE,) if len(known) > 1 and len(read) == 1 else ()
    return Figure(
        name=texts["name"],
        title=texts["title"],
        subtitle=texts.get("subtitle", ""),
        alt=alt if own is None else own,
        table=table,
        decimals=decimals,
        source=texts["source"],
        notes=(*texts.get("notes", ()), *alike),
        chart=chart,
        table_html=table_html,
    )


def _plain(value: Any, decimals: int | None) -> str | float | int | None:
    if markup.is_missing(value):
        return None
    if decimals is None or isinstance(value, str):
        return str(value)
    return int(value) if float(value).is_integer() else float(value)
