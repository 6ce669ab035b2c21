"""The plan's statistical claims, as data: what is claimed, in our own words, and how it is tested."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from affarsplan_data.plan import yamlfile
from affarsplan_data.plan.errors import PlanError
from affarsplan_data.recording.code import note_declared

DEFAULT_CLAIMS = Path(__file__).with_name("claims.yaml")
PLAN_YEARS = (2016, 2017, 2018, 2019, 2020)
"""The years whose figures the plan's authors had, where a claim names no other."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Testability = Literal["open", "open_file", "survey", "ordered", "qualitative"]
Parameter = int | float | str | tuple[str, ...]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Model):
    """Something that must hold for the claim to be right.

    ``form`` names a test (see :mod:`affarsplan_data.claims.forms`), ``indicators`` what it is made on:
    the first that has figures. ``text`` says in Swedish what is tested.
    """

    form: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    indicators: Annotated[tuple[str, ...], Field(min_length=1)]
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    text: Text


class Variant(_Model):
    """Another choice of parameters, to show how much the verdict rests on the one that was made.

    ``conditions`` are the numbers, from 1, of the conditions that it changes; all when there are none.
    """

    text: Text
    parameters: Annotated[dict[str, Parameter], Field(min_length=1)]
    conditions: tuple[Annotated[int, Field(ge=1)], ...] = ()

    def changes(self, claim: "Claim") -> tuple[int, ...]:
        """Return the numbers of the conditions of ``claim`` that it changes."""
        return self.conditions or tuple(range(1, len(claim.conditions) + 1))


class Claim(_Model):
    """One claim. ``about`` is our own wording; ``section`` says where in the plan it stands.

    ``needed`` is how many of the conditions must hold, all when it is None; one that cannot be known may
    not decide. ``anchor_years`` are the years in one of which the test must come out as the plan says,
    before today's figures are judged; a goal has none, since there is no earlier state to find again.
    ``limits`` says what the test does not reach, and for a claim without conditions why there is none.
    ``goals`` are the delmål it bears upon.
    """

    id: Annotated[str, StringConstraints(pattern=r"^C\d{2}$")]
    section: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")]
    about: Text
    testability: Testability
    conditions: tuple[Condition, ...] = ()
    needed: Annotated[int, Field(ge=1)] | None = None
    anchor_years: tuple[int, ...] = PLAN_YEARS
    sensitivity: tuple[Variant, ...] = ()
    limits: Text | None = None
    goals: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _tested_or_explained(self) -> "Claim":
        if not self.conditions and not self.limits:
            raise ValueError("ett påstående utan conditions behöver limits, som säger varför")
        if self.testability == "qualitative" and self.conditions:
            raise ValueError("ett påstående som inte kan räknas på har inga conditions")
        number = len(self.conditions)
        if self.needed is not None and self.needed > number:
            raise ValueError(f"needed är {self.needed}, men det finns {number} conditions")
        named = [n for variant in self.sensitivity for n in variant.conditions]
        if named and max(named) > number:
            raise ValueError(f"sensitivity nämner villkor {max(named)}, men det finns {number}")
        return self


def load_claims(path: Path | None = None) -> tuple[Claim, ...]:
    """Return the claims in ``path`` (default: those of Affärsplan Västmanland 2030), in order.

    Raises:
        PlanError: the file is missing or malformed, or an id occurs twice.
    """
    file = (path or DEFAULT_CLAIMS).resolve()
    note_declared(file)
    return _load(file)


@cache
def _load(path: Path) -> tuple[Claim, ...]:
    try:
        entries = yamlfile.read(path)
    except FileNotFoundError:
        raise PlanError(path.name, "filen", f"{path} saknas") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlanError(path.name, "filen", f"är inte giltig YAML: {error}") from error
    if not isinstance(entries, list):
        raise PlanError(path.name, "filen", "ska vara en lista av påståenden")
    claims = tuple(_validated(path.name, entry) for entry in entries)
    ids = [claim.id for claim in claims]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise PlanError(path.name, twice[0], "id:t förekommer två gånger")
    return claims


def _validated(file: str, raw: Any) -> Claim:
    try:
        return Claim.model_validate(raw)
    except ValidationError as error:
        name = raw.get("id", "utan id") if isinstance(raw, dict) else "utan id"
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise PlanError(file, str(name), problems) from None
