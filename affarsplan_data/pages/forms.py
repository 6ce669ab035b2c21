"""Chart forms as methods of a page, so that a new form is one line in the page's class.

A form draws one indicator (:class:`Form`), or several together (:class:`FormOfMany`). Where the figures
for it are missing it says so in place, with the reason.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from affarsplan_data import swedish
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.reading import read, without_base
from affarsplan_data.pages.scope import scope
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import Parameters

if TYPE_CHECKING:
    from affarsplan_data.pages.face import Page

_NOT_SHOWN = "{} visas inte här, för att något annat som figuren bygger på saknas."
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
            held, errors = _held([id, *(options[name] for name in self.others)], given)
            if errors:
                alone = held and held[0].indicator.id == id
                return notice(id, errors, given, _NOT_SHOWN if alone else "")
            options |= dict(zip(self.others, held[1:], strict=True))
            try:
                return self._drawn(held[0], given, options)
            except MissingIndicatorError as error:
                return notice(id, [error], given)

        return _named(method, self.draw)

    def _drawn(self, values: IndicatorValues, given: Parameters, options: dict[str, Any]) -> Figure:
        limits = scope(values, given)
        if self.needs_focus and limits.focus is None:
            raise MissingIndicatorError(
                without_base(values.indicator.id, given, given.county)
                or f"{sentences.nothing(values, given.region)}."
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
            used, errors = _held(ids, given)
            try:
                if used:
                    return self.draw(used, given, together(errors), **options)
            except MissingIndicatorError as error:
                errors = [error]
            return notice(ids[0], errors, given)

        return _named(method, self.draw)


def _held(
    ids: Sequence[str], given: Parameters
) -> tuple[list[IndicatorValues], list[MissingIndicatorError]]:
    """Return the values of those indicators that are had, and the errors of those that are not."""
    used: list[IndicatorValues] = []
    errors: list[MissingIndicatorError] = []
    for id in ids:
        try:
            used.append(read(id, given))
        except MissingIndicatorError as error:
            errors.append(error)
    return used, errors


def together(errors: Sequence[MissingIndicatorError]) -> list[str]:
    """Return why indicators are missing, those that are missing for the same reason named together."""
    names: dict[str, list[str]] = {}
    for error in errors:
        known = names.setdefault(error.why or error.reason, [])
        if error.why:
            known.append(swedish.lower_first(error.name) if known else error.name)
    return [f"{swedish.listing(n)} saknas: {why}" if n else why for why, n in names.items()]


def notice(
    id: str, errors: Sequence[MissingIndicatorError], given: Parameters, opening: str = ""
) -> Notice:
    """Return what stands where the figure of an indicator would have stood.

    ``opening`` is said first, with the indicator's name put in.
    """
    said = [text.rstrip(".") for text in together(errors)]
    if not any(error.why for error in errors) and not any(map(_YEAR.search, said)):
        said[-1] += f" till och med {given.year}"
    ways = dict.fromkeys(error.ways for error in errors if error.ways)
    name = load_catalogue().indicator(id).name
    reason = " ".join([*filter(None, [opening.format(name)]), *(f"{text}." for text in said)])
    return Notice(reason, name, " ".join(ways))


def _named(method: Shown, draw: Callable[..., Figure]) -> Shown:
    method.__name__ = draw.__name__
    method.__doc__ = draw.__doc__
    return method
