"""The names that folders and files of the archive may have.

The rules are those of the strictest system the archive may be copied to: Windows' reserved names,
macOS' decomposed letters and the length that every file system takes.
"""

import re
import unicodedata
from datetime import datetime

from affarsplan_data.archive.errors import ArchiveNameError

LOCK = ".lock"
HOLDER = ".lock-holder"
ASIDE = ".tmp-"
DAMAGED = ".damaged"
OBJECT = ".gz"
PROVENANCE = ".provenance.json"
SNAPSHOT = ".snapshot.json"
PREFIX = 16
"""How much of a hash the file names carry; the whole hash stands in the file and is compared."""

JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
"""Files that file managers and git leave behind; never a fault."""

_SLUG = re.compile(r"[A-Za-z0-9ÅÄÖåäö_-][A-Za-z0-9ÅÄÖåäö._-]{0,99}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_OBJECT = re.compile(r"([0-9a-f]{64})\.gz")
_ANSWER_ID = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}")
_SNAPSHOT_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}")


def slug(text: str, what: str) -> str:
    """Return ``text`` in composed form when it can name a folder; ``what`` is said in the error.

    Raises:
        ArchiveNameError: it cannot.
    """
    composed = unicodedata.normalize("NFC", text)
    allowed = _SLUG.fullmatch(composed) and not composed.endswith(".")
    if not allowed or _RESERVED.fullmatch(composed):
        raise ArchiveNameError(
            f"{what} {text!r} kan inte vara namn på en mapp i arkivet. Använd 1–100 av tecknen A–Ö, "
            "a–ö, 0–9, punkt, bindestreck och understreck, utan punkt först eller sist, och inget av "
            "Windows egna namn (CON, NUL, COM1 …)."
        )
    return composed


def is_slug(text: str) -> bool:
    """Tell whether ``text`` can name a folder of the archive."""
    try:
        slug(text, "")
    except ArchiveNameError:
        return False
    return True


def answer_id(content_hash: str, query_key: str) -> str:
    """Return the id of an answer: the beginning of its content's hash and of its query's."""
    return f"{content_hash[:PREFIX]}-{query_key[:PREFIX]}"


def snapshot_id(retrieved: datetime, seal: str) -> str:
    """Return the id of a snapshot: when it was fetched, and the beginning of its own hash."""
    return f"{retrieved:%Y%m%dT%H%M%SZ}-{seal[:PREFIX]}"


def check_answer_id(text: str) -> str:
    """Return ``text`` when it has the form of an answer's id.

    Raises:
        ArchiveNameError: it has not.
    """
    if not _ANSWER_ID.fullmatch(text):
        raise ArchiveNameError(f"{text!r} är inte ett id för ett svar i arkivet.")
    return text


def object_hash(file: str) -> str | None:
    """Return the hash that a file is named by, when it is named as archived content."""
    match = _OBJECT.fullmatch(file)
    return match.group(1) if match else None


def provenance_id(file: str) -> str | None:
    """Return the id of the answer that a file is the provenance of, by its name."""
    stem = file.removesuffix(PROVENANCE)
    return stem if file != stem and _ANSWER_ID.fullmatch(stem) else None


def snapshot_stem(file: str) -> str | None:
    """Return the id of the snapshot that a file holds, by its name."""
    stem = file.removesuffix(SNAPSHOT)
    return stem if file != stem and _SNAPSHOT_ID.fullmatch(stem) else None


def is_leftover(file: str) -> bool:
    """Tell whether a file is what an interrupted write, or a damage set aside, leaves behind."""
    return file.startswith(ASIDE) or file.endswith(DAMAGED)
