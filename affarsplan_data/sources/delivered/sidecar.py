"""The description of a delivered file: what it holds, from whom, in which unit and for which periods.

It lies beside the file, with the same name and the ending ``.yaml``, or in the sheet ``Om leveransen``
of a workbook made from a template.
"""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictStr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from affarsplan_data import swedish
from affarsplan_data.sources.delivered import allowed
from affarsplan_data.sources.delivered.errors import DeliveredError, Fault, refuse, shown
from affarsplan_data.sources.delivered.grid import Grid

ABOUT = "Om leveransen"
"""The sheet that describes a workbook made from a template."""
DATA = "Uppgifter"
"""The sheet that the figures are in when nothing else is said."""
REMARK = "Anmärkning"
"""The heading of a template's column for notes, which is not read."""
MOST_BYTES = 64_000
ENDING = ".yaml"


def _written(value: object) -> object:
    """Take a year that YAML or a spreadsheet has made a number of for the text it was."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole else value


Text = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)
]
Period = Annotated[
    StrictStr,
    BeforeValidator(_written),
    StringConstraints(pattern=r"^(19|20)\d\d(M(0[1-9]|1[0-2])|K[1-4])?$"),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Model):
    """A column of the file: what it holds, and which of the schema's codes each of its words means."""

    to: allowed.Field
    codes: dict[StrictStr, StrictStr] = Field(default_factory=dict)


class Covered(_Model):
    """The first and the last period that the file is to hold; both are in it."""

    first: Period
    last: Period

    @model_validator(mode="after")
    def _in_order(self) -> "Covered":
        if len(self.first) != len(self.last) or self.first[4:5] != self.last[4:5]:
            raise ValueError("first och last ska vara av samma slag: två år, kvartal eller månader")
        if self.first > self.last:
            raise ValueError(f"perioden slutar ({self.last}) före den börjar ({self.first})")
        return self


