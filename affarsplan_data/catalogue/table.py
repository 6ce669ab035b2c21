"""How a table is fetched from its producer, and how its answer becomes rows of the schema."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from affarsplan_data.catalogue.base import Dimension, Identifier, Level, Model, Text
from affarsplan_data.catalogue.releases import Release

Target = Literal[
    "region", "period", "sex", "birth", "age", "industry", "category", "content", "none"
]
_FORMS = {
    "sex": r"total|women|men",
    "birth": r"total|native|foreign",
    "age": r"total|unknown|\d+-\d+|\d+\+",
    "category": r"[a-z][a-z0-9_]*",
    "none": r"total",
}
"""The form of the schema's values in the dimensions that have one."""


class Column(Model):
    """How one variable of a table becomes a dimension of the schema.

    ``codes`` gives the schema's value for each of the producer's codes. ``words`` finds codes that are
    not known beforehand: for each value, words that exactly one label must hold (a label that is equal
    to the only word goes first). ``sums`` names totals and classes that the producer does not publish,
    with the codes to add; a published one goes before them. ``16..74`` stands for every whole number
    between, and a part with ``*``, ``?`` or ``[`` for every code, or label, that it matches. ``drop``
    lists codes that are left out, ``*`` last standing for anything; with ``rest: drop`` every code not
    named is left out, else it is an error. ``levels`` are the levels of which every region must be
    there. ``code_in_label`` says that the region's or period's code is the first word of the label, the
    producer's own code being a running number. A variable whose codes are the table's contents, without
    the producer saying so, goes ``to: content``. A variable outside the schema goes ``to: none`` and must
    come down to a single value, ``total``.
    """

    to: Target
    codes: dict[str, str] = Field(default_factory=dict)
    words: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    sums: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    drop: tuple[Text, ...] = ()
    rest: Literal["error", "drop"] = "error"
    levels: tuple[Level, ...] = ()
    code_in_label: bool = False

    @property
    def values(self) -> frozenset[str]:
        """The schema's values that the variable may give; none for regions and periods."""
        return frozenset({*self.codes.values(), *self.words, *self.sums})

    @model_validator(mode="after")
    def _fits_its_dimension(self) -> "Column":
        if self.to in {"region", "period", "content"}:
            if self.values:
                raise ValueError(f"{self.to} läses som den är, utan codes, words och sums")
        elif not self.values:
            raise ValueError(f"codes, words eller sums krävs för {self.to}")
        if self.levels and self.to != "region":
            raise ValueError("levels hör till regionen")
        if self.code_in_label and self.to not in {"region", "period"}:
            raise ValueError("code_in_label hör till regionen och perioden")
        form = _FORMS.get(self.to, r".+")
        if wrong := sorted(v for v in self.values if not re.fullmatch(form, v)):
            raise ValueError(f"{', '.join(wrong)} är inget värde i {self.to}")
        return self


