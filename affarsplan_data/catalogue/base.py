"""What the catalogue's models share: the forms of names and texts, and the schema's dimensions."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Level = Literal["country", "county", "municipality"]
Dimension = Literal["sex", "birth", "age", "industry", "category"]
DIMENSIONS: tuple[Dimension, ...] = ("sex", "birth", "age", "industry", "category")


class Model(BaseModel):
    """A frozen entry that refuses fields it does not have."""

    model_config = ConfigDict(extra="forbid", frozen=True)
