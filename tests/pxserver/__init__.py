"""A test server that speaks PxWebApi 2 (and the older v1) as SCB's does, traps included.

    with PxServer() as server:
        urllib.request.urlopen(f"{server.url}/tables/TAB3138/metadata")

By hand: ``python -m tests.pxserver --port 8080``. Written from the protocol's description and
independent of the client that it judges. All values but the recorded ones are SYNTETISKA TESTDATA.
"""

from tests.pxserver.faults import KINDS, Faults
from tests.pxserver.server import Call, PxServer

__all__ = ["KINDS", "Call", "Faults", "PxServer"]
