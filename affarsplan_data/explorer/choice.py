"""What has been picked, and what it shows: a figure and the code that gives it, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from affarsplan_data import regions
from affarsplan_data.analysis import IndicatorView, indicator, indicators
from affarsplan_data.analysis.forms import BY_GROUP, FORMS
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.figures import Figure
from affarsplan_data.parameters import (
    DEFAULT_COMPARE,
    DEFAULT_DATA,
    FIRST_YEAR,
    check_compare,
    check_data,
    check_year,
)
from affarsplan_data.plan import load_plan


@dataclass(frozen=True)
class Choice:
    """What has been picked. ``since`` and ``year`` are the first and the last year, None for all.

    ``split`` None shows everyone together, and ``form`` None leaves the form to the values.
    """

    indicator: str
    region: str
    compare: tuple[str, ...] = ()
    since: int | None = None
    year: int | None = None
    split: str | None = None
    form: str | None = None
    data: str = DEFAULT_DATA

    @property
    def call(self) -> str:
        """The line of Python that gives the same figure, with ``affarsplan_data`` known as ``ap``."""
        asked = [
            f'"{self.indicator}"',
            f'region="{self.region}"',
            f"compare={_listed(self.compare)}",
        ]
        asked += [f"year={self.year}"] if self.year is not None else []
        asked += [f'data="{self.data}"'] if self.data != DEFAULT_DATA else []
        shown = [f'"{self.form}"'] if self.form is not None else []
        shown += [f'split="{self.split}"'] if self.split is not None else []
        shown += [f"since={self.since}"] if self.since is not None else []
        return f"ap.indicator({', '.join(asked)}).figure({', '.join(shown)})"

    @property
    def code(self) -> str:
        """The whole code: the import and the line."""
        return f"import affarsplan_data as ap\n\n{self.call}\n"

    def view(self) -> IndicatorView:
        """Return the indicator for what has been picked.

        Raises:
            AffarsplanError: as for :func:`affarsplan_data.indicator`.
        """
        return indicator(
            self.indicator,
            region=self.region,
            compare=self.compare,
            year=self.year,
            data=self.data,
        )

    def figure(self) -> Figure:
        """Return the figure.

        Raises:
            AffarsplanError: as for :func:`affarsplan_data.indicator` and its ``figure``.
        """
        return self.view().figure(self.form, split=self.split, since=self.since)

    def shown(self) -> "Shown":
        """Return the figure, or the sentence that says why there is none."""
        try:
            return Shown(self, self.figure())
        except AffarsplanError as error:
            return Shown(self, None, str(error))


@dataclass(frozen=True)
class Shown:
    """What a choice shows: a figure, or None and why there is none."""

    choice: Choice
    figure: Figure | None
    message: str = ""


@dataclass(frozen=True)
class Offer:
    """What can be picked for an indicator and a region: splits, years and forms that have something."""

    splits: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    forms: tuple[str, ...] = ()


def offer(choice: Choice) -> Offer:
    """Return what can be picked beside the indicator and the region; nothing when it has no figures."""
    try:
        view = replace(choice, year=None).view()
    except AffarsplanError:
        return Offer()
    frame = view.values.frame.dropna(subset=["value"])
    years = sorted({int(period[:4]) for period in frame["period"]})
    splits = view.splits()
    split = choice.split if choice.split in splits else None
    known = FORMS if split is None else BY_GROUP
    forms = tuple(form for form in known if _can_be_drawn(view, form, split))
    return Offer(splits, tuple(year for year in years if year >= FIRST_YEAR), forms)


def fitted(choice: Choice) -> Choice:
    """Return the choice without what its indicator and region cannot show."""
    compare = tuple(item for item in choice.compare if item != choice.region)
    choice = replace(choice, compare=compare)
    held = offer(choice)
    if choice.split not in held.splits:
        choice = replace(choice, split=None)
        held = offer(choice)
    return replace(
        choice,
        form=choice.form if choice.form in held.forms else None,
        since=choice.since if choice.since in held.years else None,
        year=choice.year if choice.year in held.years else None,
    )


def first_choice(
    id: str | None = None,
    region: str | None = None,
    compare: Sequence[str] | None = None,
    year: int | None = None,
    data: str = DEFAULT_DATA,
) -> Choice:
    """Return the choice to begin with: the plan's region and the first indicator that has figures.

    Raises:
        UnknownEntryError, UnknownRegionError, ParameterError: there is no such thing; what is nearest is
            named.
    """
    check_data(data)
    region = load_plan().region if region is None else regions.get(region).code
    wish = [c for c in DEFAULT_COMPARE if c != region] if compare is None else compare
    checked = check_compare(wish, region)
    if year is not None:
        year = check_year(year)
    if id is None:
        id = str(indicators(available=True, data=data)["id"].iloc[0])
    return Choice(load_catalogue().indicator(id).id, region, checked, None, year, data=data)


def _can_be_drawn(view: IndicatorView, form: str, split: str | None) -> bool:
    try:
        view.figure(form, split=split)
    except AffarsplanError:
        return False
    return True


def _listed(codes: Sequence[str]) -> str:
    quoted = ", ".join(f'"{code}"' for code in codes)
    return f"[{quoted}]"
