"""A delivered file as a whole: its bytes, its description, and the figures that they give."""

from collections.abc import Set
from dataclasses import dataclass
from itertools import product
from pathlib import PurePath

from affarsplan_data.catalogue import Catalogue, Measure, UnknownEntryError
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.sources.delivered.errors import refuse, shown
from affarsplan_data.sources.delivered.grid import Grid
from affarsplan_data.sources.delivered.reading import NOT_DELIVERED, read
from affarsplan_data.sources.delivered.sidecar import (
    ABOUT,
    ENDING,
    Sidecar,
    read_about,
    read_sidecar,
)
from affarsplan_data.sources.delivered.textfiles import read_text
from affarsplan_data.sources.delivered.workbooks import Workbook

ENDINGS = (".xlsx", ".csv")
_WITH_MACROS = (".xlsm", ".xltm", ".xlsb", ".xlam")


@dataclass(frozen=True)
class Delivery:
    """A delivered file that has passed every check.

    ``described`` is the content of the description beside it, None when the workbook has its own.
    """

    file: str
    content: bytes
    described: bytes | None
    sidecar: Sidecar
    measure: Measure
    cube: Cube
    sheet: str | None
    remarks: tuple[str, ...]

    def keys(self) -> Set[tuple[str, ...]]:
        """Return the codes of every figure that the file has a row for."""
        codes = [dimension.codes for dimension in self.cube.structure.dimensions]
        absent = NOT_DELIVERED if NOT_DELIVERED in self.cube.symbols else None
        statuses = (self.cube.symbols[place] for place in self.cube.status)
        pairs = zip(product(*codes), statuses, strict=True)
        return {key for key, status in pairs if status != absent}


def check(file: str, content: bytes, described: bytes | None, catalogue: Catalogue) -> Delivery:
    """Return a file's figures.

    Args:
        file: its name.
        content: its bytes.
        described: the bytes of the description beside it; None when the workbook has its own.
        catalogue: the measures that it may be of.

    Raises:
        DeliveredError: the file or its description is wrong. Nothing of it is to be used.
    """
    _check_name(file)
    beside = str(PurePath(file).with_suffix(ENDING))
    sidecar = None if described is None else read_sidecar(beside, described)
    if file.lower().endswith(".csv"):
        if sidecar is None:
            refuse(file, "filen har ingen beskrivning.", f"Lägg {shown(beside, 80)} bredvid den.")
        grid = read_text(file, content, sidecar.heading_row)
        where = beside
    else:
        with Workbook(file, content) as book:
            where = beside if sidecar else file
            sidecar = sidecar or _own_description(book, beside)
            grid = book.grid(sidecar.sheet, sidecar.heading_row)
    measure = _measure(sidecar, where, catalogue)
    cube, remarks = read(grid, sidecar, measure, where)
    remarks = (*grid.remarks, *remarks)
    return Delivery(file, content, described, sidecar, measure, cube, grid.sheet, remarks)


def _check_name(file: str) -> None:
    if len(file) > 100 or not file.isprintable():
        refuse(file, "filnamnet är för långt eller har otillåtna tecken.", "Högst 100 tecken.")
    ending = PurePath(file).suffix.lower()
    if ending in _WITH_MACROS:
        refuse(file, "filen kan innehålla makron.", "Spara den som .xlsx.")
    if ending == ENDING:
        name = shown(PurePath(file).stem, 80)
        refuse(
            file, "filen som beskrivs saknas.", f"Lägg {name}.xlsx eller {name}.csv bredvid den."
        )
    if ending not in ENDINGS:
        refuse(file, f"filer av slaget {shown(ending) or 'utan ändelse'} läses inte.",
               "Väntade .xlsx eller .csv.")  # fmt: skip


def _own_description(book: Workbook, beside: str) -> Sidecar:
    if ABOUT not in book.sheets:
        refuse(
            book.file,
            "filen har ingen beskrivning.",
            f"Lägg {shown(beside, 80)} bredvid den, eller använd mallen med bladet {ABOUT}.",
        )
    about: Grid = book.grid(ABOUT)
    return read_about(about)


def _measure(sidecar: Sidecar, file: str, catalogue: Catalogue) -> Measure:
    field = "Mått" if not file.lower().endswith(ENDING) else "measure"
    sheet = ABOUT if field == "Mått" else None
    try:
        measure = catalogue.measure(sidecar.measure)
    except UnknownEntryError as error:
        refuse(file, shown(error, 200), "Väntade ett mått ur katalogen.", sheet, f"fältet {field}")
    if measure.availability == "not_available":
        problem = f"måttet {measure.id} finns inte i statistiken."
        refuse(file, problem, str(measure.missing_reason), sheet, f"fältet {field}")
    return measure
