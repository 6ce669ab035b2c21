"""Test servers for every source on one port, each under a prefix of its own. SYNTETISKA TESTDATA.

    with Servers() as servers:
        os.environ |= servers.environment

By hand: ``python -m tests.servers --port 8080``. What the servers hold is derived from the catalogue
where it can be; the tables of PxWeb are those of :mod:`tests.pxserver`.
"""

from tests.servers.front import Servers

__all__ = ["Servers"]
