"""Which server each source is asked at: its own, unless another address is given.

Another address is given on the command line or in the environment variable ``AFFARSPLAN_BASE_URL``, as
``scb=https://... kolada=https://...``. Answers from another address lie for themselves in the archive, so
that the two are never mixed up.
"""

import os
from collections.abc import Iterable, Mapping

from affarsplan_data.catalogue import Catalogue
from affarsplan_data.errors import UsageError
from affarsplan_data.scb.addresses import archive_name, base_address

VARIABLE = "AFFARSPLAN_BASE_URL"
DEFAULT = "scb"
"""The source that an address without a name is of."""


def addresses(catalogue: Catalogue, given: Iterable[str] = ()) -> Mapping[str, str]:
    """Return the base address of every source that can be asked.

    Args:
        catalogue: the sources.
        given: ``KÄLLA=ADRESS``, or an address alone for SCB's interface; they go before the environment.

    Raises:
        UsageError: a source that cannot be asked, or that is given twice.
        AddressError: an address that is none.
    """
    known = {id: one.address for id, one in catalogue.sources.items() if one.address}
    from_environment = os.environ.get(VARIABLE, "").split()
    return known | _read(from_environment, known) | _read(given, known)


def archive_names(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the name in the archive of every source that can be asked, by the addresses in use."""
    return {id: archive_name(address) for id, address in addresses(catalogue).items()}


def others(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the sources that are asked at another address than their own, with that address."""
    own = {id: one.address for id, one in catalogue.sources.items()}
    return {id: url for id, url in addresses(catalogue).items() if url != own[id]}


def _read(given: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in given:
        name, equals, address = item.partition("=")
        if not equals or "/" in name:
            name, address = DEFAULT, item
        if name not in known:
            raise UsageError(
                f"Källan ”{name[:40]}” har ingen server att fråga. Välj bland {', '.join(known)}."
            )
        if name in found:
            raise UsageError(f"Källan {name} har fått två adresser. Ange en.")
        found[name] = base_address(address)
    return found
