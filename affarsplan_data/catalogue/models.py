"""What the catalogue says: sources, measures and indicators, as frozen, validated models."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from affarsplan_data.catalogue.base import Dimension, Identifier, Level, Model, Text
from affarsplan_data.catalogue.formulas import FORMULAS
from affarsplan_data.catalogue.industries import Classification
from affarsplan_data.catalogue.releases import Release

Direction = Literal["up", "down", "towards_zero", "target_band", "neutral"]
Availability = Literal[
    "edition", "open_api", "open_file", "survey_file", "ordered", "not_available"
]


Interface = Literal["pxweb2", "pxweb1", "kolada", "bolagsverket", "boundaries"]
"""How a producer can be asked. A producer without one delivers files."""


class Source(Model):
    """A producer of statistics, how its figures may be used, and how it is asked.

    ``interface`` and ``address`` go together: the kind of server, and its base address.
    """

    id: Identifier
    name: Text
    licence: Text
    homepage: Text
    interface: Interface | None = None
    address: Text | None = None

    @model_validator(mode="after")
    def _address_with_interface(self) -> "Source":
        if (self.interface is None) != (self.address is None):
            raise ValueError("interface och address hör ihop")
        return self


class SeriesBreak(Model):
    """From ``period`` on, the figures are not comparable with those before it."""

    period: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
    reason: Text


class Measure(Model):
    """One quantity as a source delivers it.

    ``sum_regions`` lets the build add municipalities to a county, and counties to riket, where the
    producer has published no total and every part is known; ``sum_sexes`` does the same for women and
    men. ``leave_out_of_sums`` names a region that cannot be part of a sum, and why. ``one_statistic``
    says that all publications of the measure report the same statistic with equal figures where they
    overlap, so that going from one to the next is no break. ``survey`` says that the figures rest on a
    sample or a questionnaire. ``classification`` is the version of the industry codes, where the measure
    is split by industry. ``release`` says when new figures come, for a measure that is delivered as a
    file; a fetched one has it on its tables. ``lowest`` and ``highest`` are the least and the greatest
    that a figure can be, for what a delivered file may hold. ``availability`` other than ``edition``
    needs ``missing_reason``, which for figures that come as a file says how to get it.
    """

    id: Identifier
    title: Text
    unit: Text
    definition: Text
    source: Identifier
    tables: tuple[Text, ...]
    levels: tuple[Level, ...]
    splits: tuple[Dimension, ...] = ()
    categories: dict[Identifier, Text] = Field(default_factory=dict)
    sum_regions: bool = False
    leave_out_of_sums: dict[str, Text] = Field(default_factory=dict)
    sum_sexes: bool = False
    one_statistic: bool = False
    survey: bool = False
    classification: Classification | None = None
    release: Release | None = None
    lowest: float | None = None
    highest: float | None = None
    breaks: tuple[SeriesBreak, ...] = ()
    availability: Availability = "edition"
    missing_reason: Text | None = None

    @model_validator(mode="after")
    def _reason_when_missing(self) -> "Measure":
        if self.availability != "edition" and self.missing_reason is None:
            raise ValueError("missing_reason krävs när uppgiften inte finns i utgåvan")
        if ("category" in self.splits) != bool(self.categories):
            raise ValueError("categories och delningen category hör ihop")
        if ("industry" in self.splits) != (self.classification is not None):
            raise ValueError("classification och delningen industry hör ihop")
        return self


class Input(Model):
    """What a formula reads: a measure and a selection of it.

    A dimension given one value is fixed and drops out; given several values it stays in the result.
    A dimension not named is fixed at ``total``. ``sum_over`` adds the selected values of a dimension.
    ``one_series_over`` joins values of a dimension that never meet in one period (an age limit that was
    changed). ``mean_of_two_years`` takes the mean of the year and the year before (mean population).

    ``before`` is read for the periods before the first that the measure has, and for all of them where
    the data in use lack the measure, or a value that is fixed: an earlier register, a smaller selection
    of the same statistic, another age.
    A series break lies between the two, and ``before_reason`` tells it where the registers differ. A
    dimension that only the later has stands at the value that ``before`` fixes. ``optional`` figures
    (the numbers behind a published share) are left out where the data lack them.
    """

    measure: Identifier
    select: dict[Dimension, str | tuple[str, ...]] = Field(default_factory=dict)
    sum_over: tuple[Dimension, ...] = ()
    one_series_over: tuple[Dimension, ...] = ()
    mean_of_two_years: bool = False
    before: "Input | None" = None
    before_reason: Text | None = None
    optional: bool = False

    @property
    def kept(self) -> tuple[Dimension, ...]:
        """The dimensions that stay in the result."""
        dropped = {*self.sum_over, *self.one_series_over}
        return tuple(
            dim
            for dim, chosen in self.select.items()
            if not isinstance(chosen, str) and dim not in dropped
        )

    @property
    def readings(self) -> "tuple[Input, ...]":
        """The input itself and what is read before it."""
        return (self, self.before) if self.before else (self,)

    @model_validator(mode="after")
    def _before_fits(self) -> "Input":
        if self.before is None:
            if self.before_reason:
                raise ValueError("before_reason hör till before")
            return self
        if self.before.before or self.before.optional:
            raise ValueError("before har inget eget before och är inte optional")
        for dim in self.before.kept:
            if dim not in self.kept:
                raise ValueError(f"before delas på {dim}, som underlaget självt inte delas på")
        for dim in set(self.kept) - set(self.before.kept):
            if self.before.select.get(dim, "total") not in self.select[dim]:
                raise ValueError(f"before saknar delningen {dim}, och underlaget har inget samlat")
        return self


class Formula(Model):
    """Which function computes the indicator, from which inputs, and how it reads on the page."""

    function: str
    inputs: dict[str, Input]
    parameters: dict[str, float | int | str] = Field(default_factory=dict)
    text: Text

    @field_validator("text")
    @classmethod
    def _begins_a_sentence(cls, text: str) -> str:
        if text.lstrip("(")[0].islower() or text.endswith("."):
            raise ValueError("skrivs som en mening: stor bokstav först, och punkten sätts på sidan")
        return text

    @model_validator(mode="after")
    def _inputs_complete(self) -> "Formula":
        needed = FORMULAS.get(self.function)
        if needed is None:
            raise ValueError(
                f"formeln {self.function} finns inte; de som finns är {', '.join(sorted(FORMULAS))}"
            )
        if missing := needed - self.inputs.keys():
            raise ValueError(
                f"formeln {self.function} saknar underlaget {', '.join(sorted(missing))}"
            )
        if extra := self.inputs.keys() - needed:
            raise ValueError(
                f"formeln {self.function} använder inte underlaget {', '.join(sorted(extra))}"
            )
        return self


class Indicator(Model):
    """One indicator: what it means, how it is computed, whom it is about and what to mind.

    ``noun`` is the phrase a sentence is built on, in running text. ``difference_unit`` is the unit of
    a difference between two values: percentage points for shares, and empty where the number says enough
    (ratios, what the phrase itself tells the unit of). ``unit_after_number`` is false for
    indices and ratios, whose unit describes a scale and is not said after the figure.
    ``comparable_size`` is false for plain numbers, which are neither ranked nor set against riket, and
    ``ranked`` for figures whose uncertainty is too large or unknown to place counties by.
    ``bears_growth`` is false for figures too rough to compare two years by.
    ``categories`` names the parts that the formula itself gives, where the value is split into parts.
    ``in_edition`` says what the built-in edition has of the indicator, and ``without_country`` why riket
    has no value: each is said only where it is so.
    ``earlier_register`` is the indicator of the same thing in the register before, which may be linked to
    this one where the two have years in common: as an estimate beside them, never in their place.
    """

    id: Identifier
    name: Text
    noun: Text
    definition: Text
    does_not_show: Text
    in_edition: Text | None = None
    without_country: Text | None = None
    unit: Text
    difference_unit: str
    unit_after_number: bool = True
    comparable_size: bool = True
    ranked: bool = True
    bears_growth: bool = True
    decimals: Annotated[int, Field(ge=0, le=3)] = 1
    formula: Formula
    direction: Direction
    target_band: tuple[float, float] | None = None
    splits: tuple[Dimension, ...] = ()
    categories: dict[Identifier, Text] = Field(default_factory=dict)
    levels: tuple[Level, ...]
    lag_months: Text
    subgoals: tuple[str, ...] = ()
    rus: tuple[str, ...] = ()
    agenda_2030: tuple[int, ...] = ()
    small_numbers: bool = False
    earlier_register: Identifier | None = None
    headline: bool = False
    proxy_for: Text | None = None
    availability: Availability = "edition"
    missing_reason: Text | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that the indicator may be computed from."""
        inputs = self.formula.inputs.values()
        return tuple(dict.fromkeys(one.measure for item in inputs for one in item.readings))

    @property
    def spoken_unit(self) -> str:
        """The unit as said after a figure; empty for indices and ratios."""
        return self.unit if self.unit_after_number else ""

    @field_validator("definition")
    @classmethod
    def _is_sentences(cls, text: str) -> str:
        if text[0].islower() or not text.endswith("."):
            raise ValueError("skrivs som hela meningar, med stor bokstav först och punkt sist")
        return text

    @model_validator(mode="after")
    def _consistent(self) -> "Indicator":
        if (self.direction == "target_band") != (self.target_band is not None):
            raise ValueError("target_band och riktningen target_band hör ihop")
        if self.availability != "edition" and self.missing_reason is None:
            raise ValueError("missing_reason krävs när indikatorn inte finns i utgåvan")
        if not self.subgoals and not self.rus:
            raise ValueError("indikatorn hör inte till något delmål")
        return self
