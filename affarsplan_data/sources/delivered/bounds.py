"""How large a delivered file may be, and what a workbook may not hold; checked before it is opened."""

import re
import zipfile
from io import BytesIO

from affarsplan_data.sources.delivered.errors import refuse

MOST_BYTES = 20_000_000
MOST_UNZIPPED = 60_000_000
MOST_PARTS = 1_000
MOST_TAGS = 8_000_000
"""In one part of a workbook; a full one has fewer, one made to fill the memory more."""
MOST_TAGS_IN_A_ROW = 20_000
LAST_ROW = 1_048_576
"""The last row that a spreadsheet has."""
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_CELLS = 2_000_000
MOST_CHARACTERS = 1_000
"""In one cell."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_FORBIDDEN = (
    ("vbaproject", "filen innehåller makron."),
    ("xl/macrosheets/", "filen innehåller makron."),
    ("xl/externallinks/", "filen har länkar till andra arbetsböcker."),
    ("xl/connections", "filen har en koppling till en datakälla."),
    ("xl/querytables/", "filen har en koppling till en datakälla."),
    ("xl/embeddings/", "filen innehåller inbäddade filer."),
    ("xl/activex/", "filen innehåller ActiveX-kontroller."),
)
_AS_VALUES = "Kopiera bladet till en ny arbetsbok, klistra in som värden och spara som .xlsx."


def check_size(file: str, size: int) -> None:
    """Refuse a file that is empty or too large.

    Raises:
        DeliveredError: it is.
    """
    if size == 0:
        refuse(file, "filen är tom.", "Väntade en arbetsbok eller textfil med uppgifter.")
    if size > MOST_BYTES:
        refuse(
            file,
            f"filen är {size / 1e6:.0f} megabyte.",
            f"Högst {MOST_BYTES / 1e6:.0f} megabyte tas emot; dela den i flera.",
        )


def check_workbook(file: str, content: bytes) -> None:
    """Refuse a workbook that is encrypted, damaged, too large unpacked, or holds more than cells.

    Raises:
        DeliveredError: it is, naming what was found.
    """
    if content.startswith(_OLE):
        refuse(
            file,
            "filen är krypterad eller i det gamla formatet .xls.",
            "Väntade en arbetsbok utan lösenord, sparad som .xlsx.",
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            _check_parts(file, parts)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        refuse(
            file,
            "filen är skadad eller är ingen arbetsbok.",
            "Väntade en hel fil i formatet .xlsx; öppna den i ett kalkylprogram och spara om den.",
        )
    except zipfile.LargeZipFile:
        refuse(file, "filen är för stor.", "Dela den i flera.")


def _check_parts(file: str, parts: zipfile.ZipFile) -> None:
    entries = parts.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) != len(names):
        refuse(
            file,
            f"filen har {len(entries)} delar, eller två delar med samma namn.",
            f"Väntade en vanlig arbetsbok med högst {MOST_PARTS} delar.",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        refuse(file, "filen är skyddad med lösenord.", "Spara den utan lösenord.")
    if (size := sum(entry.file_size for entry in entries)) > MOST_UNZIPPED:
        refuse(
            file,
            f"filen blir {size / 1e6:.0f} megabyte när den packas upp.",
            f"Högst {MOST_UNZIPPED / 1e6:.0f} megabyte tas emot; dela den i flera.",
        )
    for beginning, problem in _FORBIDDEN:
        if any(beginning in name for name in names):
            refuse(file, problem, _AS_VALUES)
    if "xl/workbook.xml" not in names:
        refuse(
            file,
            "filen är packad som en arbetsbok, men saknar arbetsbokens delar.",
            "Väntade en fil i formatet .xlsx, inte ett annat format med ändrat namn.",
        )
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(file, parts.read(entry))
        if entry.filename.lower() == "[content_types].xml" and b"macroEnabled" in parts.read(entry):
            refuse(file, "filen är en arbetsbok med makron.", _AS_VALUES)


def _check_xml(file: str, part: bytes) -> None:
    """Refuse XML with definitions of its own, which can be made to grow without end when read."""
    declared = _DECLARED.match(part.removeprefix(b"\xef\xbb\xbf"))
    if (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")) or b"\0" in part[:200]:
        refuse(file, "en del av filen är inte skriven i UTF-8.", _AS_VALUES)
    if part.count(b"<") > MOST_TAGS:
        refuse(file, "en del av filen är orimligt finfördelad.", _AS_VALUES)
    if _STRICT in part:
        refuse(file, "filen är sparad som Strict Open XML.", "Spara den som vanlig .xlsx.")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        refuse(file, "filen har egna XML-definitioner.", _AS_VALUES)
