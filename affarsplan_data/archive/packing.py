"""Compresses content for the disk, and unpacks it again without trusting what lies there."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass

from affarsplan_data.archive.errors import DamagedAnswerError

LEVEL = 4
"""On answers full of numbers, ten times as fast as gzip's own 9, for a file a tenth larger."""

_GZIP = 31
"""The window bits by which zlib reads one gzip member with header and checksum."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Content whose hash is right; ``clean`` when the file holds that and nothing after it."""

    content: bytes
    clean: bool


def digest(content: bytes) -> str:
    """Return the hash that names ``content``: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> bytes:
    """Return ``content`` compressed as gzip, without time or name: the same bytes every time."""
    return gzip.compress(content, LEVEL, mtime=0)


def largest_file(size: int) -> int:
    """Return more bytes than gzip ever needs for ``size`` bytes of content."""
    return size + size // 1000 + 4096


def unpack(packed: bytes, *, size: int, sha256: str) -> Unpacked:
    """Return the content of ``packed``, which must be ``size`` bytes with the hash ``sha256``.

    Never unpacks more than ``size`` bytes and one, whatever ``packed`` holds. Only the hash decides
    whether the content is right; what may follow the first gzip member is not read.

    Raises:
        DamagedAnswerError: the content is not that. The message is the second half of a sentence.
    """
    member = zlib.decompressobj(_GZIP)
    try:
        # One byte too many is room enough to see that the content is too long, and never the 0 that
        # would mean no limit.
        content = member.decompress(packed, size + 1)
    except zlib.error:
        raise DamagedAnswerError("är inte hel gzip") from None
    if len(content) > size:
        raise DamagedAnswerError(f"packas upp till mer än de {size} byte som svaret hade")
    if len(content) < size:
        cut = "tar slut för tidigt" if not member.eof else "är för kort"
        raise DamagedAnswerError(f"{cut}: {len(content)} av {size} byte")
    if digest(content) != sha256:
        raise DamagedAnswerError("har annat innehåll än det som arkiverades: SHA-256 stämmer inte")
    return Unpacked(content, clean=member.eof and not member.unused_data)