class Sidecar(_Model):
    """What a delivered file is. Columns that the description does not name have the templates' headings.

    Attributes:
        measure: the measure's id in the catalogue.
        publication: what the producer calls the statistics, with version or order number.
        retrieved: when the file came; ``ordered`` is when it was asked for.
        unit: the unit of the figures, as they stand in the file.
        columns: the file's headings; ``ignore`` names those that are not read.
        fixed: the code of each dimension that has no column of its own.
        preliminary: periods whose figures the producer calls preliminary.
    """

    measure: Text
    producer: Text
    publication: Text
    retrieved: date
    ordered: date | None = None
    unit: Annotated[Text, AfterValidator(swedish.unbroken_thousands)]
    period: Covered
    sheet: Text = DATA
    heading_row: Annotated[int, Field(ge=1, le=50)] = 1
    columns: dict[Text, Column] = Field(default_factory=dict)
    ignore: tuple[Text, ...] = ()
    fixed: dict[allowed.Dimension, StrictStr] = Field(default_factory=dict)
    preliminary: tuple[Period, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Sidecar":
        if self.retrieved > date.today():
            raise ValueError(f"retrieved ligger i framtiden ({self.retrieved})")
        if self.ordered and self.ordered > self.retrieved:
            raise ValueError(f"filen kom ({self.retrieved}) innan den beställdes ({self.ordered})")
        meanings = [column.to for column in self.columns.values()]
        if twice := {meaning for meaning in meanings if meanings.count(meaning) > 1}:
            raise ValueError(f"flera kolumner är {', '.join(sorted(twice))}")
        if both := self.fixed.keys() & set(meanings):
            raise ValueError(f"{', '.join(sorted(both))} står både i columns och fixed")
        return self


FIELDS = {
    "measure": "Mått",
    "producer": "Producent",
    "publication": "Publikation",
    "ordered": "Beställd",
    "retrieved": "Hämtad",
    "unit": "Enhet",
    "first": "Första period",
    "last": "Sista period",
    "preliminary": "Preliminära perioder",
    "note": "Anmärkning",
}
"""The fields of the sheet :data:`ABOUT`, each with the name it stands under there."""
EXPLAINED = {
    "measure": "Ändra inte: måttets namn i katalogen.",
    "producer": "Den som har tagit fram uppgifterna, till exempel SCB.",
    "publication": "Vad producenten kallar statistiken, med ordernummer eller version.",
    "ordered": "Datum då uppgifterna beställdes, 2026-10-01. Får vara tomt.",
    "retrieved": "Datum då uppgifterna kom, 2026-11-20.",
    "unit": "Enheten i kolumnen Värde.",
    "first": "Den första perioden i filen: 2016, 2016K1 eller 2016M01.",
    "last": "Den sista perioden i filen, skriven på samma sätt.",
    "preliminary": "Perioder som producenten kallar preliminära, med komma mellan. Får vara tomt.",
    "note": "Det som en läsare behöver veta. Får vara tomt.",
}
"""What is to be written in each field."""

_REASONS = {
    "missing": "fältet saknas.",
    "extra_forbidden": "fältet finns inte.",
    "string_too_short": "fältet är tomt.",
    "string_type": "värdet ska vara text; sätt det inom citattecken.",
    "string_pattern_mismatch": "värdet är ingen period.",
    "literal_error": "värdet är inget av dem som finns.",
}
_EXPECTED = {
    "string_pattern_mismatch": "Väntade 2024, 2024K1 eller 2024M03.",
    "extra_forbidden": f"De som finns är: {', '.join(Sidecar.model_fields)}.",
    "literal_error": f"Väntade något av: {', '.join(allowed.HEADINGS)}.",
}


def read_sidecar(file: str, content: bytes) -> Sidecar:
    """Return the description in a YAML file called ``file``.

    Raises:
        DeliveredError: it is not valid; every field that is wrong is named.
    """
    if len(content) > MOST_BYTES:
        refuse(file, "beskrivningen är för stor.", f"Högst {MOST_BYTES // 1000} kilobyte.")
    try:
        text = content.decode("utf-8-sig")
        _check_plain(file, text)
        held = yaml.safe_load(text)
    except UnicodeDecodeError:
        refuse(file, "beskrivningen är inte skriven i UTF-8.", "Spara den som UTF-8.")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        refuse(file, "beskrivningen är inte giltig YAML.", "Jämför med mallen.", cell=f"rad {line}")
    except (yaml.YAMLError, RecursionError, ValueError):
        refuse(file, "beskrivningen är inte giltig YAML.", "Jämför med mallen.")
    if not isinstance(held, dict):
        refuse(file, "beskrivningen är ingen lista av fält.", "Väntade fält: värde på varje rad.")
    return _validated(file, held, {})


def read_about(grid: Grid) -> Sidecar:
    """Return the description in the sheet :data:`ABOUT` of a workbook made from a template.

    Raises:
        DeliveredError: a field is missing, unknown or wrong; its cell is named.
    """
    names = {name: field for field, name in FIELDS.items()}
    held: dict[str, str] = {}
    cells: dict[str, str] = {}
    faults = []
    for number, row in enumerate(grid.rows[1:], 2):
        if len(row) < 2 or row[0].kind == "empty":
            continue
        field = names.get(row[0].text)
        if field is None or field in cells:
            what = "finns inte" if field is None else "står två gånger"
            known = f"Väntade ett av: {', '.join(names)}."
            faults.append(grid.fault(number, 1, f"fältet {shown(row[0].text)} {what}.", known))
        else:
            cells[field] = grid.where(number, 2)
            if row[1].kind != "empty":
                held[field] = row[1].text
    if faults:
        raise DeliveredError(faults)
    content: dict[str, Any] = {k: v for k, v in held.items() if k not in ("first", "last")}
    content["period"] = {k: held[k] for k in ("first", "last") if k in held}
    if "preliminary" in held:
        content["preliminary"] = [p.strip() for p in held["preliminary"].split(",") if p.strip()]
    return _validated(grid.file, content, cells, grid.sheet)


def _validated(
    file: str, held: Mapping[Any, Any], cells: Mapping[str, str], sheet: str | None = None
) -> Sidecar:
    try:
        return Sidecar.model_validate(held)
    except ValidationError as error:
        raise DeliveredError([_fault(file, e, cells, sheet) for e in error.errors()]) from None


def _fault(file: str, detail: Any, cells: Mapping[str, str], sheet: str | None) -> Fault:
    kind = str(detail["type"])
    path = [shown(step) for step in detail["loc"]]
    if sheet is not None:
        path = [FIELDS.get(step, step) for step in path if step != "period"]
    name = ".".join(path)
    field = next((str(s) for s in reversed(detail["loc"]) if s in FIELDS), "")
    if kind == "value_error":
        where = f"fältet {'.'.join(str(step) for step in detail['loc'])}" if detail["loc"] else None
        if sheet is not None and where:
            where = f"{cells.get('first', '')} ({FIELDS['first']})"
        return Fault(file, f"{detail['ctx']['error']}.", "Rätta uppgiften.", sheet, where)
    problem = _REASONS.get(kind, "värdet går inte att tyda.")
    wanted = _EXPECTED.get(kind, "Se mallen, affarsplan template.")
    if kind.startswith(("date", "datetime")):
        wanted = "Väntade ett datum: 2026-11-20."
    if kind == "extra_forbidden" and len(path) > 1:
        wanted = "Ta bort det."
    if kind == "missing" and field in EXPLAINED:
        wanted = EXPLAINED[field]
    cell = cells.get(field)
    where = f"{cell} ({name})" if cell else f"fältet {name}"
    return Fault(file, problem, wanted, sheet, where)


def _check_plain(file: str, text: str) -> None:
    """Refuse YAML with references, which can grow without end, or with a field written twice."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            line = token.start_mark.line + 1
            refuse(
                file, "beskrivningen har en hänvisning (& eller *).", "Skriv ut värdet.",
                cell=f"rad {line}",
            )  # fmt: skip
    _check_once(file, yaml.compose(text, Loader=yaml.SafeLoader))


def _check_once(file: str, node: Any) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check_once(file, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if not isinstance(key.value, str) or key.value in seen:
                line = key.start_mark.line + 1
                refuse(
                    file,
                    f"fältet {shown(key.value)} står två gånger, eller är inget namn.",
                    "Skriv varje fält en gång, med sitt namn.",
                    cell=f"rad {line}",
                )
            seen.add(key.value)
            _check_once(file, value)


def heading_columns(sidecar: Sidecar) -> Mapping[str, Column]:
    """Return what each heading of the file means."""
    if sidecar.columns:
        return sidecar.columns
    return {heading: Column(to=field) for field, heading in allowed.HEADINGS.items()}


def unread_headings(sidecar: Sidecar) -> tuple[str, ...]:
    """Return the headings whose columns are not read."""
    return (*sidecar.ignore, *(() if sidecar.columns else (REMARK,)))
