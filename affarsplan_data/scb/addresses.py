"""A server's address: checked before anything is sent, and reduced to the name of its host."""

import hashlib
import re
from urllib.parse import urlsplit

import httpx

from affarsplan_data.scb.errors import AddressError

DEFAULT_PORTS = {"http": 80, "https": 443}


def base_address(address: object) -> str:
    """Return a base address without a final slash.

    Raises:
        AddressError: it is not an address of the web, or it holds a user name or a password, which would
            end up in the archive.
    """
    text = address if isinstance(address, str) else ""
    if "@" in text:
        raise AddressError(
            "Adressen innehåller ett användarnamn eller lösenord, som skulle sparas i arkivet. "
            "Ange adressen utan."
        )
    try:
        parts = urlsplit(text)
        httpx.URL(text)
        (parts.hostname or "").encode("idna")
        valid = parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except (ValueError, UnicodeError, httpx.InvalidURL):
        valid = False
    if not valid:
        raise AddressError(
            f"{address!r:.200} är ingen webbadress. Ange en som börjar med https://."
        )
    return text.rstrip("/")


def host_of(address: str) -> str:
    """Return the host's name in lower case, with the port after ``_`` when it is not the usual one."""
    parts = urlsplit(address)
    name = (parts.hostname or "").lower().replace(":", "-")
    port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    return name if port == DEFAULT_PORTS.get(parts.scheme) else f"{name}_{port}"


def archive_name(address: str) -> str:
    """Return the name of a server in the archive: its host, and a mark of the rest of the address.

    Only the interface that a host is known by goes under the host's own name: ``https`` and a path that
    ends with ``api/v2``. Every other address gets a name of its own.
    """
    parts = urlsplit(address)
    host = re.sub(r"[^a-z0-9._-]", "-", host_of(address))
    if parts.scheme == "https" and parts.path == "/api/v2":
        return host
    mark = hashlib.sha256(f"{parts.scheme}:{parts.path}".encode()).hexdigest()[:8]
    return f"{host}-{mark}"
