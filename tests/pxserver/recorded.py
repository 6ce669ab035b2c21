"""The tables that SCB's recorded answers hold. Absent when the recordings are.

Cells outside a recording are made up, and the answer that holds such cells says so in its label.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.pxserver import numbers
from tests.pxserver.model import Axes, Codelist, Source, Table, Tables, Variable
from tests.pxserver.synthetic import Additive, Noisy
from tests.pxserver.tables import Parts, age_parts, own_points, region_parts

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
DERIVED = ("TAB001", "TAB003", "TAB005", "TAB2936")
WHERE_SETS_END = {"vs_CKM01": "total", "vs_CKM02": "single", "vs_CKM03": "five", "vs_CKM04": "ten"}


def add_recorded_tables(tables: Tables, folder: Path) -> None:
    """Add the recorded tables that ``folder`` holds."""
    if (folder / "scb-v2" / "TAB6471_metadata.json").exists():
        tables.lazily("TAB6471", lambda: _monthly_population(folder / "scb-v2"))
    for id in DERIVED:
        path = folder / "derived" / f"{id}.jsonstat2.json"
        if path.exists():
            tables.lazily(id, lambda path=path: _derived(_read(path)))  # type: ignore[misc]


def read(folder: Path, name: str) -> dict[str, Any] | None:
    """Return a recorded answer, or None when it is not there."""
    path = folder / "scb-v2" / name
    return _read(path) if path.exists() else None


def _read(path: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return answer


@dataclass
class Recorded:
    """A recorded block of cells, on top of made-up ones when there are others than these.

    Attributes:
        codes: the recorded codes per variable.
        values: the recorded values (NaN where missing), shaped as ``codes``; status likewise.
    """

    codes: dict[str, list[str]]
    values: np.ndarray
    status: np.ndarray
    beneath: Source | None = None

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        places = self._places(axes)
        if self.beneath is None:
            block = np.ix_(*[[p or 0 for p in along] for along in places])
            return self.values[block], self.status[block]
        values, status = self.beneath.cells(table, axes)
        inside = [[n for n, p in enumerate(along) if p is not None] for along in places]
        block = np.ix_(*[[p for p in along if p is not None] for along in places])
        values[np.ix_(*inside)] = self.values[block]
        status[np.ix_(*inside)] = self.status[block]
        return values, status

    def made_up(self, table: Table, axes: Axes) -> bool:
        """Say whether any of the cells is not a recorded one."""
        return any(place is None for along in self._places(axes) for place in along)

    def _places(self, axes: Axes) -> list[list[int | None]]:
        known = [{code: n for n, code in enumerate(codes)} for codes in self.codes.values()]
        return [
            [place.get(p.members[0]) if len(p.members) == 1 else None for p in points]
            for place, points in zip(known, axes, strict=True)
        ]


def _block(dataset: Mapping[str, Any], beneath: Source | None = None) -> Recorded:
    size = dataset["size"]
    values = np.array([np.nan if v is None else v for v in dataset["value"]], dtype=float)
    status = np.full(values.shape, "", dtype="<U6")
    for place, symbol in dataset.get("status", {}).items():
        status[int(place)] = symbol
    codes = {id: list(dataset["dimension"][id]["category"]["index"]) for id in dataset["id"]}
    return Recorded(codes, values.reshape(size), status.reshape(size), beneath)


def _variables(dataset: Mapping[str, Any]) -> list[Variable]:
    roles = {id: role for role, ids in dataset.get("role", {}).items() for id in ids}
    return [_variable(id, dataset["dimension"][id], roles.get(id)) for id in dataset["id"]]


def _variable(id: str, dimension: Mapping[str, Any], role: str | None) -> Variable:
    extension = dict(dimension["extension"])
    eliminable = extension.pop("elimination")
    code = extension.pop("eliminationValueCode", None)
    texts = extension.pop("codelists", None)
    category = dimension["category"]
    values = {code: category["label"][code] for code in category["index"]}
    return Variable(
        id,
        dimension["label"],
        values,
        role=role,
        eliminable=eliminable,
        elimination_code=code,
        notes=list(dimension.get("note", [])),
        units=dict(category.get("unit", {})),
        extension=extension,
        codelist_texts=texts,
    )


def _derived(dataset: dict[str, Any]) -> Table:
    """Return a table whose every cell is in the recording."""
    codes = dataset["id"]
    return Table(
        dataset["extension"]["px"]["tableid"],
        dataset["label"],
        _variables(dataset),
        _block(dataset),
        publisher=dataset["source"],
        updated=dataset.get("updated"),
        extension=dataset["extension"],
        stub=list(codes),
        languages=("sv", "en"),
        data_label=dataset["label"],
        data_extension={},
    )


def _monthly_population(folder: Path) -> Table:
    """Return TAB6471: its real structure, and the one block of it that was recorded."""
    described, answered = (_read(folder / f"TAB6471_{part}.json") for part in ("metadata", "data"))
    variables = {v.code: v for v in _variables(described)}
    variables["Region"].elimination_code = "00"
    variables["Kon"].elimination_code = "TotSa"
    _add_value_sets(variables["Region"], variables["Alder"])
    parts: Parts = {
        "Region": region_parts(),
        "Alder": age_parts(variables["Alder"].values),
        "Kon": {"TotSa": ("1", "2")},
    }
    beneath = Noisy(Additive("TAB6471", parts, numbers.people_sizes, numbers.people))
    px = described["extension"]["px"]
    return Table(
        "TAB6471",
        described["label"],
        list(variables.values()),
        _block(answered, beneath),
        publisher=described["source"],
        updated=described["updated"],
        notes=described["note"],
        extension=described["extension"],
        stub=px["stub"],
        heading=px["heading"],
        contents=px["contents"],
        subject=px["subject-code"],
        time_unit="Monthly",
    )


def _add_value_sets(region: Variable, age: Variable) -> None:
    """Add the value sets that the metadata names; the recording holds their names only."""
    lengths = {"vs_CKM01Riket": 0, "vs_CKM02Län": 2, "vs_CKM03Kommun": 4}
    for text in region.codelist_texts or []:
        length = lengths[text["id"]]
        codes = [c for c in region.values if (0 if c == "00" else len(c)) == length]
        region.codelists.append(
            Codelist(text["id"], text["label"], own_points(codes, region.values))
        )
    for text in age.codelist_texts or []:
        kind = WHERE_SETS_END[text["id"][:8]]
        codes = [code for code in age.values if _age_class(code) == kind]
        age.codelists.append(Codelist(text["id"], text["label"], own_points(codes, age.values)))


def _age_class(code: str) -> str:
    if code == "TotSA":
        return "total"
    if code in {"100+5", "100+10"}:
        return "five" if code == "100+5" else "ten"
    if "-" not in code:
        return "single"
    low, high = code.split("-")
    return "five" if int(high) - int(low or 0) == 4 else "ten"
