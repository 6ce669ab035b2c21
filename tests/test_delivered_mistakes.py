"""What an analyst's file can have wrong: each mistake has its place and its remedy, nothing is used.

SYNTETISKA TESTDATA throughout.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from affarsplan_data.archive import Archive
from affarsplan_data.sources import delivered
from affarsplan_data.sources.delivered import DeliveredError, bounds
from tests import deliveries as made
from tests.deliveries import CATALOGUE, changed

Files = dict[str, bytes]


@dataclass(frozen=True)
class Mistake:
    """The files of a bad delivery, and the whole sentence about it."""

    says: str
    message: str
    files: Callable[[], Files]


def _book(made_book: Callable[[], Workbook]) -> Callable[[], Files]:
    return lambda: {"prov.xlsx": made.saved(made_book())}


def _cell(row: int, column: int, value: object) -> Callable[[], Files]:
    return _book(lambda: made.book(changed(row, column, value)))


def _about(**fields: object) -> Callable[[], Files]:
    named = {name.replace("_", " "): value for name, value in fields.items()}
    return _book(lambda: made.book(about=named))


def _headings(*headings: str | None) -> Callable[[], Files]:
    return _book(lambda: made.book(headings=headings))


def _csv(*rows: str, sidecar: str = made.SIDECAR) -> Callable[[], Files]:
    return lambda: {"prov.csv": made.table(*rows), "prov.yaml": sidecar.encode()}


def _sidecar(old: str, new: str) -> Callable[[], Files]:
    return _csv("04 2023 män 1", "04 2024 män 2", sidecar=made.SIDECAR.replace(old, new))


def _merged() -> Workbook:
    book = made.book()
    book["Uppgifter"].merge_cells("A2:A3")
    return book


def _percent() -> Workbook:
    book = made.book(changed(2, 4, 0.325))
    book["Uppgifter"]["D2"].number_format = "0.0%"
    return book


def _hidden() -> Workbook:
    book = made.book()
    book["Uppgifter"].sheet_state = "hidden"
    book.active = 1
    return book


def _added(**parts: bytes) -> bytes:
    """Return a right workbook with more parts in it."""
    content = io.BytesIO(made.saved(made.book()))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_bin", ".bin"), data)
    return content.getvalue()


def _rewritten(change: Callable[[str, bytes], bytes]) -> bytes:
    """Return a right workbook with its parts changed."""
    made_over = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made.saved(made.book()))) as old,
        zipfile.ZipFile(made_over, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return made_over.getvalue()


def _with_entity(name: str, part: bytes) -> bytes:
    if name != "xl/styles.xml":
        return part
    return b'<!DOCTYPE x [<!ENTITY a "SYNTETISKA TESTDATA">]>' + part


def _with_macro_type(name: str, part: bytes) -> bytes:
    if name != "[Content_Types].xml":
        return part
    return part.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")


def _without_address(name: str, part: bytes) -> bytes:
    return part.replace(b'r="A2"', b"") if name == "xl/worksheets/sheet1.xml" else part


def _rows_out_of_order(name: str, part: bytes) -> bytes:
    if name != "xl/worksheets/sheet1.xml":
        return part
    rows = re.findall(rb"<row.*?</row>", part)
    return part.replace(rows[1] + rows[2], rows[2] + rows[1])


def _strict(name: str, part: bytes) -> bytes:
    return part.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )


def _locked() -> bytes:
    """Return a workbook whose parts are marked as protected by a password."""
    content = bytearray(made.saved(made.book()))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        flags = struct.unpack_from("<H", content, place + 8)[0]
        struct.pack_into("<H", content, place + 8, flags | 1)
        place = content.find(b"PK\x01\x02", place + 1)
    return bytes(content)


def _swollen() -> bytes:
    return _added(xl__stor_bin=b"\0" * (bounds.MOST_UNZIPPED + 1))


def _share(*rows: list[object], **fields: object) -> Callable[[], Files]:
    """Return a workbook of the made-up share, with the rows 2023 and 2024 when none are given."""
    about = {"Mått": "made_up_share", "Enhet": "procent"}
    named = {name.replace("_", " "): value for name, value in fields.items()}
    held = rows or (["04", "2023", 40], ["04", "2024", 41])
    return _book(lambda: made.book(held, ["Region", "Period", "Värde"], about | named))


DATA = "prov.xlsx, bladet Uppgifter, "
ABOUT = "prov.xlsx, bladet Om leveransen, "
PERIODS = "Väntade ett år, ett kvartal eller en månad: 2024, 2024K1 eller 2024M03."
VALUES = "Väntade ett tal i mnkr, eller .. när uppgift saknas."
SEXES = "Väntade något av: total (totalt), women (kvinnor), men (män)."
WANTED = "Region, Period, Kön, Värde"
COPY = "Kopiera bladet till en ny arbetsbok, klistra in som värden och spara som .xlsx."
REGION = "Väntade en regionkod skriven som text, två siffror för län, fyra för kommun."
PERIOD_FIELDS = "Väntade 2024, 2024K1 eller 2024M03."

MISTAKES = [
    # What the cells hold.
    Mistake("a region that does not exist",
            f"{DATA}cell A2: 02 är ingen känd kod. {REGION}", _cell(2, 1, "02")),
    Mistake("a region by its name",
            f"{DATA}cell A2: Södermanland är ingen känd kod. {REGION} Närmast: 04 Södermanlands län.",
            _cell(2, 1, "Södermanland")),
    Mistake("a region that a spreadsheet has made a number of",
            f"{DATA}cell A2: cellen är talet 4. Väntade koden skriven som text, med alla siffror: "
            "04 (Södermanlands län).", _cell(2, 1, 4)),
    Mistake("a municipality in a measure for counties",
            f"{DATA}cell A2: 0180 är ingen känd kod. 0180 är Stockholm, men måttet finns bara för "
            "riket, län.", _cell(2, 1, "0180")),
    Mistake("an empty code",
            f"{DATA}cell C3: cellen är tom. {SEXES}", _cell(3, 3, None)),
    Mistake("a sex in another language",
            f"{DATA}cell C3: female är ingen känd kod. {SEXES}", _cell(3, 3, "female")),
    Mistake("a period in words",
            f"{DATA}cell B4: januari 2024 är ingen känd kod. {PERIODS}", _cell(4, 2, "januari 2024")),
    Mistake("a period that a spreadsheet has made a date of",
            f"{DATA}cell B4: cellen är ett datum (2024-03-01). {PERIODS}",
            _cell(4, 2, date(2024, 3, 1))),
    Mistake("a period outside what the file is said to cover",
            f"{DATA}cell B4: perioden 2022 ligger utanför leveransen. Väntade en period från 2023 till "
            "2024, som beskrivningen säger.", _cell(4, 2, "2022")),
    Mistake("an empty value",
            f"{DATA}cell D5: cellen är tom. {VALUES}", _cell(5, 4, None)),
    Mistake("a number written as text",
            f"{DATA}cell D5: talet 1 234,5 är skrivet som text. {VALUES}", _cell(5, 4, "1 234,5")),
    Mistake("words in the place of a value",
            f"{DATA}cell D5: sekretess är inget tal. {VALUES}", _cell(5, 4, "sekretess")),
    Mistake("a value that is a truth",
            f"{DATA}cell D5: cellen är ett sanningsvärde (SANT). {VALUES}", _cell(5, 4, True)),
    Mistake("a spreadsheet's own error",
            f"{DATA}cell D5: cellen har ett felvärde (#DIV/0!). {VALUES}", _cell(5, 4, "#DIV/0!")),
    Mistake("a value that a spreadsheet has made a date of",
            f"{DATA}cell D5: cellen är ett datum (2024-05-01). {VALUES}",
            _cell(5, 4, date(2024, 5, 1))),
    Mistake("a value shown as percent",
            f"{DATA}cell D2: cellen är formaterad som procent: den håller 0,325 men visar mer. Väntade "
            "ett vanligt tal i filens enhet; ta bort procentformatet.", _book(_percent)),
    Mistake("a value that is too large to be one",
            f"{DATA}cell D5: talet är orimligt stort. Väntade ett tal under 10^15.", _cell(5, 4, 1e20)),
    Mistake("a decimal comma in a number written as text",
            f"{DATA}cell D5: talet 12,5 är skrivet som text. {VALUES}", _cell(5, 4, "12,5")),
    Mistake("thousands with points between",
            f"{DATA}cell D5: 1.234.567 är inget tal. {VALUES}", _cell(5, 4, "1.234.567")),
    Mistake("a share of more than a hundred percent",
            f"{DATA}cell C3: talet 140,5 är för stort. Väntade högst 100 procent.",
            _share(["04", "2023", 40], ["04", "2024", 140.5])),
    Mistake("a share of less than nothing",
            f"{DATA}cell C2: talet -4 är för litet. Väntade lägst 0 procent.",
            _share(["04", "2023", -4], ["04", "2024", 40])),
    Mistake("a share in another unit, and more than the whole in it",
            f"{DATA}cell C3: talet 1001 är för stort. Väntade högst 1000 promille.",
            _share(["04", "2023", 400], ["04", "2024", 1001], Enhet="promille")),
    Mistake("a row with a sum",
            f"{DATA}cell A2: Totalt är ingen känd kod. Ta bort rader med summor; hela riket skrivs 00.",
            _cell(2, 1, "Totalt")),
    Mistake("a row with a sum in a measure that has no country",
            f"{DATA}cell A3: Summa är ingen känd kod. Ta bort rader med summor.",
            _share(["04", "2023", 1], ["Summa", "2024", 2])),
    Mistake("a municipality's code from before it changed",
            f"{DATA}cell A3: 1917 är ingen känd kod. Koden gällde Heby före 2007; sedan dess skrivs "
            "Heby 0331.", _share(["04", "2023", 1], ["1917", "2024", 2])),
    Mistake("a formula",
            f"{DATA}cell D5: cellen har en formel. Väntade ett värde: kopiera och klistra in som värden.",
            _cell(5, 4, "=SUM(D2:D3)")),
    Mistake("the same figure twice",
            f"{DATA}cell A9: raden är om samma sak som rad 2 (04, women, 2023). Varje uppgift får stå "
            "en gång.", _book(lambda: made.book([*made.ROWS, made.ROWS[0]]))),
    Mistake("the example row left in",
            f"{DATA}cell E9: raden är mallens exempel. Ta bort raden.",
            _book(lambda: made.book([*made.ROWS, ["00", "2024", "män", 1, "EXEMPEL: så här"]]))),
    Mistake("a footnote under the table",
            f"{DATA}cell A9: Källa: påhittad är ingen känd kod. {REGION}\n{DATA}cell B9: cellen är tom. "
            f"{PERIODS}\n{DATA}cell C9: cellen är tom. {SEXES}\n{DATA}cell D9: cellen är tom. {VALUES}",
            _book(lambda: made.book([*made.ROWS, ["Källa: påhittad"]]))),
    Mistake("merged cells",
            f"{DATA}cell A2:A3: cellerna är sammanslagna. Dela dem och skriv värdet i varje cell.",
            _book(_merged)),
    # Headings, sheets and what is not there.
    Mistake("a column that is not there",
            f"{DATA}rad 1: kolumnen Kön saknas. Väntade rubriker: {WANTED}.",
            _headings("Region", "Period", "Anmärkning", "Värde", "Anmärkning")),
    Mistake("a heading spelled in another way",
            f"{DATA}cell C1: rubriken Kon är okänd. Menades Kön?\n{DATA}rad 1: kolumnen Kön saknas. "
            f"Väntade rubriker: {WANTED}.", _headings("Region", "Period", "Kon", "Värde", "Anmärkning")),
    Mistake("a heading twice",
            f"{DATA}cell E1: rubriken Värde står även i cell D1. Varje rubrik får stå en gång.",
            _headings("Region", "Period", "Kön", "Värde", "Värde")),
    Mistake("a column without heading",
            f"{DATA}cell E1: kolumnen har ingen rubrik, men cell E8 är ifylld. Väntade en rubrik: "
            f"{WANTED}.", _headings("Region", "Period", "Kön", "Värde", None)),
    Mistake("a column that the measure is not divided by",
            f"{DATA}cell E1: kolumnen Ålder hör inte till måttet made_up_export. Väntade bara: {WANTED}.",
            _headings("Region", "Period", "Kön", "Värde", "Ålder")),
    Mistake("headings that do not stand first",
            f"{DATA}cell A1: rubrikraden är tom. Väntade rubriker: {WANTED}.",
            _book(lambda: made.book(headings=[]))),
    Mistake("a title above the headings",
            f"{DATA}cell A1: rubrikerna står på rad 3. Väntade dem på rad 1.",
            _book(lambda: made.book([[], made.HEADINGS, *made.ROWS], ["Export 2023–2024"]))),
    Mistake("a year left out between two others",
            "prov.xlsx, bladet Uppgifter: inga uppgifter finns för 2024. Beskrivningen säger att den "
            "finns: rätta den, eller lägg till raderna, med .. där uppgift saknas.",
            _share(["04", "2023", 40], ["04", "2025", 41], Sista_period="2025")),
    Mistake("quarters in a measure of years",
            f"{ABOUT}fältet Första period: perioden 2023K1 är inte av det slag som måttet made_up_share "
            "har. Väntade ett år, 2024.",
            _share(["04", "2023K1", 1], Första_period="2023K1", Sista_period="2023K1")),
    Mistake("no rows at all",
            f"{DATA}cell A2: inga uppgifter finns under rubrikerna. Väntade minst en rad.",
            _book(lambda: made.book([]))),
    Mistake("a year that is said to be there and is not",
            "prov.xlsx, bladet Uppgifter: inga uppgifter finns för 2025. Beskrivningen säger att den "
            "finns: rätta den, eller lägg till raderna, med .. där uppgift saknas.",
            _about(Sista_period="2025")),
    Mistake("a sheet by another name",
            "prov.xlsx: bladet Uppgifter finns inte. Bladen i filen är: Blad1, Om leveransen.",
            _book(lambda: made.book(sheet="Blad1"))),
    Mistake("figures in a hidden sheet",
            "prov.xlsx, bladet Uppgifter: bladet är dolt. Visa bladet och spara om filen.",
            _book(_hidden)),
    Mistake("more columns than are read",
            f"{DATA}cell BI3: cellen ligger utanför det som läses. Högst 100000 rader och 60 kolumner "
            "tas emot.", _book(lambda: made.book([*made.ROWS[:1], [*["x"] * 61, 1]]))),
    # How the file is described.
    Mistake("no description",
            "prov.csv: filen har ingen beskrivning. Lägg prov.yaml bredvid den.",
            lambda: {"prov.csv": made.table("04 2023 män 1")}),
    Mistake("a workbook that neither describes itself nor is described",
            "prov.xlsx: filen har ingen beskrivning. Lägg prov.yaml bredvid den, eller använd mallen med "
            "bladet Om leveransen.", lambda: {"prov.xlsx": made.saved(Workbook())}),
    Mistake("a description of nothing",
            "prov.yaml: filen som beskrivs saknas. Lägg prov.xlsx eller prov.csv bredvid den.",
            lambda: {"prov.yaml": made.SIDECAR.encode()}),
    Mistake("a measure that does not exist",
            f"{ABOUT}fältet Mått: Måttet ”made_up_import” finns inte. Närmast: made_up_export, "
            "made_up_firms, made_up_share. Väntade ett mått ur katalogen.",
            _about(Mått="made_up_import")),
    Mistake("a unit of another kind",
            f"{ABOUT}fältet Enhet: enheten kilo går inte att räkna om till mnkr. Väntade mnkr eller kr "
            "eller tkr eller mdkr.", _about(Enhet="kilo")),
    Mistake("no producer",
            f"{ABOUT}cell B3 (Producent): fältet saknas. Den som har tagit fram uppgifterna, till "
            "exempel SCB.",
            _about(Producent=None)),
    Mistake("a date that is none",
            f"{ABOUT}cell B5 (Hämtad): värdet går inte att tyda. Väntade ett datum: 2026-11-20.",
            _about(Hämtad="i höstas")),
    Mistake("a period covered that is none",
            f"{ABOUT}cell B7 (Första period): värdet är ingen period. {PERIOD_FIELDS}",
            _about(Första_period="tjugotre")),
    Mistake("a period covered that ends before it begins",
            "prov.yaml, fältet period: perioden slutar (2024) före den börjar (2029). Rätta uppgiften.",
            _sidecar("first: 2023", "first: 2029")),
    Mistake("a file that came before it was ordered",
            "prov.yaml: filen kom (2026-11-20) innan den beställdes (2026-11-21). Rätta uppgiften.",
            _sidecar("unit:", "ordered: 2026-11-21\nunit:")),
    Mistake("a file from the future",
            "prov.yaml: retrieved ligger i framtiden (2999-01-01). Rätta uppgiften.",
            _sidecar("2026-11-20", "2999-01-01")),
    Mistake("a field that no description has",
            "prov.yaml, fältet enhet: fältet finns inte. De som finns är: measure, producer, "
            "publication, retrieved, ordered, unit, period, sheet, heading_row, columns, ignore, fixed, "
            "preliminary, note.", _sidecar("unit:", "enhet: mnkr\nunit:")),
    Mistake("a field twice",
            "prov.yaml, rad 6: fältet unit står två gånger, eller är inget namn. Skriv varje fält en "
            "gång, med sitt namn.", _sidecar("unit:", "unit: tkr\nunit:")),
    Mistake("a description that is no YAML",
            "prov.yaml, rad 6: beskrivningen är inte giltig YAML. Jämför med mallen.",
            _sidecar("period: {", "period: [")),
    Mistake("a description with references",
            "prov.yaml, rad 2: beskrivningen har en hänvisning (& eller *). Skriv ut värdet.",
            _sidecar("producer: ", "producer: &a ")),
    Mistake("a code that YAML has made a number of",
            "prov.yaml, fältet columns.Län.codes.Hela landet: värdet ska vara text; sätt det inom "
            "citattecken. Se mallen, affarsplan template.",
            _sidecar("unit:", "columns: {Län: {to: region, codes: {Hela landet: 00}}}\nunit:")),
    Mistake("a word that is given a code that does not exist",
            "prov.yaml, fältet columns.Kön.codes: flickor finns inte för sex. " + SEXES,
            _sidecar("unit:", "columns: {Kön: {to: sex, codes: {F: flickor}}}\nunit:")),
    Mistake("a part of the whole in a measure that has no such parts",
            "prov.yaml, fältet fixed.birth: måttet made_up_export delas inte på birth. Väntade total.",
            _sidecar("unit:", "fixed: {birth: foreign}\nunit:")),
    # Text files.
    Mistake("a decimal point in a file with semicolons",
            "prov.csv, rad 2, kolumn 4: talet 1.5 har fel decimaltecken. Väntade ”,” i en fil med det "
            "skiljetecknet.", _csv("04 2023 män 1.5", "04 2024 män 2")),
    Mistake("a row with a column too many",
            "prov.csv, rad 3: raden har 5 kolumner. Väntade 4 som i rubrikraden; en text med "
            "skiljetecken i sätts inom citattecken.", _csv("04 2023 män 1", "04 2024 män 2 3")),
    Mistake("a cell that a spreadsheet would run",
            "prov.csv, rad 2, kolumn 4: cellen =1+1 är en formel för ett kalkylprogram. Väntade ett "
            "värde utan =, + eller @ först.", _csv("04 2023 män =1+1")),
    Mistake("a quotation mark that is never closed",
            "prov.csv, rad 3: raden går inte att dela i kolumner: ett citattecken är öppet eller en text "
            "för lång. Varje citattecken som öppnas ska stängas.",
            _csv("04 2023 män 1", '"04 2024 män 2')),
    Mistake("a text file in UTF-16",
            "prov.csv: filen är inte skriven i UTF-8. Spara den som CSV UTF-8.",
            lambda: {"prov.csv": made.table().decode().encode("utf-16"),
                     "prov.yaml": made.SIDECAR.encode()}),
    # What a file may not be.
    Mistake("an empty file",
            "prov.xlsx: filen är tom. Väntade en arbetsbok eller textfil med uppgifter.",
            lambda: {"prov.xlsx": b""}),
    Mistake("a file of another kind",
            "prov.pdf: filer av slaget .pdf läses inte. Väntade .xlsx eller .csv.",
            lambda: {"prov.pdf": b"%PDF-1.7"}),
    Mistake("another kind under a workbook's name",
            "prov.xlsx: filen är skadad eller är ingen arbetsbok. Väntade en hel fil i formatet .xlsx; "
            "öppna den i ett kalkylprogram och spara om den.", lambda: {"prov.xlsx": made.table()}),
    Mistake("a workbook cut off in the middle",
            "prov.xlsx: filen är skadad eller är ingen arbetsbok. Väntade en hel fil i formatet .xlsx; "
            "öppna den i ett kalkylprogram och spara om den.",
            lambda: {"prov.xlsx": made.saved(made.book())[:4000]}),
    Mistake("an encrypted workbook, or one from before 2007",
            "prov.xlsx: filen är krypterad eller i det gamla formatet .xls. Väntade en arbetsbok utan "
            "lösenord, sparad som .xlsx.",
            lambda: {"prov.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600}),
    Mistake("a workbook behind a password",
            "prov.xlsx: filen är skyddad med lösenord. Spara den utan lösenord.",
            lambda: {"prov.xlsx": _locked()}),
    Mistake("a workbook for macros by its name",
            "prov.xlsm: filen kan innehålla makron. Spara den som .xlsx.",
            lambda: {"prov.xlsm": made.saved(made.book())}),
    Mistake("macros in a workbook whose name says nothing of them",
            f"prov.xlsx: filen innehåller makron. {COPY}",
            lambda: {"prov.xlsx": _added(xl__vbaProject_bin=b"x")}),
    Mistake("a workbook for macros by its own description",
            f"prov.xlsx: filen är en arbetsbok med makron. {COPY}",
            lambda: {"prov.xlsx": _rewritten(_with_macro_type)}),
    Mistake("links to other workbooks",
            f"prov.xlsx: filen har länkar till andra arbetsböcker. {COPY}",
            lambda: {"prov.xlsx": _added(**{"xl__externalLinks__externalLink1.xml": b"<x/>"})}),
    Mistake("XML that defines words of its own",
            f"prov.xlsx: filen har egna XML-definitioner. {COPY}",
            lambda: {"prov.xlsx": _rewritten(_with_entity)}),
    Mistake("a workbook that grows when it is unpacked",
            "prov.xlsx: filen blir 60 megabyte när den packas upp. Högst 60 megabyte tas emot; dela den "
            "i flera.", lambda: {"prov.xlsx": _swollen()}),
    Mistake("a file that is too large",
            "prov.csv: filen är 20 megabyte. Högst 20 megabyte tas emot; dela den i flera.",
            lambda: {"prov.csv": b"1" * (bounds.MOST_BYTES + 1), "prov.yaml": made.SIDECAR.encode()}),
    Mistake("a cell without address",
            f"{DATA}rad 2: cellerna saknar adress eller ordning. Öppna filen i ett kalkylprogram och "
            "spara om den.",
            lambda: {"prov.xlsx": _rewritten(_without_address)}),
    Mistake("rows out of order, which a reader would pass over",
            "prov.xlsx, bladet Uppgifter: raderna saknar nummer eller ordning. Öppna filen i ett "
            "kalkylprogram och spara om den.", lambda: {"prov.xlsx": _rewritten(_rows_out_of_order)}),
    Mistake("a workbook of the strict kind",
            "prov.xlsx: filen är sparad som Strict Open XML. Spara den som vanlig .xlsx.",
            lambda: {"prov.xlsx": _rewritten(_strict)}),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.says.replace(" ", "_"))
def test_a_mistake_is_told_with_its_place_and_what_was_expected_and_nothing_is_used(
    mistake: Mistake, tmp_path: Path
) -> None:
    folder, archive = tmp_path / "delivered", Archive(tmp_path / "archive")
    folder.mkdir()
    for name, content in mistake.files().items():
        (folder / name).write_bytes(content)

    [result] = delivered.take_in(CATALOGUE, archive, folder)

    assert result.error == mistake.message
    assert (result.outcome, result.snapshot, result.cells) == ("failed", None, 0)
    assert archive.names() == []


def test_the_mistakes_are_many_and_each_has_a_message_of_its_own():
    messages = {mistake.message for mistake in MISTAKES}
    assert len(messages) >= len(MISTAKES) - 1 >= 25


def test_negative_counts_are_refused():
    about = {**made.ABOUT, "Mått": "made_up_firms", "Enhet": "företag"}
    rows = [["04", "2023", "små", -5], ["04", "2024", "små", 5]]
    book = made.book(rows, ["Region", "Period", "Klass", "Värde"], about)

    with pytest.raises(DeliveredError, match=r"cell D2: talet är negativt \(-5\)"):
        delivered.check("prov.xlsx", made.saved(book), None, CATALOGUE)


def test_all_mistakes_of_a_file_are_told_at_once_and_the_many_are_counted():
    rows = [["xx", "2023", "män", "fel"] for _ in range(30)]

    with pytest.raises(DeliveredError) as raised:
        delivered.check("prov.xlsx", made.saved(made.book(rows)), None, CATALOGUE)

    assert len(raised.value.faults) == 60
    assert str(raised.value).splitlines()[-1] == "… och 40 fel till."


def test_text_from_a_file_reaches_no_terminal_as_it_is():
    book = made.book(changed(2, 1, "\u202etxet\u200b" + "å" * 500))

    with pytest.raises(DeliveredError) as raised:
        delivered.check("prov.xlsx", made.saved(book), None, CATALOGUE)

    message = str(raised.value)
    assert "\u202e" not in message
    assert "\u200b" not in message
    assert "å" * 41 not in message


def test_a_row_number_beyond_the_bounds_is_refused_without_reading_the_rows_between():
    def far(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        return part.replace(b'8"', b'999999"')

    with pytest.raises(DeliveredError, match="cell A999999: cellen ligger utanför"):
        delivered.check("prov.xlsx", _rewritten(far), None, CATALOGUE)


def test_a_row_made_to_fill_the_memory_is_refused_before_it_is_read_to_its_end():
    def long(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        return part.replace(b"</row>", b"<x/>" * 1_000_000 + b"</row>", 1)

    with pytest.raises(DeliveredError, match="en rad är orimligt lång"):
        delivered.check("prov.xlsx", _rewritten(long), None, CATALOGUE)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("damage", [b"", b"<x>", b"\xff\xfe", b"<?xml version='1.0'?>"])
def test_a_damaged_part_is_one_clear_error_and_never_a_traceback(part: str, damage: bytes) -> None:
    broken = _rewritten(lambda name, content: damage if name == part else content)

    with pytest.raises(DeliveredError) as raised:
        delivered.check("prov.xlsx", broken, None, CATALOGUE)

    assert str(raised.value).startswith("prov.xlsx")


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "prov.xlsx").mkdir()

    [result] = delivered.take_in(CATALOGUE, Archive(tmp_path / "archive"), tmp_path)[1:] or (
        delivered.take_in(CATALOGUE, Archive(tmp_path / "other"), tmp_path)
    )

    assert result.error == "prov.xlsx: det är ingen fil. Lägg bara filer i mappen för leveranser."
