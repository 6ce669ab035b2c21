"""What claims are judged on: a county, a year, a set of data, and the indicators read once."""

from dataclasses import dataclass
from datetime import date

from affarsplan_data import regions
from affarsplan_data.claims.reading import Figures, Reading
from affarsplan_data.errors import UsageError
from affarsplan_data.indicators import MissingIndicatorError, indicator
from affarsplan_data.parameters import parameters
from affarsplan_data.plan import load_plan


@dataclass(frozen=True)
class Setting:
    """For which county, up to which year and on which data claims are judged."""

    region: str
    year: int
    data: str

    @property
    def note(self) -> str:
        """The sentence for a county that the plan says nothing of, empty for its own."""
        plan = load_plan()
        if self.region == plan.region:
            return ""
        return (
            f"{plan.name} gäller {regions.name(plan.region)}. Här prövas samma påståenden för "
            f"{regions.name(self.region)}, som planen inte uttalar sig om."
        )


def setting(region: str | None = None, year: int | None = None, data: str = "newest") -> Setting:
    """Return where claims are judged: the plan's county and all years, unless others are given.

    Raises:
        UnknownRegionError: no region has the code.
        UsageError: the region is no county.
        ParameterError: another parameter is wrong.
    """
    chosen = load_plan().region if region is None else region
    if regions.get(chosen).level != "county":
        raise UsageError(
            f"Påståendena gäller ett län, och {chosen} {regions.name(chosen)} är inget län. Ange "
            "länets kod med två siffror."
        )
    given = parameters(chosen, year=date.today().year if year is None else year, data=data)
    return Setting(given.region, given.year, given.data)


class Evidence:
    """The indicators of a setting, each read the first time that it is asked for."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._held: dict[str, Figures | MissingIndicatorError] = {}

    def reading(self, id: str, year: int) -> Reading:
        """Return an indicator up to and including ``year``.

        Raises:
            MissingIndicatorError: the data in use lack it.
        """
        if id not in self._held:
            try:
                self._held[id] = Figures(indicator(id, data=self.setting.data))
            except MissingIndicatorError as error:
                self._held[id] = error
        held = self._held[id]
        if isinstance(held, MissingIndicatorError):
            raise held
        return Reading(held, self.setting.region, year)
