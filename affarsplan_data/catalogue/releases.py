"""When new figures of a statistic are to be expected."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from affarsplan_data.catalogue.base import Model

Frequency = Literal["month", "quarter", "year", "two_years", "three_years"]
_MONTHS: dict[Frequency, int] = {
    "month": 1,
    "quarter": 3,
    "year": 12,
    "two_years": 24,
    "three_years": 36,
}
_FORMS: dict[Frequency, str] = {
    "month": "M",
    "quarter": "K",
    "year": "",
    "two_years": "",
    "three_years": "",
}


class Release(Model):
    """How often figures come, and how many months after the end of their period.

    >>> Release(frequency="year", lag_months=12).expected_after("2024").isoformat()
    '2026-12-01'
    """

    frequency: Frequency
    lag_months: Annotated[int, Field(ge=0, le=60)]

    def expected_after(self, period: str) -> date:
        """Return the first day of the month in which the period after ``period`` is to be published.

        Args:
            period: ``2024``, ``2024K1`` or ``2024M03``.

        Raises:
            ValueError: the period is not of this frequency.
        """
        form = _FORMS[self.frequency]
        length = _MONTHS[self.frequency]
        year, _, part = period.partition(form) if form else (period, "", "1")
        if not (year.isdigit() and part.isdigit()):
            raise ValueError(f"{period!r:.20} är ingen period av slaget {self.frequency}")
        step = length if form else 12
        ends = int(year) * 12 + int(part) * step - 1
        month = ends + length + self.lag_months
        return date(month // 12, month % 12 + 1, 1)
