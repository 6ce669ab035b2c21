"""Chart forms as methods of a page, so that a new form is one line in the page's class.

A form draws one indicator (:class:`Form`), or several together (:class:`FormOfMany`). Where the figures
for it are missing it says so in place, with the reason and how they are had.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.reading import read, without_base
from affarsplan_data.pages.scope import scope
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import Parameters

if TYPE_CHECKING:
    from affarsplan_data.pages.face import Page

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Shown = Callable[..., Figure | Notice]


class Form:
    """A form that draws one indicator: ``page.lines("brp_per_capita_index")``.

    Args:
        draw: takes the values, the scope and the parameters, and further options as keywords.
        needs_focus: the form says nothing without a value for the region itself or its county.
        others: keywords whose value is the id of another indicator, which ``draw`` gets the values of.
    """

    def __init__(
        self, draw: Callable[..., Figure], *, needs_focus: bool = False, others: Sequence[str] = ()
    ) -> None:
        self.draw = draw
        self.needs_focus = needs_focus
        self.others = tuple(others)
        self.__doc__ = draw.__doc__

    def __get__(self, page: "Page", owner: type | None = None) -> Shown:
        """Return the form as the page's method."""

        def method(id: str, **options: Any) -> Figure | Notice:
            given = page.given
            try:
                return self._drawn(id, given, options)
            except MissingIndicatorError as error:
                return notice(id, error, given)

        return _named(method, self.draw)

    def _drawn(self, id: str, given: Parameters, options: dict[str, Any]) -> Figure:
        values = read(id, given)
        for name in self.others:
            options[name] = read(options[name], given)
        limits = scope(values, given)
        if self.needs_focus and limits.focus is None:
            raise MissingIndicatorError(
                without_base(id, given, given.county)
                or f"{sentences.missing(values, given.region)}."
            )
        return self.draw(values, limits, given, **options)


class FormOfMany:
    """A form that draws several indicators together: ``page.municipality_table("a", "b")``.

    ``draw`` takes the values of those that are had, the parameters, and sentences on those that are not.
    """

    def __init__(self, draw: Callable[..., Figure]) -> None:
        self.draw = draw
        self.__doc__ = draw.__doc__

    def __get__(self, page: "Page", owner: type | None = None) -> Shown:
        """Return the form as the page's method."""

        def method(*ids: str, **options: Any) -> Figure | Notice:
            given = page.given
            used: list[IndicatorValues] = []
            absent: list[str] = []
            ways: list[str] = []
            for id in ids:
                try:
                    used.append(read(id, given))
                except MissingIndicatorError as error:
                    absent.append(error.reason)
                    ways.append(error.ways)
            try:
                if used:
                    return self.draw(used, given, absent, **options)
            except MissingIndicatorError as error:
                absent, ways = [error.reason], [error.ways]
            name = load_catalogue().indicator(ids[0]).name
            return Notice(" ".join(absent), name, " ".join(dict.fromkeys(filter(None, ways))))

        return _named(method, self.draw)


def notice(id: str, error: MissingIndicatorError, given: Parameters) -> Notice:
    """Return what stands where the figure of an indicator would have stood."""
    reason = error.reason.rstrip(".")
    if not error.ways and not _YEAR.search(reason):
        reason += f" till och med {given.year}"
    return Notice(f"{reason}.", load_catalogue().indicator(id).name, error.ways)


def _named(method: Shown, draw: Callable[..., Figure]) -> Shown:
    method.__name__ = draw.__name__
    method.__doc__ = draw.__doc__
    return method