class Gives(Model):
    """Which measure a content of a table gives.

    ``content`` is its code, or ``words`` what exactly one label must hold; with neither the table has a
    single content. ``unit`` lists how the producer may write its unit, ``factor`` what a figure is
    multiplied by to stand in the measure's. ``where`` fixes dimensions of the table for this measure, and
    ``fixed`` gives the value of a dimension that the content itself is limited to (a sector).
    """

    measure: Identifier
    content: Text | None = None
    words: tuple[Text, ...] = ()
    unit: tuple[Text, ...] = ()
    factor: Annotated[float, Field(gt=0)] = 1
    where: dict[Dimension, tuple[str, ...]] = Field(default_factory=dict)
    fixed: dict[Dimension, str] = Field(default_factory=dict)

    @field_validator("unit", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> "Gives":
        if self.content and self.words:
            raise ValueError("ett innehåll har antingen content eller words")
        return self


class Find(Model):
    """How a table is looked up whose id at the producer is not known, or is changed now and then.

    ``query`` is what is searched for; ``words`` must stand in the title, and ``folder`` in the path, of
    exactly one table.
    """

    query: Text
    words: tuple[Text, ...]
    folder: Text | None = None


class Table(Model):
    """A table that is fetched from its producer, and how.

    ``selection`` says what is taken of each variable, in the producer's own expressions; ``without``
    names variables that the table is read without, so that the producer adds them up. A variable in
    neither is taken whole. ``contents`` gives, per content code, words that its label must hold: a code
    that has come to mean something else is not fetched. ``note`` says what the table does not give.
    ``title_words`` must stand in the title that the producer gives the table. With ``find`` the ``id``
    is a name of our own and the producer's is looked up. ``ended`` says that the table is a closed
    series, which is as it should be. ``release`` says when new figures are to be expected.
    ``precedence`` decides between tables that hold the same figure: the highest goes first.

    ``columns`` says how its variables become dimensions, and ``gives`` which measures its contents are; a
    table that gives none is only fetched. A variable stands there by its code, or by its name when the
    code is not known. ``fixed`` gives the value of a dimension that the whole table is limited to (an
    age). ``preliminary`` is ``all``, or how many of the newest periods are preliminary. From
    ``noise_from`` on the figures carry random noise and are never added up.
    ``zero`` lists status symbols that stand for a true zero in this table.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    source: Identifier
    title: Text
    selection: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    without: tuple[str, ...] = ()
    contents: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    note: Text | None = None
    title_words: tuple[Text, ...] = ()
    find: Find | None = None
    ended: bool = False
    release: Release | None = None
    precedence: int = 0
    columns: dict[str, Column] = Field(default_factory=dict)
    gives: tuple[Gives, ...] = ()
    fixed: dict[Dimension, str] = Field(default_factory=dict)
    preliminary: Literal["all"] | Annotated[int, Field(ge=0)] = 0
    noise_from: Annotated[str, StringConstraints(pattern=r"^\d{4}")] | None = None
    zero: tuple[Text, ...] = ()

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        """Let ``Region: region`` stand for ``Region: {to: region}``."""
        if not isinstance(given, dict):
            return given
        return {name: {"to": c} if isinstance(c, str) else c for name, c in given.items()}

    @model_validator(mode="after")
    def _one_wish_per_variable(self) -> "Table":
        if both := self.selection.keys() & set(self.without):
            raise ValueError(f"{', '.join(sorted(both))} står både i selection och without")
        if both := self.columns.keys() & set(self.without):
            raise ValueError(f"{', '.join(sorted(both))} står både i columns och without")
        return self

    @model_validator(mode="after")
    def _columns_say_what_a_figure_is(self) -> "Table":
        targets = [c.to for c in self.columns.values() if c.to != "none"]
        if twice := sorted({target for target in targets if targets.count(target) > 1}):
            raise ValueError(f"flera variabler i columns blir {', '.join(twice)}")
        if both := self.fixed.keys() & set(targets):
            raise ValueError(f"{', '.join(sorted(both))} står både i columns och fixed")
        if self.gives and (lacking := {"region", "period"} - set(targets)):
            raise ValueError(f"gives kräver att columns har {', '.join(sorted(lacking))}")
        for given in self.gives:
            if both := given.fixed.keys() & {*targets, *self.fixed}:
                raise ValueError(f"{', '.join(sorted(both))} står i fixed och i columns")
            if given.content and self.contents and given.content not in self.contents:
                raise ValueError(f"innehållet {given.content} i gives saknas i contents")
        return self

    @property
    def shown(self) -> str:
        """The table as a reader meets it: its title, and its id when that is the producer's own.

        Names of our own have no capital letter.
        """
        return self.title if self.id == self.id.lower() else f"{self.title} ({self.id})"

    def values(self, dimension: Dimension) -> frozenset[str]:
        """Return the values that the table may give in a dimension of the schema."""
        column = next((c for c in self.columns.values() if c.to == dimension), None)
        return column.values if column else frozenset({self.fixed.get(dimension, "total")})
