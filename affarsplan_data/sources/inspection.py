"""Checks tables of several sources, each at its own server; a server that is silent stops no other."""

from collections.abc import Callable, Iterable, Mapping

from affarsplan_data.catalogue import Catalogue, Table
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.scb.errors import UnavailableError
from affarsplan_data.sources.checks import Checked
from affarsplan_data.sources.providers import PROVIDERS, Provider


def check_tables(
    catalogue: Catalogue,
    tables: Iterable[Table],
    addresses: Mapping[str, str],
    done: Callable[[Checked], None] | None = None,
) -> list[Checked]:
    """Check tables, a source at a time, and return what was found of each.

    Args:
        catalogue: the sources.
        tables: which tables; the outcome is in the order of their sources.
        addresses: the base address of every source.
        done: called after every table.
    """
    by_source: dict[str, list[Table]] = {}
    for table in tables:
        by_source.setdefault(table.source, []).append(table)
    found: list[Checked] = []
    for source, of_source in by_source.items():
        interface = catalogue.sources[source].interface
        assert interface is not None, "tables are only of sources that can be asked"
        for one in _at(PROVIDERS[interface], addresses[source], of_source):
            found.append(one)
            if done:
                done(one)
    return found


def _at(provider: Provider, address: str, tables: Iterable[Table]) -> Iterable[Checked]:
    """Yield what is found of the tables of one server. One that cannot be reached is asked once."""
    silent: str | None = None
    with provider.open(address) as client:
        for table in tables:
            if silent is not None:
                yield Checked(table, error=silent)
                continue
            try:
                yield provider.check(table, client)
            except UnavailableError as error:
                silent = str(error)
                yield Checked(table, error=silent)
            except AffarsplanError as error:
                yield Checked(table, error=str(error))
